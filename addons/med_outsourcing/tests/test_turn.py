from odoo.tests.common import tagged

from ..exceptions import ReportRefused
from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestTurn(OrderCase):
    """Two orders of one processor that report the same lot at the same moment (V5, Q6)."""

    requirement = "V5 Q6 X3 CN-GMP-OUT"

    def turns(self, lot):
        return self.env["med.turn"].search([
            ("scope", "=", f"used at/{self.place.id}"), ("thing", "=", str(lot.id))]).turn

    def test_what_was_used_is_said_in_turns_of_its_lot(self):
        [body] = self.at_processor(self.body, "B-1", quantity=10)
        one, two = self.begun(self.made_order(5)), self.begun(self.made_order(5))
        self.report(one, "finished", [("M-1", 5, "good")], [(self.body, "B-1", 6)])
        self.assertEqual(self.turns(body), 1)
        with self.assertRaises(ReportRefused) as refused:
            self.report(two, "finished", [("M-2", 5, "good")], [(self.body, "B-1", 6)])
        self.assertEqual(refused.exception.pointer, "/used/0/quantity")
        self.report(two, "finished", [("M-2", 5, "good")], [(self.body, "B-1", 4)])
        self.assertGreaterEqual(self.turns(body), 2)
