from odoo import fields, models


class MedRecallCustomer(models.Model):
    """Whom a consignee sold a lot on to. He need not tell."""

    _name = "med.recall.customer"
    _description = "Customer of a Consignee"
    _inherit = ["med.recall.row.mixin"]
    _order = "answer_id desc, id"

    answer_id = fields.Many2one("med.recall.answer", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="answer_id.company_id", store=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", index=True, ondelete="restrict",
                             help="Empty: untracked stock.")
    product_id = fields.Many2one("product.product", "Product", required=True,
                                 ondelete="restrict")
    name = fields.Char(required=True)
    email = fields.Char("E-Mail")
    quantity = fields.Float(digits=False)
    child_id = fields.Many2one("med.recall.notice", "His Notice", index="btree_not_null",
                               ondelete="restrict")
