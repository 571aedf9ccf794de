from odoo import fields, models


class MedOutsourcingLot(models.Model):
    """How much of a lot of ours goes to the processor and comes back."""

    _name = "med.outsourcing.lot"
    _description = "Lot of an Order to a Processor"
    _order = "order_id, id"
    _rec_name = "lot_id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "med.outsourcing.order", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", required=True, index=True, ondelete="restrict",
        check_company=True)
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(related="lot_id.product_uom_id")

    _lot_uniq = models.Constraint("UNIQUE (order_id, lot_id)", "The order has this lot already.")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How much of the lot goes is above zero.")
