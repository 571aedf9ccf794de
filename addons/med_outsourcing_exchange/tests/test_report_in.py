from odoo import fields
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import OutsourcingExchangeCase


@tagged("post_install", "-at_install")
class TestReportIn(OutsourcingExchangeCase):
    """What a processor's program says of its order goes by the order's one way in."""

    requirement = "X2 X3 V4 V6 ISO-7.4.1 CN-GMP-OUT"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.in_stock(cls.stent, "S-1")
        cls.order = cls.processing(cls.lot)

    def running(self):
        self.take(self.said(self.order, "acknowledged"))
        self.send(self.order)
        self.take(self.said(self.order, "started"))
        return self.order

    # ------------------------------------------------------------------ taken

    def test_an_order_lives_by_the_messages_of_its_processor(self):
        order = self.running()
        self.assertEqual(order.state, "started")
        step = self.take(self.said(order, "step", equipment="EO-2", parameters=[
            {"name": "temp", "measured": {"value": "52.5", "unit": "Cel"}},
            {"name": "cycle", "text": "EO-12"}]))
        self.assertEqual([(one["name"], one["value"], one["unit"]) for one in step.parameters],
                         [("temp", "52.5", "Cel"), ("cycle", "EO-12", "")])
        finished = self.take(self.said(
            order, "finished", ("S-1", 8, "good"), ("S-1", 2, "reject")))
        self.assertEqual(order.state, "finished")
        self.assertEqual(sorted(zip(finished.lot_ids.mapped("quantity"), finished.lot_ids.mapped(
            "outcome"), strict=True)), [(2, "reject"), (8, "good")])
        self.assertEqual(finished.lot_ids.lot_id, self.lot)
        self.take(self.said(order, "shipped", ("S-1", 8, "good"), ("S-1", 2, "reject")))
        self.assertEqual(order.state, "shipped")
        message = self.env["med.exchange.message"].browse(finished.message_res_id)
        self.assertEqual((finished.origin, message.exchange_partner_id, finished.user_id),
                         ("api", self.processor, self.processor.user_id))
        self.assertEqual(self.export("outsourcing_report", step)[step.id]["parameters"], [
            {"name": "temp", "measured": {"value": "52.5", "unit": "Cel"}},
            {"name": "cycle", "text": "EO-12"}])

    def test_another_unit_of_the_same_kind_is_converted(self):
        self.running()
        told = self.said(self.order, "finished", ("S-1", 1, "good"))
        told["lots"][0]["quantity"] = {"value": "0.5", "unit": "{Pack_of_6}"}
        self.assertEqual(self.take(told).lot_ids.quantity, 3)

    def test_the_same_report_again_is_the_same_event(self):
        told = self.said(self.order, "acknowledged")
        event = self.take(told)
        before = self.state()
        self.assertEqual(self.take(told, thing="another code"), event)
        self.assertEqual(self.state(), before)

    def test_a_correction_takes_the_place_of_what_it_corrects(self):
        self.running()
        first = self.take(self.said(self.order, "finished", ("S-1", 10, "good")))
        second = self.take(self.said(
            self.order, "finished", ("S-1", 9, "good"), ("S-1", 1, "scrap"),
            reference="finished-2", corrects="finished-1"))
        self.assertEqual((first.superseded, second.supersedes_id), (True, first))

    def test_an_agreement_that_ended_stops_new_orders_and_no_report(self):
        self.running()
        lot = self.in_stock(self.stent, "S-2")
        self.addCleanup(self.clock.move_to, fields.Datetime.now())
        self.clock.move_to("2027-01-05 08:00:00")
        with self.assertRaisesRegex(Exception, "held until"), self.env.cr.savepoint():
            self.processing(lot)
        self.take(self.said(self.order, "finished", ("S-1", 10, "good")))

    def test_material_of_an_order_to_make_arrives_by_its_own_number(self):
        board = self.product("Board", med_controlled=True)
        self.env["mrp.bom"].create({
            "product_tmpl_id": board.product_tmpl_id.id, "type": "subcontract",
            "subcontractor_ids": [Command.link(self.supplier.id)], "med_process": "assembly",
            "bom_line_ids": [Command.create({"product_id": self.tube.id, "product_qty": 1})]})
        [tube] = self.in_stock(self.tube, "T-77", quantity=10)
        self.move([(self.tube, tube, 10)], self.stock, self.file.location_id)
        purchase = self.env["purchase.order"].create({
            "partner_id": self.supplier.id, "order_line": [Command.create(
                {"product_id": board.id, "product_qty": 10, "price_unit": 1})]})
        purchase.button_confirm()
        order = purchase.order_line.move_ids.med_outsourcing_order_id
        row = {"lot": "T-77", "outcome": "good", "quantity": {"value": "6", "unit": "1"}}
        event = self.take({**self.said(order, "received"), "lots": [{**row, "product": "TB-1"}]})
        self.assertEqual((event.lot_ids.lot_id, event.lot_ids.product_id), (tube, self.tube))
        self.refuse("/payload/lots/0/quantity", "4", {
            **self.said(order, "received", reference="received-2"), "lots": [row]})
        row["quantity"]["value"] = "4"
        event = self.take({**self.said(order, "received", reference="received-3"), "lots": [row]})
        self.assertEqual(event.lot_ids.lot_id, tube)

    # ------------------------------------------------------------------ refused

    def test_another_revision_is_refused(self):
        for kind in ("acknowledged", "note"):
            self.refuse("/payload/revision", "revision", self.said(
                self.order, kind, revision="V99"))
        told = self.said(self.order, "acknowledged")
        told.pop("revision")
        self.refuse("/payload/revision", "which revision", told)
        self.refuse("/payload/deviation", "no deviation", self.said(
            self.order, "acknowledged", revision="V99", deviation="DEV/1"))

    def test_anothers_order_and_a_draft_are_not_known(self):
        other = self.processing(self.in_stock(self.stent, "S-3"), file=self.other_file)
        draft = self.env["med.outsourcing.order"].create({
            "processor_id": self.file.id, "process": "sterilisation_eo"})
        for order in (other, draft):
            self.refuse("/payload/order", "not known here", {
                **self.said(order, "acknowledged"), "revision": "V1"})
        self.refuse("/payload/order", "not known here", self.said(self.order, "acknowledged"),
                    partner=self.other_processor)
        self.take(self.said(other, "acknowledged"), partner=self.other_processor)

    def test_the_wrong_unit_product_lot_or_quantity_is_refused_at_its_place(self):
        self.running()
        good = self.said(self.order, "finished", ("S-1", 5, "good"), ("S-1", 1, "reject"))
        for pointer, text, change in (
                ("/lots/1/quantity/unit", "cannot be converted", {
                    "quantity": {"value": "1", "unit": "kg"}}),
                ("/lots/1/product", "no product of", {"product": "NONE"}),
                ("/lots/1/lot", "not of", {"lot": "S-77"}),
                ("/lots/0/quantity", "more than", {"quantity": {"value": "6", "unit": "1"}})):
            told = {**good, "lots": [good["lots"][0], {**good["lots"][1], **change}]}
            self.refuse(f"/payload{pointer}", text, told)
        self.refuse("/payload/parameters/0/measured/unit", "not known", {
            **good, "parameters": [{"name": "x", "measured": {"value": "1", "unit": "grad"}}]})

    def test_out_of_the_order_of_life_or_of_time_is_refused(self):
        self.refuse("/payload/kind", "not reported now", self.said(self.order, "started"))
        self.refuse("/payload/kind", "not reported now", self.said(
            self.order, "finished", ("S-1", 10, "good")))
        self.refuse("/payload/time", "future", self.said(
            self.order, "acknowledged", time="2026-12-31T00:00:00Z"))
        self.refuse("/payload/time", "before the order", self.said(
            self.order, "acknowledged", time="2026-01-31T00:00:00Z"))

    def test_other_content_under_a_reference_is_refused(self):
        self.take(self.said(self.order, "acknowledged"))
        self.refuse("/payload/reference", "other content", self.said(
            self.order, "acknowledged", person="Somebody else"))

    def test_a_second_version_of_a_report_is_refused(self):
        told = self.said(self.order, "acknowledged")
        self.take(told, thing="A-1")
        self.refuse("/payload/reference", "other content", {**told, "person": "Xu"},
                    object={"id": "A-1", "version": 2, "base": 1})
        self.refuse("/payload/reference", "code of its own", self.said(
            self.order, "note", note="Late"), object={"id": "A-1", "version": 2, "base": 1})

    def test_a_report_is_not_taken_back(self):
        self.take(self.said(self.order, "acknowledged"), thing="A-1")
        before = self.state()
        answer = self.answer({}, thing="A-1", action="cancel", cancels="STERILE-1",
                             object={"id": "A-1", "version": 2})
        self.assertNotEqual(answer["outcome"], "accepted")
        self.assertEqual(self.state(), before)

    def test_a_message_that_comes_early_waits_and_changes_nothing(self):
        told = self.said(self.order, "started")
        first = self.said(self.order, "acknowledged", tick=False, reference="a-1")
        before = self.state()
        answer = self.answer(told, sequence=2, id="early")
        self.assertEqual((answer["outcome"], answer["missing"]), ("waiting", [1]))
        self.assertEqual(self.state(), before)
        self.answer(first, sequence=1, id="late")
        self.assertEqual(self.order.state, "started")

    def test_who_reports_by_the_portal_sends_no_messages(self):
        file = self.file.with_user(self.anna)
        file.med_transition("revise", reason="They have no program any more")
        file.write({"connection": "portal"})
        self.sign(self.file, self.anna, "approved")
        self.refuse("/payload/order", "by another way", self.said(self.order, "acknowledged"))

    def test_without_the_right_nothing_is_sent(self):
        self.refuse("/schema", "may not send", self.said(self.order, "acknowledged"),
                    partner=self.dealer)

    def test_a_callers_context_changes_nothing(self):
        told = self.said(self.order, "acknowledged")
        envelope = self.envelope(
            self.processor, told, schema="outsourcing_report", stream="main", sequence=1,
            time=fields.Datetime.now().isoformat() + "Z", object={"id": "A", "version": 1})
        [answer] = self.env["med.exchange"].with_user(self.processor.user_id).with_context(
            default_origin="own", default_superseded=True, default_user_id=2,
            tracking_disable=True, active_test=False).submit(envelopes=[envelope])["answers"]
        self.assertEqual(answer["outcome"], "accepted", answer)
        event = self.order.event_ids
        self.assertEqual((event.origin, event.superseded, event.user_id),
                         ("api", False, self.processor.user_id))
