from odoo import fields
from odoo.addons.med_exchange.tests.told import Watched, neither
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import OutsourcingExchangeCase


@tagged("post_install", "-at_install")
class TestDataMap(OutsourcingExchangeCase):
    """Every field of an order to a processor is told, every field of a report is read."""

    requirement = "X1 X2 G4 ISO-7.4.2"

    def test_every_field_of_a_report_is_read(self):
        lot = self.in_stock(self.stent, "S-1")
        order = self.processing(lot)
        payloads = []

        def say(kind, *lots, **more):
            event, watched = self.read(
                "outsourcing_report", self.said(order, kind, *lots, **more), self.processor,
                object_id=f"R-{len(payloads)}")
            payloads.append(watched)
            return event

        say("acknowledged")
        self.send(order)
        say("started")
        say("step", operation="Load", equipment="EO-2", note="Door side", parameters=[
            {"name": "temp", "measured": {"value": "52.5", "unit": "Cel"},
             "low": {"value": "50", "unit": "Cel"}, "high": {"value": "55", "unit": "Cel"}},
            {"name": "cycle", "text": "EO-12"}])
        say("finished", ("S-1", 8, "good"), ("S-1", 2, "reject"))
        say("finished", ("S-1", 9, "good"), ("S-1", 1, "reject"), reference="again",
            corrects="finished-1")
        # What makes says what it used, and what departs names its permit: see the other tests.
        handler = self.handler("outsourcing_report", self.processor)
        more = Watched(self.said(order, "finished", ("S-1", 9, "good"), deviation="DEV-1", used=[
            {"product": "ST-1", "lot": "S-1", "quantity": {"value": "1", "unit": "1"}}]))
        handler._med_report_told(self.processor.with_env(handler.env),
                                 order.with_env(handler.env), more)
        self.assertEqual(neither("outsourcing_report", (), [*payloads, more]), [])

    def test_every_field_of_an_order_is_told(self):
        lot = self.in_stock(self.stent, "S-1")
        due = fields.Datetime.add(fields.Datetime.now(), days=9)
        order = self.processing(lot, note="Upright", date_due_start=due, date_due_finish=due,
                                date_due=due, date_due_acknowledge=due)
        self.send(order)
        self.hold(lot)
        order._med_report({"kind": "note", "reference": "1", "note": "Box 4 upright",
                           "person": "Wang", "time": order.date_released}, "own")
        told = self.export("outsourcing_order", order | self.making())
        self.assertEqual(neither("outsourcing_order", list(told.values())), [])

    def making(self):
        """Return a released order to make boards, by a purchase."""
        board = self.product("Board", med_controlled=True, default_code="BO-1")
        template = board.product_tmpl_id
        centre = self.env["mrp.workcenter"].create({"name": "Press"})
        self.env["mrp.bom"].create([{
            "product_tmpl_id": template.id, "type": "subcontract", "med_process": "assembly",
            "subcontractor_ids": [Command.link(self.supplier.id)],
            "bom_line_ids": [Command.create({"product_id": self.tube.id, "product_qty": 1})]}, {
            "product_tmpl_id": template.id, "operation_ids": [Command.create({
                "name": "Press", "workcenter_id": centre.id})]}])
        self.plan(product_tmpl_ids=[Command.set(template.ids)])
        purchase = self.env["purchase.order"].create({
            "partner_id": self.supplier.id, "order_line": [Command.create(
                {"product_id": board.id, "product_qty": 10, "price_unit": 1})]})
        purchase.button_confirm()
        return purchase.order_line.move_ids.med_outsourcing_order_id
