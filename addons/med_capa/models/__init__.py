# The first before the files that extend it.
# isort: off
from . import med_action_mixin
from . import med_capa
from . import (
    med_capa_action,
    med_capa_clock,
    med_capa_escalate,
    med_capa_fishbone,
    med_capa_open,
    med_capa_risk,
    med_capa_similar,
    med_capa_step,
    med_capa_why,
    med_nonconformity,
    stock_lot,
)
