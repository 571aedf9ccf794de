import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tests.common import tagged

from .processor_common import PDF, ProcessorCase


@tagged("post_install", "-at_install")
class TestEntry(ProcessorCase):
    """A processor without systems reports on paper, which a person of ours enters."""

    requirement = "V5 R4 X3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.product("Kit", med_controlled=True)
        cls.env["mrp.bom"].create({
            "product_tmpl_id": cls.kit.product_tmpl_id.id, "type": "subcontract",
            "subcontractor_ids": [Command.link(cls.works.id)],
            "bom_line_ids": [Command.create({"product_id": cls.case_part.id, "product_qty": 1})]})
        cls.identified(cls.kit)
        cls.send((cls.part, 100))
        purchase = cls.env["purchase.order"].create({
            "partner_id": cls.works.id, "order_line": [Command.create({
                "product_id": cls.kit.id, "product_qty": 10, "price_unit": 1})]})
        purchase.button_confirm()
        cls.order = purchase.picking_ids.move_ids.med_outsourcing_order_id
        cls.order._med_store({"date_released": fields.Datetime.now() - timedelta(days=2)})

    def enter(self, kind, lots=(), user=None, **values):
        order = self.order.with_user(user or self.carl)
        action = order.action_enter()
        entry = self.env[action["res_model"]].with_user(user or self.carl).with_context(
            **action["context"]).create({
                "kind": kind, "reference": f"P-{kind}", "person": "Mr. Li",
                "event_time": fields.Datetime.now() - timedelta(hours=1),
                "line_ids": [Command.create({
                    "lot_name": name, "quantity": quantity, "outcome": outcome,
                    **({"product_id": self.case_part.id} if outcome == "used" else {})})
                    for name, quantity, outcome in lots], **values})
        entry.action_enter()
        return self.order.event_ids.filtered(lambda one: one.reference == entry.reference)

    def test_what_is_on_paper_is_entered_and_released_by_paper(self):
        self.processor.user_ids = False
        self.enter("acknowledged")
        self.enter("started")
        step = self.enter("step", operation="Weld", parameter_ids=[Command.create(
            {"name": "Current", "value": "15", "unit": "A"})])
        self.assertEqual((step.parameters[0]["value"], step.origin, step.user_id),
                         ("15", "own", self.carl))
        with self.assertRaisesRegex(UserError, "no lot NONE"), self.env.cr.savepoint():
            self.enter("finished", [("KIT-1", 10, "good"), ("NONE", 10, "used")])
        event = self.enter("finished", [("KIT-1", 10, "good"), ("PART-1", 10, "used")])
        self.assertEqual(event.lot_ids.mapped("outcome"), ["good", "used"])
        theirs = self.theirs(self.order, {"KIT-1": 10}, self.order.revision)
        self.sign(self.paper(theirs).with_user(self.anna), self.anna, "verified")
        self.assertTrue(theirs.valid)

    def test_the_paper_may_come_after_the_goods(self):
        self.processor.user_ids = False
        picking = self.order.move_ids.picking_id
        picking.move_ids.quantity = 10
        picking.move_ids.move_line_ids.lot_name = "KIT-1"
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual((picking.state, self.order.state), ("done", "received"))
        release = self.order.production_ids.med_release_ids
        self.assertIn("10 of it are not reported as good", " ".join(
            self.texts(self.check(release, "reports"))))
        self.enter("acknowledged")
        self.enter("started")
        for lots, words in (([("KIT-1", 11, "good")], "10 are ordered"),
                            ([("KIT-2", 1, "good")], "Nothing more of")):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                self.enter("finished", lots)
        self.enter("finished", [("KIT-1", 10, "good")])
        self.assertEqual(self.order.state, "received")
        self.assertEqual(self.check(release, "reports")["state"], "ok")
        self.portal_paper()
        self.produce(release)

    def portal_paper(self):
        theirs = self.theirs(self.order, {"KIT-1": 10}, self.order.revision)
        self.sign(self.paper(theirs).with_user(self.anna), self.anna, "verified")

    def test_nobody_reports_in_the_place_of_one_that_reports_itself(self):
        with self.assertRaisesRegex(UserError, "reports itself"):
            self.order.with_user(self.carl).action_enter()
        self.processor.user_ids = False
        self.assertTrue(self.order.with_user(self.carl).action_enter())
        with self.assertRaises(AccessError):
            self.order.with_user(self.person("inspector", "entry_ines")).action_enter()
        self.env.cr.execute("UPDATE med_processor SET connection = 'api' WHERE id = %s",
                            [self.processor.id])
        self.env.invalidate_all()
        entry = self.env["med.outsourcing.entry"].with_user(self.carl).create({
            "order_id": self.order.id, "kind": "acknowledged", "reference": "X", "person": "Li"})
        with self.assertRaisesRegex(UserError, "reports itself"):
            entry.action_enter()

    # ------------------------------------------------------------------ the dialog

    def dialog(self):
        """Return the dialog as it opens, as the form of a screen."""
        action = self.order.with_user(self.carl).action_enter()
        form = Form(self.env[action["res_model"]].with_user(self.carl).with_context(
            **action["context"]))
        form.person = "Mr. Li"
        form.event_time = fields.Datetime.now() - timedelta(hours=1)
        return form

    def test_the_dialog_begins_with_what_comes_next_and_its_rows(self):
        self.processor.user_ids = False
        form = self.dialog()
        self.assertEqual((form.kind, form.revision, len(form.line_ids)),
                         ("acknowledged", self.order.revision, 0))
        form.reference = "P-1"
        again = form.save().action_enter_more()
        self.assertEqual(again["context"]["default_kind"], self.order._med_next()[0])
        self.enter("started")
        form = self.dialog()
        self.assertEqual(form.kind, "step")
        form.kind = "finished"
        rows = [(form.line_ids.edit(row).outcome, form.line_ids.edit(row).quantity)
                for row in range(len(form.line_ids))]
        self.assertIn(("used", 0), rows)

    def test_rows_without_a_quantity_and_values_without_a_value_are_left_out(self):
        self.processor.user_ids = False
        self.enter("acknowledged")
        self.enter("started")
        event = self.enter("finished", [("KIT-1", 10, "good"), ("PART-1", 10, "used"),
                                        ("KIT-2", 0, "scrap")])
        self.assertEqual(event.lot_ids.mapped("lot_name"), ["KIT-1", "PART-1"])
        step = self.enter("result", parameter_ids=[
            Command.create({"name": "Force", "value": "3"}), Command.create({"name": "Weight"})])
        self.assertEqual([one["name"] for one in step.parameters], ["Force"])

    def test_two_products_with_one_lot_number_are_entered_each_by_itself(self):
        self.processor.user_ids = False
        lots = self.in_stock(self.stent, "TW-1") | self.in_stock(
            self.product("Other stent", med_controlled=True), "TW-1")
        self.order = self.env["med.outsourcing.order"].create({
            "processor_id": self.processor.id, "kind": "process", "process": "sterilisation_eo",
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": 10}) for lot in lots]})
        self.order.action_release()
        self.order._med_store({"date_released": fields.Datetime.now() - timedelta(days=2)})
        self.order.send_picking_ids.move_ids.picked = True
        self.order.send_picking_ids.with_context(skip_expired=True).button_validate()
        self.enter("acknowledged")
        self.enter("started")
        for kind in ("finished", "shipped"):
            form = self.dialog()
            form.kind = kind
            self.assertTrue(form.asks_product)
            rows = []
            for place in range(len(form.line_ids)):
                with form.line_ids.edit(place) as row:
                    rows.append((row.product_id, row.lot_name, row.quantity))
                    row.quantity = 4
            self.assertEqual(sorted(rows, key=lambda row: row[0].id), sorted(
                ((lot.product_id, "TW-1", 4 if kind == "shipped" else 0) for lot in lots),
                key=lambda row: row[0].id))
            form.reference = f"P-{kind}"
            form.save().action_enter()
            event = self.order.event_ids.filtered(lambda one, kind=kind: one.kind == kind)
            self.assertEqual(event.lot_ids.lot_id, lots)

    def test_the_paper_is_kept_with_the_report_and_is_part_of_it(self):
        self.processor.user_ids = False
        event = self.enter("acknowledged", paper=PDF, paper_name="C:\\scans\\fax 7.pdf")
        file = event.with_user(self.carl).file_ids
        self.assertRecordValues(file, [{
            "name": "fax 7.pdf", "mimetype": "application/pdf", "public": False}])
        self.assertEqual((event.file_count, file.raw), (1, base64.b64decode(PDF)))
        self.assertIn("fax 7.pdf (SHA-256 ", event.note)
        with self.assertRaisesRegex(UserError, "PDF, PNG or JPEG"):
            self.enter("started", paper=base64.b64encode(b"<html>"), paper_name="x.pdf")

    def test_a_correction_begins_with_what_it_corrects(self):
        self.processor.user_ids = False
        self.enter("acknowledged")
        self.enter("started")
        wrong = self.enter("finished", [("KIT-1", 9, "good"), ("PART-1", 9, "used")])
        form = self.dialog()
        form.kind = "finished"
        form.supersedes_id = wrong
        self.assertEqual(len(form.line_ids), 2)
        with form.line_ids.edit(0) as row:
            self.assertEqual((row.lot_name, row.quantity), ("KIT-1", 9))
            row.quantity = 10
        with form.line_ids.edit(1) as row:
            row.quantity = 10
        form.reference = "P-finished-2"
        form.save().action_enter()
        right = self.order.event_ids.filtered(lambda one: one.supersedes_id == wrong)
        self.assertEqual((wrong.superseded, right.lot_ids.mapped("quantity")), (True, [10, 10]))

    def test_two_papers_in_a_row_in_a_browser(self):
        self.processor.user_ids = False
        self.env.flush_all()
        self.start_tour(f"/odoo/med-outsourcing-orders/{self.order.id}", "med_outsourcing_entry",
                        login="carl", timeout=180)
        self.assertEqual(self.order.event_ids.sorted("id").mapped("kind"),
                         ["acknowledged", "received"])
        self.assertEqual(self.order.event_ids.lot_ids.mapped("quantity"), [100])
