from odoo import fields, models


class MedGateEvent(models.Model):
    _inherit = "med.gate.event"

    use = fields.Selection(
        selection_add=[("market", "Deliver to a Market")],
        ondelete={"market": lambda self: self.write({"use": "ship"})})
