from . import (
    test_call,
    test_data_map,
    test_feed,
    test_inbound,
    test_inbox,
    test_outbound,
    test_proof,
    test_right_to_know,
    test_statement,
)
