from . import test_gates, test_holds, test_tours
