from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedOutsourcingStatementLine(models.Model):
    """The sums of one product and lot in a statement. Written by its computing alone, by SQL."""

    _name = "med.outsourcing.statement.line"
    _description = "Lot of a Statement"
    _inherit = ["med.kept.row.mixin"]
    _order = "statement_id desc, product_id, lot_name, id"
    _rec_name = "lot_name"
    _med_refusals = {"create": _lt("The rows of a statement are computed from the postings.")}

    statement_id = fields.Many2one(
        "med.outsourcing.statement", required=True, readonly=True, index=True,
        ondelete="restrict")
    processor_id = fields.Many2one(
        "med.processor", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="restrict")
    date_from = fields.Date("Period From", readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict")
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", readonly=True, index="btree_not_null", ondelete="restrict")
    lot_name = fields.Char("Lot or Serial Number", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True, ondelete="restrict")
    opening = fields.Float(
        digits="Product Unit", readonly=True,
        help="There at the beginning: what the statement before ended with, where it was issued.")
    late = fields.Float(
        "Posted Late", digits="Product Unit", readonly=True,
        help="Of the time before, and not in the statement that was issued then.")
    sent = fields.Float(
        digits="Product Unit", readonly=True, help="Brought to the processor's place.")
    made = fields.Float(digits="Product Unit", readonly=True, help="Made there for us.")
    used = fields.Float(digits="Product Unit", readonly=True, help="Went into what was made there.")
    scrapped = fields.Float(digits="Product Unit", readonly=True, help="Scrapped there.")
    returned = fields.Float(
        digits="Product Unit", readonly=True,
        help="Left the place: to us, to another processor, or on to a customer.")
    adjusted = fields.Float(
        digits="Product Unit", readonly=True,
        help="Counted less than the books said, taken apart or repacked there; below zero: more.")
    closing = fields.Float("Still There", digits="Product Unit", readonly=True)
    moved = fields.Float(
        "By the Postings", digits="Product Unit", readonly=True, aggregator=False,
        help="What every posting up to the moment of computing leaves there.")
    there = fields.Float(
        "By the Stock", digits="Product Unit", readonly=True, aggregator=False,
        help="What the stock said was there at the moment of computing.")
    difference = fields.Float(
        digits="Product Unit", readonly=True,
        help="What the stock has beside what the postings leave.")

    def action_open_lot(self):
        """Open the lot."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "stock.lot",
                "res_id": self.lot_id.id, "views": [(False, "form")]}
