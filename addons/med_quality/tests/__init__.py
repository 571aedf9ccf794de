from . import test_gates, test_holds
