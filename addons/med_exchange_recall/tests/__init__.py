from . import test_data_map, test_hooks, test_notice, test_onward, test_tours
