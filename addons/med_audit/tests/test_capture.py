import base64
import hashlib
import json

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import InvalidTextRepresentation

from ..models import person
from .common import AuditCase


@tagged("post_install", "-at_install")
class TestCapture(AuditCase):
    """Every change of an audited model is in the trail, whichever way it was made."""

    requirement = "P11-10e-1 P11-10e-2 DI-A LOG-12"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Anna", "city": "Jena"})
        cls.env.flush_all()

    def last(self, record=None, op="IUD"):
        return self.entries(record if record is not None else self.partner, op)[-1]

    def test_creation_keeps_the_whole_row(self):
        entry = self.last(op="I")
        self.assertEqual(entry["new"]["name"], "Anna")
        self.assertEqual(entry["new"]["active"], "t")
        self.assertEqual(entry["old"], {})
        self.assertNotIn("street", entry["new"])

    def test_change_keeps_old_and_new_of_what_changed_and_nothing_else(self):
        self.partner.write({"city": "Gera", "street": "Am Markt 1"})
        entry = self.last()
        self.assertEqual(entry["op"], "U")
        self.assertEqual(
            {name: (entry["old"][name], entry["new"][name]) for name in ("city", "street")},
            {"city": ("Jena", "Gera"), "street": (None, "Am Markt 1")},
        )
        self.assertNotIn("name", entry["new"])

    def test_value_that_becomes_empty_is_told_from_one_that_was_left_alone(self):
        self.partner.city = False
        entry = self.last()
        self.assertEqual((entry["old"]["city"], entry["new"]["city"]), ("Jena", None))

    def test_deletion_keeps_the_whole_row(self):
        partner = self.env["res.partner"].create({"name": "Gone", "comment": "<p>why</p>"})
        self.env.flush_all()
        gone = self.env["res.partner"].browse(partner.id)
        partner.unlink()
        entry = self.last(gone)
        self.assertEqual((entry["op"], entry["old"]["name"]), ("D", "Gone"))
        self.assertEqual(entry["old"]["comment"], "<p>why</p>")

    def test_write_that_changes_nothing_is_no_entry(self):
        before = len(self.entries(self.partner))
        self.partner.write({"city": "Jena"})
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET write_date = now() WHERE id = %s",
                            [self.partner.id])
        self.assertEqual(len(self.entries(self.partner)), before)

    def test_html_and_quotation_marks_come_back_as_they_were(self):
        text = '<p>"5 µm" \\ 温度</p>'
        self.partner.comment = text
        self.assertEqual(self.last()["new"]["comment"], self.partner.comment)
        self.assertIn("温度", self.last()["new"]["comment"])

    def test_translation_is_an_entry_with_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        reason = self.env["med.audit.reason"].create({"name": "Mistake"})
        self.env.flush_all()
        reason.with_context(lang="fr_FR").name = "Erreur"
        entry = self.last(reason)
        self.assertEqual(json.loads(entry["old"]["name"]), {"en_US": "Mistake"})
        self.assertEqual(json.loads(entry["new"]["name"]),
                         {"en_US": "Mistake", "fr_FR": "Erreur"})

    def test_many2many_links_are_entries_of_the_record(self):
        tag = self.env["res.partner.category"].create({"name": "Dealer"})
        self.partner.category_id = [Command.link(tag.id)]
        entry = self.last()
        self.assertEqual((entry["op"], entry["tbl"]), ("I", "res_partner_res_partner_category_rel"))
        self.assertEqual(entry["new"]["category_id"], str(tag.id))
        self.partner.category_id = [Command.clear()]
        entry = self.last()
        self.assertEqual((entry["op"], entry["old"]["category_id"]), ("D", str(tag.id)))

    def test_deletion_by_cascade_is_an_entry(self):
        user = self.user("viewer")
        group = self.env["res.groups"].create({
            "name": "Short-lived", "user_ids": [Command.link(user.id)],
        })
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM res_groups WHERE id = %s", [group.id])
        self.assertEqual(self.last(group)["op"], "D")
        entry = self.last(user)
        self.assertEqual((entry["op"], entry["tbl"], entry["old"]["gid"]),
                         ("D", "res_groups_users_rel", str(group.id)))

    def test_attachment_is_in_the_trail_by_the_digest_of_its_content(self):
        attachment = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"one"})
        self.assertEqual(self.last(attachment)["new"]["med_sha256"],
                         hashlib.sha256(b"one").hexdigest())
        attachment.write({"datas": base64.b64encode(b"two"), "med_sha256": "forged"})
        self.assertEqual(self.last(attachment)["new"]["med_sha256"],
                         hashlib.sha256(b"two").hexdigest())

    def test_content_kept_in_the_database_is_a_digest_too(self):
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        attachment = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"one"})
        self.assertEqual(self.last(attachment)["new"]["db_datas"],
                         "sha256:" + hashlib.sha256(b"one").hexdigest())

    def test_assets_of_the_web_client_are_left_out(self):
        asset = self.env["ir.attachment"].create({
            "name": "bundle", "raw": b"x", "res_model": "ir.ui.view", "res_id": 0,
        })
        self.assertFalse(self.entries(asset))
        asset.res_model = False
        self.assertEqual(self.last(asset)["op"], "U", "a way out of the trail is in the trail")

    def test_password_is_a_digest_that_changes_with_it(self):
        user = self.user("viewer")
        user.password = "correct horse"
        first = self.last(user)["new"]["password"]
        user.password = "battery staple"
        second = self.last(user)["new"]["password"]
        self.assertRegex(first, "^sha256:[0-9a-f]{12}$")
        self.assertNotEqual(first, second)
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        [stored] = self.env.cr.fetchone()
        self.env.cr.execute(
            "SELECT count(*) FROM med_audit.entry WHERE strpos(body, %s) > 0", [stored])
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_secret_parameter_is_a_digest_and_another_one_is_readable(self):
        Parameter = self.env["ir.config_parameter"]
        Parameter.set_param("some.api_key", "topsecret")
        Parameter.set_param("some.limit", "5")
        found = {key: Parameter.search([("key", "=", key)])
                 for key in ("some.api_key", "some.limit")}
        self.assertRegex(self.last(found["some.api_key"])["new"]["value"], "^sha256:")
        self.assertEqual(self.last(found["some.limit"])["new"]["value"], "5")
        Parameter.set_param("some.limit", "6")
        self.assertEqual(self.last(found["some.limit"])["new"]["value"], "6")
        Parameter.set_param("some.api_key", "moresecret")
        self.assertRegex(self.last(found["some.api_key"])["new"]["value"], "^sha256:")

    def test_next_run_of_a_scheduled_action_is_no_entry_and_its_code_is(self):
        cron = self.env.ref("med_audit.ir_cron_check")
        before = len(self.entries(cron))
        self.env.cr.execute("UPDATE ir_cron SET nextcall = now() WHERE id = %s", [cron.id])
        self.assertEqual(len(self.entries(cron)), before)
        cron.interval_number = 7
        self.assertEqual(self.last(cron)["new"]["interval_number"], "7")

    def test_rights_given_to_a_user_are_an_entry_of_the_user(self):
        user = self.user("viewer")
        group = self.env.ref("med_base.med_base_group_qa")
        user.group_ids = [Command.link(group.id)]
        entry = self.last(user)
        self.assertEqual((entry["tbl"], entry["new"]["gid"]),
                         ("res_groups_users_rel", str(group.id)))

    def test_truncate_of_an_audited_table_deletes_row_by_row(self):
        reason = self.env["med.audit.reason"].create({"name": "Gone"})
        self.env.flush_all()
        self.env.cr.execute("TRUNCATE med_audit_reason")
        self.assertEqual(self.last(reason)["old"]["name"], '{"en_US": "Gone"}')

    def test_body_begins_with_version_log_and_the_columns_of_the_row(self):
        self.env.cr.execute("""
            SELECT med_audit.log_id()::text, id, xid, op, model, res_id, tbl, body
              FROM med_audit.entry ORDER BY id DESC LIMIT 1""")
        log, entry, xid, op, model, res_id, table, body = self.env.cr.fetchone()
        found = json.loads(body)
        self.assertEqual(found[:3], ["med-audit/1", log, entry])
        self.assertEqual(found[4:9], [xid, op, model, res_id, table])
        self.assertRegex(found[3], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        self.assertEqual(len(found), 16)
        self.assertEqual(body, json.dumps(found, ensure_ascii=False, separators=(",", ":")))

    def test_text_of_values_does_not_depend_on_settings_of_the_session(self):
        self.env.cr.execute("SET LOCAL DateStyle = 'German'; SET LOCAL TimeZone = 'Asia/Shanghai';"
                            " SET LOCAL search_path = pg_temp")
        self.env.cr.execute("UPDATE public.res_partner SET create_date = '01.02.2026 03:04:05'"
                            " WHERE id = %s", [self.partner.id])
        self.env.cr.execute("SET LOCAL search_path TO DEFAULT; SET LOCAL DateStyle TO DEFAULT;"
                            " SET LOCAL TimeZone TO DEFAULT")
        self.assertEqual(self.last()["new"]["create_date"], "2026-02-01 03:04:05")


@tagged("post_install", "-at_install")
class TestCapturePerson(AuditCase):
    """The trail names the real person."""

    requirement = "P11-10e-1 DI-A"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Anna"})
        cls.clerk = cls.user("qa")
        cls.env.flush_all()

    def change(self, records):
        records.city = f"{records.city or ''}x"
        return self.entries(self.partner)[-1]

    def test_sudo_and_another_user_leave_the_person(self):
        with self.person(self.clerk, what="res.partner.write"):
            admin = self.env.ref("base.user_admin")
            for records in (self.partner.sudo(), self.partner.with_user(admin),
                            self.partner.with_user(1)):
                entry = self.change(records)
                self.assertEqual((entry["user_id"], entry["login"], entry["origin"], entry["what"]),
                                 (self.clerk.id, self.clerk.login, "web", "res.partner.write"))

    def test_sql_over_the_same_connection_is_that_person_too(self):
        with self.person(self.clerk):
            self.env.cr.execute("UPDATE res_partner SET city = 'SQL' WHERE id = %s",
                                [self.partner.id])
            self.assertEqual(self.entries(self.partner)[-1]["user_id"], self.clerk.id)

    def test_sql_without_a_session_of_odoo_is_the_database(self):
        self.env.cr.execute("SELECT set_config('med_audit.uid', '', true),"
                            " set_config('med_audit.person', '', true)")
        self.env.cr.execute("UPDATE res_partner SET city = 'psql' WHERE id = %s", [self.partner.id])
        entry = self.entries(self.partner)[-1]
        self.assertEqual((entry["origin"], entry["user_id"]), ("database", None))
        self.env.cr.execute("SELECT body::json -> 11 ->> 'role', session_user FROM med_audit.entry"
                            " WHERE id = %s", [entry["id"]])
        role, user = self.env.cr.fetchone()
        self.assertEqual(role, user)

    def test_person_holds_after_a_rollback(self):
        with self.person(self.clerk), self.env.registry.cursor() as cr:
            person.bind(cr, person.current() or person.Person(uid=self.clerk.id))
            cr.rollback()
            cr.execute("SELECT current_setting('med_audit.uid', true)")
            self.assertEqual(cr.fetchone(), (str(self.clerk.id),))

    def test_other_cursors_of_the_same_work_act_for_the_person(self):
        with self.person(self.clerk), self.env.registry.cursor() as cr:
            cr.execute("SELECT current_setting('med_audit.uid', true)")
            self.assertEqual(cr.fetchone(), (str(self.clerk.id),))

    def test_scheduled_action_acts_as_itself(self):
        cron = self.env["ir.cron"].create({
            "name": "Rename", "model_id": self.env["ir.model"]._get_id("res.partner"),
            "state": "code", "code": f"model.browse({self.partner.id}).write({{'city': 'cron'}})",
        })
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        entry = self.entries(self.partner)[-1]
        self.assertEqual((entry["origin"], entry["what"], entry["user_id"]),
                         ("cron", "Rename", self.env.uid))

    def test_context_keys_cannot_silence_or_disguise(self):
        hostile = {"med_audit_uid": 1, "tracking_disable": True, "mail_notrack": True,
                   "install_mode": True, "module": "med_audit", "_force_unlink": True,
                   "med_audit": False, "auditlog_disabled": True, "no_audit": True}
        with self.person(self.clerk):
            self.assertEqual(self.change(self.partner.with_context(**hostile))["user_id"],
                             self.clerk.id)

    def test_forged_person_that_is_no_json_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(InvalidTextRepresentation), \
                self.env.cr.savepoint():
            self.env.cr.execute("SELECT set_config('med_audit.person', '}],[', true)")
            self.env.cr.execute("UPDATE res_partner SET city = 'x' WHERE id = %s",
                                [self.partner.id])

    def test_job_acts_for_the_user_who_put_it_there(self):
        self.env.cr.execute(
            "CREATE TABLE IF NOT EXISTS queue_job"
            " (uuid varchar, user_id integer, model_name varchar, method_name varchar)")
        self.env.cr.execute(
            "INSERT INTO queue_job (uuid, user_id, model_name, method_name)"
            " VALUES ('u', %s, 'res.partner', 'export')", [self.clerk.id])
        Http = self.env.registry["ir.http"]
        self.assertEqual(Http._med_audit_job(self.env, "u"), {
            "origin": "job", "what": "res.partner.export", "uid": self.clerk.id,
            "login": self.clerk.login,
        })
        self.assertEqual(Http._med_audit_job(self.env, "none")["uid"], None)

    def test_what_a_message_does_names_the_message_and_nothing_after_it(self):
        with self.person(self.clerk):
            with person.speaking(self.env.cr, "LIMS/m-1"):
                entry = self.change(self.partner)
                shown = self.env["med.audit.entry"].search([("message", "=", "LIMS/m-1")])
                self.assertEqual(shown.ids, [entry["id"]])
            self.assertEqual((entry["message"], entry["user_id"]), ("LIMS/m-1", self.clerk.id))
            self.assertIsNone(self.change(self.partner)["message"])
            with self.assertRaises(ValueError), person.speaking(self.env.cr, "LIMS/m-2"):
                raise ValueError
            self.assertIsNone(self.change(self.partner)["message"])
