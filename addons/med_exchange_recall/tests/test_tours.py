from odoo.tests import tagged

from .common import RecallExchangeCase


@tagged("post_install", "-at_install")
class TestTours(RecallExchangeCase):
    """A notice is told to the consignee's program, and to those whom he sold on to."""

    requirement = "C2 C3 V8 CN-RC-5 FDA-7.49 T1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search([("name", "in", [
            "med_exchange_recall", "med_recall_notice"])])._update_translations(["zh_CN"])

    def told_to_the_program(self, lang, ending=""):
        self.approved()
        for number, buyer in (("INV-77", {}), ("INV-78", {
                "buyer": {"name": "Ward", "phone": "+86 1"}})):
            self.apply("sale_on", {**self.sale(quantity="1"), "number": number, **buyer}, self.his)
        self.anna.lang = lang
        self.clock.tick(3600)
        self.start_tour("/odoo/med-recall-notices", f"med_exchange_recall{ending}_tour",
                        login="anna", timeout=120)
        self.env.invalidate_all()
        self.assertEqual((self.one.state, self.one.channel), ("queued", "rpc"))
        self.assertEqual(self.one.child_ids.mapped("email"), ["nine@example.com"])
        told = self.fed(self.his, "recall_notice")
        self.assertEqual(list(told), [self.code(self.one)])
        self.assertFalse(self.fed(self.hers, "recall_notice"))

    def test_a_program_and_the_buyers_are_told(self):
        self.told_to_the_program("en_US")

    def test_a_program_and_the_buyers_are_told_in_chinese(self):
        self.told_to_the_program("zh_CN", "_zh")
