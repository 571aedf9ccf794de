from odoo.addons.med_inspection.models import med_day_station
from odoo.addons.med_quality.tests.common import QualityCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged


@tagged("post_install", "-at_install")
class TestStation(QualityCase):
    """One page has what is to be done at an order, in its order, and a way to say stop."""

    requirement = "O4 T3 ISO-7.5.1 ISO-8.3.1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.olga = cls.person("operator", "olga")
        cls.olga.group_ids += cls.env.ref("mrp.group_mrp_user")
        cls.grant(cls.olga, "performed")
        for stage, kind in (("clearance", "check"), ("process", "text")):
            plan = cls.env["med.inspection.plan"].with_user(cls.bert).create({
                "name": stage, "stage": stage, "date_from": "2026-01-01", "note": f"Do {stage}",
                "product_tmpl_ids": [Command.link(cls.stent.product_tmpl_id.id)],
                "characteristic_ids": [Command.create({
                    "key": "a", "name": stage, "kind": kind, "scope": "lot"})]})
            cls.sign(plan, cls.anna, "approved")
        cls.tubes = cls.in_stock(cls.tube, "ST-TUBE")

    def station(self, user=None, **kw):
        return self.env["med.day"].with_user(user or self.olga).station(**kw)

    def begun(self, lots=()):
        return self.order(self.stent, 2, [(self.tube, self.tubes, 2)], lots)

    def test_the_steps_of_an_order_stand_in_their_order(self):
        order = self.begun()
        told = self.station(order=order.id)["order"]
        self.assertEqual([step["label"] for step in told["steps"]],
                         ["Line Clearance", "Process Parameters"])
        self.assertEqual([step["text"] for step in told["steps"]], ["Do clearance", "Do process"])
        self.assertFalse(any(step["done"] for step in told["steps"]))
        self.assertEqual((told["parts"], told["components"]), (1, 1))
        [first, _second] = told["steps"]
        inspection = self.env["med.inspection"].with_user(self.olga).browse(first["id"])
        inspection.enter(values=[{"characteristic": "a", "unit": "", "place": 0, "value": "pass"}])
        self.sign(inspection, self.olga, "performed")
        self.assertTrue(self.station(order=order.id)["order"]["steps"][0]["done"])

    def test_open_orders_are_listed_and_found_by_number(self):
        order = self.begun()
        self.assertIn(order.id, [row["id"] for row in self.station()["orders"]])
        found = self.env["med.day"].with_user(self.olga).find(page="station", code=order.name)
        self.assertEqual(found["found"], order.ids)

    def test_orders_that_a_scan_found_are_listed_beyond_the_first_ones(self):
        self.patch(med_day_station, "MOST", 1)
        self.begun()
        first = self.station()["orders"]
        later = self.begun()
        later.date_start = "2026-12-01 08:00:00"
        self.assertEqual(len(first), 1)
        rows = self.station(found=[later.id])["orders"]
        self.assertEqual(rows[-1]["id"], later.id)
        self.assertEqual(len(rows), 2)
        later.with_context(skip_activity=True).action_cancel()
        self.assertEqual(self.station(found=[later.id])["orders"], first)
        for wrong in ("1", [True], ["1"], 5):
            with self.assertRaisesRegex(UserError, "“found” must be"):
                self.station(found=wrong)

    def test_something_is_wrong_holds_what_the_order_makes(self):
        lot = self.lots_of(self.stent, "ST-1")
        order = self.begun(lot)
        told = order.with_user(self.olga).med_wrong(reason="Burr on the edge")
        self.assertEqual(lot.med_hold_count, 1)
        hold = self.env["med.hold"].browse(told["hold"])
        self.assertEqual((hold.reason, hold.placed_by_id, hold.source_id),
                         ("Burr on the edge", self.olga, order.id))
        self.assertTrue(self.station(order=order.id)["order"]["held"])
        self.assertIn("Burr on the edge", order.message_ids[0].body)
        self.assertIn(self.anna.partner_id, order.message_ids[0].partner_ids)

    def test_without_a_lot_quality_assurance_is_told(self):
        order = self.begun()
        self.assertEqual(order.with_user(self.olga).med_wrong(reason="Smoke")["hold"], 0)
        self.assertIn("Smoke", order.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "must say what is wrong"):
            order.with_user(self.olga).med_wrong(reason=" ")

    def test_the_page_is_of_its_roles(self):
        with self.assertRaises(AccessError):
            self.station(self.user("purchasing"))
        with self.assertRaises(AccessError):
            self.begun().with_user(self.user("auditor")).med_wrong(reason="x")

    def test_worked_from_the_page(self):
        lot = self.lots_of(self.stent, "ST-TOUR")
        self.begun()
        self.begun(lot)
        self.start_tour("/odoo/med-station", "med_inspection_station_tour", login="olga")
        self.env.invalidate_all()
        self.assertEqual(lot.med_hold_line_ids.hold_id.reason, "Burr on the edge")
