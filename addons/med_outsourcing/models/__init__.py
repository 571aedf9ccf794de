# The first of each family before the files that extend it.
# isort: off
from . import med_processor
from . import med_outsourcing_order
from . import (
    med_outsourcing_event,
    med_outsourcing_event_lot,
    med_outsourcing_lot,
    med_processor_certificate,
    med_processor_scope,
    med_quality_agreement,
    med_quality_agreement_clause,
    stock_move,
)
