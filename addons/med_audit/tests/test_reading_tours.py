from odoo.tests import tagged

from .common import AuditRpcCase


@tagged("post_install", "-at_install")
class TestReadingTours(AuditRpcCase):
    """P11-10e-3, DI-ANX11, DI-MHRA-1: the trail on screen, in a browser."""

    requirement = "P11-10e-3 DI-ANX11 DI-MHRA-1"

    def test_from_a_record_to_its_trail_its_copy_and_its_review(self):
        qa = self.user("qa")
        partner = self.env.ref("base.main_partner")
        partner.write({"street": "1 Old Road", "comment": "<p>One two</p>"})
        self.env.flush_all()
        partner.with_context(med_reason="Supplier moved").write(
            {"street": "2 New Road", "comment": "<p>One three</p>"})
        self.env.flush_all()
        self.start_tour(f"/odoo/res.partner/{partner.id}", "med_audit_history_tour",
                        login=qa.login, timeout=120)
        [review] = self.env["med.audit.review"].search([("reviewer_id", "=", qa.id)])
        self.assertEqual((review.state, review.model, review.res_id),
                         ("done", "res.partner", partner.id))
        self.assertEqual(len(self.entries(partner, event="export")), 1)

    def test_the_trail_is_searched_and_an_entry_opened(self):
        partner = self.env["res.partner"].create({"name": "Tour supplier"})
        self.env.flush_all()
        partner.phone = "12345"
        self.env.flush_all()
        self.start_tour("/odoo/med-audit-dashboard", "med_audit_search_tour",
                        login=self.user("auditor").login, timeout=120)
