from odoo.addons.med_capa.tests.common import CapaCase
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ChangeCase


@tagged("post_install", "-at_install")
class TestFlow(CapaCase, ChangeCase):
    """A failed receipt, its nonconformity, the CAPA, the change of the plan, the proven effect."""

    requirement = "ISO-8.3.1 ISO-8.5.2 ISO-7.3.9 TRC-3 Q1 Q4 Q7"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first_plan = cls.plan()
        cls.controlled(cls.stent.product_tmpl_id)

    def rejected(self):
        """Return the nonconformity of a rejected receipt, evaluated and decided, and its lots."""
        sister = self.in_stock(self.stent, "SISTER", status="quarantine")
        inspection = self.finish(self.inspected("MIX", 12), bad=("1",), decide="reject")
        record = self.env["med.nonconformity"].search([
            ("source_model", "=", inspection._name), ("source_id", "=", inspection.id)])
        record.with_user(self.anna).add_lots(sister.ids)
        self.assertEqual(sister.med_hold_count, 1)
        record.with_user(self.anna).write({
            "defect_class": "minor", "evaluation": "Too long by 2 mm", "investigation": "needed",
            "investigation_reason": "Third time"})
        self.sign(record, self.anna, "reviewed", transition="evaluate")
        lot = inspection.lot_ids
        told = record.line_ids.filtered(lambda one: one.lot_id == lot).with_user(
            self.anna).split(quantity=4)
        back = self.env["stock.lot"].browse(told["lot"])
        self.line(record, back, decision="return")
        self.line(record, lot, decision="rework", instruction="WI-9 rev 1")
        self.line(record, sister, decision="scrap")
        self.decide_all(record)
        record.with_user(self.anna).action_make_documents()
        picking = record.line_ids.move_ids.picking_id.filtered(
            lambda one: one.picking_type_code == "outgoing")
        picking.move_ids.picked = True
        picking.with_context(skip_expired=True)._action_done()
        self.close(record.line_ids.production_id)
        self.assertTrue(all(record.line_ids.mapped("done")))
        return record, lot, record.line_ids.production_id.lot_producing_ids

    def begun(self, record):
        """Return the CAPA of a nonconformity, its plan approved."""
        with self.assertRaisesRegex(UserError, "Start a CAPA"):
            self.close_it(record)
        capa = self.env["med.capa"].browse(
            record.with_user(self.anna).action_start_capa()["res_id"])
        capa.with_user(self.anna).write({
            "owner_id": self.ines.id, "problem": "Too long", "scope": "Stents of May",
            "severity": "3", "occurrence": "3", "detection": "3", "correction": "Sent back",
            "cause_tool": "why", "cause": "Limits of the plan are too wide"})
        self.sign(capa, self.anna, "reviewed", transition="analyse")
        self.draft_plan(capa)
        self.sign(capa, self.anna, "approved")
        return capa

    def changed(self, capa):
        """Carry out the change of the plan that a CAPA asks for; return the change."""
        change = self.env["med.change"].browse(
            capa.with_user(self.anna).action_start_change()["res_id"])
        change.with_user(self.anna).write({
            "description": "Upper limit 10.05", "rollback": "Version 1 of the plan",
            "verification_plan": "Ten lots compared", "for_plan": True,
            "effect_safety": "none", "effect_performance": "none", "effect_registration": "none",
            "task_ids": [Command.create({
                "kind": "training", "what": "Train incoming inspection",
                "owner_id": self.ivan.id, "date_due": "2026-03-10"})]})
        self.answered(change)
        self.assertIn("plan", change.impact_ids.mapped("kind"))
        self.sign(change, self.anna, "reviewed")
        plan = self.env["med.inspection.plan"].browse(
            self.first_plan.action_new_version()["res_id"])
        plan.characteristic_ids.upper = "10.05"
        with self.assertRaisesRegex(UserError, "under change control"):
            self.sign(plan, self.anna, "approved")
        self.sign(change, self.bert, "approved")
        self.sign(plan, self.anna, "approved")
        with self.assertRaisesRegex(UserError, "neither done nor dropped"):
            self.effective(change)
        change.task_ids.with_user(self.ivan).finish(evidence="Signed list of 2026-03-09")
        return self.effective(change)

    def test_from_the_failed_receipt_to_the_proven_effect(self):
        record, lot, reworked = self.rejected()
        capa = self.begun(record)
        change = self.changed(capa)
        capa.action_ids.with_user(self.olga).finish(evidence=change.name)
        capa.with_user(self.anna).no_harm = "Ten lots compared"
        self.sign(capa, self.anna, "verified")
        self.assertEqual(self.close_it(record).state, "closed")
        self.assertEqual(self.judge(capa).state, "effective")
        change.with_user(self.anna).monitoring_result = "No long stent since"
        self.sign(change, self.bert, "verified")
        self.assertEqual(change.state, "closed")
        self.assertIn("1 → 2", change.version_ids.difference_text)
        later = self.inspected("LATER")
        self.assertEqual(later.plan_id.version, 2)
        sections, made = ({one["key"]: one["rows"] for one in
                           found.with_user(self.anna)._med_evidence_sections()}
                          for found in (lot, reworked))
        self.assertEqual([row["name"] for row in sections["nonconformities"]], [record.name])
        self.assertEqual([row["name"] for row in sections["capas"]], [capa.name])
        self.assertEqual([(row["lot"], row["version"]) for row in made["versions"]],
                         [(reworked.name, "1")])
