from collections import defaultdict

from odoo import models

from ..exceptions import ReportRefused
from .med_outsourcing_order_lots import SMALL

ARRIVED = ("good", "reject")


class MedOutsourcingOrder(models.Model):
    """What arrived at a processor is material that was posted out to it, and no more of it."""

    _inherit = "med.outsourcing.order"

    def _med_material_sent(self):
        """Return ``{lot: quantity}`` of the components that the processor was sent to make this:
        by the transfers of the order, else what lies at its place."""
        order, sent = self.sudo(), defaultdict(float)
        for line in order._med_send_pickings().move_ids.move_line_ids:
            if line.state == "done" and line.lot_id:
                sent[line.lot_id] += line.quantity_product_uom
        gone, lying = order._med_material_posted(), defaultdict(float)
        for product, lot, quantity in self.env["stock.quant"].sudo()._read_group(
                [("location_id", "child_of", order.processor_id.location_id.id),
                 ("product_id", "in", order._med_components().ids), ("lot_id", "!=", False)],
                ["product_id", "lot_id"], ["quantity:sum"]):
            lying[lot] = quantity + sum(sums[product.id, lot.id] for sums in gone.values())
        return {**{lot: quantity for lot, quantity in lying.items() if quantity > SMALL}, **sent}

    def _med_received_row(self, sent, pointer, row, told):
        """Return the row of what arrived, of the lots that were sent."""
        lots = [lot for lot in sent if lot.name == row["lot"] and (
            not row["product"] or lot.product_id.id == row["product"])]
        if not lots:
            raise ReportRefused(f"{pointer}/lot", self.env._(
                "By our books, lot %(lot)s was not sent for %(order)s. Say what arrived by the "
                "numbers of the material.", lot=row["lot"], order=self.name))
        if len(lots) > 1:
            raise ReportRefused(f"{pointer}/product", self.env._(
                "Several components have a lot %(lot)s: say of which product.", lot=row["lot"]))
        return {"pointer": pointer, "name": row["lot"], "product": lots[0].product_id,
                "lot": lots[0].with_env(self.env), "quantity": row["quantity"],
                "outcome": self._med_outcome(pointer, row, told)}

    # ------------------------------------------------------------------ how much

    def _med_is_limited(self, kind, key):
        return kind == "received" or super()._med_is_limited(kind, key)

    def _med_limits(self, kind, before):
        if kind != "received":
            return super()._med_limits(kind, before)
        limits = self._med_arriving()
        for key, quantity in self._med_told(kind, ARRIVED, before).items():
            limits[key] = limits.get(key, 0.0) - quantity
        return limits, self.env._("were sent by our books and are not received yet")

    def _med_arriving(self):
        """Return ``{(product id, lot name): quantity}`` that can be received there in all."""
        if self.kind == "process":
            return self._med_sent()
        return {(lot.product_id.id, lot.name): quantity
                for lot, quantity in self._med_material_sent().items()}

    def _med_after_report(self, event):
        result = super()._med_after_report(event)
        if event.kind == "received":
            self._med_ask_missing(event)
        return result

    def _med_ask_missing(self, event):
        """Ask who is responsible, where less arrived than was sent."""
        sent, told = self._med_arriving(), self._med_told("received", ARRIVED)
        named = {(row.product_id.id, row.lot_name) for row in event.lot_ids}
        if not named:
            return  # it says that all of it arrived
        named |= {(line.product_id.id, line.lot_id.name) for line in
                  self._med_send_pickings().move_ids.move_line_ids
                  if line.state == "done" and line.lot_id}
        missing = [self.env._("%(lot)s: %(told)s of %(sent)s", lot=key[1], told=f"{told[key]:g}",
                              sent=f"{sent[key]:g}") for key in sorted(named)
                   if sent.get(key, 0.0) > told[key] + SMALL]
        if missing:
            self._med_ask(self.user_id, self.env._(
                "Less arrived at the processor than was sent: %(lots)s",
                lots=", ".join(missing[:20])))
