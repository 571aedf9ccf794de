from odoo.exceptions import UserError


class SignatureRefused(UserError):
    """A signature or a guarded step was refused; the sentence says why."""
