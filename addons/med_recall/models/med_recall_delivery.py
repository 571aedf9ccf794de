from odoo import fields, models


class MedRecallDelivery(models.Model):
    """What one consignee received of one lot in scope, at the time it was found."""

    _name = "med.recall.delivery"
    _description = "Delivery in the Scope of a Recall"
    _inherit = ["med.recall.row.mixin"]
    _order = "scope_id desc, partner_id, id"
    _rec_name = "lot_id"

    scope_id = fields.Many2one("med.recall.scope", required=True, index=True, ondelete="restrict")
    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Consignee", index=True, ondelete="restrict",
        help="Empty: the delivery names nobody. Find out who has it.")
    payer_id = fields.Many2one("res.partner", "Paid By", ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", index=True, ondelete="restrict",
                             help="Empty: untracked stock, which may be of what is in scope.")
    product_id = fields.Many2one("product.product", "Product", required=True,
                                 ondelete="restrict")
    exact = fields.Boolean()
    new = fields.Boolean("New Consignee", help="No version frozen before had him.")
    shipped = fields.Float(digits=False, help="In the unit of the product.")
    returned = fields.Float(digits=False)
    net = fields.Float("With Him", digits=False)

    _row_uniq = models.UniqueIndex(
        "(scope_id, COALESCE(partner_id, 0), COALESCE(lot_id, 0), product_id)",
        "The scope has this lot for this consignee.")
