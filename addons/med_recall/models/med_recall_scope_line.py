from odoo import fields, models


class MedRecallScopeLine(models.Model):
    """A lot or serial in one version of a scope, and where it was then."""

    _name = "med.recall.scope.line"
    _description = "Lot in the Scope of a Recall"
    _inherit = ["med.recall.row.mixin"]
    _order = "scope_id desc, level, id"
    _rec_name = "lot_id"

    scope_id = fields.Many2one("med.recall.scope", required=True, index=True, ondelete="restrict")
    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", index=True, help="Empty: of every company.")
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", required=True, index=True,
                             ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id")
    condition = fields.Char(related="lot_id.med_condition", string="Status Now")
    certainty = fields.Selection([("exact", "Exact"), ("possible", "Possible")], required=True)
    level = fields.Integer("Steps", aggregator=False, help="From a lot that the criteria name.")
    added = fields.Boolean(help="The version frozen before lacked it.")
    on_hand = fields.Float("In Our Stock", digits=False)
    shipped = fields.Float(digits=False)
    returned = fields.Float(digits=False)

    _lot_uniq = models.Constraint("UNIQUE (scope_id, lot_id)", "The scope has this lot.")
