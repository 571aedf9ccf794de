from odoo.exceptions import UserError


class ReasonRequired(UserError):
    """A submitted record is changed and nobody said why.

    The caller repeats the call with the reason in the context key ``med_reason``.
    """
