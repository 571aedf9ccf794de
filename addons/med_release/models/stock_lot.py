from odoo import fields, models
from odoo.tools import SQL


class StockLot(models.Model):
    _inherit = "stock.lot"

    med_release_line_ids = fields.One2many(
        "med.release.line", "lot_id", "Releases", readonly=True,
        groups="med_base.med_base_group_viewer")

    def _med_makers(self):
        """Return ``{lot id: {order id: quantity made, in the product's unit}}``."""
        self.env.flush_all()
        makers = {}
        for lot, order, quantity in self.env.execute_query(SQL("""
                SELECT l.lot_id, m.production_id, sum(l.quantity_product_uom)
                  FROM stock_move_line l JOIN stock_move m ON m.id = l.move_id
                 WHERE l.lot_id IN %s AND m.production_id IS NOT NULL AND l.state = 'done'
              GROUP BY l.lot_id, m.production_id HAVING sum(l.quantity_product_uom) > 0
              ORDER BY l.lot_id, m.production_id""", tuple(self.ids) or (0,))):
            makers.setdefault(lot, {})[order] = float(quantity)
        return makers

    def _med_made_on(self):
        """Return ``{lot: date of manufacture, or None where nobody knows}``.

        Of a lot that bears no date it is the day on which the last order that made it ended, in
        the company's time zone.
        """
        open_ones = self.filtered(lambda lot: not lot.med_manufactured)
        makers = open_ones._med_makers() if open_ones else {}
        orders = self.env["mrp.production"].sudo().browse(
            {order for row in makers.values() for order in row})
        days = {order.id: order._med_local_day() for order in orders}
        return {lot: lot.med_manufactured or max(
            (days[order] for order in makers.get(lot.id, ()) if days[order]), default=None)
            for lot in self}

    def _med_unreleased(self):
        """Return ``{lot: why}`` of those whose orders are not released as their product needs."""
        levels = {product: product.product_tmpl_id.sudo()._med_release_level()
                  for product in self.product_id}
        bound = self.filtered(lambda lot: levels[lot.product_id] != "none" and lot.med_status)
        makers = bound._med_makers() if bound else {}
        orders = {order for row in makers.values() for order in row}
        releases = self.env["med.release"].sudo().search([("production_id", "in", list(orders))])
        by_order = {release.production_id.id: release for release in releases}
        kept = {(line.release_id.id, line.lot_id.id): line.quantity for line in releases.line_ids}
        names = dict(self.env["mrp.production"].sudo().browse(orders).mapped(
            lambda order: (order.id, order.name)))
        enough = {"production": ("production_released", "market_released"),
                  "market": ("market_released",)}
        found = {}
        for lot in bound:
            for order, quantity in makers.get(lot.id, {}).items():
                release = by_order.get(order)
                if not release or release.state not in enough[levels[lot.product_id]]:
                    found[lot] = self.env._("%(order)s is not released", order=names[order])
                elif abs(kept.get((release.id, lot.id), 0.0) - quantity) > 1e-6:
                    found[lot] = self.env._(
                        "%(order)s made another quantity than was released", order=names[order])
        return found
