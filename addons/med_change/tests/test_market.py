from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ChangeCase


@tagged("post_install", "-at_install")
class TestMarket(ChangeCase):
    """A version that one market approved and another did not goes to the one alone."""

    requirement = "ISO-7.3.9 Q4 Q9 CN-GMP-QA"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eu = cls.env.ref("med_base.med_jurisdiction_eu")
        cls.sold = cls.device("Sold pump", markets=cls.eu | cls.cn)
        cls.registered(cls.sold, cls.cn)
        cls.registered(cls.sold, cls.eu)
        cls.template = cls.sold.product_tmpl_id
        cls.bom = cls.template.bom_ids
        cls.controlled()
        cls.beijing = cls.env["res.partner"].create({
            "name": "Beijing hospital", "country_id": cls.env.ref("base.cn").id})
        cls.old = cls.released("OLD", product=cls.sold)._med_output_lots()
        record = cls.approved(market="yes")
        cls.revised(record)
        cls.effective(record)
        cls.record = record
        cls.new = cls.released("NEW", product=cls.sold)._med_output_lots()

    def send(self, lot, partner):
        return self.deliver([(self.sold, lot, 1)], partner).state

    def row(self, market):
        return self.record.market_ids.filtered(lambda one: one.jurisdiction_id == market)

    def test_a_pending_market_does_not_get_the_new_version_and_others_do(self):
        self.row(self.cn).with_user(self.rega).decide(approved=True, reference="CN-7")
        with self.assertRaisesRegex(UserError, f"{self.record.name} is not approved in EU"):
            self.send(self.new, self.hospital)
        self.assertEqual(self.send(self.new, self.beijing), "done")
        self.assertEqual(self.send(self.old, self.hospital), "done")
        nowhere = self.env["res.partner"].create({"name": "Nowhere"})
        with self.assertRaisesRegex(UserError, "nobody said to which country"):
            self.send(self.new, nowhere)
        self.row(self.eu).with_user(self.rega).decide(approved=False, reference="EU-8")
        with self.assertRaisesRegex(UserError, "is not approved in EU"):
            self.send(self.new, self.hospital)
        self.row(self.eu).with_user(self.rega).decide(
            approved=True, reference="EU-9", date="2026-03-02")
        self.assertEqual(self.send(self.new, self.hospital), "done")

    def test_a_part_with_a_number_of_its_own_is_of_the_same_version(self):
        told = self.new.with_user(self.anna).med_split(quantity=1, reason="For the hospital")
        part = self.env["stock.lot"].browse(told["lot"])
        self.assertEqual(part.med_version_id, self.new.med_version_id)
        part.med_manufactured = "2026-03-02"
        with self.assertRaisesRegex(UserError, f"{self.record.name} is not approved in EU"):
            self.send(part, self.hospital)

    def test_lots_of_different_versions_do_not_become_one(self):
        merge = self.env["med.repack"].create({
            "kind": "merge", "reason": "One box",
            "input_ids": [Command.create({"lot_id": lot.id, "quantity": 1})
                          for lot in self.old | self.new],
            "output_ids": [Command.create({
                "product_id": self.sold.id, "quantity": 2, "lot_name": "BOTH"})]})
        with self.assertRaisesRegex(UserError, "OLD, NEW were not made to the same version"):
            merge.action_post()
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "BOTH")]))

    def test_the_next_version_holds_what_was_pending_before_it(self):
        self.row(self.cn).with_user(self.rega).decide(approved=True, reference="CN-7")
        record = self.approved(market="no")
        self.revised(record, quantity=3)
        self.effective(record)
        newer = self.released("NEWER", product=self.sold)._med_output_lots()
        self.assertEqual(newer.med_version_id.number, 3)
        with self.assertRaisesRegex(UserError, f"{self.record.name} is not approved in EU"):
            self.send(newer, self.hospital)
        self.assertEqual(self.send(newer, self.beijing), "done")

    def test_while_the_gate_is_open_it_is_listed(self):
        self.env["med.gate"].create({
            "product_tmpl_id": self.template.id, "use": "market", "mode": "observe"})
        self.send(self.new, self.hospital)
        event = self.env["med.gate.event"].search([
            ("lot_id", "=", self.new.id), ("use", "=", "market")])
        self.assertEqual((event.use, event.mode), ("market", "observe"))
        self.assertIn("is not approved in EU", event.states)

    def test_decisions_are_entered_by_regulatory_affairs_alone(self):
        row = self.row(self.eu)
        with self.assertRaises(AccessError):
            row.with_user(self.anna).decide(approved=True, reference="x")
        for vals in ({"state": "approved"}, {"date": "2026-01-01"}, {"reference": "x"}):
            for who in (row.with_user(self.rega), row.sudo()):
                with self.subTest(vals), self.assertRaises(AccessError):
                    who.write(vals)
        for kw, words in (({"approved": 1, "reference": "x"}, "true or false"),
                          ({"approved": True, "reference": " "}, "one sentence"),
                          ({"approved": True, "reference": "x", "date": "May"}, "must be a date")):
            with self.subTest(kw), self.assertRaisesRegex(UserError, words):
                row.with_user(self.rega).decide(**kw)
        draft = self.requested()
        new = draft.market_ids.with_user(self.rega).with_context(default_state="approved").create({
            "change_id": draft.id, "state": "approved",
            "jurisdiction_id": self.env.ref("med_base.med_jurisdiction_us").id})
        self.assertEqual(new.state, "pending")
