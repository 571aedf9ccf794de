from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedStockStatementLine(models.Model):
    """One lot of a statement: theirs, ours, and the difference."""

    _name = "med.stock.statement.line"
    _description = "Goods of a Stock Statement"
    _inherit = ["med.kept.row.mixin"]
    _order = "statement_id desc, id"
    _rec_name = "product_id"
    _med_refusals = {
        "create": _lt("A statement is sent by who keeps the goods."),
        "write": _lt("What a partner stated is not changed."),
        "unlink": _lt("What a partner stated is not changed."),
    }
    _med_follows = {"difference", "differs", "company_id"}

    statement_id = fields.Many2one("med.stock.statement", required=True, index=True,
                                   readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True,
                                 ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", readonly=True, index="btree_not_null",
                             ondelete="restrict")
    lot_name = fields.Char("Lot as Stated", readonly=True)
    owner_id = fields.Many2one("res.partner", "Owner", readonly=True, ondelete="restrict",
                               help="Whose goods they are; empty: our own.")
    stated = fields.Boolean(readonly=True, help="It stood in the statement.")
    uom_id = fields.Many2one(related="product_id.uom_id")
    theirs = fields.Float(readonly=True, digits="Product Unit")
    ours = fields.Float(readonly=True, digits="Product Unit",
                        help="What was there by our records at the time that it was stated for.")
    bins = fields.Char("Bins", readonly=True, help="Where in the place it lies, as stated.")
    their_status = fields.Char("Status There", readonly=True,
                               help="In the words of who keeps the goods.")
    our_status = fields.Char("Our Status", readonly=True, help="When it was compared.")
    status_differs = fields.Boolean("Status Differs", readonly=True, help=(
        "One side may use it, the other may not; of words that are not known, nothing is said."))
    their_expiry = fields.Datetime("Expires There", readonly=True)
    expiry_differs = fields.Boolean("Expiry Differs", readonly=True)
    difference = fields.Float(compute="_compute_difference", store=True, digits="Product Unit")
    differs = fields.Boolean(compute="_compute_difference", store=True)

    @api.depends("theirs", "ours", "status_differs", "expiry_differs")
    def _compute_difference(self):
        for line in self:
            line.difference = line.theirs - line.ours
            line.differs = line.status_differs or line.expiry_differs or bool(
                line.product_id.uom_id.compare(line.theirs, line.ours))
