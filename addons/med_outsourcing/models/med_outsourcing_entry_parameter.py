from odoo import fields, models


class MedOutsourcingEntryParameter(models.TransientModel):
    """A value that the paper tells."""

    _name = "med.outsourcing.entry.parameter"
    _description = "Value of an Entered Report"

    entry_id = fields.Many2one("med.outsourcing.entry", required=True, ondelete="cascade",
                               index=True)
    name = fields.Char("Parameter", required=True)
    value = fields.Char()
    unit = fields.Char()
    limits = fields.Char("As Ordered", readonly=True)
