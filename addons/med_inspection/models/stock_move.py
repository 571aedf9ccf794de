from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _med_from_processor(self):
        """Return whether a processor outside made what this move receives. For addons."""
        return "is_subcontract" in self._fields and bool(self.is_subcontract)
