import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_returns import ReturnCase


@tagged("post_install", "-at_install")
class TestPapers(ReturnCase):
    """Photos and papers of outcomes and destructions."""

    requirement = "CN-RC-11 TRC-3 ISO-8.3.3"

    def paper(self, user=None, **values):
        """Return a file as a person uploads it."""
        return self.env["ir.attachment"].with_user(user or self.anna).create(
            {"name": "photo.txt", "raw": b"A photo", **values})

    def settled(self, *files, user=None):
        told = self.recall.with_user(user or self.anna).settle(
            rows=[{"lot": self.lot.id, "consignee": self.one.id, "kind": "destroyed",
                   "quantity": 2}], evidence="Report 1", files=[one.id for one in files])
        return self.env["med.recall.outcome"].browse(told["outcomes"])

    def refused(self, file):
        """Check that a file stays as it is, whoever asks."""
        for user in (self.anna, self.env.ref("base.user_admin"), self.env.user):
            mine = file.with_user(user)
            for change in (lambda one: one.write({"raw": b"Another"}), lambda one: one.unlink(),
                           lambda one: one.write({"datas": base64.b64encode(b"Another")}),
                           lambda one: one.write({"res_model": False, "res_id": 0})):
                with self.subTest(user=user.login), self.assertRaises(AccessError), \
                        self.env.cr.savepoint():
                    change(mine)
        self.assertEqual(file.sudo().raw, b"A photo")

    def test_a_photo_is_given_with_an_outcome_and_stays(self):
        file = self.paper()
        outcome = self.settled(file)
        self.assertEqual(outcome.attachment_ids, file.sudo(False).with_env(self.env))
        self.assertEqual((file.res_model, file.res_id), (outcome._name, outcome.id))
        self.refused(file)

    def test_a_paper_that_comes_later_is_added_and_none_is_taken_away(self):
        outcome = self.settled()
        file = self.paper(self.wanda)
        outcome.with_user(self.wanda).write({"attachment_ids": [Command.link(file.id)]})
        self.assertEqual(outcome.attachment_ids.ids, file.ids)
        for user in (self.wanda, self.env.user):
            for commands in ([Command.unlink(file.id)], [Command.clear()], [Command.set([])],
                             [Command.delete(file.id)]):
                with self.subTest(user=user.login, commands=commands), \
                        self.assertRaises(AccessError), self.env.cr.savepoint():
                    outcome.with_user(user).write({"attachment_ids": commands})
        self.refused(file)
        with self.assertRaisesRegex(AccessError, "not changed"):
            outcome.with_user(self.wanda).write(
                {"quantity": 1, "attachment_ids": [Command.link(file.id)]})

    def test_only_who_records_adds_and_only_what_he_uploaded(self):
        outcome = self.settled()
        strange = self.paper(self.rana)
        back = self.env["med.recall.return"].with_user(self.wanda).create({
            "recall_id": self.recall.id, "partner_id": self.one.id})
        for values in ({}, {"res_model": back._name, "res_id": back.id}):
            file = self.paper(self.wanda, **values) if values else strange
            with self.assertRaisesRegex(AccessError, "uploaded" if values else "not allowed"), \
                    self.env.cr.savepoint():
                outcome.with_user(self.wanda).write({"attachment_ids": [Command.link(file.id)]})
            with self.assertRaisesRegex(AccessError, "uploaded"), self.env.cr.savepoint():
                self.settled(file)
        viewer = self.person("viewer", "vera")
        with self.assertRaises(AccessError):
            outcome.with_user(viewer).write({"attachment_ids": [
                Command.link(self.paper(viewer).id)]})
        for wrong in ([999_999_999], ["1"], "1", [True]):
            with self.assertRaisesRegex(UserError, "files"):
                self.recall.with_user(self.anna).settle(rows=[{
                    "lot": self.lot.id, "consignee": self.one.id, "kind": "destroyed",
                    "quantity": 1}], evidence="x", files=wrong)

    def test_a_correction_rests_on_the_same_papers(self):
        file = self.paper()
        outcome = self.settled(file)
        told = outcome.with_user(self.anna).correct(reason="It was one", quantity=1)
        self.assertEqual(outcome.browse(told["outcome"]).attachment_ids.ids, file.ids)

    def test_many_lines_of_a_balance_share_a_paper(self):
        lines = self.env["med.recall.account"].search(
            self.recall.with_user(self.anna).action_balance()["domain"]).with_user(self.anna)
        file = self.paper(res_model="med.recall.account.settle")
        self.env["med.recall.account.settle"].with_user(self.anna).create({
            "account_ids": [Command.set(lines.filtered(lambda one: one.partner_id).ids)],
            "kind": "corrected_field", "evidence": "Report 3",
            "attachment_ids": [Command.link(file.id)]}).action_confirm()
        self.assertEqual([one.attachment_ids.ids for one in self.recall.outcome_ids],
                         [file.ids, file.ids])

    def test_the_incinerators_certificate_is_added_after_the_signatures(self):
        record = self.env["med.recall.destruction"].with_user(self.wanda).create({
            "recall_id": self.recall.id, "method": "incineration", "place": "Kiln 1",
            "attachment_ids": [Command.link(self.paper(self.wanda).id)]})
        record.attachment_ids = [Command.clear()]
        record.action_fill()
        self.sign(record, self.wanda, "performed")
        self.sign(record, self.rana, "witnessed")
        self.assertEqual((record.state, record.attachment_ids.ids), ("done", []))
        file = self.paper(self.wanda, name="Certificate of the kiln", res_model=record._name,
                          res_id=record.id)
        record.write({"attachment_ids": [Command.link(file.id)]})
        self.assertEqual(record.med_signature_status, "valid")
        with self.assertRaisesRegex(AccessError, "never taken away"), self.env.cr.savepoint():
            record.write({"attachment_ids": [Command.unlink(file.id)]})
        self.refused(file)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_recall_return.report_destruction", record.ids)[0].decode()
        for words in ("Certificate of the kiln", file.sudo().med_sha256):
            self.assertIn(words, html)
