from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedHoldLine(models.Model):
    """One lot of a hold. Written by the hold alone."""

    _name = "med.hold.line"
    _description = "Held Lot"
    _inherit = ["med.kept.row.mixin"]
    _order = "hold_id desc, id"
    _rec_name = "lot_id"
    _med_refusals = {
        "create": _lt("A hold is placed with its lots: select them first."),
        "write": _lt("The lots of a hold are not changed."),
        "unlink": _lt("Holds are not deleted: lift them."),
    }

    hold_id = fields.Many2one("med.hold", required=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", required=True, index=True, ondelete="restrict")
    open = fields.Boolean()
    product_id = fields.Many2one(related="lot_id.product_id")
    company_id = fields.Many2one(related="hold_id.company_id")
    source = fields.Selection(related="hold_id.source")
    reason = fields.Char(related="hold_id.reason")
    owner_id = fields.Many2one(related="hold_id.owner_id")
    placed_at = fields.Datetime(related="hold_id.placed_at")

    _lot_uniq = models.Constraint("UNIQUE (hold_id, lot_id)", "The hold has this lot already.")
