from odoo import fields, models


class MedGate(models.Model):
    """Deliveries to a market are a use of their own: its gate is opened and closed apart."""

    _inherit = "med.gate"

    use = fields.Selection(
        selection_add=[("market", "Deliver to a Market")], ondelete={"market": "cascade"})
