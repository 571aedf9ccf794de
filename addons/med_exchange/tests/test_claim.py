from contextlib import closing

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .common import PAYLOAD
from .test_submit import InboxCase

NOBODY = -7  # company of the rows that are written for good


@tagged("post_install", "-at_install")
class TestClaim(InboxCase):
    """Two messages of the same new thing, at once or one after the other (X3 X4 G1)."""

    requirement = "X3 X4 G1"

    def turns(self, code):
        return self.env["med.exchange.claim"].search([
            ("company_res_id", "=", self.lims.company_id.id), ("schema", "=", "organisation"),
            ("code", "=", code)]).turn

    def test_what_a_message_makes_is_claimed(self):
        self.submit(self.said(1, thing="CL-1"))
        self.assertEqual(self.turns("CL-1"), 1)
        self.submit(self.said(2, "Renamed", thing="CL-1"))
        self.assertEqual(self.turns("CL-1"), 1, "nothing is made")
        row = self.env["med.exchange.claim"].search([("code", "=", "CL-1")])
        for act in (lambda: row.write({"turn": 0}), row.copy):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(UserError):
            row.unlink()

    def test_the_code_of_another_organisation_is_not_taken(self):
        self.submit(self.said(1, thing="CL-1"))
        other = self.envelope(self.lims, {**PAYLOAD, "code": "CL-1"}, id="id-2", sequence=2,
                              object={"id": "other", "version": 1})
        twins = [self.envelope(self.lims, {**PAYLOAD, "code": "CL-2"}, id=f"id-{number}",
                               sequence=number, object={"id": f"T-{number}", "version": 1})
                 for number in (3, 4)]
        answers = self.submit(other, *twins)
        self.assertEqual([(one["outcome"], [error["pointer"] for error in one["errors"]])
                          for one in answers], [("rejected", ["/payload/code"]), ("accepted", []),
                                                ("rejected", ["/payload/code"])])
        self.assertEqual((len(self.hospital("CL-1")), len(self.hospital("CL-2"))), (1, 1))
        moved = self.envelope(self.lims, {**PAYLOAD, "code": "CL-1"}, id="id-5", sequence=5,
                              object={"id": "T-3", "version": 2, "base": 1})
        self.assertEqual(self.outcomes(moved), ["rejected"])
        self.assertEqual(len(self.hospital("CL-1")), 1)

    def test_the_later_of_two_transactions_collides_and_begins_again(self):
        database = db_connect(self.env.cr.dbname)
        company = self.env["res.company"].browse(NOBODY)

        def take(cr, codes):
            self.env(cr=cr)["med.exchange.claim"]._take(company, "lot", codes)
        try:
            with closing(database.cursor()) as one, closing(database.cursor()) as two:
                for cr in (one, two):
                    cr.execute("SELECT 1 FROM res_partner LIMIT 1")  # the snapshot is taken
                    cr.execute("SET lock_timeout = '10s'")
                take(one, ["b", "a"])
                one.commit()
                with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                    take(two, ["a"])
                two.rollback()
                take(two, ["a"])  # begun again, it sees what the first has done
                two.rollback()
        finally:
            with closing(database.cursor()) as cr:
                cr.execute("DELETE FROM med_exchange_claim WHERE company_res_id = %s", [NOBODY])
                cr.commit()
