from collections import defaultdict

from odoo import api, fields, models

from .med_outsourcing_order_lots import SMALL


class MedOutsourcingOrder(models.Model):
    """What a processor makes to another revision than was ordered: under a deviation or not."""

    _inherit = "med.outsourcing.order"

    # Not stored: the deviation says what it names, under its signatures; not the order.
    deviation_ids = fields.Many2many(
        "med.deviation", string="Deviations", compute="_compute_deviation_ids",
        compute_sudo=True, help=(
            "They name this order or its lots: made to another revision, it is taken under them "
            "alone."))

    @api.depends("line_ids.lot_id")
    def _compute_deviation_ids(self):
        for order in self:
            order.deviation_ids = self.env["med.deviation"].search([
                ("company_id", "=", order.company_id.id), "|",
                ("med_outsourcing_order_ids", "in", order._origin.ids), "&",
                ("med_outsourcing_order_ids", "=", False),
                ("lot_ids", "in", order.line_ids.lot_id.ids)], limit=50)

    def _med_find_deviation(self, number):
        """Return the deviation of a number, of this order's company; an empty one if none is."""
        return self.env["med.deviation"].sudo().search([
            ("name", "=", number), ("company_id", "=", self.company_id.id)], limit=1)

    def _med_uncovered(self, deviation, rows, other=True):
        """Return why a deviation does not cover rows of this order; '' where it does.

        :param rows: list of (product, lot or an empty one, quantity beside what this order has
            used of the deviation already)
        :param other: they were made to another revision: the order or its lots must be named
        """
        for product, lot, quantity in rows:
            if why := deviation._med_covers(product, lot, quantity):
                return why
        own = self._med_products()
        return deviation._med_unnamed(
            self, [lot for product, lot, _quantity in rows if product in own]) if other else ""

    def _med_finished_under(self, deviation):
        """Return ``{(product, lot): quantity}`` reported as finished under a deviation."""
        sums = defaultdict(float)
        for event in self.event_ids.filtered(
                lambda one: one.kind == "finished" and one.deviation_id == deviation
                and not one.superseded):
            for row in event.lot_ids:
                if row.outcome in ("good", "reject") and row.lot_id:
                    sums[row.product_id, row.lot_id] += row.quantity
        return sums

    def _med_deviation_used(self, deviation):
        """Return ``{(product, lot): quantity}`` that this order has used of a deviation."""
        rows = self.env["med.deviation.use"].sudo()._read_group(
            [("deviation_id", "=", deviation.id), ("res_model", "=", self._name),
             ("res_id", "=", self.id)], ["product_id", "lot_id"], ["quantity:sum"])
        return {(product, lot): quantity for product, lot, quantity in rows}

    def _med_released_under(self, deviation):
        """Return ``{(product, lot): quantity}`` that the processor released under a deviation."""
        sums = defaultdict(float)
        for line in self.env["med.processor.release"].sudo().search([
                ("order_id", "=", self.id), ("state", "=", "released"),
                ("deviation_id", "=", deviation.id)]).line_ids:
            if lot := line._med_lots()[:1]:
                sums[line.product_id, lot] += line.quantity
        return sums

    def _med_use_deviation(self, deviation):
        """Book what is used of a deviation by now, without what was booked before.

        A lot that is reported as finished and released later is used once. What a correction says
        was not made under it is given back.

        :raise UserError: there is not so much left, or it is not in force
        """
        wanted, used = self._med_finished_under(deviation), self._med_deviation_used(deviation)
        for key, quantity in self._med_released_under(deviation).items():
            wanted[key] = max(wanted[key], quantity)
        rows = [(*key, wanted.get(key, 0.0) - used.get(key, 0.0)) for key in {**wanted, **used}]
        deviation._med_give_back_part(self, [
            (product, lot, -quantity) for product, lot, quantity in rows if quantity < -SMALL])
        if more := [row for row in rows if row[2] > SMALL]:
            deviation._med_consume(self, more)
