from odoo import api, fields, models
from odoo.exceptions import AccessError


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    med_nonconformity_line_id = fields.Many2one(
        "med.nonconformity.line", "Nonconforming Lot", readonly=True, copy=False,
        index="btree_not_null")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "med_nonconformity_line_id": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and "med_nonconformity_line_id" in vals:
            raise AccessError(self.env._("What a document does about a nonconformity stays."))
        return super().write(vals)

    def _prepare_move_values(self):
        return {**super()._prepare_move_values(),
                "med_nonconformity_line_id": self.med_nonconformity_line_id.id}
