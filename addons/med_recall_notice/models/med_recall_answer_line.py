from odoo import fields, models


class MedRecallAnswerLine(models.Model):
    """What a consignee says of one of his lots."""

    _name = "med.recall.answer.line"
    _description = "Answer About a Lot"
    _inherit = ["med.recall.row.mixin"]
    _order = "answer_id desc, id"
    _rec_name = "lot_id"

    answer_id = fields.Many2one("med.recall.answer", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="answer_id.company_id", store=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", index=True, ondelete="restrict",
                             help="Empty: untracked stock.")
    product_id = fields.Many2one("product.product", "Product", required=True,
                                 ondelete="restrict")
    received = fields.Float(digits=False, help="What he received, as the notice said.")
    held = fields.Float("Still Here", digits=False)
    used = fields.Float(digits=False)
    sold_on = fields.Float(digits=False)
    returned = fields.Float("Sent Back", digits=False)
    to_return = fields.Float("To Be Sent Back", digits=False, help="Of what is still there.")
    differs = fields.Boolean(help="His count is not what he received.")
    comment = fields.Char()
