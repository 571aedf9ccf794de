from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.med_personal_key import MedPersonalKey
from ..tools import vault
from .common import AuditCase


@tagged("post_install", "-at_install")
class TestPersonal(AuditCase):
    """ISO-4.2.5: personal data is encrypted, read for a purpose, and forgotten in due time."""

    requirement = "ISO-4.2.5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = Path(folder.name) / "personal.key"
        cls.classPatch(MedPersonalKey, "_master_path", lambda keys: cls.path)
        cls.qa = cls.user("qa")
        cls.Request = cls.env["med.personal.request"].with_user(cls.qa)
        cls.request = cls.Request.create({"requester": "Zhang San", "contact": "+86 1"})
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        text = self.path.read_text()
        self.addCleanup(lambda: (self.path.write_text(text), self.path.chmod(0o600)))

    def stored(self, request, name="requester"):
        self.env.flush_all()
        self.env.cr.execute(f"SELECT {name} FROM med_personal_request WHERE id = %s", [request.id])
        return self.env.cr.fetchone()[0]

    def reveal(self, request=None, names=("requester",), purpose="to answer"):
        [found] = (request or self.request).med_reveal(list(names), purpose)["records"]
        return found

    def old_enough(self):
        """Make a rule by which the request's data need not be kept any more."""
        self.env["med.retention.rule"].search([]).active = False
        self.env.company.med_retention_min_years = 0
        self.env["med.retention.rule"].create({
            "name": "short", "regime": "x", "source": "x", "years": 0, "valid_from": "2000-01-01",
            "jurisdiction_id": self.env.ref("med_base.med_jurisdiction_cn").id})
        self.env.company.med_jurisdiction_ids = self.env.ref("med_base.med_jurisdiction_cn")
        self.env.cr.execute("UPDATE med_personal_request SET create_date = %s",
                            [date.today() - timedelta(days=800)])
        self.env.invalidate_all()

    # ------------------------------------------------------------------ stored

    def test_plain_text_is_nowhere_but_behind_the_key(self):
        self.assertTrue(vault.is_sealed(self.stored(self.request)))
        self.assertEqual(self.request.requester, vault.MASK)
        self.assertEqual(self.request.sudo().read(["requester"])[0]["requester"], vault.MASK)
        self.assertEqual(self.request.sudo().export_data(["requester"])["datas"], [[vault.MASK]])
        self.env.cr.execute("SELECT count(*) FROM med_audit.entry WHERE body LIKE '%%Zhang San%%'")
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        history = self.env["med.audit.entry"].history("med.personal.request", self.request.id)
        self.assertIn("(encrypted)", [change["new"] for entry in history["entries"]
                                      for change in entry["changes"]])
        self.assertEqual(self.reveal()["values"], {"requester": "Zhang San"})

    def test_a_value_written_anew_is_another_text_and_the_mask_changes_nothing(self):
        first = self.stored(self.request)
        self.request.requester = "Zhang San"
        second = self.stored(self.request)
        self.assertNotEqual(first, second)
        self.request.write({"requester": vault.MASK, "contact": "+86 2"})
        self.assertEqual(self.stored(self.request), second)
        self.assertEqual(self.reveal(names=("contact",))["values"]["contact"], "+86 2")
        self.request.contact = False
        self.assertFalse(self.stored(self.request, "contact"))

    def test_a_sealed_text_of_another_record_or_field_opens_nothing(self):
        other = self.Request.create({"requester": "Li Si"})
        self.request.requester = self.stored(other)
        self.assertEqual(self.reveal()["values"]["requester"], self.stored(other))
        self.env.cr.execute("UPDATE med_personal_request SET requester = %s WHERE id = %s",
                            [self.stored(other), self.request.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not written by this system"):
            self.reveal()
        with self.assertRaisesRegex(UserError, "not chosen"):
            self.request.med_personal_key_id = other.med_personal_key_id

    # ------------------------------------------------------------------ read

    def test_each_look_is_an_entry_with_its_purpose(self):
        with self.enter_registry_test_mode(), self.person(self.qa):
            self.reveal(purpose="call back")
        [entry] = self.entries(self.request, event="personal_read")
        self.assertEqual((entry["new"]["purpose"], entry["new"]["fields"], entry["user_id"]),
                         ("call back", "requester", self.qa.id))
        self.assertNotIn("Zhang", str(entry))

    def test_without_purpose_right_or_field_nothing_is_shown(self):
        for names, purpose in ((["requester"], " "), ([], "x"), (["decision"], "x"),
                               (["med_personal_key_id"], "x"), ("requester", "x")):
            with self.subTest(names=names), self.assertRaises(UserError):
                self.request.med_reveal(names, purpose)
        for role in ("operator", "auditor", "system_admin"):
            with self.assertRaises(AccessError):
                self.request.with_user(self.user(role)).med_reveal(["requester"], "x")
        self.assertFalse(self.entries(self.request, event="personal_read"))

    # ------------------------------------------------------------------ forgotten

    def test_what_must_be_kept_or_may_have_to_be_is_not_forgotten(self):
        self.request.write({"kind": "forget", "decision": "asked for"})
        with self.assertRaises(UserError):
            self.request.med_forget("asked for")
        self.assertEqual(self.reveal()["values"]["requester"], "Zhang San")

    def test_forgetting_destroys_the_key_and_keeps_the_proof(self):
        self.old_enough()
        before = self.stored(self.request)
        self.env.cr.execute("SELECT id, body FROM med_audit.entry WHERE model = %s AND res_id = %s"
                            " ORDER BY id", ["med.personal.request", self.request.id])
        bodies = self.env.cr.fetchall()
        self.assertEqual(self.request.med_forget("asked for")["forgotten"], 1)
        self.assertEqual(self.stored(self.request), before)
        found = self.reveal()
        self.assertEqual((found["forgotten"], found["values"]), (True, {"requester": ""}))
        key = self.request.med_personal_key_id.sudo()
        self.assertFalse(key.wrapped)
        self.assertEqual((key.forgotten_uid, key.reason), (self.qa, "asked for"))
        self.assertEqual(len(self.entries(self.request, event="personal_forgotten")), 1)
        self.env.cr.execute("SELECT id, body FROM med_audit.entry WHERE id = ANY(%s) ORDER BY id",
                            [[number for number, _body in bodies]])
        self.assertEqual(self.env.cr.fetchall(), bodies)
        self.request.requester = "New"
        self.assertEqual(self.reveal(names=("requester", "contact"))["values"],
                         {"requester": "New", "contact": ""})

    def test_keys_are_never_deleted_and_never_readable(self):
        key = self.request.med_personal_key_id
        with self.assertRaises(UserError):
            key.sudo().unlink()
        with self.assertRaises(AccessError):
            key.with_user(self.qa).read(["wrapped"])
        with self.assertRaises(AccessError):
            key.with_user(self.qa).write({"reason": "x"})

    # ------------------------------------------------------------------ request

    def test_request_is_decided_once_with_grounds(self):
        with self.assertRaisesRegex(UserError, "decision"):
            self.request.action_grant()
        self.request.decision = "told by letter"
        self.request.action_grant()
        self.assertEqual(self.request.state, "granted")
        with self.assertRaisesRegex(UserError, "already"):
            self.request.action_refuse()
        with self.assertRaises(UserError):
            self.Request.create({"state": "granted"})

    def test_a_decision_is_not_written_past_its_grounds_and_stays(self):
        with self.assertRaisesRegex(UserError, "button"):
            self.request.write({"state": "granted"})
        forged = self.Request.with_context(default_state="granted").create({})
        self.assertEqual(forged.state, "open")
        self.request.decision = "told by letter"
        self.request.action_refuse()
        for vals in ({"decision": "other"}, {"kind": "forget"}, {"state": "open"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.request.sudo().write(vals)

    def test_no_default_of_the_caller_stores_plain_text_or_the_key_of_another(self):
        request = self.Request.with_context(
            default_requester="Wang Wu", default_med_personal_key_id=self.request.sudo(
            ).med_personal_key_id.id).create({"kind": "access"})
        self.assertFalse(self.stored(request))
        self.assertFalse(request.sudo().med_personal_key_id)

    def test_request_to_forget_forgets_its_record(self):
        self.old_enough()
        asked = self.Request.create({
            "requester": "Li Si", "kind": "forget", "decision": "over",
            "model": "med.personal.request",
            "res_id": self.request.id})
        asked.action_grant()
        self.assertTrue(self.reveal()["forgotten"])

    # ------------------------------------------------------------------ master key

    def test_master_key_is_a_file_of_the_server_alone(self):
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)
        self.path.chmod(0o644)
        with self.assertRaisesRegex(UserError, "read by others"):
            self.reveal()
        self.path.chmod(0o600)
        self.path.unlink()
        with self.assertRaisesRegex(UserError, "missing"):
            self.reveal()
        for wrong, words in ((Fernet.generate_key().decode(), "not the one"), ("x", "cannot")):
            self.path.write_text(wrong)
            self.path.chmod(0o600)
            with self.assertRaisesRegex(UserError, words):
                self.reveal()

    def test_a_new_master_key_takes_over(self):
        text = self.path.read_text()
        self.path.write_text(f"{Fernet.generate_key().decode()}\n{text}")
        self.assertGreaterEqual(self.env["med.personal.key"]._rewrap(), 1)
        self.path.write_text(self.path.read_text().splitlines()[0])
        self.env.invalidate_all()
        self.assertEqual(self.reveal()["values"]["requester"], "Zhang San")
