from contextlib import closing
from unittest.mock import patch

from odoo.addons.med_base.tests.common import tables_of
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hooks import KEPT, uninstall_hook
from .common import TriggerCase


@tagged("post_install", "-at_install")
class TestHits(TriggerCase):
    """A signal is proposed, taken or dismissed; the same evidence makes no second one."""

    requirement = "Q2 Q8 ISO-8.4 ISO-4.2.5 CN-GMP-QA"

    def test_the_responsible_is_asked_and_the_case_names_signal_and_evidence(self):
        seen = self.seen(3, 2, 1, partner=self.supplier)
        rule = self.rule()
        told = rule.run()
        hit = self.hits(rule)
        self.assertEqual((told["hits"], told["joined"], told["runs"]), (1, 0, hit.run_id.ids))
        self.assertRecordValues(hit, [{
            "state": "proposed", "rule_version": 1, "count": 3, "label": "T-SCR Scratch",
            "partner_id": self.supplier.id, "responsible_id": self.bert.id}])
        self.assertEqual(hit.activity_ids.user_id, self.bert)
        [case] = hit.with_user(self.anna).take()["cases"]
        capa = self.env["med.capa"].browse(case["id"])
        self.assertEqual((case["model"], hit.capa_id, hit.state, hit.settled_by_id),
                         ("med.capa", capa, "taken", self.anna))
        self.assertRecordValues(capa, [{
            "source": "trend", "source_model": "med.trigger.hit", "source_id": hit.id,
            "owner_id": self.bert.id, "partner_id": self.supplier.id,
            "product_ids": self.stent.ids, "nonconformity_ids": seen.sorted(
                "id", reverse=True).ids}])
        self.assertIn("“Scratches again”, version 1: 3 times", capa.problem)
        self.assertFalse(hit.activity_ids)
        with self.assertRaisesRegex(UserError, "is settled already"):
            hit.with_user(self.anna).take()

    def test_the_same_evidence_makes_no_second_signal_and_more_joins(self):
        hit = self.proposed()
        rule = hit.rule_id.with_user(self.anna)
        self.assertEqual((rule.run()["hits"], len(self.hits(rule))), (0, 1))
        self.assertFalse(rule.run_ids[0].joined)
        self.seen(0)
        self.assertEqual((rule.run()["joined"], hit.count, len(hit.evidence_ids)), (1, 4, 4))
        capa = self.env["med.capa"].browse(
            hit.with_user(self.anna).take()["cases"][0]["id"])
        self.seen(0, 0)
        self.assertEqual((rule.run()["joined"], hit.count), (2, 6))
        self.assertIn("2 further", capa.message_ids[0].body)
        self.assertEqual(self.hits(rule), hit)

    def test_what_has_ended_does_not_count_again(self):
        hit = self.proposed()
        rule = hit.rule_id.with_user(self.anna)
        hit.with_user(self.anna).dismiss(reason="Known: the packer was changed")
        self.assertEqual((hit.state, hit.reason), ("dismissed", "Known: the packer was changed"))
        self.seen(0, 0)
        self.assertEqual(rule.run()["hits"], 0)
        self.seen(0)
        self.assertEqual(rule.run()["hits"], 1)
        self.assertEqual(self.hits(rule).mapped("count"), [3, 3])

    def test_a_closed_case_ends_its_signal(self):
        hit = self.proposed(opens="nonconformity")
        rule = hit.rule_id.with_user(self.anna)
        hit.with_user(self.bert).take()
        record = hit.nonconformity_id
        self.assertRecordValues(record, [{
            "source": "inspection", "source_id": hit.id, "product_id": self.stent.id,
            "defect_code_id": self.scratch.id, "hold_count": 0}])
        self.seen(0)
        self.assertEqual(rule.run()["joined"], 1)
        record.with_user(self.anna).conclusion = "None"
        self.sign(record, self.anna, "reviewed", transition="cancel")
        self.seen(0, 0, 0)
        self.assertEqual(rule.run()["hits"], 1)

    def test_the_next_cycle_of_a_capa_keeps_its_signal_open(self):
        hit = self.proposed()
        rule = hit.rule_id.with_user(self.anna)
        capa = self.implemented()
        hit._med_store({"state": "taken", "capa_id": capa.id})
        self.assertEqual(self.env["med.trigger.hit"]._med_open(rule), hit)
        self.judge(capa, "ineffective")
        self.env.flush_all()
        self.assertEqual(self.env["med.trigger.hit"]._med_open(rule), hit)
        new = capa.next_ids
        new.with_user(self.anna).conclusion = "Done elsewhere"
        self.sign(new, self.anna, "reviewed", transition="cancel", reason="Twice")
        self.env.flush_all()
        self.assertFalse(self.env["med.trigger.hit"]._med_open(rule))

    def test_a_rule_that_opens_asks_nobody(self):
        hit = self.proposed(does="open")
        self.assertEqual((hit.state, hit.capa_id.owner_id), ("taken", self.bert))

    def test_dismissing_needs_a_reason_and_taking_a_known_kind(self):
        hit = self.proposed().with_user(self.anna)
        for call, words in ((lambda: hit.dismiss(reason=" "), "one sentence"),
                            (lambda: hit.take(opens="moon"), "must be one of")):
            with self.assertRaisesRegex(UserError, words):
                call()
        for call in (lambda: hit.with_user(self.ines).dismiss(reason="x"),
                     lambda: hit.with_user(self.ines).take()):
            with self.assertRaisesRegex(AccessError, "quality assurance"):
                call()
        self.assertEqual(hit.state, "proposed")

    def test_a_trial_opens_and_proposes_nothing_and_is_kept(self):
        self.seen(3, 2, 1)
        rule = self.rule(force=False, does="open",
                         product_tmpl_ids=self.stent.product_tmpl_id.ids)
        before = self.env["med.capa"].search_count([])
        told = rule.try_rule(date_from="2025-01-01", date_to="2026-12-31")
        run = self.env["med.trigger.run"].browse(told["run"])
        self.assertEqual((told["looked"], told["found"][0]["what"], run.dry, run.terms["count"]),
                         (3, "T-SCR Scratch", True, 3))
        self.assertEqual(len(run.found_ids.action_evidence()["domain"][0][2]), 3)
        self.assertFalse(self.hits(rule))
        self.assertEqual(self.env["med.capa"].search_count([]), before)
        self.assertEqual(rule.try_rule(date_from="2025-01-01", date_to="2025-12-31")["found"], [])
        for kw in ({"date_from": "May"}, {"date_to": None}, {"date_from": "2027-01-01"}):
            with self.assertRaisesRegex(UserError, "“date_"):
                rule.try_rule(**{"date_from": "2025-01-01", "date_to": "2026-12-31", **kw})

    def test_one_rule_that_fails_is_told_and_the_others_run(self):
        self.seen(3, 2, 1)
        broken, sound = self.rule(name="Broken"), self.rule()
        search = self.registry["med.trigger.rule"]._med_search

        def fail(rule, *args, **kw):
            if rule.name == "Broken":
                raise ValueError("no table")
            return search(rule, *args, **kw)

        with patch.object(self.registry["med.trigger.rule"], "_med_search", fail), \
                mute_logger("odoo.addons.med_trigger.models.med_trigger_work"):
            self.env["med.trigger.rule"]._run_all()
        self.assertEqual(broken.run_ids.mapped("error"), ["no table"])
        self.assertFalse(self.hits(broken))
        self.assertEqual(len(self.hits(sound)), 1)

    def test_a_rule_is_run_by_one_at_a_time(self):
        rule = self.rule()
        self.seen(3, 2, 1)
        with closing(db_connect(self.cr.dbname).cursor()) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x6D656474, rule.id])
            with self.assertRaisesRegex(UserError, "being run just now"):
                rule.run()
            self.env["med.trigger.rule"]._run_all()
            self.assertFalse(self.hits(rule))
        self.assertEqual(rule.run()["hits"], 1)

    def test_nothing_of_it_is_written_made_or_removed(self):
        hit = self.proposed()
        run = hit.rule_id.with_user(self.anna).try_rule(
            date_from="2025-01-01", date_to="2026-12-31")["run"]
        run = self.env["med.trigger.run"].browse(run)
        for record, vals in ((hit, {"state": "dismissed"}), (hit, {"count": 1}),
                             (hit, {"capa_id": False}), (hit.evidence_ids[0], {"res_id": 1}),
                             (run, {"looked": 9}), (run.found_ids, {"count": 1})):
            for who in (record.with_user(self.anna), record.sudo()):
                with self.subTest(vals), self.assertRaises(AccessError), self.cr.savepoint():
                    who.write(vals)
            for step in (record.sudo().unlink, lambda record=record: record.sudo().create(
                    {**record.copy_data()[0]} if record != hit else {"label": "x"})):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    step()

    def test_what_was_found_outlives_the_addon(self):
        hit = self.proposed()
        uninstall_hook(self.env)
        self.env.cr.execute("SELECT key FROM med_evidence.med_trigger_hit WHERE id = %s", [hit.id])
        self.assertEqual(self.env.cr.fetchall(), [(hit.key,)])
        self.assertEqual(set(KEPT), tables_of(self.env, "med_trigger"))
