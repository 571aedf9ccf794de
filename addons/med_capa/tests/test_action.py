from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CapaCase


@tagged("post_install", "-at_install")
class TestAction(CapaCase):
    """Actions are planned, approved, and done with evidence by the one who owns them."""

    requirement = "ISO-8.5.2 ISO-8.5.3 Q6"

    def test_an_action_is_done_by_its_owner_with_evidence(self):
        action = self.planned().action_ids
        with self.assertRaisesRegex(UserError, "one sentence"):
            action.with_user(self.olga).finish(evidence=" ")
        with self.assertRaisesRegex(AccessError, "by its owner"):
            action.with_user(self.ines).finish(evidence="Seen")
        self.assertEqual(action.with_user(self.olga).finish(evidence="Work order 7"),
                         {"version": 1, "done": 1})
        self.assertEqual((action.state, action.evidence, action.done_by_id),
                         ("done", "Work order 7", self.olga))
        with self.assertRaisesRegex(UserError, "only open actions"):
            action.with_user(self.olga).finish(evidence="Again")

    def test_its_owner_is_asked_until_it_is_done(self):
        record = self.planned()
        self.assertEqual(record.activity_ids.mapped("user_id"), self.ines | self.olga)
        record.action_ids.with_user(self.olga).finish(evidence="Work order 7")
        self.assertEqual(record.activity_ids.user_id, self.ines)

    def test_an_action_is_dropped_by_quality_assurance_with_why(self):
        action = self.planned().action_ids
        with self.assertRaises(AccessError):
            action.with_user(self.olga).drop(reason="No time")
        action.with_user(self.anna).drop(reason="Machine is gone")
        self.assertEqual((action.state, action.note), ("cancelled", "Machine is gone"))

    def test_nothing_is_implemented_while_an_action_is_open_or_none_was_done(self):
        record = self.planned()
        record.with_user(self.anna).no_harm = "Tested"
        with self.assertRaisesRegex(UserError, "neither done nor cancelled: Change the jaw"):
            self.sign(record, self.anna, "verified")
        record.action_ids.with_user(self.anna).drop(reason="Machine is gone")
        with self.assertRaisesRegex(UserError, "no action was done"):
            self.sign(record, self.anna, "verified")

    def test_nothing_is_done_before_the_plan_is_approved(self):
        action = self.draft_plan(self.analysed()).action_ids
        with self.assertRaisesRegex(UserError, "approved plan"):
            action.with_user(self.olga).finish(evidence="Done")

    def test_an_approved_action_is_not_changed_added_or_deleted(self):
        record = self.planned()
        action = record.action_ids.with_user(self.anna)
        for step in (lambda: action.write({"what": "Less"}), action.unlink,
                     lambda: action.write({"owner_id": self.anna.id}),
                     lambda: action.create({"capa_id": record.id, "what": "More"})):
            with self.assertRaisesRegex(UserError, "is not changed any more"), self.cr.savepoint():
                step()

    def test_results_are_written_by_no_other_way(self):
        record = self.draft_plan(self.analysed())
        action = record.action_ids.with_user(self.anna)
        for vals in ({"state": "done"}, {"evidence": "x"}, {"done_by_id": self.bert.id}):
            for who in (action, action.sudo()):
                with self.subTest(vals), self.assertRaises(AccessError):
                    who.write(vals)
        new = action.with_context(default_state="done", default_evidence="x").create(
            {"capa_id": record.id, "what": "More", "state": "done", "note": "x"})
        self.assertEqual((new.state, new.evidence, new.note), ("open", False, False))
        other = self.case()
        with self.assertRaisesRegex(UserError, "stays with its CAPA"):
            new.capa_id = other
        with self.assertRaisesRegex(AccessError, "stays in its company"):
            action.write({"company_id": self.env["res.company"].create({"name": "Else"}).id})

    def test_planning_is_for_the_owner_of_the_case_and_quality_assurance(self):
        record = self.draft_plan(self.analysed())
        for step in (lambda: record.action_ids.with_user(self.olga).write({"what": "Less"}),
                     lambda: record.action_ids.with_user(self.olga).create(
                         {"capa_id": record.id, "what": "More"}),
                     record.action_ids.with_user(self.olga).unlink):
            with self.assertRaises(AccessError), self.cr.savepoint():
                step()
