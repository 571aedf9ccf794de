from odoo import api, fields, models
from odoo.fields import Domain

OPEN = ("draft", "waiting", "confirmed", "partially_available", "assigned")


class MedRecall(models.Model):
    """Orders that are not delivered yet, of products in the scope of a recall."""

    _inherit = "med.recall"

    sale_count = fields.Integer("Open Orders", compute="_compute_sale_count")

    @api.depends("scope_id")
    def _compute_sale_count(self):
        for record in self:
            record.sale_count = self.env["sale.order"].sudo().search_count(
                record._med_sale_domain()) if record.scope_id else 0

    def _med_sale_domain(self):
        """Return the domain of quotations and orders that ask for a product in scope."""
        self.ensure_one()
        lots = self.env["med.recall.scope.line"].sudo()._search([
            ("scope_id", "=", self.scope_id.id)]).subselect("lot_id")
        products = [product.id for [product] in self.env["stock.lot"].sudo()._read_group(
            [("id", "in", lots)], ["product_id"])]
        return Domain("company_id", "=", self.company_id.id) & (
            Domain("state", "in", ("draft", "sent"))
            & Domain("order_line.product_id", "in", products)
            | Domain("state", "=", "sale") & Domain("order_line.move_ids", "any", [
                ("product_id", "in", products), ("state", "in", OPEN)]))

    def action_sale_orders(self):
        """Open the orders that ask for what is recalled."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "sale.order",
                "view_mode": "list,form", "name": self.env._("Open Orders"),
                "domain": list(self._med_sale_domain())}

    def _med_on_frozen(self, scope):
        """Say so in each order, where those who promised the goods see it."""
        super()._med_on_frozen(scope)
        if self.drill:
            return
        orders = self.env["sale.order"].sudo().search(self._med_sale_domain())
        orders._message_log_batch(bodies=dict.fromkeys(orders.ids, self.env._(
            "%(recall)s: lots of a product in this order are recalled. What stands still is not "
            "delivered.", recall=scope.name)))
