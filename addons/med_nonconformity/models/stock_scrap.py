from odoo import fields, models


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    med_nonconformity_line_id = fields.Many2one(
        "med.nonconformity.line", "Nonconforming Lot", readonly=True, copy=False,
        index="btree_not_null")

    def _prepare_move_values(self):
        return {**super()._prepare_move_values(),
                "med_nonconformity_line_id": self.med_nonconformity_line_id.id}
