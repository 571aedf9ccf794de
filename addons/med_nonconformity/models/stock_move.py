from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    med_nonconformity_line_id = fields.Many2one(
        "med.nonconformity.line", "Nonconforming Lot", readonly=True, index="btree_not_null")

    def _med_use(self, source, target):
        """What a decided nonconformity reworks may be used by the order of its rework."""
        use = super()._med_use(source, target)
        line = self.med_nonconformity_line_id.sudo()
        if use == "operation" and line and line.state == "decided" and (
                line.production_id == self.raw_material_production_id):
            return "rework"
        return use
