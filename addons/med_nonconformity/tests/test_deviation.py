from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .deviation_case import DeviationCase


@tagged("post_install", "-at_install")
class TestDeviation(DeviationCase):
    """Who writes, approves, closes and withdraws a deviation, and what must be in it."""

    requirement = "ISO-8.3.2 CN-GMP-QA P11-10f P11-50a"

    def test_a_permit_is_written_by_one_person_and_approved_by_another(self):
        self.grant(self.anna, "authored")
        deviation = self.deviation(user=self.anna)
        self.assertRegex(deviation.name, r"^DEV/\d{4}/\d{5}$")
        self.sign(deviation, self.anna, "authored")
        with self.assertRaisesRegex(UserError, "another person than the one who signed"):
            self.sign(deviation, self.anna, "approved")
        with self.assertRaisesRegex(UserError, "none of the roles"):
            self.grant(self.ines, "approved")
            self.sign(deviation, self.ines, "approved")
        self.assertFalse(deviation.in_force)
        self.sign(deviation, self.bert, "approved")
        self.assertRecordValues(deviation, [{
            "state": "approved", "condition": "in_force", "in_force": True,
            "approved_at": fields.Datetime.now()}])

    def test_what_lacks_is_named_before_it_is_submitted(self):
        for kind, lacking in (
                ("planned", {"grade": "Grade", "requirement": "Requirement", "risk": "Risk",
                             "description": "Description", "justification": "Justification",
                             "product_ids": "Products", "quantity": "Quantity", "uom_id": "Unit",
                             "date_from": "From", "date_to": "Until"}),
                ("unplanned", {"cause": "Cause", "correction": "Correction"}),
                ("concession", {"lot_ids": "Lots", "quantity": "Quantity", "uom_id": "Unit"})):
            for name, label in lacking.items():
                with self.subTest(kind=kind, name=name):
                    empty = {name: False}
                    if name == "product_ids":
                        empty["lot_ids"] = False
                    deviation = self.deviation(kind, **empty)
                    with self.assertRaisesRegex(UserError, label):
                        self.sign(deviation, self.ines, "authored")

    def test_a_concession_needs_the_legal_requirements_to_be_met(self):
        deviation = self.submitted("concession", legal_ok=False)
        with self.assertRaisesRegex(UserError, "legal requirements"):
            self.sign(deviation, self.anna, "approved")
        deviation.with_user(self.ines).write({"legal_ok": True})
        self.assertEqual(deviation.state, "draft")
        self.sign(deviation, self.ines, "authored")
        self.sign(deviation, self.anna, "approved")
        self.assertEqual(deviation.state, "approved")

    def test_a_permit_that_has_ended_is_not_approved(self):
        deviation = self.submitted(date_to=fields.Datetime.now() + timedelta(minutes=1))
        self.clock.tick(60)
        with self.assertRaisesRegex(UserError, "ended already"):
            self.sign(deviation, self.anna, "approved")

    def test_a_box_that_cannot_be_is_refused(self):
        other = self.lots_of(self.tube, "OTHER")
        now = fields.Datetime.now()
        for values, words in (
                ({"quantity": -1}, "below zero"),
                ({"date_from": now, "date_to": now}, "ends after"),
                ({"lot_ids": [Command.set(other.ids)]}, "Not of a product")):
            with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                self.deviation(**values)
        deviation = self.deviation(uom_id=self.env.ref("uom.product_uom_kgm").id)
        with self.assertRaisesRegex(UserError, "counts in kg"):
            self.sign(deviation, self.ines, "authored")
        loose = self.deviation("unplanned", quantity=1)
        with self.assertRaisesRegex(UserError, "no unit"):
            self.sign(loose, self.ines, "authored")

    def test_what_is_approved_is_not_changed_but_its_conclusion(self):
        deviation = self.approved()
        for values in ({"quantity": 99}, {"date_to": "2099-01-01"}, {"legal_ok": False},
                       {"product_ids": [Command.link(self.tube.id)]}, {"description": "other"}):
            for user in (self.anna, self.ines, self.env.ref("base.user_root")):
                with self.assertRaisesRegex(UserError, "is signed and is not changed"):
                    deviation.with_user(user).write(values)
        with self.assertRaisesRegex(UserError, "Conclusion"):
            self.sign(deviation, self.anna, "verified")
        with self.assertRaisesRegex(AccessError, "concluded by quality"):
            deviation.with_user(self.ines).write({"conclusion": "mine"})
        deviation.with_user(self.anna).write({"conclusion": "All cartons used"})
        self.sign(deviation, self.anna, "verified")
        self.assertRecordValues(deviation, [{
            "state": "closed", "condition": "closed", "in_force": False,
            "med_signature_status": "valid"}])
        with self.assertRaisesRegex(UserError, "is signed and is not changed"):
            deviation.with_user(self.anna).write({"conclusion": "None"})

    def test_it_is_refused_dropped_or_withdrawn_with_a_reason(self):
        refused, dropped, withdrawn = self.submitted(), self.deviation(), self.approved()
        with self.assertRaisesRegex(UserError, "reason"):
            self.sign(refused, self.anna, "rejected")
        self.sign(refused, self.anna, "rejected", reason="Not needed")
        with self.assertRaisesRegex(UserError, "reason"):
            dropped.with_user(self.ines).med_transition("drop")
        dropped.with_user(self.ines).med_transition("drop", "Not needed")
        with self.assertRaisesRegex(UserError, "not yours"):
            withdrawn.with_user(self.ines).med_transition("withdraw", "Not needed")
        withdrawn.with_user(self.anna).med_transition("withdraw", "Cartons are here")
        self.assertEqual((refused + dropped + withdrawn).mapped("condition"),
                         ["refused", "withdrawn", "withdrawn"])

    def test_no_way_past_the_steps(self):
        root = self.env.ref("base.user_root")
        forged = {"default_state": "approved", "default_approved_at": "2020-01-01",
                  "default_name": "DEV/1", "default_conclusion": "x", "default_use_count": 7}
        deviation = self.env["med.deviation"].with_user(self.ines).with_context(**forged).create(
            self.written(name="MINE", approved_at="2020-01-01", use_count=5, conclusion="x"))
        self.assertRecordValues(deviation, [{
            "state": "draft", "approved_at": False, "use_count": 0, "conclusion": False}])
        self.assertRegex(deviation.name, "^DEV/")
        for user in (self.ines, self.anna, root):
            own = deviation.with_user(user)
            for values in ({"state": "approved"}, {"approved_at": "2020-01-01"}, {"name": "X"},
                           {"use_count": 0}, {"ending_told": True}):
                with self.assertRaises(AccessError):
                    own.write(values)
            with self.assertRaises(UserError):
                own.unlink()
        with self.assertRaisesRegex(UserError, "drop them with a reason"):
            deviation.sudo().unlink()
        viewer = self.person("viewer", "vera")
        with self.assertRaises(AccessError):
            self.deviation(user=viewer)
        self.assertTrue(deviation.with_user(viewer).read(["name", "left", "condition"]))

    def test_a_copy_is_a_draft_with_nothing_approved(self):
        copied = self.approved().copy()
        self.assertRecordValues(copied, [{
            "state": "draft", "approved_at": False, "date_to": False, "use_count": 0}])

    def test_a_grade_chooses_among_stored_rules(self):
        self.assertEqual([self.deviation(grade=grade)._med_risk_class() for grade in (
            "major", "moderate", "minor", False)], ["high", "medium", "low", ""])

    def test_another_company_sees_nothing(self):
        deviation = self.approved()
        self.use(deviation, (self.stent, None, 1))
        foreign = self.env["res.company"].create({"name": "Foreign"})
        stranger = self.user("qa", login="stranger", company_id=foreign.id,
                             company_ids=[Command.set(foreign.ids)])
        theirs = self.env(user=stranger, context={"allowed_company_ids": foreign.ids})
        self.assertFalse(theirs["med.deviation"].search([]))
        self.assertFalse(theirs["med.deviation.use"].search([]))
        with self.assertRaises(AccessError):
            theirs["med.deviation"].browse(deviation.id).med_box()
        with self.assertRaises(AccessError):
            theirs["med.deviation"].create(self.written())


