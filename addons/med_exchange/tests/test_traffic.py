from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import PAYLOAD, ExchangeCase


@tagged("post_install", "-at_install")
class TestTraffic(ExchangeCase):
    """All that was said of a lot, an order or a code is found in one place, in and out (X8)."""

    requirement = "X8 X2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mes = cls.partner_of("PLANT-MES", (("organisation", "in"), ("organisation", "out")),
                                 order_rule="apply")
        cls.lims = cls.partner_of("LIMS", (("organisation", "out"),))
        cls.reader = cls.user("qa")

    def found(self, word, user=None):
        self.env.flush_all()
        Traffic = self.env["med.exchange.traffic"].with_user(user or self.reader)
        action = Traffic._med_about(word)
        self.assertEqual(action["context"]["search_default_object_key"], word)
        return Traffic.search([("words", "ilike", word)])

    def submit(self, *envelopes):
        self.env["med.exchange"].with_user(self.mes.user_id).submit(list(envelopes))
        self.env.cr.flush()
        while self.env["med.exchange.event"].sudo()._med_deal():
            pass

    def test_theirs_and_ours_are_found_by_one_word(self):
        taken = self.envelope(self.mes, {**PAYLOAD, "code": "H-77"}, object="H-77")
        self.submit(taken)
        rows = self.found("H-77")
        self.assertEqual(set(rows.mapped("direction")), {"in", "out"})
        theirs = rows.filtered(lambda row: row.direction == "in")
        self.assertEqual((theirs.name, theirs.exchange_partner_id, theirs.waits),
                         (taken["id"], self.mes, False))
        self.assertEqual(theirs.state, theirs.with_context(lang="en_US").state)
        self.assertIn(self.lims, (rows - theirs).exchange_partner_id)
        for row in rows:
            action = row.action_open()
            self.assertTrue(self.env[action["res_model"]].browse(action["res_id"]).exists())
        self.assertFalse(self.found("H-78"))

    def test_a_search_is_served_by_indexes(self):
        self.submit(self.envelope(self.mes, {**PAYLOAD, "code": "H-81"}, object="H-81"))
        for setting in ("enable_seqscan", "enable_indexscan", "enable_nestloop"):
            self.env.cr.execute(SQL("SET LOCAL %s = off", SQL.identifier(setting)))
        query = self.env["med.exchange.traffic"]._search([("words", "ilike", "H-81")])
        plan = "\n".join(row for [row] in self.env.execute_query(SQL(
            "EXPLAIN %s", query.select())))
        for table in ("message", "event"):
            self.assertIn(f"med_exchange_{table}_named_index", plan)

    def test_what_is_refused_needs_a_person(self):
        self.submit(self.envelope(self.mes, {"name": 1, "code": "H-79"}, object="H-79"))
        row = self.found("H-79")
        self.assertEqual((row.code, row.waits, row.state), ("rejected", True, "Refused"))

    def test_the_monitor_leads_to_all_messages_of_a_partner(self):
        self.submit(self.envelope(self.mes, {**PAYLOAD, "code": "H-80"}, object="H-80"))
        row = self.env["med.exchange.monitor"].with_user(self.reader).browse(self.lims.id)
        found = self.env["med.exchange.traffic"].search(row.action_traffic()["domain"])
        self.assertEqual((found.exchange_partner_id, set(found.mapped("direction"))),
                         (self.lims, {"out"}))

    def test_who_may_not_read_messages_finds_none(self):
        with self.assertRaises(AccessError):
            self.found("H-77", self.user("operator"))
        with self.assertRaises(AccessError):
            self.found("H-77", self.mes.user_id)
