from . import (
    test_contain,
    test_decide,
    test_deviation,
    test_deviation_box,
    test_deviation_inspection,
    test_deviation_tours,
    test_ending,
    test_escape,
    test_flow,
    test_report,
    test_tours,
)