@tagged("post_install", "-at_install")
class TestDeviationTelling(DeviationCase):
    """The owner is told before it runs out; the evidence and the printed form tell the rest."""

    requirement = "ISO-8.3.2 T6"

    def told(self, deviation):
        return deviation.activity_ids.mapped("summary")

    def test_the_owner_is_told_once_seven_days_before_the_end(self):
        soon, later = self.approved(), self.approved(
            date_to=fields.Datetime.now() + timedelta(days=30))
        self.env["med.deviation"]._tell_ending()
        self.assertFalse(soon.activity_ids)
        self.clock.tick(timedelta(days=3, minutes=1))
        for _day in range(2):
            self.env["med.deviation"]._tell_ending()
        self.assertEqual(len(soon.activity_ids), 1)
        self.assertEqual(soon.activity_ids.user_id, self.ines)
        self.assertIn("ends by itself", self.told(soon)[0])
        self.assertFalse(later.activity_ids)
        soon.with_user(self.anna).med_transition("withdraw", "Over")
        self.assertFalse(soon.activity_ids)

    def test_the_owner_is_told_once_when_four_fifths_are_used(self):
        deviation = self.approved()
        for quantity, count in ((7, 0), (1, 1), (1, 1)):
            self.use(deviation, (self.stent, None, quantity))
            self.assertEqual(len(deviation.activity_ids), count)
        self.assertIn("80 % of the quantity", self.told(deviation)[0])

    def test_a_lot_tells_the_deviations_that_name_or_used_it(self):
        named, used = self.approved("concession"), self.approved()
        self.approved("concession", lot_ids=[Command.set(self.lots[2].ids)])
        self.use(used, (self.stent, self.lots[0], 3))
        [section] = [one for one in self.lots[0].with_user(self.anna)._med_evidence_sections()
                     if one["key"] == "deviations"]
        rows = {row["name"]: row for row in section["rows"]}
        self.assertEqual(set(rows), {named.name, used.name})
        self.assertEqual(rows[used.name]["quantity"], 3)
        self.assertIn("anna", rows[used.name]["approved"])

    def test_the_printed_form_has_box_uses_signatures_and_history(self):
        deviation = self.approved("concession")
        self.use(deviation, (self.stent, self.lots[0], 3))
        self.cr.flush()
        deviation.with_user(self.anna).with_context(
            tracking_disable=False, mail_notrack=False).med_transition(
                "withdraw", "The cartons are here")
        self.cr.flush()
        self.env.invalidate_all()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_nonconformity.report_deviation", deviation.ids)[0].decode()
        for words in (deviation.name, "WI-7, 4.2", "D-1", "ines", "anna",
                      self.supplier.display_name, "The cartons are here",
                      "State: Approved → Withdrawn"):
            self.assertIn(words, html)
