from odoo import fields, models

from .med_outsourcing_event_lot import OUTCOMES


class MedOutsourcingEntryLine(models.TransientModel):
    """How much of which lot the paper speaks of."""

    _name = "med.outsourcing.entry.line"
    _description = "Lot of an Entered Report"

    entry_id = fields.Many2one("med.outsourcing.entry", required=True, ondelete="cascade",
                               index=True)
    product_id = fields.Many2one("product.product", help="Empty: the product of the order.")
    lot_name = fields.Char("Lot or Serial")
    quantity = fields.Float(digits="Product Unit", help="Rows without a quantity are left out.")
    outcome = fields.Selection([one for one in OUTCOMES if one[0] != "held"], required=True,
                               default="good")
