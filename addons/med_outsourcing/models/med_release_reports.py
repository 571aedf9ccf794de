from odoo import models
from odoo.addons.med_release.tools.checks import EXCEPTED, MISSING, NOTE, item, row

from ..tools import good

SMALL = 1e-6


class MedRelease(models.Model):
    """Our release reads what processors reported: what is bad, what is missing, what is left.

    Whoever releases for the market has reviewed the maker's records (China GMP for medical
    devices, ch. 12; ISO 13485, 7.4.3 and 8.3).
    """

    _inherit = "med.release"

    def _med_check_names(self, stage):
        names = super()._med_check_names(stage)
        place = names.index("_med_check_processor") + 1
        own = ["_med_check_processed_reports"] if "_med_check_processed" in names else []
        return [*names[:place], "_med_check_reports", *own, *names[place:]]

    def _med_check_reports(self):
        """What the processor that made it reported is as ordered, or was decided about."""
        orders = self._med_making_orders()
        if not orders:
            return None
        return self._med_reports_row(
            "reports", self.env._("Reports of the processor"), orders, self._med_surplus(orders))

    def _med_check_processed_reports(self):
        """What processors reported of our lots is as ordered, or was decided about."""
        lots = self._med_output_lots()
        orders = self.env["med.outsourcing.lot"].sudo().search([
            ("lot_id", "in", lots.ids), ("order_id.kind", "=", "process"),
            ("order_id.state", "not in", ("draft", "declined"))]).order_id
        if not orders:
            return None
        return self._med_reports_row(
            "processed_reports", self.env._("Reports of processors of our lots"), orders,
            orders._med_bad_now(lots))

    def _med_making_orders(self):
        """Return the orders by which processors made these lots."""
        if not self.production_id.subcontractor_id:
            return self.env["med.outsourcing.order"]
        moves = self.production_id.move_finished_ids.move_dest_ids.sudo()
        rows = self.env["med.outsourcing.event.lot"].sudo().search([
            ("lot_id", "in", self._med_output_lots().ids), ("order_id.kind", "=", "make"),
            ("event_id.superseded", "=", False)])
        return moves.med_outsourcing_order_id | rows.order_id.filtered(
            lambda one: one.product_id in rows.product_id)

    def _med_surplus(self, orders):
        """Return ``{lot: quantity}`` received beyond what was reported as good."""
        surplus, lots = {}, self._med_output_lots()
        orders = orders.filtered(lambda one: one.product_id in lots.product_id)
        for order in orders:
            for (_product, lot), quantity in order._med_received().items():
                surplus[lot] = surplus.get(lot, 0.0) + quantity
            told = order._med_good()
            for lot in lots:
                surplus[lot] = surplus.get(lot, 0.0) - told.get(
                    (lot.product_id.id, lot.name), 0.0)
        return {lot: surplus[lot] for lot in lots if lot.product_id in orders.product_id}

    # ------------------------------------------------------------------ the row

    def _med_reports_row(self, key, label, orders, bad):
        orders, items = orders.sorted("id"), []
        for order in orders:
            lots = self._med_output_lots() & (
                order._med_own_lots() if order.kind == "process" else self._med_output_lots())
            permits = order._med_permits(lots)
            for event in order._med_bad_events():
                items += self._med_event_items(order, event, lots, permits)
            items += self._med_step_items(order, lots, permits)
        items += self._med_bad_items(orders, bad)
        return row(key, label, self.env._(
            "As ordered by %(orders)s", orders=", ".join(orders.mapped("name"))), items,
            [[one.id, one.digest, sorted(one.nonconformity_ids.mapped("state"))]
             for one in orders._med_counting()])

    def _med_event_items(self, order, event, lots, permits):
        """Return what of a bad report nobody has decided about, or who has."""
        keys = order._med_bad_keys(event)
        own = {(lot.product_id.id, lot.name) for lot in order._med_own_lots()}
        known = keys is None or keys <= own
        if known and keys is not None:
            lots = lots.filtered(lambda lot: (lot.product_id.id, lot.name) in keys)
        permits = permits if not order._med_fails(event) else {}
        problem, words = event.nonconformity_ids[-1:], event._med_bad_text().replace("\n", "; ")
        open_lots, items = lots.browse(), []
        for lot in lots:
            if event._med_settled(lot, keys is not None and known):
                continue
            if lot in permits:
                items.append(item(EXCEPTED, f"{lot.name}: {words}", permits[lot]._name,
                                  permits[lot].id, permits[lot].display_name))
            else:
                open_lots |= lot
        if open_lots:
            record = problem or event
            items.append(item(MISSING, self.env._(
                "%(lots)s: %(what)s. Have it decided about in its nonconformity.",
                lots=", ".join(open_lots[:5].mapped("name")), what=words), record._name,
                record.id))
        elif lots and not items:
            items.append(item(NOTE, words, problem._name, problem.id))
        return items

    def _med_step_items(self, order, lots, permits):
        """Return the steps of the frozen routing that nobody reported."""
        asked = [one["name"] for one in (order.contract or {}).get("routing", ())]
        if not asked:
            return []
        told, items = order._med_steps_told(), {}
        for lot in lots:
            for name in good.missing(asked, told, (lot.product_id.id, lot.name)):
                items.setdefault((name, permits.get(lot)), []).append(lot.name)
        return [item(EXCEPTED if permit else MISSING, self.env._(
            "%(lots)s: nobody reported the step “%(step)s” of %(order)s", step=name,
            lots=", ".join(names[:5]), order=order.name), (permit or order)._name,
            (permit or order).id, permit.display_name if permit else "")
            for (name, permit), names in items.items()]

    def _med_bad_items(self, orders, bad):
        """Return the lots that have units in them which their processor does not call good."""
        items = []
        for lot, quantity in bad.items():
            left = quantity - self._med_taken_out(lot, orders) if quantity > SMALL else 0.0
            if left <= SMALL or lot.med_status == "rejected":
                continue
            kept = self._med_kept(lot, orders)
            text = self.env._(
                "%(lot)s: %(bad)s of it are not reported as good by the processor", lot=lot.name,
                bad=f"{left:g}")
            items.append(item(EXCEPTED, text, kept._name, kept.id, kept.display_name) if kept else
                         item(MISSING, self.env._(
                             "%(what)s. Split them off, or have the nonconformity of the lot "
                             "decided.", what=text), lot._name, lot.id))
        return items

    def _med_taken_out(self, lot, orders):
        """Return how much of a lot got a number of its own, was scrapped here or sent back."""
        split = self.env["med.repack.input"].sudo().search([
            ("lot_id", "=", lot.id), ("repack_id.kind", "=", "split"),
            ("repack_id.state", "=", "done")])
        gone = self.env["stock.move.line"].sudo().search([
            ("lot_id", "=", lot.id), ("state", "=", "done"),
            ("location_id.usage", "=", "internal"), "|",
            ("move_id.scrap_id", "!=", False), ("location_dest_id.usage", "=", "supplier")])
        places = orders.processor_id.location_id
        gone = gone.filtered(lambda line: not any(
            line.location_id._child_of(place) for place in places))
        return sum(one.quantity - one.back_quantity for one in split) + sum(
            gone.mapped("quantity_product_uom"))

    def _med_kept(self, lot, orders):
        """Return the nonconformity that decided to use a lot with all that is in it."""
        return orders.event_ids.nonconformity_ids.line_ids.filtered(
            lambda line: line.lot_id == lot and line.decision in ("conforms", "use_as_is")
            and line.state in ("decided", "closed")).nonconformity_id[:1]
