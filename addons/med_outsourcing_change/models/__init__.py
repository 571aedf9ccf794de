from . import (
    ir_attachment,
    med_change,
    med_change_answer,
    med_change_notice,
    med_change_notice_documents,
    med_change_notice_sheet,
)
