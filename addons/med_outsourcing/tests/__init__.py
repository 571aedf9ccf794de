from . import (
    test_agreement,
    test_companies,
    test_covers,
    test_due,
    test_processor,
)
