from odoo import api, models
from odoo.fields import Command


class MedProcessorRelease(models.Model):
    """A new release begins with what the processor has reported as finished."""

    _inherit = "med.processor.release"

    @api.onchange("order_id")
    def _onchange_order_id(self):
        if self._origin or not self.order_id:
            return
        self.revision = self.order_id.revision
        self.line_ids = [Command.clear()] + [Command.create(
            {"product_id": product.id, "lot_name": name, "quantity": quantity})
            for (product, name), quantity in self._med_unreleased().items()]

    def _med_unreleased(self):
        """Return ``{(product, lot name): quantity}`` finished well and not in a release yet."""
        left = {}
        for event in self.order_id.event_ids.filtered(
                lambda one: one.kind == "finished" and not one.superseded):
            for row in event.lot_ids.filtered(lambda one: one.outcome == "good"):
                key = row.product_id, row.lot_name
                left[key] = left.get(key, 0.0) + row.quantity
        for line in self.search([
                ("order_id", "=", self.order_id.id),
                ("state", "in", ("draft", "released"))]).line_ids:
            key = line.product_id, line.lot_name
            left[key] = left.get(key, 0.0) - line.quantity
        return {key: quantity for key, quantity in left.items() if quantity > 1e-6}
