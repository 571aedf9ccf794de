from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _med_use(self):
        """Only the lot that is reworked is."""
        use = super()._med_use()
        line = self.move_id.med_nonconformity_line_id.sudo()
        return "operation" if use == "rework" and line and self.lot_id != line.lot_id else use

    def _med_take_back(self):
        """A unit that was reworked under its own number is decided about anew."""
        super()._med_take_back()
        reworked = self.filtered(
            lambda line: line.location_dest_id.usage == "internal"
            and line.product_id.tracking == "serial" and line.lot_id
            in line.move_id.production_id.sudo().med_nonconformity_line_ids.lot_id)
        reworked.lot_id.filtered(
            lambda lot: lot.med_status == "rejected")._med_set_status("quarantine")
