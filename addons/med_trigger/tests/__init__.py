from . import test_hits, test_kinds, test_rpc, test_rule, test_tours, test_window
