import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestReport(PortalCase):
    """A processor reports by pages: taken once, or back as it was typed with the reason."""

    requirement = "V5 V7 CN-GMP-OUT"

    def setUp(self):
        super().setUp()
        self.signed_in(self.porter)

    def test_an_order_is_confirmed_with_its_revision(self):
        answer = self.send("acknowledged", agreed="1", note="Starting <b>Monday</b>")
        self.assertEqual(answer.status_code, 303)
        event = self.events(kind="acknowledged")
        self.assertRecordValues(event, [{
            "origin": "portal", "user_id": self.porter.id, "revision": self.order.revision,
            "person": "porter", "note": "Starting <b>Monday</b>"}])
        self.assertEqual(self.order.state, "acknowledged")
        page = self.url_open(self.url()).text
        self.assertIn("Starting &lt;b&gt;Monday&lt;/b&gt;", page)
        self.assertNotIn("<b>Monday</b>", page)

    def test_without_the_tick_nothing_is_entered_and_what_was_typed_is_there(self):
        answer = self.send("acknowledged", note="Typed with care")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Typed with care", answer.text)
        self.assertIn('id="refused"', answer.text)
        self.assertFalse(self.events(kind="acknowledged"))

    def test_another_revision_than_ours_is_refused(self):
        answer = self.send("acknowledged", agreed="1", revision="R-other", note="Kept")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Kept", answer.text)
        self.assertEqual(self.order.state, "released")

    def test_a_page_sent_twice_is_one_report(self):
        form = self.form("acknowledged")
        for _again in range(2):
            self.assertEqual(self.send("acknowledged", form=form, agreed="1").status_code, 303)
        self.assertEqual(len(self.events(kind="acknowledged")), 1)
        answer = self.send("acknowledged", form=form, agreed="1", note="Something else")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(len(self.events()), 1)

    def test_a_time_to_come_is_refused_at_its_field(self):
        answer = self.send("acknowledged", agreed="1", time="2099-01-01T10:00:00", note="Kept")
        self.assertEqual(answer.status_code, 422)
        self.assertIn('id="time_wrong"', answer.text)
        self.assertIn("2099-01-01T10:00:00", answer.text)
        self.assertIn("Kept", answer.text)

    def test_times_are_those_of_the_person_and_kept_in_utc(self):
        form = self.form("acknowledged")
        self.assertEqual(form["time"][:16], "2026-03-02T20:00")  # noon in UTC
        self.send("acknowledged", form=form, agreed="1")
        self.assertEqual(str(self.events(kind="acknowledged").event_time)[:16],
                         "2026-03-02 12:00")
        self.assertRegex(self.url_open(self.url()).text, "8:00:00.PM")

    def test_declining_needs_a_reason(self):
        self.assertEqual(self.send("declined").status_code, 422)
        self.assertEqual(self.order.state, "released")
        self.assertEqual(self.send("declined", note="No furnace").status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "declined")

    def test_steps_come_in_their_order(self):
        answer = self.send("started", equipment="Press 4")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Press 4", answer.text)
        self.assertEqual(self.order.state, "released")

    def test_lots_and_quantities_from_start_to_shipment(self):
        self.begin()
        rows = {}
        for row, (lot, quantity, outcome) in enumerate((
                ("S-1", "5", "good"), ("S-2", "4", "good"), ("S-2", "1", "reject"))):
            rows |= {f"lot_name_{row}": lot, f"lot_quantity_{row}": quantity,
                     f"lot_outcome_{row}": outcome}
        answer = self.send("finished", **rows)
        self.assertEqual(answer.status_code, 303, answer.text[-3000:])
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "finished")
        self.assertEqual(
            sorted((one.lot_name, one.quantity, one.outcome)
                   for one in self.events(kind="finished").lot_ids),
            [("S-1", 5, "good"), ("S-2", 1, "reject"), ("S-2", 4, "good")])
        page = self.url_open(self.url("shipped")).text
        self.assertIn('value="S-1"', page)
        self.assertEqual(self.send("shipped", **rows).status_code, 303)

    def test_a_wrong_number_comes_back_at_its_row(self):
        self.begin()
        answer = self.send("finished", lot_name_1="S-1", lot_quantity_1="five",
                           note="All in one box")
        self.assertEqual(answer.status_code, 422)
        self.assertIn('value="five"', answer.text)
        self.assertIn("All in one box", answer.text)
        self.assertEqual(self.order.state, "started")

    def test_a_lot_of_nobody_is_refused_and_nothing_is_lost(self):
        self.begin()
        answer = self.send("finished", lot_name_0="S-99", lot_quantity_0="5", note="Kept")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("S-99", answer.text)
        self.assertIn("Kept", answer.text)
        self.assertFalse(self.events(kind="finished"))

    def test_more_rows_lose_nothing_and_enter_nothing(self):
        self.begin()
        answer = self.send("finished", more="1", lot_name_0="S-1", lot_quantity_0="3",
                           note="Half way")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("lot_name_4", answer.text)
        self.assertIn("Half way", answer.text)
        self.assertFalse(self.events(kind="finished"))

    def test_a_correction_is_a_report_of_its_own(self):
        self.begin()
        self.send("step", operation="Crimping", equipment="Press 4")
        old = self.events(kind="step")
        form = self.form("step", query=f"?supersedes={old.reference}")
        self.assertEqual(form["supersedes"], old.reference)
        self.assertNotEqual(form["reference"], old.reference)
        answer = self.send("step", form=form, operation="Crimping", equipment="Press 5")
        self.assertEqual(answer.status_code, 303)
        self.env.invalidate_all()
        self.assertTrue(old.superseded)
        self.assertEqual(self.events(kind="step", superseded=False).equipment, "Press 5")
        page = self.url_open(self.url()).text
        self.assertIn("Press 4", page)
        self.assertIn("Press 5", page)

    def test_a_value_out_of_its_limits_is_asked_about_and_then_taken(self):
        self.begin()
        contract = {**self.order.contract, "parameters": [{
            "key": "temp", "name": "Temperature", "unit": "degC", "low": "50", "high": "60",
            "open_low": False, "open_high": False, "plan": "P.1"}]}
        # The plan's way into the order is tested with the order; here it is what the page does.
        self.env.flush_all()
        self.env.cr.execute("UPDATE med_outsourcing_order SET contract = %s::jsonb WHERE id = %s",
                            [json.dumps(contract), self.order.id])
        self.env.invalidate_all()
        self.assertIn("50 – 60", self.url_open(self.url("step")).text)
        typed = {"param_name_0": "Temperature", "param_value_0": "63", "param_unit_0": "degC",
                 "operation": "Curing"}
        form = self.form("step")
        answer = self.send("step", form=form, **typed)
        self.assertEqual(answer.status_code, 422)
        self.assertIn('name="outside"', answer.text)
        self.assertFalse(self.events(kind="step"))
        self.assertEqual(self.send("step", form=form, outside="1", **typed).status_code, 303)
        self.assertEqual(self.events(kind="step").parameters[0]["value"], "63")

    @mute_logger("odoo.http")
    def test_a_report_without_the_token_of_its_page_is_not_taken(self):
        answer = self.send("acknowledged", agreed="1", csrf_token="forged")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.events())

    def test_what_no_page_reports_is_not_found(self):
        for kind in ("accepted", "cancelled", "released", "x"):
            self.assertEqual(self.url_open(self.url(kind)).status_code, 404)

    def test_what_arrived_for_making_is_the_material_as_the_page_proposes_it(self):
        [tube] = self.in_stock(self.tube, "T-1", quantity=10)
        purchase = self.purchase(self.device, user=self.env.user)
        purchase.button_confirm()
        order = purchase.order_line.move_ids.med_outsourcing_order_id
        send = order.send_picking_ids
        if send:
            send.action_assign()
            send.move_ids.picked = True
            send.with_context(skip_expired=True, skip_backorder=True)._action_done()
        else:
            self.move([(self.tube, tube, 10)], self.stock, self.file.location_id)
        page = self.url_open(self.url("received", order=order)).text
        self.assertRegex(page, r'name="lot_name_0"[^>]*value="T-1"')
        self.assertRegex(page, rf'<option[^>]*value="{self.tube.id}"[^>]*selected')
        answer = self.send("received", order=order, lot_name_0="T-9", lot_quantity_0="10",
                           lot_product_0=str(self.tube.id))
        self.assertEqual(answer.status_code, 422)
        self.assertIn("was not sent", answer.text)
        answer = self.send("received", order=order, lot_name_0="T-1", lot_quantity_0="10",
                           lot_product_0=str(self.tube.id))
        self.assertEqual(answer.status_code, 303)
        rows = self.events(order, kind="received").lot_ids
        self.assertEqual((rows.product_id, rows.lot_id, rows.quantity), (self.tube, tube, 10))
        page = self.url_open(self.url("received", order=order)).text
        self.assertNotRegex(page, r'name="lot_name_0"[^>]*value="T-1"')
