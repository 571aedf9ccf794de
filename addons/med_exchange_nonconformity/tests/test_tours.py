from odoo.addons.med_exchange_goods.tests.test_inbound import amount
from odoo.tests import tagged

from .common import NonconformityExchangeCase


@tagged("post_install", "-at_install")
class TestTours(NonconformityExchangeCase):
    """What a partner reported and took back is found, read and evaluated all the same."""

    requirement = "X2 V8 T1 ISO-8.3.1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search([("name", "in", [
            "med_exchange_nonconformity", "med_nonconformity"])])._update_translations(["zh_CN"])

    def found_and_evaluated(self, lang, ending=""):
        self.in_stock(self.tube, "T-1")
        record = self.apply("nonconformity", self.told(
            {"lot": "T-1", "quantity": amount("2"), "note": "Two of ten"}),
            self.processor, object_id="NC-7")
        handler = self.handler("nonconformity", self.processor)
        handler._med_compensate(self.processor.with_env(handler.env),
                                record.with_env(handler.env), {}, None)
        self.anna.lang = lang
        self.clock.tick(3600)
        self.start_tour("/odoo/med-nonconformities", f"med_exchange_nonconformity{ending}_tour",
                        login="anna", timeout=120)
        self.env.invalidate_all()
        self.assertEqual((record.evaluation, record.partner_number, record.state),
                         ("Seen here as well", "NC-7", "reported"))

    def test_a_partners_report_is_evaluated(self):
        self.found_and_evaluated("en_US")

    def test_a_partners_report_is_evaluated_in_chinese(self):
        self.found_and_evaluated("zh_CN", "_zh")
