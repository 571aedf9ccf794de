from . import (
    test_agreement,
    test_companies,
    test_covers,
    test_due,
    test_goods,
    test_processor,
    test_report,
)
from . import test_processor_signature
from . import test_processor_release, test_processor_signature
