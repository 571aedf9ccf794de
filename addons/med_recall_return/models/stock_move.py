from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _med_use(self, source, target):
        """A destruction that two persons signed is what a recall holds its lots for."""
        if self.scrap_id.sudo().med_destruction_id:
            return ""
        return super()._med_use(source, target)
