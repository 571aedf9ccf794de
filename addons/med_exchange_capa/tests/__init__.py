from . import (
    test_data_map,
    test_exchange,
    test_guards,
    test_hooks,
    test_paper,
    test_request,
    test_theirs,
)
