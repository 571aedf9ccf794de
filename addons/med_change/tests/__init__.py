from . import (
    test_change,
    test_control,
    test_flow,
    test_lines,
    test_market,
    test_reason,
    test_tours,
)
