# The first of each family before the files that extend it.
# isort: off
from . import med_processor_due_mixin
from . import med_processor
from . import med_outsourcing_order
from . import (
    ir_attachment,
    med_gate,
    med_outsourcing_event,
    med_outsourcing_event_lot,
    med_outsourcing_lot,
    med_processor_certificate,
    med_processor_covers,
    med_processor_due,
    med_processor_figures,
    med_processor_guard,
    med_processor_paper,
    med_processor_place,
    med_processor_scope,
    med_quality_agreement,
    med_quality_agreement_clause,
    med_quality_agreement_paper,
    med_quality_clause_template,
    mrp_bom,
    mrp_production,
    purchase_order,
    res_company,
    res_config_settings,
    res_partner,
    stock_location,
    stock_move,
    stock_move_covers,
)
