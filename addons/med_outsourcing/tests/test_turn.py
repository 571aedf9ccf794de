import threading
from contextlib import closing

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests.common import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ..exceptions import ReportRefused
from .orders import OrderCase

NOWHERE, NOTHING = -7, (-9, -8)


@tagged("post_install", "-at_install")
class TestTurn(OrderCase):
    """Two orders of one processor that report the same lot at the same moment (V5, Q6)."""

    requirement = "V5 Q6 X3 CN-GMP-OUT"

    def turns(self, lot):
        return self.env["med.processor.turn"].search([
            ("place_res_id", "=", self.place.id), ("lot_res_id", "=", lot.id)]).turn

    def test_what_was_used_is_said_in_turns_of_its_lot(self):
        [body] = self.at_processor(self.body, "B-1", quantity=10)
        one, two = self.begun(self.made_order(5)), self.begun(self.made_order(5))
        self.report(one, "finished", [("M-1", 5, "good")], [(self.body, "B-1", 6)])
        self.assertEqual(self.turns(body), 1)
        with self.assertRaises(ReportRefused) as refused:
            self.report(two, "finished", [("M-2", 5, "good")], [(self.body, "B-1", 6)])
        self.assertEqual(refused.exception.pointer, "/used/0/quantity")
        self.report(two, "finished", [("M-2", 5, "good")], [(self.body, "B-1", 4)])
        self.assertGreaterEqual(self.turns(body), 2)
        row = self.env["med.processor.turn"].search([("lot_res_id", "=", body.id)])
        with self.assertRaises(AccessError):
            row.write({"turn": 0})
        with self.assertRaises(AccessError):
            row.copy()
        with self.assertRaises(UserError):
            row.unlink()

    def test_the_later_of_two_transactions_waits_collides_and_begins_again(self):
        database, told = db_connect(self.env.cr.dbname), []

        def turn(cr, lots):
            self.env(cr=cr)["med.processor.turn"]._take(NOWHERE, lots)

        def later(cr):
            try:
                turn(cr, NOTHING)
                told.append("beside the first")
            except SerializationFailure:
                told.append("again")
            cr.rollback()
        self.enterContext(mute_logger("odoo.sql_db"))
        try:
            with closing(database.cursor()) as one, closing(database.cursor()) as two:
                for cr in (one, two):
                    cr.execute("SELECT 1 FROM stock_quant LIMIT 1")  # the snapshot is taken
                turn(one, NOTHING[::-1])
                thread = threading.Thread(target=later, args=(two,))
                thread.start()
                thread.join(0.3)
                self.assertTrue(thread.is_alive(), "it waits for the first")
                one.commit()
                thread.join(20)
                self.assertEqual(told, ["again"])
                turn(two, NOTHING[:1])  # a new transaction sees what the first has done
                two.rollback()
        finally:
            with closing(database.cursor()) as cr:
                cr.execute("DELETE FROM med_processor_turn WHERE place_res_id = %s", [NOWHERE])
                cr.commit()
