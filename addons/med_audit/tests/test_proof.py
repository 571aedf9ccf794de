import base64
import subprocess
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import InsufficientPrivilege

from .. import keys, sealer
from ..models.med_audit_anchor import MedAuditAnchor
from ..models.med_audit_entry_proof import raw
from ..tools import bundle, merkle, note, sealing
from ..tools.checkpoint import Checkpoint, verified

READERS = ("qa", "auditor", "regulatory", "system_admin")


class ProofCase(MedCase):
    """A log that begins in the test and is sealed in its transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.log_before = cls.env["med.audit.checkpoint"]._log_id()
        known = keys.public(cls.log_before)
        cls.startClassPatcher(patch.object(keys, "path", lambda log: cls.folder / f"{log}.key"))
        if known:
            (cls.folder / f"{cls.log_before}.pub").write_text(known)
        else:  # nothing was sealed in this database yet
            keys.add(cls.log_before)
        cls.env.cr.execute("SELECT med_audit.new_log('test')::text")
        [cls.log] = cls.env.cr.fetchone()
        keys.add(cls.log, cls.log_before)
        cls.users = {role: cls.user(role) for role in (
            *READERS, "viewer", "warehouse", "operator", "portal_dealer")}
        cls.Entry = cls.env["med.audit.entry"]
        cls.entry = cls.Entry._record_event("test", cls.env.company, {"name": "é"})

    def picture(self):
        """Picture the rows that were there when auditing began, as the scheduled action does."""
        self.env.flush_all()
        self.env.cr.execute("SELECT tbl FROM med_audit.target WHERE pictured IS NOT NULL")
        tables = [table for table, in self.env.cr.fetchall()]
        for table in tables:
            self.env.cr.execute("SELECT med_audit.picture(%s, 1000000)", [table])
        self.env.cr.execute("SELECT count(*) FROM med_audit.target WHERE pictured IS NULL")
        return self.env.cr.fetchone()[0]

    @classmethod
    def seal(cls):
        cls.env.flush_all()
        return sealing.seal(raw(cls.env.cr), keys.signers(cls.log)).note

    def tamper(self, statement):
        self.env.cr.execute(f"""
            ALTER TABLE med_audit.entry DISABLE TRIGGER med_audit_refuse; {statement};
            ALTER TABLE med_audit.entry ENABLE ALWAYS TRIGGER med_audit_refuse""")

    def notified(self, subject):
        return self.env["mail.message"].search([("subject", "=", subject)])


@tagged("post_install", "-at_install")
class TestProof(ProofCase):
    """What is sealed can be proved, and what was altered is named."""

    requirement = "P11-10a-2 P11-10b P11-10e-3 LOG-1 LOG-8"

    def test_entry_is_proved_by_its_checkpoint_and_key_alone(self):
        self.seal()
        for role in READERS:
            answer = self.Entry.with_user(self.users[role]).prove(entry=str(self.entry))
            public = [note.Key.parse(key) for key in answer["keys"]]
            point = verified(answer["checkpoint"], public)
            self.assertTrue(merkle.verify_inclusion(
                merkle.leaf_hash(answer["body"].encode()), int(answer["seq"]), point.size,
                [note.decode(one) for one in answer["inclusion"]], point.root))
            self.assertEqual((point.log, answer["version"]), (self.log, 1))

    def test_entry_without_seal_is_told_as_such(self):
        self.assertEqual(self.Entry.prove(entry=str(self.entry)),
                         {"version": 1, "entry": str(self.entry), "sealed": False})

    def test_bad_arguments_are_one_sentence(self):
        for bad in ("x", None, "", "999999999999"):
            with self.assertRaisesRegex(UserError, "^entry: "):
                self.Entry.prove(entry=bad)

    def test_who_may_not_read_the_trail_proves_and_verifies_nothing(self):
        for role in ("viewer", "warehouse", "operator", "portal_dealer"):
            entries = self.Entry.with_user(self.users[role])
            for call in (lambda entries=entries: entries.prove(entry=str(self.entry)),
                         lambda entries=entries: entries.verify()):
                with self.assertRaises(AccessError):
                    call()
            with self.assertRaises(AccessError):
                self.env["med.audit.verification"].with_user(self.users[role]).action_begin()

    def test_altered_entry_is_not_proved(self):
        self.seal()
        self.tamper(f"UPDATE med_audit.entry SET body = replace(body, 'é', 'e')"
                    f" WHERE id = {self.entry}")
        with self.assertRaisesRegex(UserError, "not what was sealed"):
            self.Entry.prove(entry=str(self.entry))

    def test_untouched_trail_is_intact_with_all_records_compared(self):
        self.assertGreater(self.picture(), 5)
        self.seal()
        answer = self.Entry.with_user(self.users["qa"]).verify()
        self.assertEqual((answer["state"], answer["findings"]), ("intact", []))
        self.env.cr.execute("SELECT count(*) FROM med_audit.leaf")
        self.assertEqual([answer["verified"]], list(self.env.cr.fetchone()))
        run = self.env["med.audit.verification"].browse(answer["run"])
        self.assertEqual((run.progress, run.phase), (100, "done"))
        self.assertIn("as it was sealed", run.verdict)

    def test_altered_trail_is_named_recorded_and_told_to_quality_assurance(self):
        self.seal()
        self.tamper(f"UPDATE med_audit.entry SET body = replace(body, 'é', 'e')"
                    f" WHERE id = {self.entry}")
        answer = self.Entry.with_user(self.users["auditor"]).verify()
        self.assertEqual(answer["state"], "broken")
        first = answer["findings"][0]
        self.assertEqual((first["kind"], first["entry"]), ("LOG-1", str(self.entry)))
        run = self.env["med.audit.verification"].browse(answer["run"])
        self.assertIn(first["text"], run.verdict)
        self.assertTrue(self.notified("The audit trail is not intact"))
        self.assertTrue(self.Entry.search([
            ("event", "=", "verification"), ("res_id", "=", run.id)]))

    def test_record_changed_behind_the_trail_is_named(self):
        self.picture()
        self.seal()
        self.env.cr.execute("""
            ALTER TABLE res_users DISABLE TRIGGER med_audit_capture;
            UPDATE res_users SET login = 'forged' WHERE id = %s;
            ALTER TABLE res_users ENABLE ALWAYS TRIGGER med_audit_capture""",
                            [self.users["viewer"].id])
        findings = self.Entry.verify()["findings"]
        self.assertEqual([one["kind"] for one in findings], ["LOG-8"])
        self.assertIn(f"login of res.users {self.users['viewer'].id}", findings[0]["text"])

    def test_verification_goes_on_where_it_was_left(self):
        self.seal()
        run = self.env["med.audit.verification"].create({})
        steps = 0
        while run.state == "running":
            run._work(0.0001)
            run.invalidate_recordset()
            steps += 1
        self.assertEqual(run.state, "intact")
        self.assertGreater(steps, 2)

    def test_verifications_and_anchors_are_kept(self):
        run = self.env["med.audit.verification"].create({})
        with self.assertRaisesRegex(UserError, "records and stay"):
            run.unlink()

    def test_one_verification_runs_at_a_time(self):
        first = self.env["med.audit.verification"].with_user(self.users["qa"]).action_begin()
        again = self.env["med.audit.verification"].with_user(self.users["auditor"]).action_begin()
        self.assertEqual(first["res_id"], again["res_id"])

    def test_weekly_verification_is_begun_once(self):
        runs = self.env["med.audit.verification"]
        before = runs.search_count([])
        runs._cron_begin()
        runs._cron_begin()
        self.assertEqual(runs.search_count([]), before + 1)

    def test_bundle_is_verified_without_the_database(self):
        self.seal()
        self.Entry._record_event("later")
        self.env.cr.execute("SELECT seq FROM med_audit.leaf WHERE seq %% 3 = 0 OR entry = %s",
                            [self.entry])
        seqs = [seq for seq, in self.env.cr.fetchall()]
        path = self.folder / "bundle.zip"
        path.write_bytes(self.Entry._bundle(seqs))
        contents = bundle.read(path)
        point, count = bundle.verify(contents, keys.public_keys(self.log))
        self.assertEqual((count, point.log), (len(seqs), self.log))
        self.assertIn("é".encode(), contents["entries.jsonl"])


@tagged("post_install", "-at_install")
class TestSeal(ProofCase):
    """The sequencer's keys, its lag, and the alarm when it stops."""

    requirement = "P11-10a-2 P11-10c LOG-3 LOG-5"

    def test_private_key_is_for_the_server_alone_and_public_keys_are_told(self):
        private = keys.path(self.log)
        self.assertEqual(private.stat().st_mode & 0o777, 0o600)
        for role in READERS:
            answer = self.env["med.audit.checkpoint"].with_user(self.users[role]).public_keys()
            self.assertIn(str(keys.signers(self.log)[0].key), answer["keys"])
        with self.assertRaises(AccessError):
            self.env["med.audit.checkpoint"].with_user(self.users["operator"]).public_keys()
        settings = self.env["res.config.settings"].create({})
        self.assertIn(str(keys.signers(self.log)[0].key), settings.med_audit_public_keys)
        self.assertNotIn("PRIVATE", settings.med_audit_public_keys)

    def test_while_keys_change_both_sign_and_each_change_is_an_entry(self):
        checkpoints = self.env["med.audit.checkpoint"].with_user(self.users["system_admin"])
        self.seal()
        old = keys.signers(self.log)[0].key
        new = note.Key.parse(checkpoints.rotate_key()["key"])
        both = note.Note.parse(self.seal())
        self.assertEqual(both.signers([old, new]), [new, old])
        checkpoints.retire_key()
        self.Entry._record_event("more")
        self.assertEqual(note.Note.parse(self.seal()).signers([old, new]), [new])
        self.assertTrue({"seal_key", "seal_key_retired"} <= set(
            self.Entry.search([], limit=20).mapped("event")))
        self.assertIn(str(old), keys.public(self.log), "what it signed stays verifiable")

    def test_keys_are_changed_by_system_administrators_alone(self):
        for role in ("qa", "auditor", "operator"):
            checkpoints = self.env["med.audit.checkpoint"].with_user(self.users[role])
            for call in (checkpoints.rotate_key, checkpoints.retire_key,
                         lambda c=checkpoints: c.resume_after_restore("why")):
                with self.assertRaises(AccessError):
                    call()

    def test_restored_log_is_sealed_again_only_with_a_reason_on_record(self):
        self.seal()
        keys.keep(self.log, self.env.cr.dbname, Checkpoint(
            self.log, 10**9, bytes(32), "2026-11-22T03:57:17.123456Z", 1, "1:1:", "x",
        ).signed(keys.signers(self.log)))
        self.Entry._record_event("more")
        kept = keys.last(self.log, self.env.cr.dbname)
        with self.assertRaisesRegex(sealing.SealError, "not in the database"):
            sealing.seal(raw(self.env.cr), keys.signers(self.log), kept)
        checkpoints = self.env["med.audit.checkpoint"].with_user(self.users["system_admin"])
        with self.assertRaisesRegex(UserError, "Say why"):
            checkpoints.resume_after_restore(" ")
        checkpoints.resume_after_restore("Restored from the backup of Sunday")
        self.assertEqual(keys.last(self.log, self.env.cr.dbname), "")
        self.assertEqual(self.Entry.search([], limit=1).event, "seal_resumed")

    def test_lag_is_the_age_of_the_oldest_entry_without_a_seal(self):
        lag = self.env["med.audit.checkpoint"]._lag()
        self.assertGreaterEqual(lag["entries"], 1)
        self.assertTrue(lag["since"])
        self.seal()
        lag = self.env["med.audit.checkpoint"]._lag()
        self.assertEqual((lag["entries"], lag["seconds"], lag["since"]), (0, 0, ""))

    def cron(self, **error):
        with patch.object(sealer, "seal", **error), patch.object(self.env.cr, "commit"):
            self.env["med.audit.checkpoint"]._cron_seal()

    def test_quality_assurance_is_told_once_when_sealing_stops_or_lags(self):
        subject = "The audit trail is not being sealed"
        self.env["ir.config_parameter"].set_param("med_audit.lag_limit", "999999999")
        self.cron(side_effect=sealing.SealError("Sealing stopped: no key."))
        self.cron(side_effect=sealing.SealError("Sealing stopped: no key."))
        self.assertEqual(len(self.notified(subject)), 1)
        self.assertIn("no key", self.env["med.audit.checkpoint"]._lag()["problem"])
        self.cron()
        self.assertEqual(self.env["med.audit.checkpoint"]._lag()["problem"], "")
        self.env["ir.config_parameter"].set_param("med_audit.lag_limit", "-1")
        self.cron()
        self.assertEqual(len(self.notified(subject)), 2)

    def test_checkpoints_are_read_by_the_roles_of_the_trail(self):
        text = self.seal()
        for role in READERS:
            newest = self.env["med.audit.checkpoint"].with_user(
                self.users[role]).search([], limit=1)
            self.assertEqual(newest.note, text)
        with self.assertRaises(AccessError):
            self.env["med.audit.checkpoint"].with_user(self.users["viewer"]).search([])


