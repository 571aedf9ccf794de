from collections import defaultdict

from odoo import models

from ..tools import good

LAST = ("good", "reject", "left")


class MedOutsourcingOrder(models.Model):
    """How much of each lot a processor calls good, and how much came back and is not."""

    _inherit = "med.outsourcing.order"

    def _med_good(self):
        """Return ``{(product id, lot name): quantity}`` reported as finished and good.

        What was called good first and sent back as rejected is not. Empty before anything is
        finished.
        """
        return good.good(self._med_told("finished", ("good",)),
                         self._med_told("finished", ("reject",)),
                         self._med_told("shipped", ("reject",)))

    def _med_bad(self):
        """Return ``{(product id, lot name): quantity}`` of a lot that is not good and in it still:
        rejected or, of a lot of ours, not processed."""
        sums = good.most(self._med_told("finished", ("reject",)),
                         self._med_told("shipped", ("reject",)))
        if self.kind == "process":
            for key, quantity in self._med_told("finished", ("left",)).items():
                sums[key] = sums.get(key, 0.0) + quantity
        return sums

    def _med_steps_told(self):
        """Return ``{operation, lower case: keys of its lots or None for all}`` that count."""
        told = {}
        for event in self._med_counting().filtered("operation"):
            keys = {(row.product_id.id, row.lot_name) for row in event.lot_ids
                    if row.outcome in LAST and row.product_id in self._med_products()}
            name = event.operation.casefold()
            told[name] = None if not keys or told.get(name, ()) is None else (
                told.get(name, set()) | keys)
        return told

    def _med_counting(self):
        """Return the processor's reports that count, as they came."""
        return self.event_ids.filtered(
            lambda one: not one.superseded and one.kind != "note").sorted("id")

    def _med_bad_now(self, lots):
        """Return ``{lot: quantity}`` that is not good in these lots, of these orders together.

        What was rejected or left by one order and done well by a later one of the same process
        is good.
        """
        keys = {(lot.product_id.id, lot.name): lot for lot in lots}
        sums = defaultdict(float)
        for _process, orders in self.grouped("process").items():
            bad = dict.fromkeys(keys, 0.0)
            for order in orders.sorted("id"):
                done, worse = order._med_good(), order._med_bad()
                for key in keys:
                    bad[key] = max(bad[key] - done.get(key, 0.0), 0.0) + worse.get(key, 0.0)
            for key, quantity in bad.items():
                sums[keys[key]] = max(sums[keys[key]], quantity)
        return sums
