from odoo import fields, models
from odoo.tools import SQL

ENOUGH = {"production": ("production_released", "market_released"), "market": ("market_released",)}


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
        """Return ``{lot: why}`` of those whose orders are not released as their product needs.

        A part of a lot, or a lot under another number, waits for the orders of what it came out of.
        """
        lineage = self.filtered("med_status")._med_lineage()
        family = self.sudo().browse(set().union(*lineage.values())).filtered("med_status")
        makers = family._med_makers() if family else {}
        orders = {order for row in makers.values() for order in row}
        releases = self.env["med.release"].sudo().search([("production_id", "in", list(orders))])
        by_order = {release.production_id.id: release for release in releases}
        kept = {(line.release_id.id, line.lot_id.id): line.quantity for line in releases.line_ids}
        orders = self.env["mrp.production"].sudo().browse(orders)
        names = {order.id: order.name for order in orders}
        before = family._med_decided_before(makers, orders - releases.production_id)
        needs, waiting, changed = {}, {}, {}
        for lot in family:
            for order, quantity in makers.get(lot.id, {}).items():
                release = by_order.get(order, releases.browse())
                if (lot.id, order) in before:
                    continue
                case = (lot.product_id, release)
                if case not in needs:
                    needs[case] = lot.product_id._med_needs(release)
                if needs[case] == "none":
                    continue
                if not release or release.state not in ENOUGH[needs[case]]:
                    waiting[lot.id] = self.env._("%(order)s is not released", order=names[order])
                elif abs(kept.get((release.id, lot.id), 0.0) - quantity) > 1e-6:
                    changed[lot.id] = self.env._(
                        "%(order)s made another quantity than was released", order=names[order])
        found = {}
        for lot in self:
            sources = sorted(lineage.get(lot.id, set()) & waiting.keys())
            if why := waiting[sources[0]] if sources else changed.get(lot.id):
                found[lot] = why
        return found

    def _med_decided_before(self, makers, orders):
        """Return the ``(lot id, order id)`` that a signed decision released when the order was
        over and nobody asked for its release: what was made before control began.

        :param makers: of :meth:`_med_makers`
        :param orders: those without a release
        """
        ended = {order.id: order.date_finished for order in orders if order.date_finished}
        lots = [lot for lot, made in makers.items() if made.keys() & ended.keys()]
        lines = self.env["med.disposition.line"].sudo().search([
            ("lot_id", "in", lots), ("status", "in", ("released", "conditional")),
            ("disposition_id.state", "=", "done")]) if lots else ()
        return {
            (line.lot_id.id, order) for line in lines
            for given in line.disposition_id._med_given()[-1:]
            for order in makers[line.lot_id.id].keys() & ended.keys()
            if given.signed_at >= ended[order]}

    def _med_parts(self):
        """Return the lots, and all that was split, merged or relabelled of them."""
        self.env.flush_all()
        found = self.env.execute_query(SQL("""
            WITH RECURSIVE part (lot) AS (
                SELECT unnest(%s::int[])
                 UNION
                SELECT o.lot_id FROM part
                  JOIN med_repack_input i ON i.lot_id = part.lot
                  JOIN med_repack r ON r.id = i.repack_id AND r.state = 'done'
                  JOIN med_repack_output o ON o.repack_id = r.id)
            SELECT lot FROM part WHERE lot IS NOT NULL ORDER BY lot""", self.ids))
        return self.browse([lot for [lot] in found])
