# The first before the files that extend it.
# isort: off
from . import med_risk_hazard
from . import (
    med_risk_acceptance,
    med_risk_control,
    med_risk_linked_mixin,
    med_risk_revise,
    product_product,
    product_template,
    stock_lot,
)
