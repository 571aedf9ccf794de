import csv
import hashlib
import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger
from pypdf import PdfReader

from ..models import med_audit_entry_export
from .common import AuditCase, AuditRpcCase


@tagged("post_install", "-at_install")
class TestCopies(AuditCase):
    """P11-10b, P11-10e-3: accurate and complete copies, readable by people and by programs."""

    requirement = "P11-10b P11-10e-3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.qa = cls.user("qa")
        cls.Entry = cls.env["med.audit.entry"].with_user(cls.qa)
        cls.partner = cls.env["res.partner"].create({"name": "=cmd()", "street": "1 Road"})
        cls.env.flush_all()
        cls.partner.with_context(med_reason="Moved").street = "批 2 Road"
        cls.env.flush_all()

    def make(self, form, **asked):
        asked = {"model": "res.partner", "res_id": self.partner.id, "date_from": "",
                 "date_to": "", **asked}
        return self.Entry._export(form, asked)

    def bodies(self):
        self.env.cr.execute("SELECT body FROM med_audit.entry WHERE model = 'res.partner'"
                            " AND res_id = %s AND op <> 'E' ORDER BY id", [self.partner.id])
        return [body for [body] in self.env.cr.fetchall()]

    def test_csv_has_every_change_and_runs_nothing(self):
        name, data, count = self.make("csv")
        self.assertTrue(name.startswith("audit_") and name.endswith(".csv"))
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        self.assertEqual(len({row["Entry"] for row in rows}), count)
        [moved] = [row for row in rows if row["Technical field"] == "street" and row["Before"]]
        self.assertEqual((moved["Before"], moved["After"], moved["Reason"]),
                         ("1 Road", "批 2 Road", "Moved"))
        self.assertFalse([cell for row in rows for cell in row.values()
                          if cell and cell[0] in "=+-@"])

    def test_pdf_prints_the_trail_and_embeds_the_exact_entries(self):
        bodies = self.bodies()
        _name, data, count = self.make("pdf")
        reader = PdfReader(io.BytesIO(data))
        [embedded] = reader.attachments["entries.jsonl"]
        self.assertEqual(embedded.decode().splitlines(), bodies)
        self.assertEqual(count, len(bodies))
        for page in reader.pages:
            self.assertIn(hashlib.sha256(embedded).hexdigest(),
                          "".join(page.extract_text().split()))
        text = "\n".join(page.extract_text() for page in reader.pages)
        for word in ("1 Road", "批 2 Road", "Moved", self.qa.name):
            self.assertIn(word, text)

    def test_what_is_not_printed_is_said_and_is_in_the_file(self):
        self.patch(med_audit_entry_export, "PDF_ENTRIES", 1)
        reader = PdfReader(io.BytesIO(self.make("pdf")[1]))
        self.assertIn("entries are not printed", reader.pages[0].extract_text())
        self.assertGreater(len(reader.attachments["entries.jsonl"][0].splitlines()), 1)

    def test_set_for_the_inspector_lists_the_digest_of_each_file(self):
        archive = zipfile.ZipFile(io.BytesIO(self.make("set")[1]))
        readme = archive.read("README.txt").decode()
        names = [name for name in archive.namelist() if name != "README.txt"]
        self.assertGreaterEqual(len(names), 4)
        for name in names:
            self.assertIn(f"{hashlib.sha256(archive.read(name)).hexdigest()}  {name}", readme)
        people = next(name for name in names if "people_and_roles" in name)
        self.assertIn(self.qa.login, archive.read(people).decode())
        audited = next(name for name in names if "what_is_audited" in name)
        self.assertIn("res_partner", archive.read(audited).decode())

    def test_every_copy_is_an_entry_with_its_digest(self):
        name, data, _count = self.make("csv", date_from="2020-01-01")
        [entry] = self.entries(self.partner, event="export")
        self.assertEqual(entry["new"]["sha256"], hashlib.sha256(data).hexdigest())
        self.assertEqual((entry["new"]["file"], entry["new"]["date_from"]), (name, "2020-01-01"))

    def test_period_alone_takes_all_records_of_ones_companies(self):
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["res.partner"].create({"name": "F", "company_id": foreign.id})
        self.env.flush_all()
        rows = self.Entry._copy_rows({"record": None, "last": None, "first":
                                        self.env.cr.now().replace(microsecond=0)})
        found = {row["res_id"] for row in rows if row["model"] == "res.partner"}
        self.assertIn(self.partner.id, found)
        self.assertNotIn(other.id, found)
        self.assertEqual([row["id"] for row in rows], sorted(row["id"] for row in rows))

    def test_an_addon_adds_what_belongs_to_its_record(self):
        other = self.env["res.partner"].create({"name": "Belongs"})
        Entry = type(self.env["med.audit.entry"])
        self.patch(Entry, "_export_records", lambda entries, record: [record, other])
        rows = self.Entry._copy_rows({"record": self.partner, "first": None, "last": None})
        self.assertEqual({row["res_id"] for row in rows if row["model"] == "res.partner"},
                         {self.partner.id, other.id})

    def test_a_bad_argument_is_named_and_leaves_no_entry(self):
        for form, asked, name in (
                ("exe", {}, "form"), ("csv", {"model": "x"}, "model"),
                ("csv", {"date_from": "yesterday"}, "date_from"),
                ("csv", {"model": "", "res_id": 0}, "period"),
                ("csv", {"date_from": "2026-02-01", "date_to": "2026-01-01"}, "ends before")):
            with self.subTest(asked=asked), self.assertRaisesRegex(UserError, name):
                self.make(form, **asked)
        self.patch(med_audit_entry_export, "MOST", 1)
        with self.assertRaisesRegex(UserError, "More than 1"):
            self.make("csv")
        self.assertFalse(self.entries(self.partner, event="export"))

    def test_only_those_who_search_the_trail_take_copies(self):
        for role in ("viewer", "operator", ""):
            with self.assertRaises(AccessError):
                self.Entry.with_user(self.user(role)).export("csv", "res.partner", self.partner.id)
        for role in ("auditor", "regulatory", "system_admin"):
            self.Entry.with_user(self.user(role)).export("csv", "res.partner", self.partner.id)

    def test_dialog_asks_for_the_same(self):
        wizard = self.env["med.audit.export"].with_user(self.qa).create({
            "model": "res.partner", "res_id": self.partner.id,
            "form": "csv"})
        self.assertEqual(int(wizard.count), len(self.bodies()))
        action = wizard.action_export()
        self.assertEqual((action["params"]["model"], action["params"]["res_id"]),
                         ("res.partner", self.partner.id))
        wizard.res_id = False
        with self.assertRaises(UserError):
            wizard.action_export()


