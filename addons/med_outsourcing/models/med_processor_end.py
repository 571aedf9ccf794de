from odoo import models
from odoo.exceptions import UserError

from .med_outsourcing_order import OPEN


class MedProcessor(models.Model):
    """A file ends when nothing of ours is there any more."""

    _inherit = "med.processor"

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "end":
            self._med_check_empty()

    def _med_check_empty(self):
        """Refuse to end a file with open orders, or with goods at its place."""
        file = self.sudo()
        orders = self.env["med.outsourcing.order"].sudo().search(
            [("processor_id", "=", self.id), ("state", "in", OPEN)])
        if orders:
            raise UserError(self.env._(
                "“%(name)s” has open orders: %(orders)s. Suspend the file, and end it when they "
                "are received or cancelled.", name=self.display_name,
                orders=", ".join(orders[:20].mapped("name"))))
        there = self.env["stock.quant"].sudo()._read_group(
            [("location_id", "child_of", file.location_id.id), ("quantity", ">", 0)],
            ["product_id"], limit=20) if file.location_id else ()
        if there:
            raise UserError(self.env._(
                "By our books “%(name)s” still has: %(products)s. Bring it back or correct the "
                "books, then end the file.", name=self.display_name,
                products=", ".join(product.display_name for [product] in there)))
