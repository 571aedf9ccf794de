from . import (
    test_answer,
    test_data_map,
    test_guards,
    test_hooks,
    test_inbox,
    test_outbound,
    test_revision,
    test_theirs,
    test_tours,
)
