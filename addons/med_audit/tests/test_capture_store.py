from datetime import datetime, timedelta

from odoo.addons.med_base.tests.test_roles import BUSINESS_ROLES
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, file_open, mute_logger
from psycopg2.errors import InsufficientPrivilege, ObjectNotInPrerequisiteState

from .. import store
from .common import AuditCase

READERS = {"qa", "auditor", "regulatory", "system_admin"}


@tagged("post_install", "-at_install")
class TestCaptureStore(AuditCase):
    """What is in the trail stays, whoever asks."""

    requirement = "P11-10e-2 P11-10e-3 P11-10c"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Anna"})
        cls.env.flush_all()
        cls.entry = cls.env["med.audit.entry"].search(
            [("model", "=", "res.partner"), ("res_id", "=", cls.partner.id)], limit=1)

    def partitions(self):
        self.env.cr.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'med_audit.entry'::regclass")
        return [name for [name] in self.env.cr.fetchall()]

    def refused(self, query, error=InsufficientPrivilege):
        with self.subTest(query=query), mute_logger("odoo.sql_db"), \
                self.assertRaises(error), self.env.cr.savepoint():
            self.env.cr.execute(query)

    def test_sql_changes_no_entry_in_any_partition(self):
        partitions = self.partitions()
        self.assertIn("med_audit.entry_default", partitions)
        # The default partition holds nothing: a row for its row trigger to meet.
        self.env.cr.execute("INSERT INTO med_audit.entry VALUES"
                            " (0, '2001-01-01', 1, 'E', 'x', NULL, '', NULL, '[]')")
        self.refused("UPDATE med_audit.entry_default SET uid = 1")
        self.refused("DELETE FROM med_audit.entry_default")
        for table in ("med_audit.entry", *partitions):
            self.refused(f"TRUNCATE {table}")
        for table in ("med_audit.entry", "med_audit.log"):
            self.refused(f"DELETE FROM {table}")
        self.refused("UPDATE med_audit.entry SET body = ''")
        self.refused("UPDATE med_audit.log SET cause = ''")
        self.refused("DELETE FROM med_audit_entry", ObjectNotInPrerequisiteState)

    def test_every_new_month_has_a_partition_that_refuses_and_is_indexed(self):
        self.env.cr.execute("SELECT med_audit.make_partitions(5)")
        self.assertGreaterEqual(self.env.cr.fetchone()[0], 2)
        self.env.cr.execute("SELECT med_audit.make_partitions(5)")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        month = (datetime.utcnow().replace(day=1) + timedelta(days=32 * 4)).replace(day=1)
        table = f"med_audit.entry_y{month:%Ym%m}"
        self.env.cr.execute(SQL(
            "INSERT INTO med_audit.entry VALUES (0, %s, 1, 'E', 'x', NULL, '', NULL, '[]')",
            f"{month:%Y-%m-%d} 12:00Z"))
        self.refused(f"DELETE FROM {table}")
        self.refused(f"TRUNCATE {table}")
        self.env.cr.execute("SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass", [table])
        self.assertEqual(self.env.cr.fetchone(), (5,))

    def test_month_of_which_rows_are_in_the_default_partition_is_left_there(self):
        month = (datetime.utcnow().replace(day=1) + timedelta(days=32 * 5)).replace(day=1)
        self.env.cr.execute(SQL(
            "INSERT INTO med_audit.entry VALUES (0, %s, 1, 'E', 'x', NULL, '', NULL, '[]')",
            f"{month:%Y-%m-%d} 12:00Z"))
        self.env.cr.execute("SELECT med_audit.make_partitions(5)")
        self.assertNotIn(f"med_audit.entry_y{month:%Ym%m}", self.partitions())

    def test_orm_changes_no_entry_not_even_as_superuser(self):
        for entry in (self.entry, self.entry.with_context(_force_unlink=True, med_reason="x")):
            with self.assertRaises(UserError):
                entry.write({"reason": "better"})
            with self.assertRaises(UserError):
                entry.create({"model": "res.partner"})
            with self.assertRaises(UserError):
                entry.unlink()

    def test_role_reads_entries_or_nothing(self):
        for role in (*sorted({*BUSINESS_ROLES, "viewer", "auditor", "system_admin"}),
                     "portal_processor", "portal_dealer", ""):
            entry = self.entry.with_user(self.user(role))
            with self.subTest(role=role):
                self.assertEqual(entry.has_access("read"), role in READERS)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(entry.has_access(operation))
                if role not in READERS:
                    with self.assertRaises(AccessError):
                        entry.read(["new"])

    def test_new_log_begins_where_a_database_is_copied(self):
        self.env.cr.execute("SELECT med_audit.log_id()")
        before = self.env.cr.fetchone()
        self.env["ir.config_parameter"].init(force=True)
        self.env.cr.execute("SELECT med_audit.log_id()")
        copy = self.env.cr.fetchone()
        self.assertNotEqual(before, copy)
        self.partner.city = "Copy"
        self.assertTrue(self.entries(self.partner))
        self.env.cr.execute("SELECT body::json ->> 1 FROM med_audit.entry ORDER BY id DESC LIMIT 1")
        self.assertEqual(self.env.cr.fetchone(), copy)
        self.env.cr.execute("SELECT count(*) FROM med_audit.log")
        self.assertEqual(self.env.cr.fetchone(), (2,))

    def test_neutralized_copy_begins_a_new_log(self):
        with file_open("med_audit/data/neutralize.sql") as source:
            self.env.cr.execute(source.read())
        self.env.cr.execute("SELECT cause FROM med_audit.log WHERE id = med_audit.log_id()")
        self.assertEqual(self.env.cr.fetchone(), ("neutralize",))

    def test_store_says_which_version_it_is(self):
        self.env.cr.execute(
            "SELECT obj_description('med_audit'::regnamespace, 'pg_namespace')")
        self.assertEqual(self.env.cr.fetchone(), (store.VERSION,))

    def test_event_is_written_with_its_payload_as_text(self):
        self.env["med.audit.entry"]._record_event("looked", self.partner, {"pages": 3, "why": None})
        [entry] = self.entries(self.partner, event="looked")
        self.assertEqual(entry["new"], {"event": "looked", "pages": "3", "why": None})
        self.assertEqual(entry["op"], "E")

    def test_export_of_an_audited_model_is_an_event(self):
        with self.enter_registry_test_mode():
            self.partner.export_data(["name", "city"])
        entry = self.entries(self.env["res.partner"], event="export")[-1]
        self.assertEqual((entry["new"]["fields"], entry["new"]["records"]),
                         ("name, city", str(self.partner.id)))
