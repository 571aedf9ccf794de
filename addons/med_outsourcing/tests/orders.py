from datetime import timedelta

from odoo import fields
from odoo.addons.med_nonconformity.tests.deviation_case import DeviationCase
from odoo.fields import Command

from .common import OutsourcingCase


class OrderCase(DeviationCase):
    """A processor that covers everything asked for here, orders to it, and what it reports.

    The clock stands still but for ``tick`` (see ``TraceCase``); orders are released two days
    before what is reported of them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.med_gate_mode = "warn"
        cls.site = cls.env["res.partner"].create({"name": "Sterile Works", "is_company": True})
        cls.processor = cls.covered(cls.site)
        cls.place = cls.processor.location_id
        cls.device = cls.product("Device", med_controlled=True)
        cls.body = cls.product("Body", med_controlled=True)
        cls.screw = cls.product("Screw", med_controlled=True)
        cls.bom = cls.env["mrp.bom"].create({
            "product_tmpl_id": cls.device.product_tmpl_id.id, "type": "subcontract",
            "subcontractor_ids": [Command.link(cls.site.id)], "code": "B-1",
            "bom_line_ids": [
                Command.create({"product_id": cls.body.id, "product_qty": 1}),
                Command.create({"product_id": cls.screw.id, "product_qty": 2})]})
        cls.references = 0

    @classmethod
    def covered(cls, partner, processes=("assembly", "sterilisation_eo")):
        """Return an approved file of a processor, with an agreement in force."""
        processor = OutsourcingCase.processor.__func__(cls, partner, processes)
        OutsourcingCase.agree.__func__(cls, processor)
        return processor

    @classmethod
    def draft(cls, *args, **kw):
        """Return a draft of a plan, as the bases do, or of a processor's file."""
        if args and getattr(args[0], "_name", "") == "res.partner":
            return OutsourcingCase.draft.__func__(cls, *args, **kw)
        return super().draft(*args, **kw)

    # ------------------------------------------------------------------ goods

    @classmethod
    def at_processor(cls, product, *names, quantity=100, place=None):
        """Return lots that were sent there, released."""
        lots = cls.in_stock(product, *names, quantity=quantity)
        cls.move([(product, lot, quantity) for lot in lots], cls.stock, place or cls.place,
                 partner=cls.site)
        return lots

    def there(self, lot):
        """Return how much of a lot is at the processor's place."""
        return sum(self.env["stock.quant"].search([
            ("lot_id", "=", lot.id), ("location_id", "child_of", self.place.id)]
        ).mapped("quantity"))

    @classmethod
    def made_order(cls, quantity=10, ago=2, product=None):
        """Return the order that a confirmed purchase has made."""
        purchase = cls.env["purchase.order"].create({
            "partner_id": cls.site.id, "order_line": [Command.create({
                "product_id": (product or cls.device).id, "product_qty": quantity,
                "price_unit": 1})]})
        purchase.button_confirm()
        order = purchase.order_line.move_ids.med_outsourcing_order_id
        return cls.earlier(order, ago)

    @classmethod
    def process_order(cls, lots, quantity=10, send=True, ago=2, process="sterilisation_eo"):
        """Return a released order to process lots; they are sent unless told otherwise."""
        order = cls.env["med.outsourcing.order"].create({
            "processor_id": cls.processor.id, "kind": "process", "process": process,
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": quantity})
                         for lot in lots]})
        order.action_release()
        if send:
            cls.post(order.send_picking_ids)
        return cls.earlier(order, ago)

    @classmethod
    def earlier(cls, order, days):
        """As if it had been released some days ago."""
        order._med_store({"date_released": fields.Datetime.now() - timedelta(days=days),
                          "date_due_acknowledge": False})
        return order

    @classmethod
    def post(cls, picking):
        picking.move_ids.picked = True
        picking.with_context(skip_expired=True, skip_backorder=True).button_validate()
        assert picking.state == "done", picking.state
        return picking

    # ------------------------------------------------------------------ reports

    @classmethod
    def told(cls, order, kind, lots=(), used=(), hours=1, **more):
        """Return a report as a processor makes it.

        :param lots: (name, quantity, outcome) rows
        :param used: (product, lot name, quantity) rows
        :param hours: so long ago it happened
        """
        cls.references += 1
        return {
            "kind": kind, "reference": f"R{cls.references}", "revision": order.revision,
            "time": fields.Datetime.now() - timedelta(hours=hours), "person": "Li Wei",
            "operation": "", "equipment": "", "parameters": [], "note": "", "supersedes": "",
            "lots": [{"lot": name, "quantity": quantity, "outcome": outcome}
                     for name, quantity, outcome in lots],
            "used": [{"product": product.id, "lot": name, "quantity": quantity}
                     for product, name, quantity in used], **more}

    @classmethod
    def report(cls, order, *args, **kw):
        return order._med_report(cls.told(order, *args, **kw), "api")

    @classmethod
    def begun(cls, order, hours=5):
        """Return the order, acknowledged and started."""
        cls.report(order, "acknowledged", hours=hours + 1)
        cls.report(order, "started", hours=hours)
        return order

    def started(self, quantity=10):
        """Return a started order to make, with 100 bodies and 100 screws at the processor."""
        self.bodies = self.at_processor(self.body, "B-1")
        self.screws = self.at_processor(self.screw, "S-1")
        return self.begun(self.made_order(quantity))
