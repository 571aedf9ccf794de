from odoo import models


class StockMoveLine(models.Model):
    _inherit = 'stock.move.line'

    def _med_purpose(self):
        """A part that a repair fits is used."""
        return super()._med_purpose() or (
            'use' if self.move_id.repair_line_type == 'add'
            and self.location_id.usage in ('internal', 'transit') else '')
