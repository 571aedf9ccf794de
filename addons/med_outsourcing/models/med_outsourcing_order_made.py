from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from ..exceptions import ReportRefused
from ..tools import life
from ..tools.share import groups, share
from .med_outsourcing_order_goods import CLOSED

NOT_YET = -1
"""Stands for the lots of an order while none is made."""


class MedOutsourcingOrder(models.Model):
    """Lots made and used by a processor, in the subcontracted orders and on the receipt."""

    _inherit = "med.outsourcing.order"

    # ------------------------------------------------------------------ made

    def _med_made(self, event):
        """Bring the subcontracted orders in step with a report of finished lots."""
        if self.kind != "make":
            return
        order = self.sudo().with_company(self.company_id)
        if not order._med_open_receipts():
            if order._med_is_received():
                return  # told afterwards: it changes nothing
            raise ReportRefused("/lots", self.env._(
                "Nothing more of %(order)s is waited for: its receipt is posted.",
                order=self.name))
        order._med_fill_receipt()
        order._med_write_used(order.production_ids)

    def _med_is_received(self):
        """Return whether all lots that were reported as finished are received, to the unit."""
        received = self._med_received()
        return all(quantity <= received.get(key, 0.0) + 1e-6 for key, quantity in
                   self._med_lots_told("finished", ("good", "reject")).items())

    def _med_open_receipts(self):
        return self.sudo().move_ids.filtered(lambda move: move.state not in CLOSED)

    def _med_lots_told(self, kind, outcomes):
        """Return ``{(product, lot): quantity}`` of the events that count."""
        sums = defaultdict(float)
        for event in self.event_ids.filtered(
                lambda one: one.kind == kind and not one.superseded):
            for row in event.lot_ids.filtered(lambda one: one.outcome in outcomes):
                sums[row.product_id, row.lot_id] += row.quantity
        return sums

    def _med_received(self):
        """Return ``{(product, lot): quantity}`` posted from the processor into our stock."""
        sums = defaultdict(float)
        for move in (self.move_ids | self._med_way(False)).filtered(
                lambda one: one.state == "done"):
            for line in move.move_line_ids:
                sums[line.product_id, line.lot_id] += line.quantity_product_uom
        return sums

    def _med_fill_receipt(self):
        """Write on the receipt how much of which lot is to come: shipped, or else finished."""
        shipped = self._med_lots_told("shipped", ("good", "reject"))
        wanted = shipped or self._med_lots_told("finished", ("good",))
        received = self._med_received()
        wanted = {lot: quantity - received.get((product, lot), 0.0)
                  for (product, lot), quantity in wanted.items() if product == self.product_id}
        wanted = {lot: quantity for lot, quantity in wanted.items() if quantity > 1e-6}
        move = self._med_open_receipts()[:1]
        if not move or not wanted:
            return
        lines = move.move_line_ids
        by_lot = lines.grouped("lot_id")
        for lot in [*wanted]:
            if line := by_lot.get(lot, lines.browse())[:1]:
                quantity = line.product_id.uom_id._compute_quantity(
                    wanted.pop(lot), line.product_uom_id, round=False)
                if line.quantity != quantity:
                    line.write({"quantity": quantity})
                lines -= line
        self._med_lines([(move, lot, quantity, move.location_id)
                         for lot, quantity in wanted.items()])
        lines.unlink()

    def _med_write_used(self, productions):
        """Write on open subcontracted orders exactly the lots that the processor used.

        What was reported for several lots together is shared among them by quantity.
        """
        finished = self.event_ids.filtered(
            lambda one: one.kind == "finished" and not one.superseded)
        if not finished.lot_ids.filtered(lambda row: row.outcome == "used"):
            return
        productions = productions.filtered(lambda one: one.state not in CLOSED)
        shipped = self._med_lots_told("shipped", ("good", "reject"))
        for group in self._med_groups():
            closed = self.production_ids.filtered(
                lambda one, it=group: one.state == "done"
                and one.lot_producing_ids[:1].id in it.made)
            left = dict(group.used)
            for line in closed.move_raw_ids.move_line_ids:
                key = line.product_id.id, line.lot_id.id
                if key in left:
                    left[key] -= line.quantity_product_uom
            whole = sum(max(quantity, shipped.get((self.product_id, self.env[
                "stock.lot"].browse(lot)), 0.0)) for lot, quantity in group.made.items())
            whole -= sum(one.product_uom_id._compute_quantity(
                one.qty_produced, one.product_id.uom_id, round=False) for one in closed)
            products = {product for product, _lot in group.used}
            units = {one.id for one in self.env["product.product"].browse(products)
                     if one.tracking == "serial"}
            for production in productions.filtered(
                    lambda one, it=group: one.lot_producing_ids[:1].id in it.made):
                part = production.product_uom_id._compute_quantity(
                    production.product_qty, production.product_id.uom_id, round=False)
                taken = share(left, part, whole, units)
                production._med_set_used(products, taken)
                production.med_shared = len(group.made) > 1
                whole -= part
                for key, quantity in taken.items():
                    left[key] -= quantity

    def _med_groups(self):
        """Return the :class:`~..tools.share.Group` s of what was finished and counts.

        A group without a lot was scrapped whole. What was told of material alone was used for all
        that is made.
        """
        told = [(*self._med_made_and_used(event), event) for event in self.event_ids
                if event.kind == "finished" and not event.superseded]
        lots = dict.fromkeys((lot for made, _used, _event in told for lot in made), 0.0)
        return groups([(made if any(
            row.product_id == self.product_id and row.outcome != "used"
            for row in event.lot_ids) else lots or {NOT_YET: 0.0}, used)
            for made, used, event in told])

    def _med_made_and_used(self, event):
        made, used = defaultdict(float), defaultdict(float)
        for row in event.lot_ids:
            if row.outcome == "used":
                used[row.product_id.id, row.lot_id.id] += row.quantity
            elif row.outcome in ("good", "reject") and row.product_id == self.product_id:
                # What is rejected counts once it is shipped: it may never come.
                made[row.lot_id.id] += row.quantity if row.outcome == "good" else 0.0
        return made, used

    # ------------------------------------------------------------------ how far it is

    def _med_facts(self):
        """Return what :func:`..tools.life.state_of` asks for."""
        products = self._med_products()
        accounted = ("good", "reject", "scrap") + (("left",) if self.kind == "process" else ())
        returning = ("good", "reject") + (("left",) if self.kind == "process" else ())

        def total(sums):
            return sum(quantity for (product, _lot), quantity in sums.items()
                       if product in products)

        received = {key: quantity for key, quantity in self._med_received().items()
                    if key[0] in products}
        moves = self.move_ids if self.kind == "make" else self._med_way(False)
        lots = self.env["stock.lot"].union(*(lot for _product, lot in received))
        states = set(lots.mapped("med_status"))
        return life.Facts(
            ordered=self._med_ordered(), done=total(self._med_lots_told("finished", accounted)),
            coming=total(self._med_lots_told("finished", returning)),
            shipped=total(self._med_lots_told("shipped", returning)),
            back=sum(received.values()),
            receipts=self.kind == "make",
            open=any(move.state not in CLOSED for move in moves),
            decided=not (states & {"quarantine", False}) and (
                bool(states & {"released", "conditional"}) or not lots))

    def _med_ordered(self):
        """Return how much is ordered, in the products' own units."""
        if self.kind == "process":
            return sum(self.line_ids.mapped("quantity"))
        return self.uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False) if self.uom_id else self.quantity

    def _med_check_demand(self):
        """Refuse receipts that ask for more than these orders were released for.

        :raise UserError: what is ordered is frozen with what it is made to
        """
        for order in self.sudo().filtered(lambda one: one.kind == "make" and one.product_id):
            unit = order.product_id.uom_id
            asked = sum(order.move_ids.filtered(
                lambda move: move.state != "cancel").mapped("product_qty"))
            if unit.compare(asked, order._med_ordered()) > 0:
                raise UserError(self.env._(
                    "%(order)s was released for %(ordered)s %(unit)s of %(product)s, and its "
                    "receipts would ask for %(asked)s. What is ordered is not changed: order the "
                    "rest by a receipt or purchase of its own.", order=order.name,
                    ordered=f"{order._med_ordered():g}", unit=unit.name, asked=f"{asked:g}",
                    product=order.product_id.display_name))
