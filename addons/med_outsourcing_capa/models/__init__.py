from . import (
    med_capa_request,
    med_capa_request_answer,
    med_capa_request_order,
    med_capa_request_sheet,
    med_exchange_corrective_action,
)
