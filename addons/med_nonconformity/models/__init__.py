# The first before the files that extend it.
# isort: off
from . import med_ending_mixin
from . import med_deviation
from . import med_nonconformity
from . import med_nonconformity_line
from . import (
    med_disposition_line,
    med_hold,
    med_inspection,
    med_nonconformity_candidate,
    med_nonconformity_contain,
    med_nonconformity_decide,
    med_nonconformity_documents,
    med_nonconformity_report,
    mrp_production,
    stock_lot,
    stock_move,
    stock_move_line,
    stock_scrap,
    med_deviation_box,
    med_deviation_print,
    med_deviation_step,
    med_deviation_use,
    med_deviation_warn,
    med_inspection_concession,
    stock_lot_deviation,
)
