from odoo.tests import tagged

from .common import TriggerCase


@tagged("post_install", "-at_install")
class TestTours(TriggerCase):
    """A rule is tried, put in force and run; of its signals one is taken, one dismissed."""

    requirement = "Q2 Q8 T1"

    def test_tried_put_in_force_taken_and_dismissed(self):
        self.seen(3, 2, 1)
        self.seen(3, 2, 1, defect="T-CRK")
        rule = self.rule(force=False)
        self.start_tour("/odoo/med-trigger-rules", "med_trigger_tour", login="anna", timeout=120)
        self.env.invalidate_all()
        self.assertEqual((rule.state, rule.run_ids.mapped("dry")), ("in_force", [False, True]))
        self.assertEqual({one.defect_code_id.code: (one.state, one.settled_by_id.login)
                          for one in self.hits(rule)},
                         {"T-SCR": ("taken", "anna"), "T-CRK": ("dismissed", "anna")})
