import threading
from contextlib import closing

from odoo.exceptions import AccessError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .common import MedCase

SCOPE = "test of turns"  # of the rows that are written for good


@tagged("post_install", "-at_install")
class TestTurn(MedCase):
    """Two transactions that decide on one thing follow each other (X4)."""

    requirement = "X4"

    def test_a_turn_is_counted_and_changed_by_nobody(self):
        turns = self.env["med.turn"]
        turns._take(SCOPE, ["b", "a", "a"])
        turns._take(SCOPE, ["a", 7])
        rows = turns.search([("scope", "=", SCOPE)])
        self.assertEqual({row.thing: row.turn for row in rows}, {"a": 2, "b": 1, "7": 1})
        turns._take("another scope", ["a"])
        self.assertEqual(rows.filtered(lambda row: row.thing == "a").turn, 2)
        for one in (rows[0], rows[0].with_context(_force_unlink=True, install_mode=True)):
            for act in (lambda one=one: one.write({"turn": 0}), one.copy, one.unlink,
                        lambda one=one: one.create({"scope": "x", "thing": "y", "turn": 1})):
                with self.assertRaises(AccessError):
                    act()
        for role in ("viewer", "qa", "operator"):
            with self.assertRaises(AccessError):
                rows.with_user(self.user(role)).read(["turn"])

    def test_the_later_of_two_transactions_waits_collides_and_begins_again(self):
        database, told = db_connect(self.env.cr.dbname), []

        def later(env):
            try:
                env["med.turn"]._take(SCOPE, ["a", "b"])
                told.append("beside the first")
            except SerializationFailure:
                told.append("again")
            env.cr.rollback()
        self.enterContext(mute_logger("odoo.sql_db"))
        try:
            with closing(database.cursor()) as one, closing(database.cursor()) as two:
                for cr in (one, two):
                    cr.execute("SELECT 1 FROM res_partner LIMIT 1")  # the snapshot is taken
                envs = self.env(cr=one), self.env(cr=two)
                envs[0]["med.turn"]._take(SCOPE, ["b", "a"])
                thread = threading.Thread(target=later, args=(envs[1],))
                thread.start()
                thread.join(0.3)
                self.assertTrue(thread.is_alive(), "it waits for the first")
                one.commit()
                thread.join(20)
                self.assertEqual(told, ["again"])
                envs[1]["med.turn"]._take(SCOPE, ["a"])  # begun again, it sees the first
                two.rollback()
        finally:
            with closing(database.cursor()) as cr:
                cr.execute("DELETE FROM med_turn WHERE scope = %s", [SCOPE])
                cr.commit()
