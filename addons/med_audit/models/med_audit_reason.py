from odoo import fields, models


class MedAuditReason(models.Model):
    """A reason people choose from when they change a submitted record."""

    _name = "med.audit.reason"
    _description = "Reason for a Change"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    needs_text = fields.Boolean("Explain", help="Needs an explanation in words.")
