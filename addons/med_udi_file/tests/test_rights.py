from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import UdiFileCase

MODELS = ("med.udi.file", "med.udi.file.line", "med.udi.file.problem", "med.udi.file.answer")


@tagged("post_install", "-at_install")
class TestRights(UdiFileCase):
    """Regulatory affairs makes files; QA and auditors read them; companies stay apart."""

    requirement = "X8 P11-10d"

    def test_qa_and_auditor_read_and_change_nothing(self):
        file = self.waiting(self.full(), "nmpa_xml")
        auditor = self.user("auditor")
        with self.refused("access as an auditor", AccessError):
            file.with_user(auditor).read(["name"])
        self.env["med.auditor.access"].create({
            "user_id": auditor.id, "company_ids": [Command.set(self.env.company.ids)],
            "reason": "Inspection", "date_from": "2020-01-01", "date_until": "2099-01-01"})
        for user in (self.user("qa"), auditor):
            one = file.with_user(user)
            self.assertEqual(one.state, "submitted")
            self.assertTrue(one.line_ids.read(["state"]))
            self.assertEqual(one.verify()["files"], {file.name: True})
            for change in (lambda f: f.make(), lambda f: f.submit("x"), lambda f: f.supersede(),
                           lambda f: f.read_answer("a", "YQ=="), lambda f: f.write({"note": "x"}),
                           lambda f: f.draw_up(format=1, device_identifiers=["1"]),
                           lambda f: f.create({"format_id": f.format_id.id})):
                with self.refused(error=AccessError):
                    change(one)

    def test_others_read_nothing(self):
        self.waiting(self.full(), "nmpa_xml")
        for role in ("", "viewer", "warehouse", "operator", "portal_dealer", "system_admin"):
            user = self.user(role, login=f"stranger_{role}")
            for name in MODELS:
                with self.subTest(role=role, model=name), self.refused(error=AccessError):
                    self.env[name].with_user(user).search([])

    def test_a_viewer_still_reads_device_identifiers(self):
        di = self.full()
        self.waiting(di, "nmpa_xml")
        self.assertTrue(di.with_user(self.user("viewer")).read())

    def test_the_administrator_uploads_a_schema_and_no_more(self):
        admin = self.user("system_admin")
        form = self.forms["nmpa_xml"].with_user(admin)
        form.write({"schema_name": "x.xsd"})
        with self.refused(error=AccessError):
            form.field_ids[:1].write({"path": "x"})

    def test_companies_stay_apart(self):
        file = self.waiting(self.full(), "nmpa_xml")
        other = self.env["res.company"].create({"name": "Other maker"})
        theirs = self.user("regulatory", login="theirs", company_id=other.id,
                           company_ids=[Command.set(other.ids)])
        for name in MODELS:
            self.assertFalse(self.env[name].with_user(theirs).search([]))
        with self.refused(error=AccessError):
            file.with_user(theirs).read(["name"])
        mine = self.env["med.udi.file.format"].create({
            "name": "Mine", "jurisdiction_id": self.cn.id, "regulator": "x", "regime": "x",
            "source": "x", "valid_from": "2026-01-01", "root": "a",
            "company_id": self.env.company.id})
        self.assertFalse(mine.with_user(theirs).search([("id", "=", mine.id)]))


@tagged("post_install", "-at_install")
class TestRightsOverRpc(MedRpcCase):
    """A caller over JSON-2 chooses the context, and gains nothing by it."""

    requirement = "X8 P11-10d"

    @mute_logger("odoo.http")
    def test_context_keys_open_nothing(self):
        user = self.user("regulatory", login="rpc_regulatory")
        form = self.env.ref("med_udi_file.med_udi_file_format_nmpa_xml")
        hostile = {"default_state": "accepted", "_force_unlink": True, "import_file": True,
                   "module_uninstall": True, "force_delete": True}
        made = self.json2(user, "med.udi.file", "create", context=hostile,
                          vals_list=[{"format_id": form.id, "state": "accepted"}])
        [number] = made.json()
        file = self.env["med.udi.file"].browse(number)
        self.assertEqual(file.state, "draft")
        for method, arguments in (("write", {"vals": {"state": "accepted"}}), ("unlink", {}),
                                  ("_store", {"vals": {"state": "accepted"}}),
                                  ("submit", {"receipt": "x"})):
            answer = self.json2(user, "med.udi.file", method, ids=[number], context=hostile,
                                **arguments)
            self.assertGreaterEqual(answer.status_code, 400, method)
        told = self.json2(user, "med.udi.file", "make", ids=[number]).json()
        self.assertEqual(told["problems"][0]["kind"], "file")
        file.invalidate_recordset()
        self.assertEqual(file.state, "draft")
