from . import (
    test_companies,
    test_covers,
    test_processor,
)
