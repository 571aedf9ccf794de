from odoo import models


class StockMoveLine(models.Model):
    _inherit = 'stock.move.line'

    def _med_is_inbound(self):
        """What a processor sends back comes from outside, although Odoo keeps it in our books."""
        return super()._med_is_inbound() or self.move_id.is_subcontract

    def _med_purpose(self):
        """What a processor used is used already when its receipt is posted: nothing is refused."""
        if self.move_id.raw_material_production_id.subcontractor_id:
            return ''
        return super()._med_purpose()
