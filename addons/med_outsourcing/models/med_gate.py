from odoo import fields, models

OUTSOURCE = [("outsource", "Order From a Processor")]


class MedGate(models.Model):
    """Orders to processors are a use of their own: their gate is opened and closed apart."""

    _inherit = "med.gate"

    use = fields.Selection(selection_add=OUTSOURCE, ondelete={"outsource": "cascade"})
