from . import test_checkout, test_gates, test_holds, test_tours
