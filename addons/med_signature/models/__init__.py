# Abstract models go first: Odoo builds models in the order of import.
from . import med_kept_row_mixin, med_signature_row_mixin, med_stepped_mixin  # isort: split
from . import med_signed_content_mixin  # isort: split
from . import med_signable_mixin  # isort: split
from . import med_signable_step  # isort: split
from . import med_signable_signing  # isort: split
from . import med_signed_line_mixin  # isort: split

from . import (
    med_access_review,
    med_access_review_line,
    med_audit_review,
    med_document,
    med_pdf_seal,
    med_signature,
    med_signature_attempt,
    med_signature_authentication,
    med_signature_grant,
    med_signature_login,
    med_signature_meaning,
    med_signature_rule,
    med_signature_rule_line,
    med_signature_secret,
    res_company,
    res_config_settings,
    res_users,
)
