from . import test_gates, test_holds, test_sampling, test_tours
