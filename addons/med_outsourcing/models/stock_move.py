from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    med_outsourcing_order_id = fields.Many2one(
        "med.outsourcing.order", "Order to a Processor", index="btree_not_null", copy=False,
        ondelete="restrict")
