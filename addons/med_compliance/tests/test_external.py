from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ComplianceCase


@tagged("post_install", "-at_install")
class TestExternal(ComplianceCase):
    """Somebody finds out what changes outside, and what it means here is written down."""

    requirement = "ISO-4.2.4 CN-GMP-44 Q9"

    def document(self, **values):
        return self.env["med.external.document"].with_user(self.anna).create({
            "number": "GB 4711", "title": "Seals", "owner_id": self.ines.id,
            "watched_from": "2026-03-02", **values})

    def daily(self, day):
        self.clock.move_to(f"{day} 06:00:00")
        self.env["med.external.document"]._med_daily()

    def test_a_document_comes_into_force_on_its_day_and_not_before(self):
        record = self.document(in_force_from="2026-06-01")
        self.assertEqual((record.state, str(record.next_review)), ("watched", "2026-06-01"))
        with self.assertRaisesRegex(UserError, "not before"):
            record.med_transition("enforce")
        self.daily("2026-05-31")
        self.assertEqual(record.state, "watched")
        self.daily("2026-06-01")
        self.assertEqual(record.state, "in_force")
        with self.assertRaisesRegex(UserError, "Superseded By"):
            record.med_transition("supersede")
        record.superseded_by_id = self.document(edition="2027")
        with self.assertRaises(UserError):
            record.with_user(self.ivan).med_transition("supersede")
        record.med_transition("supersede")
        self.assertEqual((record.state, record.next_review), ("superseded", False))

    def test_a_review_is_asked_for_once_before_it_is_due(self):
        record = self.document()
        self.daily("2027-01-30")
        self.assertFalse(record.review_ids)
        for _again in range(2):
            self.daily("2027-02-01")
            self.assertEqual(len(record.review_ids), 1)
        review = record.review_ids
        self.assertRecordValues(review, [{
            "kind": "periodic", "state": "open", "owner_id": self.ines.id}])
        self.assertEqual(str(review.date_due), "2027-03-02")
        self.assertEqual(review.activity_ids.user_id, self.ines)
        told = self.env["mail.message"].search([
            ("model", "=", "med.external.review"), ("res_id", "=", review.id),
            ("partner_ids", "in", self.ines.partner_id.ids)])
        self.assertTrue(told)
        review.with_user(self.anna).write({"impact": "none", "reason": "Nothing is new"})
        review.with_user(self.anna).finish()
        self.assertEqual(str(record.next_review), "2028-02-01")
        self.assertFalse(review.activity_ids)

    def test_a_change_says_what_it_means_and_what_is_done_and_then_stays(self):
        record = self.document()
        told = record.report_change(changes="Test of seals at 60 °C")
        review = self.env["med.external.review"].with_user(self.anna).browse(told["review"])
        for vals, words in (
                ({}, "whether it has an impact"),
                ({"impact": "none"}, "why it has no impact"),
                ({"impact": "affected"}, "what of ours is affected"),
                ({"process_ids": [Command.set(self.process.ids)]}, "what is done"),
                ({"changes": False, "measures": "WI-7 changed"}, "say what changes")):
            review.write(vals)
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                review.finish()
        review.changes = "Test of seals at 60 °C"
        capa = self.env["med.capa"].browse(review.action_start_capa()["res_id"])
        self.assertRecordValues(capa, [{
            "kind": "preventive", "problem": "Test of seals at 60 °C", "source_id": review.id}])
        with self.assertRaises(AccessError):
            review.with_user(self.ines).finish()
        self.assertEqual(review.finish(), {"version": 1, "done": 1})
        self.assertRecordValues(review, [{
            "state": "done", "done_by_id": self.anna.id, "capa_ids": capa.ids}])
        for step in (lambda: review.write({"measures": "Nothing"}), review.finish,
                     lambda: review.write({"capa_ids": [Command.clear()]}),
                     lambda: review.sudo().unlink()):
            with self.assertRaises(UserError), self.cr.savepoint():
                step()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_compliance.report_changes", review.ids)[0].decode()
        for words in ("GB 4711", "Test of seals", "Sealing", capa.name, "WI-7 changed"):
            self.assertIn(words, html)

    def test_what_steps_decide_is_not_written(self):
        record = self.document()
        review = self.env["med.external.review"].browse(
            record.report_change(changes="x")["review"])
        for one, vals in ((record, {"state": "in_force"}), (record, {"next_review": "2030-01-01"}),
                          (review, {"state": "done"}), (review, {"done_on": "2026-01-01"}),
                          (review, {"done_by_id": self.bert.id})):
            for who in (one.with_user(self.anna), one.sudo()):
                with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                    who.write(vals)
        with self.assertRaises(AccessError):
            record.with_user(self.ivan).report_change(changes="x")
        for kw in ({"changes": " "}, {"changes": "x", "days": -1}, {"changes": "x", "days": "1"}):
            with self.subTest(kw), self.assertRaises(UserError):
                record.report_change(**kw)
