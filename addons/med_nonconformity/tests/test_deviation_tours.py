from odoo.tests import tagged

from .deviation_case import DeviationCase


@tagged("post_install", "-at_install")
class TestDeviationTours(DeviationCase):
    """Written in Chinese, approved in English."""

    requirement = "ISO-8.3.2 Q1"

    def test_approved_from_the_list(self):
        deviation = self.submitted()
        self.start_tour("/odoo/med-deviations", "med_deviation_tour", login="anna")
        self.env.invalidate_all()
        self.assertEqual(deviation.state, "approved")
        self.assertIn("anna", deviation.med_signature_ids.mapped("login"))

    def test_written_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "in", [
            "med_nonconformity", "med_signature"])])._update_translations(["zh_CN"])
        self.ines.lang = "zh_CN"
        self.start_tour("/odoo/med-deviations", "med_deviation_write_tour", login="ines")
        [deviation] = self.env["med.deviation"].search([("requirement", "=", "WI-9, 2.1")])
        self.assertRecordValues(deviation, [{
            "kind": "planned", "grade": "minor", "product_ids": self.stent.ids}])
