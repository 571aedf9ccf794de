from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _med_use(self, source, target):
        """Goods that go to a processor's place are sent to him, not merely moved."""
        use = super()._med_use(source, target)
        if use not in ("move", "pack") or not target.is_subcontract() \
                or source.is_subcontract():
            return use
        return "notice" if self._med_processor()._med_takes_quarantine() else "processor"

    def _med_processor(self):
        """Return whose place the goods go to."""
        order = self.move_dest_ids.raw_material_production_id
        return order.subcontractor_id[:1] or self.picking_id.partner_id or self.partner_id
