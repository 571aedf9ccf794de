from odoo import fields
from odoo.addons.med_exchange.tests.told import neither
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
        left = neither("outsourcing_report", (), payloads)
        # Material is reported by who makes, not by who processes; see TestMaking.
        self.assertEqual(left, ["/used", "/used/-/product", "/used/-/lot", "/used/-/quantity",
                                "/deviation"])

    def test_every_field_of_an_order_is_told(self):
        lot = self.in_stock(self.stent, "S-1")
        due = fields.Datetime.add(fields.Datetime.now(), days=9)
        order = self.processing(lot, note="Upright", date_due_start=due, date_due_finish=due,
                                date_due=due, date_due_acknowledge=due)
        self.send(order)
        self.hold(lot)
        order._med_report({"kind": "note", "reference": "1", "note": "Box 4 upright",
                           "person": "Wang", "time": order.date_released}, "own")
        told = list(self.export("outsourcing_order", order).values())
        print("LEFT", neither("outsourcing_order", told))
