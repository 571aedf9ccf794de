from odoo import api, fields, models
from odoo.exceptions import AccessError


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    med_outsourcing_order_id = fields.Many2one(
        "med.outsourcing.order", "Order to a Processor", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "med_outsourcing_order_id": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and "med_outsourcing_order_id" in vals:
            raise AccessError(self.env._("To which order goods belong follows from the order."))
        return super().write(vals)
