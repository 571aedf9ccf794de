from odoo import models


class StockQuant(models.Model):
    """What a processor is still to make is not reserved at its place: it is not there."""

    _inherit = "stock.quant"

    def _should_bypass_product(self, product=False, location=False, reserved_quantity=0,
                               lot_id=False, package_id=False, owner_id=False):
        # Odoo reserves nothing for a receipt of a subcontractor's making (see `stock.move`), but
        # puts reservations in order by the place alone: whoever opened the stock left a quant
        # without quantity and lot, reserved for what was not made yet.
        return super()._should_bypass_product(
            product, location, reserved_quantity, lot_id, package_id, owner_id) or bool(
            location and location.is_subcontract()) and self._med_only_to_be_made(
            product, location, lot_id, package_id, owner_id)

    def _med_only_to_be_made(self, product, location, lot, package, owner):
        """Return whether all lines of these goods are those of subcontracted receipts."""
        moves = self.env["stock.move.line"].sudo().search([
            ("state", "in", ("assigned", "partially_available", "waiting", "confirmed")),
            ("product_id", "=", product.id), ("location_id", "=", location.id),
            ("lot_id", "=", lot.id if lot else False),
            ("package_id", "=", package.id if package else False),
            ("owner_id", "=", owner.id if owner else False)]).move_id
        return bool(moves) and all(move.is_subcontract for move in moves)
