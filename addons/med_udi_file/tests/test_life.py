from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import UdiFileCase, b64

CSV = "最小销售单元产品标识,状态,原因,主键编号\n"


@tagged("post_install", "-at_install")
class TestLife(UdiFileCase):
    """From made to submitted, and to what the regulator says of each device."""

    requirement = "X8 CN-UDI-4"

    def answered(self, file, text, name="answer.csv"):
        return file.read_answer(name=name, content=b64(text))

    def test_submitting_keeps_person_time_and_receipt(self):
        di = self.full()
        file = self.made("nmpa_xml", di)
        for bad in ("", "  ", None, 7, "x" * 300):
            with self.refused("receipt"):
                file.submit(bad)
        told = file.submit(receipt="ACK-7", receipt_name="ack.xml", receipt_file=b64("<ack/>"))
        self.assertEqual(told["state"], "submitted")
        self.assertEqual((file.submitted_user_id, file.receipt_number), (self.regulatory, "ACK-7"))
        self.assertTrue(file.submitted_time and file.receipt_sha256)
        self.assertEqual(file.verify()["files"], {file.name: True})
        states = dict(di.registration_ids.mapped(lambda one: (one.jurisdiction_id.code,
                                                              one.state)))
        self.assertEqual(states, {"CN": "submitted", "US": "draft", "EU": "draft"})
        with self.refused("Submitted"):
            file.submit("again")

    def test_an_answer_publishes_what_was_accepted(self):
        one, two = self.full(), self.full()
        file = self.waiting(one | two, "nmpa_xml")
        told = self.answered(file, CSV + f"{one.name},成功,,KEY-1\n")
        self.assertEqual((told["state"], told["accepted"], told["waiting"]), ("submitted", 1, 1))
        registration = file.line_ids[0].registration_id
        self.assertEqual((registration.state, registration.record_key), ("published", "KEY-1"))
        self.assertEqual(registration.published_date, fields.Date.context_today(registration))
        told = self.answered(file, CSV + f"{two.name},退回,注册证编号错误,\n")
        self.assertEqual(told["state"], "partial")
        line = file.line_ids[1]
        self.assertEqual((line.state, line.message, line.registration_id.state),
                         ("refused", "注册证编号错误", "submitted"))
        self.assertEqual(sorted(file.answer_ids.mapped("accepted_count")), [0, 1])

    def test_a_basic_udi_di_is_registered_when_accepted(self):
        di = self.full()
        file = self.waiting(di, "eudamed_basic")
        self.answered(file, f"""<r><result><entityIdentifier>{di.basic_id.name}</entityIdentifier>
            <status>accepted</status></result></r>""", "a.xml")
        self.assertEqual(file.state, "accepted")
        self.assertTrue(di.basic_id.registered_date)
        self.assertEqual(set(di.registration_ids.mapped("state")), {"draft"})

    def test_a_suspended_registration_is_not_lifted_by_an_answer(self):
        di = self.full()
        file = self.waiting(di, "nmpa_xml")
        file.line_ids.registration_id.state = "suspended"
        self.answered(file, CSV + f"{di.name},成功,,\n")
        self.assertEqual(file.line_ids.registration_id.state, "suspended")

    def test_an_answer_is_read_whole_or_not_at_all(self):
        one, other = self.full(), self.full()
        file = self.waiting(one, "nmpa_xml")
        for text, words in (
                (CSV + f"{one.name},成功,,\n{other.name},成功,,\n", "does not hold"),
                (CSV + f"{one.name},成功,,\n{one.name},成功,,\n", "second time"),
                (CSV + f"{one.name},可能,,\n", "neither"), ("a,b\n1,2\n", "no column"),
                (CSV, "no device"), (b"\xff\xfe\x00\x80", "neither UTF-8")):
            with self.subTest(words=words), self.refused(words):
                self.answered(file, text)
            self.assertEqual(file.line_ids.state, "waiting")
        self.assertFalse(file.answer_ids)
        for bad in (None, "", "no base64!", 7):
            with self.refused("base64"):
                file.read_answer(name="a", content=bad)
        self.answered(file, CSV + f"{one.name},成功,,\n")
        with self.refused("Accepted"):
            self.answered(file, CSV + f"{one.name},成功,,\n")

    def test_an_answer_with_an_entity_is_not_read(self):
        file = self.waiting(self.full())
        for text in ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
                     '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>'):
            with self.refused("document type"):
                self.answered(file, text)

    def test_a_new_file_supersedes_with_what_is_left(self):
        one, two = self.full(), self.full()
        file = self.waiting(one | two, "nmpa_xml")
        self.answered(file, CSV + f"{one.name},成功,,\n{two.name},退回,x,\n")
        new = self.File.browse(file.supersede()["file"])
        self.assertEqual((file.state, new.previous_id, new.line_ids.di_id),
                         ("superseded", file, two))
        self.assertEqual(new.state, "draft")
        with self.refused("Superseded"):
            file.supersede()
        with self.refused("Draft"):
            new.supersede()

    def test_what_was_made_stays(self):
        file = self.made("nmpa_xml", self.full())
        admin = self.env.ref("base.user_admin")
        for user in (self.regulatory, admin, self.env.user):
            one = file.with_user(user)
            if user == self.env.user:
                one = file.sudo()
            for change in (lambda f: f.write({"state": "accepted"}),
                           lambda f: f.write({"data": b64("x")}),
                           lambda f: f.write({"sha256": "x"}),
                           lambda f: f.write({"format_id": self.forms["nmpa_xlsx"].id}),
                           lambda f: f.line_ids.write({"state": "accepted"}),
                           lambda f: f.line_ids.unlink(), lambda f: f.unlink(),
                           lambda f: f.with_context(_force_unlink=True).unlink(),
                           lambda f: f.copy(),
                           lambda f: f.write({"line_ids": [(5,)]})):
                with self.refused(error=(UserError, AccessError)):
                    change(one)
        file.note = "may be written"

    def test_its_attachment_stays(self):
        file = self.made("nmpa_xml", self.full())
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", file._name), ("res_id", "=", file.id), ("res_field", "=", "data")])
        self.assertTrue(attachment)
        for one in (attachment, attachment.with_user(self.regulatory)):
            for change in (lambda a: a.write({"raw": b"x"}), lambda a: a.unlink(),
                           lambda a: a.write({"res_id": 0}),
                           lambda a: a.create({"name": "x", "raw": b"x", "res_model": file._name,
                                               "res_id": file.id, "res_field": "data"})):
                with self.refused(error=AccessError):
                    change(one)

    def test_machine_fields_are_not_the_callers(self):
        values = {"format_id": self.forms["nmpa_xml"].id, "state": "accepted", "name": "MINE",
                  "sha256": "x", "receipt_number": "R", "check_state": "passed"}
        file = self.File.with_context(default_state="made", default_check_state="passed",
                                      default_submitted_user_id=1).create(values)
        self.assertEqual((file.state, file.sha256, file.receipt_number, file.check_state,
                          file.submitted_user_id.id), ("draft", False, False, False, False))
        self.assertNotEqual(file.name, "MINE")
        line = self.env["med.udi.file.line"].with_user(self.regulatory).with_context(
            default_state="accepted").create(
                {"file_id": file.id, "di_id": self.full().id, "state": "accepted", "message": "x"})
        self.assertEqual((line.state, line.message), ("waiting", False))
        line.unlink()
        self.assertFalse(file.line_ids)
