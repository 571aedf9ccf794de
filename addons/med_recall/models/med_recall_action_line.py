from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .med_recall import ACTIONS


class MedRecallActionLine(models.Model):
    """What is done with a lot, or with a product, otherwise than with the rest of its recall."""

    _name = "med.recall.action.line"
    _description = "Other Action of a Recall"
    _inherit = ["med.recall.part.mixin"]
    _order = "recall_id desc, id"
    _rec_name = "action"

    _med_part = "action_line_ids"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", "Product", ondelete="restrict",
                                 index="btree_not_null")
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", ondelete="restrict",
                             index="btree_not_null", help="Goes before what is said of a product.")
    action = fields.Selection(ACTIONS, "What Is Done", required=True)
    instruction = fields.Text("Instructions", help="Empty: those of the recall.")

    _lot_uniq = models.UniqueIndex(
        "(recall_id, lot_id) WHERE lot_id IS NOT NULL", "The lot has an action of its own.")
    _product_uniq = models.UniqueIndex(
        "(recall_id, product_id) WHERE lot_id IS NULL",
        "The product has an action of its own.")

    @api.constrains("recall_id", "product_id", "lot_id")
    def _check_subject(self):
        for line in self:
            if not line.lot_id and not line.product_id:
                raise ValidationError(self.env._("Say which product or lot is treated otherwise."))
            if line.lot_id and line.product_id and line.lot_id.product_id != line.product_id:
                raise ValidationError(self.env._(
                    "%(lot)s is no lot of %(product)s.", lot=line.lot_id.name,
                    product=line.product_id.display_name))
