from . import (
    med_exchange_outsourcing_order,
    med_exchange_outsourcing_report,
    med_exchange_processor_release,
    med_hold,
    med_outsourcing_event,
    med_outsourcing_order,
    med_processor,
    stock_picking,
)
