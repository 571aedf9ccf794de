from odoo import fields, models


class MedRecallBaseline(models.Model):
    """What the postings of one lot came to when the recall reached it: what counts from then on."""

    _name = "med.recall.baseline"
    _description = "Starting Point of a Lot in a Recall"
    _inherit = ["med.recall.row.mixin"]
    _order = "recall_id desc, id"
    _rec_name = "lot_id"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    scope_id = fields.Many2one("med.recall.scope", required=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", required=True, index=True,
                             ondelete="restrict")
    sums = fields.Json(required=True, help="Exact quantities as text, in the unit of the product.")

    _lot_uniq = models.Constraint("UNIQUE (recall_id, lot_id)", "The lot has a starting point.")
