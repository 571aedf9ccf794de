from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import TriggerCase


@tagged("post_install", "-at_install")
class TestRule(TriggerCase):
    """A rule is put in force by signature, and is not changed while it is."""

    requirement = "Q2 CN-GMP-QA ISO-8.4"

    def test_what_is_in_force_is_changed_only_as_the_next_version(self):
        rule = self.rule()
        self.assertEqual((rule.state, rule.version), ("in_force", 1))
        for vals in ({"count": 2}, {"days": 9}, {"does": "open"}, {"by_partner": True},
                     {"responsible_id": self.anna.id}, {"date_from": "2026-01-01"},
                     {"categ_ids": [Command.link(self.stent.categ_id.id)]}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "not changed any more"), \
                    self.cr.savepoint():
                rule.write(vals)
        with self.assertRaisesRegex(UserError, "withdrawn before"):
            rule.active = False
        rule.med_transition("withdraw", reason="Too many")
        rule.count = 4
        self.sign(rule, self.anna, "approved")
        self.assertEqual((rule.version, rule.run()["hits"]), (2, 0))
        self.assertEqual((rule.run_ids.rule_version, rule.run_ids.terms["count"]), (2, 4))

    def test_who_wrote_a_rule_does_not_put_it_in_force(self):
        rule = self.rule(force=False)
        with self.assertRaises(UserError):
            self.sign(rule, self.bert, "approved")
        with self.assertRaisesRegex(UserError, "is not in force"):
            rule.run()

    def test_version_and_state_follow_from_steps(self):
        rule = self.rule(force=False)
        for vals in ({"version": 7}, {"state": "in_force"}):
            for who in (rule, rule.sudo()):
                with self.subTest(vals), self.assertRaises(AccessError), self.cr.savepoint():
                    who.write(vals)
        new = rule.with_context(default_version=7).create({"name": "x", "version": 7})
        self.assertEqual((new.version, rule.copy().version), (0, 0))

    def test_what_has_nothing_in_common_is_not_counted_together(self):
        rule = self.rule(force=False, by_product=False)
        with self.assertRaisesRegex(UserError, "must be the same"):
            self.sign(rule, self.anna, "approved")
        with self.assertRaisesRegex(UserError, "must be the same"):
            rule.try_rule(date_from="2026-01-01", date_to="2026-02-01")
        with self.assertRaisesRegex(IntegrityError, "med_trigger_rule_sound"), mute_logger(
                "odoo.sql_db"), self.cr.savepoint():
            self.rule(force=False, count=0)

    def test_rules_are_for_quality_assurance(self):
        rule = self.rule(force=False).with_user(self.ines)
        for step in (lambda: rule.write({"count": 1}), rule.run, rule.unlink,
                     lambda: rule.try_rule(date_from="2026-01-01", date_to="2026-02-01"),
                     lambda: rule.create({"name": "x"})):
            with self.assertRaises(AccessError), self.cr.savepoint():
                step()


@tagged("post_install", "-at_install")
class TestOtherCompany(TriggerCase):
    """Each company has rules and signals of its own."""

    requirement = "Q2 A1"

    def test_another_company_sees_and_counts_nothing(self):
        self.seen(3, 2, 1)
        rule = self.rule()
        rule.run()
        other = self.foreign_company()
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        hit = self.hits(rule)
        for found in (rule, rule.run_ids, hit, hit.evidence_ids):
            seen = found.with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(seen.search([("id", "in", found.ids)]))
        theirs = self.env["med.trigger.rule"].create({
            "name": "Theirs", "company_id": other.id, "count": 1, "date_from": "2025-01-01"})
        told = theirs.try_rule(date_from="2025-01-01", date_to="2026-12-31")
        self.assertEqual((told["looked"], told["found"]), (0, []))
        with self.assertRaisesRegex(UserError, "stays in its company"):
            rule.sudo().company_id = other
