from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestBegin(RecallCase):
    """Anybody reports a suspicion; a drill begins from any lot or product."""

    requirement = "CN-RC-12 TRC-7 C5 ISO-8.3.3 ISO-4.2.5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.shipped("B-1")
        cls.wanda = cls.person("warehouse", "wanda")

    def test_a_suspicion_of_the_warehouse_stops_the_lot_and_tells_who_decides(self):
        Recall = self.env["med.recall"].with_user(self.wanda)
        told = Recall.report_suspicion(summary="Seals open", lots=self.lot.ids)
        record = Recall.browse(told["recall"])
        self.assertEqual(told, {"version": 1, "recall": record.id, "name": record.name, "held": 1})
        self.assertRecordValues(record, [{
            "state": "open", "origin": "own", "create_uid": self.wanda.id, "owner_id": False,
            "reason": "Seals open"}])
        self.assertEqual(record.sudo().criterion_ids.lot_ids, self.lot)
        self.assertTrue(record.stopped_at)
        self.assertTrue(self.lot.med_hold_count)
        self.assertFalse(record.scope_id)
        mail = self.env["mail.message"].search([
            ("model", "=", "med.recall"), ("res_id", "=", record.id),
            ("message_type", "=", "user_notification")])
        self.assertLessEqual(self.anna.partner_id | self.rana.partner_id, mail.partner_ids)
        with self.assertRaises(AccessError):
            record.draw()
        record.with_user(self.anna).draw()
        self.assertEqual(record.with_user(self.anna).lot_count, 1)

    def test_defaults_of_who_reports_do_not_get_into_the_record(self):
        told = self.env["med.recall"].with_user(self.wanda).with_context(
            default_action="warn", default_hazard_conclusion="Harmless", default_conclusion="None",
            default_assessor_ids=[(6, 0, self.wanda.ids)], default_drill=True,
        ).report_suspicion("Seals open", self.lot.ids)
        self.assertRecordValues(self.env["med.recall"].browse(told["recall"]), [{
            "action": False, "hazard_conclusion": False, "conclusion": False,
            "assessor_ids": [], "drill": False}])

    def test_who_places_no_holds_may_report(self):
        buyer = self.person("purchasing", "paul")
        told = self.env["med.recall"].with_user(buyer).report_suspicion("x", self.lot.ids)
        self.assertEqual(told["held"], 0)
        self.assertFalse(self.lot.med_hold_count)
        viewer = self.person("viewer", "vera")
        with self.assertRaisesRegex(AccessError, "reports no suspicion"):
            self.env["med.recall"].with_user(viewer).report_suspicion("x")

    def test_wrong_arguments_open_nothing(self):
        Recall = self.env["med.recall"].with_user(self.anna)
        before = Recall.search_count([])
        for kw, words in (
                ({"summary": " "}, "one sentence"), ({"summary": 3}, "must be text"),
                ({"reason": 3}, "must be text"), ({"lots": "A"}, "list of ids"),
                ({"lots": [0]}, "there is not"), ({"stop": 1}, "true or false")):
            with self.subTest(kw), self.assertRaisesRegex(UserError, words):
                Recall.report_suspicion(**{"summary": "x", **kw})
        for kw, words in (({"holds": "half"}, "one of"), ({"product": "x"}, "an id"),
                          ({"product": 2**31 - 1}, "there is not")):
            with self.subTest(kw), self.assertRaisesRegex(UserError, words):
                Recall.start_drill(**{"summary": "x", **kw})
        with self.assertRaises(AccessError):
            Recall.with_user(self.wanda).start_drill("x")
        self.assertEqual(Recall.search_count([]), before)

    def test_a_drill_finds_everything_and_holds_nothing(self):
        Recall = self.env["med.recall"].with_user(self.rana)
        told = Recall.start_drill("Supposed", product=self.stent.id)
        record = Recall.browse(told["recall"])
        self.assertEqual((told["lots"], told["consignees"], told["held"]), (1, 2, 0))
        self.assertTrue(record.drill and record.name.startswith("DRILL/"))
        self.assertFalse(self.lot.med_hold_count)
        self.tick()
        self.assertEqual(record.locate_minutes, told["minutes"])
        held = Recall.start_drill("Supposed", lots=self.lot.ids, holds="real")
        self.assertEqual((held["held"], self.lot.med_hold_count), (1, 1))

    def test_the_dialog_takes_the_lots_of_where_it_was_opened(self):
        hold, _told = self.hold(self.lot)
        Wizard = self.env["med.recall.wizard"]
        for model, ids, user in (("stock.lot", self.lot.ids, self.anna),
                                 ("med.hold", hold.ids, self.wanda),
                                 ("product.product", self.stent.ids, self.rana)):
            form = Form(Wizard.with_user(user).with_context(active_model=model, active_ids=ids))
            form.summary = f"From {model}"
            action = form.save().action_begin()
            record = self.env["med.recall"].browse(action["res_id"])
            with self.subTest(model):
                self.assertEqual(record.criterion_ids.lot_ids or record.criterion_ids.product_id,
                                 self.lot if model != "product.product" else self.stent)
                self.assertTrue(record.stopped_at)
                self.assertEqual(bool(record.scope_id), user != self.wanda)
        with self.assertRaisesRegex(AccessError, "begun by quality"):
            Wizard.with_user(self.wanda).create(
                {"summary": "x", "drill": True}).action_begin()


