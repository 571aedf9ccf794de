from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ArchiveCase


@tagged("post_install", "-at_install")
class TestRights(ArchiveCase):
    """Quality assurance packs; who reads evidence reads packages; companies stay apart."""

    requirement = "X8 P11-10d"

    def test_roles(self):
        release = self.rel
        package = self.Package._med_pack(release.with_user(self.qa))
        auditor = self.user("auditor", granted=False, login="audrey")
        with self.refused("access as an auditor", AccessError):
            package.with_user(auditor).read(["name"])
        self.env["med.auditor.access"].create({
            "user_id": auditor.id, "company_ids": [Command.set(self.env.company.ids)],
            "reason": "Inspection", "date_from": "2020-01-01", "date_until": "2099-01-01"})
        for user in (auditor, self.person("regulatory", "reader"), self.registrant):
            one = package.with_user(user)
            self.assertTrue(one.file_ids.read(["path"]))
            self.assertTrue(one.verify()["packages"][package.name]["valid"])
            for change in (lambda p: p.hand_over("x"), lambda p: p.action_verify(),
                           lambda p: p.write({"note": "x"}),
                           lambda p: p.pack(model="med.release", records=release.ids)):
                with self.refused(error=AccessError):
                    change(one)
        for role in ("", "viewer", "warehouse", "operator", "inspector", "system_admin"):
            user = self.user(role, login=f"stranger_{role}")
            for model in ("med.archive.package", "med.archive.file", "med.archive.step"):
                with self.subTest(role=role), self.refused(error=AccessError):
                    self.env[model].with_user(user).search([])
        viewer = self.person("viewer", "vera")
        self.assertTrue(release.with_user(viewer).read())
        self.assertTrue(release.line_ids.lot_id.with_user(viewer).read())

    def test_companies_stay_apart(self):
        release = self.rel
        package = self.Package._med_pack(release.with_user(self.qa))
        other = self.env["res.company"].create({"name": "Other maker"})
        theirs = self.user("qa", login="theirs", company_id=other.id,
                           company_ids=[Command.set(other.ids)])
        self.assertFalse(package.with_user(theirs).search([]))
        self.assertFalse(package.file_ids.with_user(theirs).search([]))
        with self.refused(error=AccessError):
            package.with_user(theirs).verify()
        with self.refused("may not read"):
            package.with_user(theirs).pack(model="med.release", records=release.ids)


@tagged("post_install", "-at_install")
class TestRightsOverRpc(MedRpcCase):
    """A caller over JSON-2 chooses the context, and gains nothing by it."""

    requirement = "X8 P11-10d"

    @mute_logger("odoo.http")
    def test_context_keys_open_nothing(self):
        user = self.user("qa", login="rpc_qa")
        lot = self.env["stock.lot"].create({
            "name": "RPC-1", "product_id": self.env["product.product"].create({
                "name": "P", "is_storable": True, "tracking": "lot"}).id,
            "company_id": self.env.company.id})
        hostile = {"default_state": "archived", "_force_unlink": True, "module_uninstall": True,
                   "default_receipt_number": "FORGED"}
        told = self.json2(user, "med.archive.package", "pack", context=hostile,
                          model="stock.lot", records=[lot.id]).json()
        package = self.env["med.archive.package"].browse(told["packages"][0]["id"])
        self.assertEqual((package.state, package.receipt_number), ("made", False))
        for method, arguments in (("write", {"vals": {"state": "archived"}}), ("unlink", {}),
                                  ("_store", {"vals": {"state": "archived"}}),
                                  ("_med_make", {"vals_list": [{}]}),
                                  ("receive", {"number": "x"})):
            answer = self.json2(user, "med.archive.package", method, ids=package.ids,
                                context=hostile, **arguments)
            self.assertGreaterEqual(answer.status_code, 400, method)
        told = self.json2(user, "med.archive.package", "verify", ids=package.ids).json()
        self.assertTrue(told["packages"][package.name]["valid"])
