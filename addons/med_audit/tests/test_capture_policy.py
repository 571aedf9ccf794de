from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from .common import AuditCase

CORE = (
    "res.users", "res.groups", "ir.model.access", "ir.rule", "ir.actions.server", "ir.cron",
    "ir.config_parameter", "ir.attachment", "res.company", "res.partner", "res.users.apikeys",
    "med.jurisdiction", "med.calendar", "med.calendar.year", "med.calendar.day", "med.clock.rule",
    "med.retention.rule", "med.audit.policy", "med.audit.reason",
)


@tagged("post_install", "-at_install")
class TestCapturePolicy(AuditCase):
    """Which models are audited is itself audited, and cannot be narrowed from the client."""

    requirement = "P11-10e-1 LOG-10 P11-10k"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["med.audit.policy"]
        cls.admin = cls.user("system_admin")
        cls.qa = cls.user("qa")
        cls.model = cls.env["ir.model"]._get("res.bank")

    def policy(self, model):
        return self.Policy.search([("model", "=", model)])

    def problems(self):
        self.env.cr.execute("SELECT tbl, problem FROM med_audit.expected() WHERE problem <> ''")
        return dict(self.env.cr.fetchall())

    def run_check(self):
        with self.enter_registry_test_mode():
            self.env.ref("med_audit.ir_cron_check").method_direct_trigger()

    def alarms(self):
        return self.env["mail.message"].search([
            ("message_type", "=", "user_notification"),
            ("partner_ids", "in", self.qa.partner_id.ids),
        ])

    def test_core_and_own_models_are_audited_from_the_start(self):
        for model in CORE:
            with self.subTest(model=model):
                self.assertEqual(len(self.policy(model)), 1)
                self.assertTrue(self.policy(model).locked)
                self.assertIn(self.policy(model).state, ("on", "picture"))
        self.assertFalse(self.problems())

    def test_administrator_adds_a_model_and_it_is_audited_at_once(self):
        bank = self.env["res.bank"].create({"name": "Old"})
        with self.person(self.admin):
            policy = self.Policy.with_user(self.admin).create({"model_id": self.model.id})
        self.assertEqual(policy.tables, "res_bank")
        bank.name = "New"
        [entry] = self.entries(bank, "U")
        self.assertEqual((entry["old"]["name"], entry["new"]["name"]), ("Old", "New"))
        [created] = self.entries(policy, "I")
        self.assertEqual(created["user_id"], self.admin.id)
        [attached] = self.entries(self.env["res.bank"], event="attach")
        self.assertEqual(attached["new"]["tbl"], "res_bank")

    def test_rows_from_before_are_pictured_once(self):
        banks = self.env["res.bank"].create([{"name": f"Bank {n}"} for n in range(3)])
        policy = self.Policy.create({"model_id": self.model.id})
        self.assertEqual(policy.state, "picture")
        later = self.env["res.bank"].create({"name": "Later"})
        banks[0].name = "Renamed"
        self.env.flush_all()
        for _run in range(2):
            self.run_check()
        self.assertEqual([entry["new"]["name"] for bank in banks for entry in
                          self.entries(bank, "S")], ["Renamed", "Bank 1", "Bank 2"])
        self.assertEqual(len(self.entries(later, "I")), 1)
        policy.invalidate_recordset()
        self.assertEqual(policy.state, "on")

    def test_links_from_before_are_pictured_too(self):
        self.run_check()
        user = self.env.ref("base.user_admin")
        entries = [entry for entry in self.entries(user, "S")
                   if entry["tbl"] == "res_groups_users_rel"]
        self.assertEqual({entry["new"]["gid"] for entry in entries},
                         set(map(str, user.group_ids.ids)))

    def test_picture_goes_on_in_batches(self):
        self.env["res.bank"].create([{"name": f"Bank {n}"} for n in range(5)])
        self.Policy.create({"model_id": self.model.id})
        seen = []
        while not seen or seen[-1]:
            self.env.cr.execute("SELECT med_audit.picture('res_bank', 2)")
            seen.append(self.env.cr.fetchone()[0])
        total = self.env["res.bank"].with_context(active_test=False).search_count([])
        self.assertEqual(sum(seen), total)
        self.env.cr.execute("SELECT count(DISTINCT res_id), count(*) FROM med_audit.entry"
                            " WHERE model = 'res.bank' AND op = 'S'")
        self.assertEqual(self.env.cr.fetchone(), (total, total))

    def test_own_policy_is_archived_and_the_log_says_so(self):
        policy = self.Policy.with_user(self.admin).create({"model_id": self.model.id})
        policy.active = False
        self.assertFalse(policy.tables)
        self.assertEqual(policy.state, "off")
        self.assertTrue(self.entries(self.env["res.bank"], event="detach"))

    def test_declared_policy_is_not_switched_off_by_anybody(self):
        hostile = {"_force_unlink": True, "install_mode": True, "module": "med_audit"}
        for who in (self.admin, self.env.ref("base.user_root")):
            policy = self.policy("res.partner").with_user(who).with_context(**hostile)
            for records in (policy, policy.sudo()):
                for vals in ({"active": False}, {"locked": False}, {"quiet_fields": "city"},
                             {"skip_rows": "city=x"}, {"model_id": self.model.id},
                             {"secret_fields": "name"}):
                    with self.subTest(who=who.login, vals=vals), self.assertRaises(UserError):
                        records.write(vals)
                with self.subTest(who=who.login), self.assertRaises(UserError):
                    records.unlink()
        self.assertFalse(self.problems())

    def test_policy_that_leaves_rows_out_is_not_made_in_the_client(self):
        for vals in ({"quiet_fields": "name"}, {"skip_rows": "name=x"}, {"locked": True}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.Policy.with_user(self.admin).create({"model_id": self.model.id, **vals})

        policy = self.Policy.with_user(self.admin).with_context(
            default_quiet_fields="name", default_skip_rows="name=x", default_locked=True,
        ).create({"model_id": self.model.id})
        self.assertRecordValues(policy, [
            {"quiet_fields": False, "skip_rows": False, "locked": False}])

    def test_server_action_switches_no_declared_policy_off(self):
        action = self.env["ir.actions.server"].create({
            "name": "Attack", "state": "code",
            "model_id": self.env["ir.model"]._get_id("med.audit.policy"),
            "code": "env['med.audit.policy'].sudo().search([]).write({'active': False})",
        })
        with self.assertRaises(UserError), mute_logger("odoo.addons.base.models.ir_actions"):
            action.with_user(self.admin).run()

    def test_only_administrators_add_policies(self):
        for role in ("qa", "regulatory", "auditor", "viewer", "warehouse", ""):
            user = self.qa if role == "qa" else self.user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.Policy.with_user(user).create({"model_id": self.model.id})
        self.assertTrue(self.policy("res.partner").with_user(self.qa).has_access("write"))

    def test_change_of_a_policy_is_an_alarm_to_quality_assurance(self):
        before = self.alarms()
        policy = self.Policy.with_user(self.admin).create({"model_id": self.model.id})
        created = self.alarms() - before
        self.assertEqual(len(created), 1)
        self.assertIn("created", created.body)
        policy.unlink()
        self.assertEqual(len(self.alarms() - before), 2)

    def test_policy_of_nonsense_is_refused_with_a_sentence(self):
        with self.assertRaisesRegex(ValidationError, "keeps no records"):
            self.Policy.create({"model_id": self.env["ir.model"]._get_id("mail.thread")})
        policy = self.Policy.create({"model_id": self.model.id})
        for vals, sentence in (
            ({"reason_domain": "nonsense"}, "not a domain"),
            ({"reason_domain": "[('nothing', '=', 1)]"}, "not a domain"),
            ({"reason_domain": "__import__('os')"}, "not a domain"),
            ({"reason_fields": "nothing"}, "has no nothing"),
            ({"secret_fields": "name?bic"}, "must be a name"),
            ({"secret_fields": "name?bic?(open"}, "not a pattern"),
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(ValidationError, sentence):
                policy.write(vals)

    def test_trigger_that_was_taken_off_is_found_put_back_and_reported(self):
        attacks = {
            "DROP TRIGGER med_audit_capture ON res_partner": "missing",
            "ALTER TABLE res_partner DISABLE TRIGGER med_audit_capture": "disabled",
            "ALTER TABLE res_partner DISABLE TRIGGER USER": "disabled",
            "DROP TRIGGER med_audit_capture ON res_partner;"
            " DELETE FROM med_audit.target WHERE tbl = 'res_partner'": "forgotten",
            "ALTER TABLE res_partner ENABLE TRIGGER med_audit_capture": "disabled",
            "DROP TRIGGER med_audit_capture ON res_partner; CREATE TRIGGER med_audit_capture AFTER"
            " DELETE ON res_partner FOR EACH ROW EXECUTE FUNCTION med_audit.capture('res.partner',"
            " 'id', '{}', '{}', '{}', '')": "disabled",
            "CREATE OR REPLACE TRIGGER med_audit_capture AFTER INSERT OR DELETE OR UPDATE ON"
            " res_partner FOR EACH ROW WHEN (false) EXECUTE FUNCTION med_audit.capture('x', 'id',"
            " '{}', '{}', '{}', ''); ALTER TABLE res_partner ENABLE ALWAYS TRIGGER"
            " med_audit_capture": "different",
        }
        for attack, problem in attacks.items():
            with self.subTest(attack=attack):
                before = self.alarms()
                self.env.cr.execute(attack)
                if problem != "forgotten":
                    self.assertEqual(self.problems(), {"res_partner": problem})
                self.assertEqual(self.policy("res.partner").with_context(x=attack).state, "broken")
                self.run_check()
                self.assertFalse(self.problems())
                self.assertIn("res_partner", (self.alarms() - before).body)
                self.assertEqual(
                    self.entries(self.env["res.partner"], event="attach")[-1]["new"]["problem"],
                    problem)
                self.env.invalidate_all()

    def test_uninstallation_takes_the_triggers_and_leaves_the_evidence(self):
        partner = self.env["res.partner"].create({"name": "Anna"})
        self.assertTrue(self.entries(partner))
        self.patch(self.registry, "ready", False)
        uninstall_hook(self.env)
        self.assertTrue(self.entries(partner))
        self.env.cr.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'med_audit_capture'")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertTrue(self.entries(self.env["res.partner"], event="detach"))