@tagged("post_install", "-at_install")
class TestAnchor(ProofCase):
    """Checkpoints leave the machine, and what comes back is checked."""

    requirement = "P11-10a-2 LOG-3 LOG-5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.note = cls.seal()
        cls.param = cls.env["ir.config_parameter"].set_param
        cls.anchors = cls.env["med.audit.anchor"]

    def anchor(self):
        self.anchors.with_user(self.users["system_admin"]).action_anchor()
        return self.anchors.search([], limit=1)

    def authority(self):
        """Make a time-stamp authority of the openssl program; return its root (PEM)."""
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.folder, check=True,
                           capture_output=True)
        (self.folder / "tsa.cnf").write_text(
            "[leaf]\nkeyUsage = critical, digitalSignature\n"
            "extendedKeyUsage = critical, timeStamping\n"
            "[tsa]\nserial = serial\ncrypto_device = builtin\nsigner_digest = sha256\n"
            "default_policy = 1.2.3.4.1\ndigests = sha256\nordering = no\ntsa_name = no\n"
            "ess_cert_id_chain = no\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n")
        (self.folder / "serial").write_text("01")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
                "ca.pem", "-days", "2", "-subj", "/CN=Test root")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
                "-subj", "/CN=Test authority")
        openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-out", "tsa.pem", "-days", "2", "-extfile", "tsa.cnf",
                "-extensions", "leaf")

        def answer(_self, _url, data):
            (self.folder / "asked.tsq").write_bytes(data)
            openssl("ts", "-reply", "-queryfile", "asked.tsq", "-out", "answer.tsr", "-config",
                    "tsa.cnf", "-section", "tsa")
            return (self.folder / "answer.tsr").read_bytes()
        self.startPatcher(patch.object(MedAuditAnchor, "_ask_authority", answer))
        return (self.folder / "ca.pem").read_text()

    def test_checkpoint_goes_to_a_folder_once(self):
        self.param("med_audit.anchor_folder", str(self.folder))
        anchor = self.anchor()
        self.assertEqual((anchor.state, anchor.kind, anchor.note), ("done", "file", self.note))
        [path] = self.folder.glob("*.checkpoint")
        self.assertEqual(path.read_text(), self.note)
        count = self.anchors.search_count([])
        self.anchor()
        self.assertEqual(self.anchors.search_count([]), count)

    def test_checkpoint_goes_out_by_mail(self):
        self.param("med_audit.anchor_emails", "witness@example.com")
        with patch.object(type(self.env["mail.mail"]), "send", autospec=True) as send:
            self.assertEqual(self.anchor().state, "done")
        mail = send.call_args.args[0]
        self.assertEqual(mail.email_to, "witness@example.com")
        self.assertEqual(mail.attachment_ids.raw.decode(), self.note)

    def test_checkpoint_is_stamped_by_a_time_stamp_authority(self):
        self.param("med_audit.tsa_roots", self.authority())
        self.param("med_audit.tsa_url", "https://tsa.example.com")
        anchor = self.anchor()
        self.assertEqual((anchor.state, anchor.error), ("done", False))
        self.assertLess(abs((anchor.stamped - anchor.create_date).total_seconds()), 120)
        anchor.with_user(self.users["auditor"]).action_compare()
        self.env.cr.execute("UPDATE med_audit_anchor SET token = %s WHERE id = %s",
                            [base64.b64encode(b"x"), anchor.id])
        anchor.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "not good"):
            anchor.action_compare()

    def test_stamp_under_another_root_or_of_another_checkpoint_is_refused(self):
        self.authority()
        (self.folder / "other").mkdir()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "o.key", "-out",
             "o.pem", "-days", "2", "-subj", "/CN=Other"], cwd=self.folder / "other", check=True,
            capture_output=True)
        self.param("med_audit.tsa_roots", (self.folder / "other" / "o.pem").read_text())
        self.param("med_audit.tsa_url", "https://tsa.example.com")
        anchor = self.anchor()
        self.assertEqual(anchor.state, "failed")
        self.assertIn("not good", anchor.error)
        self.assertTrue(self.notified("A checkpoint of the audit trail could not be anchored"))

    def test_folder_that_cannot_be_written_is_told(self):
        self.param("med_audit.anchor_folder", str(self.folder / "none"))
        self.assertEqual(self.anchor().state, "failed")

    def test_log_cut_off_or_rewritten_since_an_anchor_is_told(self):
        self.param("med_audit.anchor_folder", str(self.folder))
        anchor = self.anchor()
        anchor.action_compare()
        for statement in ("UPDATE med_audit.leaf SET hash = sha256('x') WHERE seq = 0",
                          "DELETE FROM med_audit.leaf WHERE seq ="
                          " (SELECT max(seq) FROM med_audit.leaf)"):
            self.env.cr.execute(f"""
                ALTER TABLE med_audit.leaf DISABLE TRIGGER med_audit_refuse; {statement}""")
            with self.assertRaisesRegex(UserError, "does not agree"):
                anchor.action_compare()

    def test_anchors_are_not_changed_and_only_administrators_make_them(self):
        self.param("med_audit.anchor_folder", str(self.folder))
        anchor = self.anchor()
        with self.assertRaisesRegex(UserError, "not changed"):
            anchor.write({"size": 1})
        with self.assertRaisesRegex(UserError, "stay"):
            anchor.unlink()
        with self.assertRaises(AccessError):
            self.anchors.with_user(self.users["qa"]).action_anchor()
        self.param("med_audit.anchor_folder", "")
        with self.assertRaisesRegex(UserError, "Say in the settings"):
            self.anchor()

    def test_leaves_and_checkpoints_are_not_changed_by_sql(self):
        for statement in ("DELETE FROM med_audit.leaf", "DELETE FROM med_audit.checkpoint",
                          "UPDATE med_audit.checkpoint SET size = 1", "TRUNCATE med_audit.leaf",
                          "TRUNCATE med_audit.checkpoint", "TRUNCATE med_audit.subtree"):
            with mute_logger("odoo.sql_db"), self.assertRaises(InsufficientPrivilege), \
                    self.env.cr.savepoint():
                self.env.cr.execute(statement)
