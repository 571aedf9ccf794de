from . import (
    test_access,
    test_deviation,
    test_files,
    test_lists,
    test_mail,
    test_problem,
    test_report,
    test_signing,
    test_surface,
    test_tours,
    test_two_files,
)
