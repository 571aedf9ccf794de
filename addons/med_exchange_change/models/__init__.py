from . import (
    med_change_answer,
    med_change_notice,
    med_change_notice_answer,
    med_change,
    med_exchange_change_notice,
    med_exchange_change_theirs,
    med_exchange_goods,
    med_product_version,
)
