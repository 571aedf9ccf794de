from . import test_hooks, test_notice, test_onward, test_tours