@tagged("post_install", "-at_install")
class TestCopiesAsFiles(AuditRpcCase):
    """P11-10b: the same as downloads, never without the session's own token."""

    requirement = "P11-10b"

    def ask(self, form, login, **params):
        self.authenticate(login, login)
        return self.url_open(f"/med/audit.{form}", allow_redirects=False, timeout=60, data={
            **params, "csrf_token": Request.csrf_token(self)})

    def test_download_and_refusals(self):
        partner = self.env["res.partner"].create({"name": "Acme"})
        self.env.flush_all()
        self.user("qa")
        self.user("viewer")
        good = {"model": "res.partner", "res_id": partner.id}
        answer = self.ask("csv", "med_qa", **good)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        for params in ({**good, "res_id": "1 OR 1=1"}, {}, {"date_from": "x"}):
            answer = self.ask("csv", "med_qa", **params)
            self.assertEqual(answer.status_code, 400, answer.text)
            self.assertRegex(answer.text, r"\.$")
        with mute_logger("odoo.addons.base.models.ir_model"):
            self.assertEqual(self.ask("csv", "med_viewer", **good).status_code, 403)

    def test_another_page_cannot_make_one_ask(self):
        self.user("qa")
        self.authenticate("med_qa", "med_qa")
        self.assertEqual(self.url_open("/med/audit.csv?date_from=2020-01-01").status_code, 405)
        with mute_logger("odoo.http"):
            answer = self.url_open("/med/audit.csv", data={"date_from": "2020-01-01"})
        self.assertEqual(answer.status_code, 400)
