from odoo.tests import tagged

from .common import ChangeCase


@tagged("post_install", "-at_install")
class TestTours(ChangeCase):
    """A major change is requested, and approved by two people."""

    requirement = "ISO-7.3.9 CN-GMP-QA Q4 T1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search([
            ("name", "in", ["med_change", "med_signature"])])._update_translations(["zh_CN"])

    def two_approve(self, lang, tour):
        (self.allen | self.bert | self.rega).lang = lang
        self.clock.tick(3600)
        self.start_tour("/odoo/med-change", tour, login="allen")
        record = self.env["med.change"].search([("title", "=", "Other glue")])
        self.assertEqual((record.change_class, record.requester_id), ("major", self.allen))
        self.answered(record)
        self.sign(record, self.anna, "reviewed")
        self.start_tour("/odoo/med-change", "med_change_first_tour", login="bert")
        self.start_tour("/odoo/med-change", "med_change_second_tour", login="rega")
        self.env.invalidate_all()
        self.assertEqual(record.state, "approved")
        self.assertEqual(record._med_given().mapped("login"), ["anna", "bert", "rega"])

    def test_a_change_with_two_approvals(self):
        self.two_approve("en_US", "med_change_request_tour")

    def test_a_change_with_two_approvals_in_chinese(self):
        self.two_approve("zh_CN", "med_change_request_zh_tour")
