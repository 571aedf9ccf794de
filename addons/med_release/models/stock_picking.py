from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """The certificates of what a delivery takes along."""

    _inherit = "stock.picking"

    med_release_count = fields.Integer(
        "Certificates", compute="_compute_med_release_count", compute_sudo=True)

    def _compute_med_release_count(self):
        for picking in self:
            picking.med_release_count = len(picking._med_releases())

    def _med_releases(self):
        """Return the releases behind the lots of a transfer to a consignee."""
        lots = self.move_line_ids.lot_id if self.picking_type_code == "outgoing" else (
            self.env["stock.lot"])
        return lots.sudo().med_release_line_ids.release_id.filtered(
            lambda release: release._med_is_released())

    def action_med_certificate(self):
        """Download the consignee's certificate of conformity."""
        self.ensure_one()
        if not self._med_releases():
            raise UserError(self.env._("Nothing in this transfer was released by its order."))
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/certificate.pdf?picking_id={self.id}"}
