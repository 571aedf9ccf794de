from . import (
    test_access,
    test_calendar,
    test_clock_rule,
    test_retention_rule,
    test_roles,
    test_rpc,
    test_settings,
    test_turn,
)
