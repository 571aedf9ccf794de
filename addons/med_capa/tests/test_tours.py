from odoo.tests import tagged

from .common import CapaCase


@tagged("post_install", "-at_install")
class TestTours(CapaCase):
    """From the board into a case: the fish is drawn while causes are written, and signed."""

    requirement = "ISO-8.5.2 Q1 T1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search([
            ("name", "in", ["med_capa", "med_signature"])])._update_translations(["zh_CN"])

    def signed(self, lang, tour):
        self.anna.lang = lang
        record = self.case(cause_tool=False, cause=False)
        self.start_tour("/odoo/med-capa", tour, login="anna", timeout=120)
        self.env.invalidate_all()
        self.assertEqual((record.state, record.cause), ("analysed", "The jaw is worn"))
        self.assertEqual(record.why_ids.mapped(lambda one: (one.category, one.question)),
                         [("machine", "Worn jaw")])

    def test_from_the_board_to_the_signed_cause(self):
        self.signed("en_US", "med_capa_board_tour")

    def test_from_the_board_to_the_signed_cause_in_chinese(self):
        self.signed("zh_CN", "med_capa_board_zh_tour")
