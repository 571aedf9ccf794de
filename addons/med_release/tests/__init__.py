from . import (
    test_checks,
    test_inspections,
    test_market,
    test_record,
    test_release,
    test_serials,
    test_tours,
    test_ways_around,
)
