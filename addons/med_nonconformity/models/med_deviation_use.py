from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedDeviationUse(models.Model):
    """What was used under a deviation, by which document. Never changed, never deleted.

    What a document gives back is a row of its own, with a negative quantity.
    """

    _name = "med.deviation.use"
    _description = "Use of a Deviation"
    _inherit = ["med.kept.row.mixin"]
    _order = "id desc"
    _rec_name = "document"
    _med_refusals = {
        "create": _lt("What is used under a deviation is booked by documents."),
        "write": _lt("What was used under a deviation is not changed."),
        "unlink": _lt("What was used under a deviation is not deleted."),
    }

    deviation_id = fields.Many2one(
        "med.deviation", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", readonly=True, index="btree_not_null", ondelete="restrict")
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In the product's unit.")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True, ondelete="restrict")
    counted = fields.Float(
        "Counted", digits=0, readonly=True, help="In the unit of the deviation.")
    document = fields.Char(readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document Record", model_field="res_model", readonly=True, index=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True)
    date = fields.Datetime("Time", required=True, readonly=True, help="For when it counts.")
