from . import (
    med_outsourcing_order,
    med_outsourcing_order_problem,
    med_outsourcing_order_sheet,
    med_outsourcing_statement,
    med_processor,
)
