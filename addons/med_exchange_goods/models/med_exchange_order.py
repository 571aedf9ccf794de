from odoo import models

from ..tools import figures


class MedExchangeOrder(models.AbstractModel):
    """Manufacturing orders, at our place or a processor's, with what went in and came out.

    Only sent. What a processor reports of an order is received by the addon of outsourcing.
    """

    _name = "med.exchange.order"
    _description = "Exchanged Orders"
    _inherit = "med.exchange.goods"
    _schema = "order"
    _model = "mrp.production"

    def _med_export(self, records):
        lines = (records.move_raw_ids | records.move_finished_ids).move_line_ids
        products = self._med_product_codes(
            records.product_id | lines.product_id | records.move_raw_ids.product_id)
        genealogy = self._med_genealogy(records)
        return {one.id: self._med_order(one, products, genealogy) for one in records}

    def _med_order(self, order, products, genealogy):
        return self._med_compact({
            "number": order.name, "product": products[order.product_id.id],
            "quantity": self._med_quantity(order.product_qty, order.product_uom_id),
            "state": order.state, "origin": order.origin,
            "bom": order.bom_id and f"bom-{order.bom_id.id}", "revision": self._med_revision(order),
            "processor": self._med_processor(order) and self._med_partner_code(
                self._med_processor(order)),
            "planned_start": figures.time_text(order.date_start),
            "planned_end": figures.time_text(order.date_finished)
            if order.state not in ("done", "cancel") else "",
            "finished": figures.time_text(order.date_finished) if order.state == "done" else "",
            "lots": [self._med_compact({"product": products[lot.product_id.id], "lot": lot.name})
                     for lot in order.lot_producing_ids],
            "components": self._med_lines(order.move_raw_ids, products, order.state),
            "products": self._med_lines(
                order.move_finished_ids, products, order.state) if order.state == "done" else [],
            "genealogy": genealogy.get(order.id),
        })

    def _med_processor(self, order):
        return order.subcontractor_id if "subcontractor_id" in order._fields else None

    def _med_lines(self, moves, products, state):
        """Return what was used or made by lot; of an open order, what is planned."""
        if state != "done":
            return [{"product": products[move.product_id.id],
                     "quantity": self._med_quantity(move.product_uom_qty, move.product_uom)}
                    for move in moves.filtered(lambda one: one.state != "cancel")]
        return [self._med_compact({
            "product": products[line.product_id.id], "lot": line.lot_id.name,
            "quantity": self._med_quantity(line.quantity, line.product_uom_id)})
            for line in moves.move_line_ids.filtered(lambda one: one.state == "done")]

    def _med_genealogy(self, orders):
        """Return ``{order id: [which lot went into which, exactly or possibly]}``."""
        done = orders.filtered(lambda order: order.state == "done")
        if not done:
            return {}
        events = {one.id: one.res_id for one in self.env["med.genealogy.event"].search([
            ("res_model", "=", "mrp.production"), ("res_id", "in", done.ids)])}
        made = done.move_finished_ids.move_line_ids.lot_id
        edges = [edge for edge in self.env["med.genealogy.walk"]._edges(made.ids, False, 1)
                 if edge.source > 0 and edge.target > 0 and edge.event in events] if made else []
        lots = self.env["stock.lot"].browse({one for edge in edges for one in edge[:2]})
        codes, by_id = self._med_product_codes(lots.product_id), {one.id: one for one in lots}
        found = {}
        for edge in sorted(edges):
            source, target = by_id[edge.source], by_id[edge.target]
            found.setdefault(events[edge.event], []).append({
                "input": {"product": codes[source.product_id.id], "lot": source.name},
                "output": {"product": codes[target.product_id.id], "lot": target.name},
                "exact": edge.exact,
                "quantity": self._med_quantity(edge.quantity, source.product_id.uom_id)})
        return found

    def _med_of_party(self, partner, records, members):
        if "subcontractor_id" not in records._fields:
            return records.browse()
        return records.filtered(lambda one: one.subcontractor_id in members)
