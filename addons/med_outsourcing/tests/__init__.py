from . import (
    test_agreement,
    test_companies,
    test_covers,
    test_due,
    test_goods,
    test_late,
    test_processor,
    test_processor_release,
    test_processor_signature,
    test_report,
    test_runs,
    test_serials,
    test_statement,
    test_statement_steps,
    test_steps,
    test_turn,
)
from . import test_material
