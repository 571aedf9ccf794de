from odoo import fields, models

from ..models.med_hold import SOURCES


class MedHoldWizard(models.TransientModel):
    """Two taps: why, and hold."""

    _name = "med.hold.wizard"
    _description = "Place a Hold"

    lot_ids = fields.Many2many(
        "stock.lot", string="Lots", required=True,
        domain=[("product_id.med_controlled", "=", True)])
    source = fields.Selection(SOURCES, required=True, default="precaution")
    reason = fields.Char(required=True)
    owner_id = fields.Many2one(
        "res.users", "Owner", required=True, default=lambda self: self.env.user,
        domain=[("share", "=", False)], help="Who sees to it that it is decided.")

    def action_place(self):
        """Hold the lots, and open the hold, which tells what was found."""
        told = self.env["med.hold"].place(
            self.lot_ids.ids, self.reason, self.source, self.owner_id.id)
        return {"type": "ir.actions.act_window", "res_model": "med.hold", "view_mode": "form",
                "res_id": told["hold"]}
