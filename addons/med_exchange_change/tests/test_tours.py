from odoo.tests import tagged

from .common import ChangeExchangeCase


@tagged("post_install", "-at_install")
class TestTours(ChangeExchangeCase):
    """A change is announced to who has to do with it, and an answer by letter is noted."""

    requirement = "Q4 V8 T1 ISO-7.4.1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search([
            ("name", "in", ["med_exchange_change", "med_change"])])._update_translations(["zh_CN"])

    def told_and_answered(self, lang, ending=""):
        self.in_stock(self.tube, "T-1")
        change = self.requested(component_ids=self.tube.ids)
        self.anna.lang = lang
        self.clock.tick(3600)
        self.start_tour("/odoo/med-change", f"med_exchange_change_tell{ending}_tour",
                        login="anna", timeout=120)
        self.env.invalidate_all()
        notice = change.notice_ids.filtered(lambda one: one.partner_id == self.supplier)
        self.assertEqual((notice.state, notice.agreement_needed, notice.reason),
                         ("told", True, "The old mill closes"))
        self.clock.tick(3600)
        self.start_tour("/odoo/med-change-notices", f"med_exchange_change_answer{ending}_tour",
                        login="anna", timeout=120)
        self.env.invalidate_all()
        self.assertEqual(
            (notice.state, notice.answer_ids.note, notice.answer_ids.user_id),
            ("agreed", "Letter of 3 March from Ms Li", self.anna))

    def test_a_change_is_announced_and_an_answer_noted(self):
        self.told_and_answered("en_US")

    def test_a_change_is_announced_and_an_answer_noted_in_chinese(self):
        self.told_and_answered("zh_CN", "_zh")
