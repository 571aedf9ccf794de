from odoo.tests import tagged

from .test_returns import ReturnCase


@tagged("post_install", "-at_install")
class TestTours(ReturnCase):
    """A unit comes back, is scanned, and destroyed before a witness."""

    requirement = "CN-RC-11 C7"

    def test_from_the_scan_to_the_witnessed_end(self):
        self.settle("consumed", 3, self.one)
        self.settle("consumed", 3, self.two)
        self.start_tour("/odoo/med-recall-returns", "med_recall_return_tour", login="wanda",
                        timeout=120)
        self.env.invalidate_all()
        self.assertEqual(self.totals()["still_here"], 4)
        self.start_tour("/odoo/med-recall-destructions", "med_recall_destruction_tour",
                        login="wanda", timeout=120)
        self.env.invalidate_all()
        self.assertTrue(self.recall.with_user(self.anna).reconcile()["settled"])
