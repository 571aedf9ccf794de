from odoo import fields
from odoo.tests import tagged

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestTour(ReviewCase):
    """From the dashboard to the Pareto chart, and a review frozen and signed."""

    requirement = "ISO-5.6 ISO-8.4 Q8"

    def test_from_the_dashboard_to_a_signed_review(self):
        self.company.resource_calendar_id.tz = "UTC"
        for defect in ("T-CRK", "T-CRK", "T-SCR"):
            self.reported(defect=defect, product=self.stent.id)
        review = self.minuted(self.reviewed_month())
        self.clock.move_to("2026-04-02 08:00:00")
        self.start_tour("/odoo/med-trends", "med_review_tour", login="anna", timeout=180)
        self.env.invalidate_all()
        self.assertEqual(review.state, "presented")
        self.assertEqual(review._med_given().mapped("meaning"), ["authored", "reviewed"])
        self.sign(review, self.chief, "approved")
        self.assertEqual((review.state, review.date), ("signed", fields.Date.to_date("2026-04-02")))
