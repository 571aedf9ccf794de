from . import (
    test_data_map,
    test_feed,
    test_hooks,
    test_inbound,
    test_inbox,
    test_outbound,
    test_tours,
)
