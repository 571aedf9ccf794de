from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange.tools.units import NUMBER, UnitError
from odoo.addons.med_exchange_goods.tools import figures
from odoo.addons.med_outsourcing.exceptions import ReportRefused

from ..tools import contract

TEXTS = ("kind", "reference", "revision", "person", "operation", "equipment", "note", "deviation")
NOT_TOLD = ("used", "held")  # the first stand apart, the second are in notes of ours
LEVELS = ("portal", "file", "api")  # who may send the later ones may send the earlier ones
POINTERS = {"/supersedes": "/corrects"}  # members of a report that a message names otherwise


class MedExchangeOutsourcingReport(models.AbstractModel):
    """What processors' programs say of their orders; it goes by the order's own method.

    A report is an event, and events are never changed: a second version of one is refused, a
    correction is a report of its own. Reports of an order that runs are taken also when the
    quality agreement has ended since: what was done is to be known. New orders are refused then.
    """

    _name = "med.exchange.outsourcing_report"
    _description = "Exchanged Reports on Orders to Processors"
    _inherit = "med.exchange.goods"
    _schema = "outsourcing_report"
    _model = "med.outsourcing.event"

    def _med_find(self, partner, object_ids):
        return {}  # by their own codes alone; what is reported twice is told by kind and reference

    def _med_object_id(self, records):
        return {one.id: f"{one.order_id.name}/{one.kind}/{one.reference}"[:figures.LONGEST]
                for one in records}

    def _med_of_party(self, partner, records, members):
        return records.filtered(lambda one: one.order_id.partner_id in members)

    def _med_export(self, records):
        products = self._med_product_codes(records.lot_ids.product_id)
        return {one.id: self._med_event(one, products) for one in records}

    def _med_event(self, event, products):
        units = {}

        def row(line):
            uom = line.product_id.uom_id
            unit = units.get(uom) or units.setdefault(uom, self._med_unit(uom))
            return {"product": products[line.product_id.id], "lot": line.lot_name,
                    "quantity": {"value": figures.text_of(line.quantity), "unit": unit}}
        return self._med_compact({
            "order": event.order_id.name, "kind": event.kind, "reference": event.reference,
            "revision": event.revision, "time": figures.time_text(event.event_time),
            "person": event.person, "operation": event.operation, "equipment": event.equipment,
            "parameters": [self._med_parameter(one) for one in event.parameters or ()],
            "lots": [{**row(line), "outcome": line.outcome}
                     for line in event.lot_ids if line.outcome not in NOT_TOLD],
            "used": [row(line) for line in event.lot_ids if line.outcome == "used"],
            "note": event.note, "corrects": event.supersedes_id.reference,
            "deviation": event.deviation_id.name})

    def _med_parameter(self, row):
        """Return a parameter of an event as it is told; what is no number is told as text."""
        told = {"name": row["name"]}
        for member, name in (("value", "measured"), ("low", "low"), ("high", "high")):
            text = row.get(member) or ""
            if NUMBER.fullmatch(text):
                told[name] = {"value": text, "unit": contract.ucum(row.get("unit"))}
            elif text and member == "value":
                told["text"] = text
        return told

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        order = self._med_named(
            partner, "outsourcing_order", item.payload["order"], "/order")
        way = self._med_way(order, item)
        report = self._med_report_told(partner, order, item.payload)
        try:
            event = order._med_report(report, way, message=item.message)
        except ReportRefused as error:
            pointer = POINTERS.get(error.pointer, error.pointer)
            raise Refused(pointer, str(error)) from error
        if item.record and item.record != event:
            raise Refused("/reference", self.env._(
                "This was report “%s” before: another report has a code of its own.",
                item.record.reference))
        return event

    def _med_way(self, order, item):
        """Return by which way a message came, where the processor's file lets it come so.

        :raise Refused: its connection is a lower one: the portal, or files alone
        """
        origin = self.env["med.exchange.message"].browse(item.message).origin
        way = "file" if origin == "file" else "api"
        connection = order.processor_id.connection
        if LEVELS.index(connection) < LEVELS.index(way):
            words = dict(order.processor_id._fields["connection"]._description_selection(self.env))
            raise Refused("/order", self.env._(
                "By its file %(processor)s reports by “%(way)s”, and what comes by another way is "
                "not taken. Have the connection changed in the file first.",
                processor=order.partner_id.name, way=words[connection]))
        return way

    def _med_report_told(self, partner, order, told):
        """Return a report as the order takes it, from what a message told.

        :raise Refused: a product is not one of the order's, a unit measures something else
        """
        report = {name: told[name] for name in TEXTS if told.get(name)}
        report["time"] = self._med_time(told["time"], "/time")
        if told.get("corrects"):
            report["supersedes"] = told["corrects"]
        if told.get("parameters"):
            report["parameters"] = self._med_parameters(order, told["parameters"])
        products = self._med_products(order)
        codes = self._med_product_codes(products)
        by_code = {codes[one.id]: one for one in products}
        for name in ("lots", "used"):
            if told.get(name):
                own = self._med_lots_of(order, told["kind"])
                report[name] = [self._med_row(order, by_code, one, f"/{name}/{place}", own)
                                for place, one in enumerate(told[name])]
        return report

    def _med_parameters(self, order, rows):
        """Return reported parameters in the units in which the order froze their limits."""
        frozen = {}
        for row in (order.contract or {}).get("parameters", ()):
            frozen.setdefault(row["name"].casefold(), row)
            frozen.setdefault(row["key"].casefold(), row)
        found = []
        for place, row in enumerate(rows):
            try:
                found.append(contract.reported(row, frozen.get(row["name"].casefold(), {})))
            except UnitError as error:
                raise Refused(f"/parameters/{place}/{error.member}/unit", str(error)) from error
        return found

    def _med_lots_of(self, order, kind):
        """Return the lots of ours that rows without a product are about."""
        if order.kind == "make" and kind == "received":
            return self.env["stock.lot"].union(*order._med_material_sent())
        return order.line_ids.lot_id

    def _med_row(self, order, by_code, one, pointer, own):
        if "product" in one:
            product = by_code.get(one["product"])
        else:
            product = own.filtered(
                lambda lot: lot.name == one["lot"]).product_id[:1] or order.product_id
        if not product:
            raise Refused(f"{pointer}/product", self.env._(
                "“%(product)s” is no product of %(order)s.", product=one.get("product", ""),
                order=order.name))
        row = {"lot": one["lot"], "product": product.id, "quantity": self._med_amount(
            one["quantity"], product.uom_id, f"{pointer}/quantity")}
        if "outcome" in one:
            row["outcome"] = one["outcome"]
        return row

    def _med_products(self, order):
        """Return what an order is about: what is made or processed, and its material."""
        frozen = {line["product"] for spec in (order.contract or {}).get("products", ())
                  for line in spec["bom"]["lines"]}
        return (order.product_id | order.line_ids.product_id
                | order.production_ids.move_raw_ids.product_id
                | self.env["product.product"].browse(frozen).exists())

    def _med_compensate(self, partner, record, before, message):
        raise Refused("", self.env._(
            "The report %s stays: events are never removed. Send a report that corrects it.",
            record.reference))
