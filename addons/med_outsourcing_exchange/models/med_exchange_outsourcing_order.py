from decimal import Decimal

from odoo import models
from odoo.addons.med_exchange_goods.tools import figures
from odoo.fields import Domain

from ..tools import contract

DATES = {"released": "date_released", "due_acknowledge": "date_due_acknowledge",
         "due_start": "date_due_start", "due_finish": "date_due_finish", "due_back": "date_due"}

RUNNING = ("released", "acknowledged", "started", "finished", "shipped")


class MedExchangeOutsourcingOrder(models.AbstractModel):
    """Orders to processors: what is to be made to which revision, and how far it is.

    Only sent, and to nobody but the processor of the order (and systems of ours that hear all).
    What a processor says of its order comes by ``outsourcing_report``.
    """

    _name = "med.exchange.outsourcing_order"
    _description = "Exchanged Orders to Processors"
    _inherit = "med.exchange.goods"
    _schema = "outsourcing_order"
    _model = "med.outsourcing.order"

    def _med_find(self, partner, object_ids):
        """Return orders by number; one that is not released is known to nobody outside."""
        return {code: one for code, one in super()._med_find(partner, object_ids).items()
                if one.date_released}

    def _med_may_know(self, partner, records):
        return super()._med_may_know(partner, records.filtered("date_released"))

    def _med_of_party(self, partner, records, members):
        return records.filtered(lambda one: one.partner_id in members)

    def _med_with_lots(self, lots):
        """Return the released orders that have any of the lots: processed, made or as material."""
        released = Domain("date_released", "!=", False)
        Order = self.env["med.outsourcing.order"]
        found = Order.search(released & (
            Domain("line_ids.lot_id", "in", lots.ids)
            | Domain("event_ids.lot_ids.lot_id", "in", lots.ids)))
        making = Order.search(released & Domain("kind", "=", "make")
                              & Domain("state", "in", RUNNING) & Domain("id", "not in", found.ids))
        return found | making.filtered(lambda one: self._med_sent(one).lot_id & lots)

    # ------------------------------------------------------------------ going out

    def _med_export(self, records):
        sent = {one.id: self._med_sent(one) for one in records}
        lots = {one.id: one.line_ids.lot_id | sent[one.id].lot_id | one.event_ids.lot_ids.lot_id
                for one in records}
        every = self.env["stock.lot"].union(*lots.values())
        products = self._med_product_codes(records.product_id | every.product_id)
        return {one.id: self._med_order(one, products, sent[one.id], lots[one.id])
                for one in records}

    def _med_order(self, order, products, sent, lots):
        return self._med_compact({
            "number": order.name, "kind": order.kind, "process": order.process,
            "processor": self._med_partner_code(order.partner_id),
            "product": products.get(order.product_id.id),
            "quantity": order.product_id and self._med_quantity(
                order.quantity, order.uom_id or order.product_id.uom_id),
            "tracking": order.product_id.tracking or "",
            "revision": order.revision or "", "digest": order.contract_digest,
            "instructions": order.note, "purchase": order.purchase_line_id.order_id.name,
            "state": order.state,
            **{name: figures.time_text(order[field]) for name, field in DATES.items()},
            **self._med_contract(order),
            "lots": [self._med_compact({
                "product": products[line.product_id.id], "lot": line.lot_id.name,
                "quantity": self._med_quantity(line.quantity, line.product_uom_id),
            }) for line in order.line_ids],
            "sent": [self._med_compact({
                "product": products[line.product_id.id], "lot": line.lot_id.name,
                "quantity": self._med_quantity(
                    line.quantity_product_uom, line.product_id.uom_id),
                "shipment": line.picking_id.name, "time": figures.time_text(line.date),
            }) for line in sent if line.lot_id],
            "holds": self._med_holds(lots, products),
            "notes": [self._med_compact({
                "reference": event.reference, "text": event.note,
                "person": event.person or event.user_id.name,
                "time": figures.time_text(event.event_time),
            }) for event in self._med_notes(order)],
        })

    def _med_contract(self, order):
        """Return what the order froze: bill, steps, parameters and plans."""
        frozen = order.contract or {}
        specs = frozen.get("products", ())
        codes = self._med_product_codes(self.env["product.product"].browse({
            one["product"] for spec in specs for one in (spec, *spec["bom"]["lines"])}).exists())
        return {"bom": contract.materials(
                    frozen, codes, self._med_unit_names(), self._med_ratios(order, specs)),
                "operations": contract.operations(frozen),
                "parameters": contract.parameters(frozen),
                "plans": contract.plans(frozen, codes)}

    def _med_ratios(self, order, specs):
        """Return ``{product id: how many times its bill is made}`` of an order that makes."""
        if order.kind != "make":
            return {}
        return {spec["product"]: Decimal(repr(order.product_id.uom_id._compute_quantity(
                    order.uom_id._compute_quantity(
                        order.quantity, order.product_id.uom_id, round=False),
                    self.env["mrp.bom"].browse(spec["bom"]["id"]).exists().product_uom_id
                    or order.product_id.uom_id, round=False)))
                / Decimal(spec["bom"]["quantity"])
                for spec in specs if spec["bom"]["lines"]}

    def _med_unit_names(self):
        """Return ``{name of a unit in any language: its code}``: an order froze the name."""
        found = {}
        for lang, _name in self.env["res.lang"].get_installed():
            for one in self.env["uom.uom"].with_context(active_test=False, lang=lang).search([]):
                found.setdefault(one.name, self._med_unit(one))
        return found

    def _med_sent(self, order):
        """Return the posted move lines by which goods went to the processor's place."""
        place = order.processor_id.location_id
        if not place:
            return self.env["stock.move.line"]
        moves = order.send_picking_ids.move_ids
        return moves.move_line_ids.filtered(
            lambda line: line.state == "done"
            and line.location_dest_id._child_of(place)).sorted("id")

    def _med_holds(self, lots, products):
        lines = self.env["med.hold.line"].search(
            [("lot_id", "in", lots.ids), ("open", "=", True)], order="id")
        return [self._med_compact({
            "product": products[line.lot_id.product_id.id], "lot": line.lot_id.name,
            "hold": line.hold_id.name, "reason": line.hold_id.reason,
            "placed": figures.time_text(line.hold_id.placed_at)}) for line in lines]

    def _med_notes(self, order):
        """Return what we said of the order and did not correct."""
        return order.event_ids.filtered(
            lambda one: one.origin == "own" and one.kind == "note" and one.note
            and not one.superseded).sorted("id")
