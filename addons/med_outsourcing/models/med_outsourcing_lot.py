from odoo import api, fields, models


class MedOutsourcingLot(models.Model):
    """How much of a lot of ours goes to the processor and comes back."""

    _name = "med.outsourcing.lot"
    _description = "Lot of an Order to a Processor"
    _inherit = ["med.lot.line.mixin"]
    _order = "order_id, id"
    _check_company_auto = True
    _med_parent = "order_id"
    _med_following = {"product_id", "company_id", "order_id"}

    order_id = fields.Many2one(
        "med.outsourcing.order", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    state = fields.Selection(related="order_id.state")

    _lot_uniq = models.Constraint("UNIQUE (order_id, lot_id)", "The order has this lot already.")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How much of the lot goes is above zero.")

    @api.model_create_multi
    def create(self, vals_list):
        of = self.default_get(["order_id"])
        rows = [{**of, **vals} for vals in vals_list]
        self.env["med.outsourcing.order"].browse(
            [row["order_id"] for row in rows if row.get("order_id")])._med_check_draft()
        return super().create(rows)

    def write(self, vals):
        self.order_id._med_check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        self.order_id._med_check_draft()
