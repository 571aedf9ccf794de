from odoo.tests import tagged

from .common import ChangeCase


@tagged("post_install", "-at_install")
class TestTours(ChangeCase):
    """A major change is requested, and approved by two people."""

    requirement = "ISO-7.3.9 CN-GMP-QA Q4 T1"

    def test_a_change_with_two_approvals(self):
        self.clock.tick(3600)
        self.start_tour("/odoo/med-change", "med_change_request_tour", login="allen")
        record = self.env["med.change"].search([("title", "=", "Other glue")])
        self.assertEqual((record.change_class, record.requester_id), ("major", self.allen))
        self.answered(record)
        self.sign(record, self.anna, "reviewed")
        self.start_tour("/odoo/med-change", "med_change_first_tour", login="bert")
        self.start_tour("/odoo/med-change", "med_change_second_tour", login="rega")
        self.env.invalidate_all()
        self.assertEqual(record.state, "approved")
        self.assertEqual(record._med_given().mapped("login"), ["anna", "bert", "rega"])
