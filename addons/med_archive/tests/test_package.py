import base64
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import bag, metadata
from .common import ArchiveCase


@tagged("post_install", "-at_install")
class TestPackage(ArchiveCase):
    """A package holds what is on file, anybody can verify it, and it stays."""

    requirement = "X8 P11-10b P11-10c CN-GMP-records"

    def packed(self, record):
        told = self.Package.pack(model=record._name, records=record.ids)
        return self.Package.browse([one["id"] for one in told["packages"]])

    def files(self, package):
        return bag.unpack(base64.b64decode(package.with_context(bin_size=False).data))

    def test_a_lot_has_evidence_releases_history_and_attachments(self):
        self.env["ir.attachment"].create({
            "name": "报告/1.txt", "raw": b"measured", "res_model": "stock.lot",
            "res_id": self.lot.id})
        package = self.packed(self.lot)
        files = self.files(package)
        evidence = json.loads(files["data/evidence/evidence.json"])
        self.assertEqual(evidence["lots"][0]["lot"]["name"], "PUMP-7")
        folder = f"data/release/{bag.safe_name(self.rel.name)}"
        self.assertEqual(json.loads(files[f"{folder}/batch_record.json"])["release"]["name"],
                         self.rel.name)
        for path in ("data/evidence/evidence.pdf", f"{folder}/batch_record.pdf",
                     f"{folder}/certificate.pdf"):
            self.assertTrue(files[path].startswith(b"%PDF"), path)
        self.assertEqual(files[f"data/attachments/stock.lot/{self.lot.id}/报告_1.txt"],
                         b"measured")
        history = json.loads(files[f"data/audit/stock.lot/{self.lot.id}/history.json"])
        self.assertTrue(history["entries"])
        self.assertFalse(history["more"])
        self.assertEqual(package.file_count, len(files))
        self.assertEqual(package.sha256, bag.sha256(base64.b64decode(
            package.with_context(bin_size=False).data)))
        self.assertIn("Source-Organization", files["bag-info.txt"].decode())

    def test_metadata_list_every_file_with_its_digest(self):
        package = self.packed(self.rel)
        files = self.files(package)
        told = json.loads(files["metadata/metadata.json"])
        self.assertEqual((told["identifier"], told["fonds"], told["retention"]),
                         (package.name, "0042", "永久"))
        self.assertEqual({one["path"]: one["sha256"] for one in told["files"]},
                         {path: bag.sha256(data) for path, data in files.items()
                          if path.startswith("data/")})
        top = etree.fromstring(files["metadata/metadata.xml"])
        self.assertEqual(
            top.findtext("a:Record/a:Identifier", namespaces={"a": metadata.NAMESPACE}),
            package.name)

    def test_an_archive_verifies_it_without_odoo(self):
        package = self.packed(self.rel)
        data = base64.b64decode(package.with_context(bin_size=False).data)
        judge = shutil.which("sha256sum")
        self.assertTrue(judge)
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                archive.extractall(folder)
            [root] = Path(folder).iterdir()
            for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
                subprocess.run([judge, "--strict", "--quiet", "-c", manifest], cwd=root,
                               check=True)
        told = package.verify()["packages"][package.name]
        self.assertEqual((told["valid"], told["problems"], told["sha256"]),
                         (True, [], package.sha256))

    def test_an_order_without_release_has_no_certificate(self):
        release = self.made(name="PUMP-8")
        files = self.files(self.packed(release))
        self.assertFalse([path for path in files if path.endswith("certificate.pdf")])
        self.assertTrue([path for path in files if path.endswith("batch_record.pdf")])

    def test_it_goes_to_the_archive_and_the_receipt_is_kept(self):
        package = self.packed(self.rel)
        with self.refused("Made"):
            package.receive("R-1")
        for bad in ("", None, 7, "x" * 201):
            with self.refused("Name the archive"):
                package.hand_over(bad)
        self.assertEqual(package.hand_over("City Archive")["packages"],
                         {package.name: "handed_over"})
        self.assertEqual(package.handed_user_id, self.qa)
        with self.refused("base64"):
            package.receive("R-1", "r.pdf", "no base64!")
        package.receive("R-1", "r.pdf", base64.b64encode(b"receipt").decode())
        self.assertEqual((package.state, package.receipt_number, package.receipt_sha256),
                         ("archived", "R-1", bag.sha256(b"receipt")))
        self.assertTrue(package.verify()["packages"][package.name]["valid"])
        with self.refused("Archived"):
            package.refuse("late")

    def test_a_refused_package_is_followed_by_another(self):
        package = self.packed(self.rel)
        package.hand_over("City Archive")
        package.refuse("No fonds number")
        self.assertEqual((package.state, package.refusal), ("refused", "No fonds number"))
        self.assertEqual(self.packed(self.rel).previous_id, package)

    def test_damage_is_found_and_nothing_damaged_is_handed_over(self):
        package = self.packed(self.rel)
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", package._name), ("res_id", "=", package.id),
            ("res_field", "=", "data")])
        files = self.files(package)
        files["data/evidence/evidence.json"] = b"{}"
        forged = bag.pack(files, "AP")
        attachment.flush_recordset()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = NULL, db_datas = %s WHERE id = %s",
            [forged, attachment.id])
        self.env.invalidate_all()
        told = package.verify()["packages"][package.name]
        self.assertFalse(told["valid"])
        self.assertIn({"path": "data/evidence/evidence.json", "what": "changed"},
                      told["problems"])
        with self.refused("damaged"):
            package.hand_over("City Archive")
        package.action_verify()
        self.assertEqual(package.verified, "bad")
        # A forger who makes the manifests anew is caught by the digests that were kept.
        payload = {path.removeprefix("data/"): data for path, data in files.items()
                   if path.startswith("data/")}
        forged = bag.pack(bag.make(payload, {}, []), "AP")
        self.env.cr.execute("UPDATE ir_attachment SET db_datas = %s WHERE id = %s",
                            [forged, attachment.id])
        self.env.invalidate_all()
        self.assertFalse(package.verify()["packages"][package.name]["valid"])

    def test_a_file_that_is_gone_stops_the_package(self):
        file = self.env["ir.attachment"].create({
            "name": "gone.pdf", "raw": b"x" * 10, "res_model": "stock.lot",
            "res_id": self.lot.id})
        file.flush_recordset()
        self.env.cr.execute("UPDATE ir_attachment SET store_fname = NULL, db_datas = NULL"
                            " WHERE id = %s", [file.id])
        self.env.invalidate_all()
        with self.refused("gone from the filestore"):
            self.packed(self.lot)
        self.assertFalse(self.Package.search([("lot_id", "=", self.lot.id)]))

    def test_what_was_packed_stays(self):
        package = self.packed(self.rel)
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", package._name), ("res_id", "=", package.id),
            ("res_field", "=", "data")])
        for one in (package, package.sudo(), package.with_user(self.env.ref("base.user_admin"))):
            for change in (lambda p: p.write({"state": "archived"}),
                           lambda p: p.write({"sha256": "x"}),
                           lambda p: p.write({"data": "eA=="}), lambda p: p.unlink(),
                           lambda p: p.with_context(_force_unlink=True).unlink(),
                           lambda p: p.copy(), lambda p: p.file_ids.write({"path": "x"}),
                           lambda p: p.file_ids.unlink(),
                           lambda p: p.create({"name": "x", "title": "x", "kind": "lot"}),
                           lambda p: p.file_ids.create({"package_id": package.id, "path": "x"})):
                with self.refused(error=(UserError, AccessError)):
                    change(one)
        for change in (lambda a: a.write({"raw": b"x"}), lambda a: a.unlink()):
            with self.refused(error=AccessError):
                change(attachment)
        package.note = "may be written"

    def test_proof_is_said_only_of_entries_that_are_sealed(self):
        # In a test nothing is committed, so nothing is sealed: no package may say that it is.
        package = self.packed(self.lot)
        self.assertFalse(package.proof)
        told = json.loads(self.files(package)["metadata/metadata.json"])
        self.assertRegex(told["audit_proof"], r"^0 of [1-9][0-9]* entries$")

    def test_bad_arguments_have_a_sentence(self):
        for model, records in (("res.users", [1]), ("stock.lot", []), ("stock.lot", "1"),
                               ("stock.lot", [True]), ("stock.lot", [2**40]),
                               ("stock.lot", [0]), ("stock.lot", [2**31 - 1]), (None, [1])):
            with self.subTest(model=model, records=records), self.refused():
                self.Package.pack(model=model, records=records)

    def test_the_action_of_the_list_opens_what_was_made(self):
        action = self.lot.with_user(self.qa).action_med_archive_pack()
        package = self.Package.browse(action["res_id"])
        self.assertEqual(package.lot_id, self.lot)
        self.assertEqual(self.lot.with_user(self.qa).med_archive_count, 1)
        wizard = self.env["med.archive.step"].with_user(self.qa).with_context(
            package.action_hand_over()["context"]).create({"text": "City Archive"})
        wizard.action_do()
        self.assertEqual(package.state, "handed_over")
