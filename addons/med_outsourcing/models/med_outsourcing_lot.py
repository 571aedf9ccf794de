from odoo import api, fields, models
from odoo.exceptions import AccessError


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
        check_company=True, domain=[("product_id.med_controlled", "=", True)])
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(related="lot_id.product_uom_id")
    condition = fields.Char(related="lot_id.med_condition")
    state = fields.Selection(related="order_id.state")

    _lot_uniq = models.Constraint("UNIQUE (order_id, lot_id)", "The order has this lot already.")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How much of the lot goes is above zero.")

    @api.model_create_multi
    def create(self, vals_list):
        of = self.default_get(["lot_id", "order_id"])
        rows = [{**of, **vals} for vals in vals_list]
        self.env["med.outsourcing.order"].browse(
            [row["order_id"] for row in rows if row.get("order_id")])._med_check_draft()
        # Written out, so that neither a caller nor a default of his says what follows from these.
        return super().create([{
            **row, "product_id": self.env["stock.lot"].browse(row.get("lot_id")).product_id.id,
            "company_id": self.env["med.outsourcing.order"].browse(
                row.get("order_id")).company_id.id} for row in rows])

    def write(self, vals):
        if {"product_id", "company_id", "order_id"} & vals.keys() and not self.env.su:
            raise AccessError(self.env._("Product and company of a line follow from its lot."))
        self.order_id._med_check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        self.order_id._med_check_draft()

    @api.onchange("lot_id")
    def _onchange_lot_id(self):
        self.quantity = self.quantity or self.lot_id.product_qty
