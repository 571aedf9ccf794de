from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RiskCase


@tagged("post_install", "-at_install")
class TestHazard(RiskCase):
    """A risk is judged by the matrix before and after controls, reviewed, and then stays."""

    requirement = "ISO-7.1 CN-GMP-4 Q11"

    def test_the_matrix_judges_before_and_after_controls(self):
        record = self.hazard()
        self.assertTrue(record.name.startswith("HAZ/"))
        self.assertRecordValues(record, [{
            "verdict": "reduce", "residual_verdict": "reduce", "state": "draft", "revision": 1}])
        record.residual_probability = "4"
        self.assertEqual(record.residual_verdict, "not_acceptable")
        self.assertEqual(record._med_risk_class(), "high")

    def test_rows_of_a_company_replace_the_matrix_of_all(self):
        self.env["med.risk.acceptance"].create({
            "company_id": self.company.id, "severity": "5", "probability": "1",
            "verdict": "acceptable", "source": "SOP-9"})
        record = self.hazard()
        self.assertEqual((record.verdict, record.residual_verdict), (False, "acceptable"))
        with self.assertRaisesRegex(UserError, "Still to be filled in: Before Controls"):
            self.review_it(record)

    def test_a_review_is_by_another_and_locks(self):
        record = self.hazard()
        with self.assertRaisesRegex(UserError, "another person than “Owner”"):
            self.sign(record, self.anna, "reviewed")
        self.review_it(record)
        self.assertEqual((record.state, record.med_signature_status), ("reviewed", "valid"))
        self.assertTrue(record.reviewed_at)
        for vals in ({"severity": "1"}, {"harm": "None"}, {"residual_probability": "2"},
                     {"control_ids": [Command.create({"what": "More"})]}):
            with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                record.with_user(self.anna).write(vals)
        for step in (lambda: record.control_ids.write({"what": "Less"}), record.control_ids.unlink):
            with self.assertRaisesRegex(UserError, "not changed any more"), self.cr.savepoint():
                step()

    def test_a_review_asks_for_controls_their_proof_and_the_benefit(self):
        for vals, words in (
                ({"control_ids": []}, "name the controls"),
                ({"control_ids": [Command.create({"what": "Seal test"})]},
                 "“Seal test” lacks “Verified: Implemented”"),
                ({"residual_probability": "4"}, "Say why the benefit outweighs it"),
                ({"harm": False}, "Still to be filled in: Harm")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.review_it(self.hazard(**vals))
        self.assertEqual(self.reviewed(residual_probability="4", benefit="Saves life").state,
                         "reviewed")

    def test_what_steps_decide_is_not_written(self):
        record = self.hazard()
        for vals in ({"state": "reviewed"}, {"name": "X"}, {"revision": 2},
                     {"verdict": "acceptable"}, {"residual_verdict": "acceptable"},
                     {"review_needed": True}, {"reviewed_at": "2026-01-01 00:00:00"}):
            for who in (record, record.sudo()):
                with self.subTest(vals), self.assertRaises(AccessError), self.cr.savepoint():
                    who.write(vals)
        sent = {"revision": 7, "residual_verdict": "acceptable", "review_needed": True}
        hostile = record.with_context(**{f"default_{name}": value for name, value in sent.items()})
        for new in (record.create({"hazard": "x", **sent}), hostile.create({"hazard": "x"})):
            self.assertRecordValues(new, [{
                "revision": 1, "residual_verdict": False, "review_needed": False}])
        with self.assertRaises(UserError):
            record.unlink()
        with self.assertRaises(AccessError), self.cr.savepoint():
            record.with_user(self.ines).write({"hazard": "x"})

    def test_a_new_revision_holds_when_it_is_reviewed_and_the_old_one_stays(self):
        record = self.reviewed()
        with self.assertRaisesRegex(UserError, "one sentence"):
            record.revise(reason=" ")
        with self.assertRaises(AccessError):
            record.with_user(self.ines).revise(reason="x")
        told = record.with_user(self.anna).revise(reason="Jaw was changed")
        new = record.browse(told["hazard"])
        self.assertRecordValues(new, [{
            "name": record.name, "revision": 2, "previous_id": record.id, "state": "draft",
            "hazard": "Unsterile device", "change_note": "Jaw was changed",
            "residual_verdict": "reduce", "reviewed_at": False}])
        self.assertEqual(new.control_ids.mapped("what"), ["Seal test"])
        with self.assertRaisesRegex(UserError, "a next revision already"):
            record.revise(reason="Again")
        with self.assertRaisesRegex(UserError, "no later revision is reviewed"):
            record.with_user(self.anna).med_transition("supersede")
        self.review_it(new)
        self.assertEqual((record.state, new.state), ("superseded", "reviewed"))
        self.assertEqual(record.med_signature_status, "valid")

    def test_a_hazard_is_withdrawn_with_why(self):
        record = self.reviewed()
        with self.assertRaisesRegex(UserError, "reason"):
            self.sign(record, self.anna, "rejected")
        self.sign(record, self.anna, "rejected", reason="Product is given up")
        self.assertEqual(record.state, "withdrawn")

    def test_the_register_of_a_product_on_paper_shows_what_holds(self):
        record = self.reviewed()
        self.review_it(record.browse(record.with_user(self.anna).revise(reason="x")["hazard"]))
        product = self.stent.product_tmpl_id
        self.assertEqual((product.med_hazard_count, product._med_register().revision), (1, 2))
        # The form of a variant has the button of its product.
        self.assertEqual(product.product_variant_id.action_med_hazards()["domain"],
                         product.action_med_hazards()["domain"])
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_risk.report_register", product.ids)[0].decode()
        for words in ("Unsterile device", "Sepsis", "Seal test", "Report 12", self.bert.name,
                      "Reduce as Far as Possible"):
            self.assertIn(words, html)


@tagged("post_install", "-at_install")
class TestOtherCompany(RiskCase):
    """Each company has hazards of its own."""

    requirement = "ISO-7.1 A1"

    def test_another_company_sees_nothing(self):
        record = self.reviewed()
        other = self.foreign_company()
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        for found in (record, record.control_ids):
            seen = found.with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(seen.search([("id", "in", found.ids)]))
        with self.assertRaisesRegex(AccessError, "stays in its company"):
            record.sudo().company_id = other