@tagged("post_install", "-at_install")
class TestPaper(RecallCase):
    """What a recall says on paper and in the evidence file of a lot."""

    requirement = "TRC-7 TRC-3 ISO-4.2.5 FDA-7.41"

    def test_the_file_has_everything_and_a_drill_is_marked(self):
        lot = self.shipped("P-1")
        for drill in (False, True):
            record = self.decided(lot, drill=drill).with_user(self.anna)
            html = str(self.env["ir.qweb"]._render("med_recall.recall_document", {
                "lang": "en", "made": "", **record._med_document()}))
            for words in (record.name, "Two seals were found open", "None known", "Do not use",
                          record.scope_digest, "P-1", "Hospital One", self.anna.name,
                          self.rana.name, "Level 2"):
                self.assertIn(words, html)
            self.assertEqual(html.count('class="drill"'), drill)
            self.assertEqual(record._med_pdf()[:5], b"%PDF-")

    def test_a_lot_tells_its_recalls(self):
        lot, other = self.shipped("E-1"), self.shipped("E-2")
        record = self.decided(lot)
        rows = {one.name: next(part["rows"] for part in one._med_evidence_sections()
                               if part["key"] == "recalls") for one in (lot, other)}
        self.assertEqual([(row["name"], row["action"]) for row in rows["E-1"]],
                         [(record.name, "Take Back")])
        self.assertEqual(rows["E-2"], [])
        self.assertEqual((lot.med_recall_count, other.med_recall_count), (1, 0))
        self.assertEqual(self.env["med.recall"].search(lot.action_med_recalls()["domain"]), record)


@tagged("post_install", "-at_install")
class TestTours(RecallCase):
    """A mock recall, from the trigger to the complete list, in a person's steps."""

    requirement = "TRC-7 C5"

    def test_a_drill_from_a_raw_lot_to_the_list_of_consignees(self):
        raw = self.in_stock(self.tube, "DRILL-RAW")
        clip = self.product("Clip")
        made = self.lots_of(clip, "DRILL-MADE")
        self.make(clip, 5, [(self.tube, raw, 5)], made)
        for partner, quantity in zip(self.hospitals, (2, 1), strict=True):
            self.deliver([(clip, made, quantity)], partner=partner)
        action = self.env.ref("stock.action_production_lot_form")
        self.start_tour(f"/odoo/action-{action.id}/{raw.id}", "med_recall_drill_tour", login="anna",
                        timeout=120)
        record = self.env["med.recall"].search([("drill", "=", True)], limit=1)
        self.assertEqual(record.scope_id.line_ids.lot_id, raw | made)
        self.assertEqual(record.scope_id.delivery_ids.partner_id, self.hospitals)
        self.assertTrue(record.located_at)
        self.assertFalse((raw | made).filtered("med_hold_count"))
