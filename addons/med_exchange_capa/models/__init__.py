# The first before the files that extend it.
# isort: off
from . import med_capa_request
from . import (
    ir_attachment,
    med_capa,
    med_capa_request_action,
    med_capa_request_answer,
    med_capa_request_answering,
    med_capa_request_late,
    med_capa_request_own,
    med_capa_request_step,
    med_capa_request_theirs,
    med_exchange_corrective_action,
    med_exchange_corrective_action_in,
    med_nonconformity,
)
