from . import (
    med_exchange_recall_notice,
    med_exchange_sale_on,
    med_recall_notice,
    med_recall_notice_onward,
    med_sale_on,
    med_sale_on_line,
)
