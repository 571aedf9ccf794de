import io
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from openpyxl import load_workbook

from .common import ReportCase


@tagged("post_install", "-at_install")
class TestReports(ReportCase):
    """A report says exactly what its kind asks for, is signed whole, and ends its clocks."""

    requirement = ("CN-RC-3 CN-RC-7 CN-RC-9 FDA-7.46 FDA-7.53 FDA-806.10 FDA-806.20 EU-87-8 EU-89 "
                   "TRC-7")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stent.default_code = "ST-1"
        cls.lot = cls.shipped("L-1")
        cls.company.med_us_registration = "1234567"
        cls.company.partner_id.write({"street": "Road 1", "phone": "1"})
        cls.recall = cls.decided(cls.lot, level="cn_1")

    def test_the_report_has_the_items_of_its_kind_and_names_what_is_missing(self):
        report = self.report(self.recall, "cn_form", text=False)
        self.assertEqual(report.line_ids.item_id, report.kind_id.item_ids)
        told = {one.key: one.text for one in report.line_ids}
        self.assertIn("L-1", told["identification"])
        self.assertEqual((told["made"], told["sold"]), ("10", "4"))  # one hospital is in China
        self.assertIn("Intended Use", report.missing)
        with self.assertRaisesRegex(UserError, "Still to be filled in: .*Intended Use"):
            self.sign(report, self.rana, "approved")

    def test_a_submitted_report_ends_its_clock_and_is_not_changed(self):
        clock = self.clock_of(self.recall, "form")
        report = self.submitted(self.recall, "cn_form")
        self.assertEqual((report.state, clock.status), ("submitted", "done"))
        self.assertIn("N-1", clock.evidence)
        self.assertEqual(self.clock_of(self.recall, "plan").state, "running")
        for wrong in (lambda: report.line_ids[0].write({"text": "x"}),
                      lambda: report.sudo().write({"figures": {}}),
                      lambda: report.line_ids[0].sudo().write({"required": False}),
                      lambda: report.submission_ids.sudo().write({"reference": "x"}),
                      report.submission_ids.sudo().unlink, report.sudo().unlink,
                      report.with_user(self.rana).action_fill,
                      lambda: report.sudo().write({"kind_id": 1})):
            with self.assertRaises(UserError), self.cr.savepoint():
                wrong()
        later = self.submitted(self.recall, "cn_form")
        self.assertEqual((report.state, later.number), ("superseded", 2))

    def test_a_report_is_filled_in_by_its_recall_whatever_the_caller_sends(self):
        kind = self.env["med.recall.report.kind"].search([("code", "=", "cn_form")])
        sent = {"figures": {"lots": 9}, "digest": "x", "number": 7, "line_ids": [
            Command.create({"key": "x"})], "submitted_at": "2026-01-01 00:00:00"}
        Report = self.env["med.recall.report"].with_user(self.rana)
        for model, more in ((Report, sent), (Report.with_context(
                **{f"default_{name}": value for name, value in sent.items()}), {})):
            report = model.create({"recall_id": self.recall.id, "kind_id": kind.id, **more})
            self.assertEqual((report.figures["lots"], report.submitted_at), (1, False))
            self.assertEqual(report.line_ids.item_id, kind.item_ids)
        for user, error in ((self.ines, AccessError), (self.olga, AccessError)):
            with self.assertRaises(error), self.cr.savepoint():
                Report.with_user(user).create({"recall_id": self.recall.id, "kind_id": kind.id})
        with self.assertRaisesRegex(UserError, "approved before"):
            report.submit(channel="portal")

    def test_the_number_of_an_806_report_counts_over_all_recalls(self):
        record = self.levelled("us_2")
        report = self.report(record, "us_806_10", designation="r")
        number = report.line_ids.filtered(lambda one: one.key == "number")
        self.assertEqual(number.text, f"1234567-3/2/26-{report.number:03d}-R")
        other = self.report(self.levelled("us_2"), "us_806_10", text=False)
        self.assertEqual((other.number, "Registration Number" in other.missing),
                         (report.number + 1, True))
        self.assertEqual(report.line_ids.mapped("source"), [
            "21 CFR 806.10(c)"] * 16)
        self.assertEqual(report.line_ids.mapped("key"), [
            "number", "manufacturer", "representative", "name", "intended_use", "marketing", "udi",
            "lots", "maker", "event", "injuries", "total", "dates", "consignees",
            "communications", "missing"])

    def test_what_a_person_wrote_stays_when_it_is_filled_in_anew(self):
        report = self.report(self.recall, "cn_form")
        lines = {one.key: one for one in report.line_ids}
        lines["reason"].text = "Seals open on two of ten"
        lines["made"]._med_store({"text": "0"})
        report.action_fill()
        self.assertEqual((lines["reason"].text, lines["made"].text),
                         ("Seals open on two of ten", "10"))

    def test_a_status_report_says_the_sums_of_the_figures_and_begins_the_next_turn(self):
        figures = {"consignees": 2, "countries": 2, "shipped": 7.0, "returned": 0.0, "lots": 1,
                   "sent": 2, "notices": 2, "answered": 1, "held": 3.0, "unanswered": 1,
                   "received_back": 2.5, "corrected": 0.0, "checks_drawn": 1, "checks_done": 1,
                   "checks_passed": 1}
        self.patch(self.registry["med.recall"], "_med_figures", lambda recall: figures)
        record = self.levelled("us_2")
        record._med_store({"initiated_at": self.now()})
        report = self.submitted(record, "us_7_53")
        told = {one.key: one.text for one in report.line_ids}
        self.assertEqual((told["notified"], told["responding"], told["not_responding"],
                          told["returned"], told["checks"]), (
            "2 of 2 notices sent", "1 answered; 3 on hand", "1",
            "2.5 returned, 0 corrected", "1 drawn, 1 done, 1 passed"))
        turns = self.clock_of(record, "progress").sorted("turn")
        self.assertEqual(turns.mapped("state"), ["done", "running"])
        self.assertEqual(turns[1].start, report.submitted_at)

    def test_a_report_of_a_drill_is_marked_and_goes_nowhere(self):
        record = self.levelled("cn_3", drill=True)
        report = self.report(record, "cn_form")
        self.sign(report, self.rana, "approved")
        with self.assertRaisesRegex(UserError, "simulated"), self.cr.savepoint():
            report.submit(channel="portal")
        report.submit(channel="simulated")
        self.assertEqual(report.state, "submitted")
        html = str(self.env["ir.qweb"]._render("med_recall_report.report_document", {
            "o": report, "words": report._med_annex_words(), "annex": [], "columns": (),
            "company": "x", "lang": "en", "made": "x"}))
        self.assertIn("DRILL 演练", html)

    def test_the_files_say_the_same(self):
        report = self.report(self.recall, "cn_form")
        self.authenticate("rana", "rana-secret")
        url = "/med/recall_report.%s?report_id=" + str(report.id)
        told = json.loads(self.url_open(url % "json").content)
        self.assertEqual(told["digest"], report.digest)
        book = load_workbook(io.BytesIO(self.url_open(url % "xlsx").content))
        self.assertEqual([sheet.max_row for sheet in book], [
            len(told["items"]) + 1, len(told["figures"]) + 1, len(told["consignees"]) + 1])
        self.assertEqual({(one["partner"], one["net"], one["from"]) for one in told["consignees"]},
                         {("Hospital One", 4, "2026-03-02"), ("Hospital Two", 3, "2026-03-02")})
        self.assertEqual(self.url_open(url % "pdf").content[:5], b"%PDF-")
        self.assertEqual(self.url_open("/med/recall_report.json?report_id=x").status_code, 403)
        data = self.recall.with_user(self.anna).report_data(kind="cn_form")
        self.assertIn("intended_use", data["missing"])
        with self.assertRaisesRegex(UserError, "no report"):
            self.recall.report_data(kind="none")

    def test_another_company_sees_no_report_and_no_clock(self):
        report = self.report(self.recall, "cn_form")
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        for found in (report, report.line_ids, self.recall.clock_ids):
            seen = found.with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(seen.search([("id", "in", found.ids)]))

    def test_a_report_is_filled_signed_and_submitted_on_the_screen(self):
        self.env["med.recall.report.item"].search([
            ("kind_id.code", "=", "cn_form"), ("key", "in", ("registration", "contact"))
        ]).required = False
        self.start_tour(f"/odoo/med-recall/{self.recall.id}", "med_recall_report_tour",
                        login="rana", timeout=120)
        clock = self.clock_of(self.recall, "form")
        clock.invalidate_recordset()
        self.assertEqual((clock.status, clock.done_by_id), ("done", self.rana))
        self.assertIn("CN-77", clock.evidence)
