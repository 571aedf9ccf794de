from odoo.tests import tagged

from .common import ChangePortalCase


@tagged("post_install", "-at_install")
class TestTours(ChangePortalCase):
    """A notice from the first page to the signed answer on a tablet, in two languages."""

    requirement = "V4 V6"

    def flow(self):
        own = self.notice(answer_by="2026-04-01")
        self.start_tour("/my/processor", "med_outsourcing_change_flow", login="porter",
                        timeout=120)
        first, last = self.answers(own)
        self.assertEqual((first.agreement, first.superseded), ("refused", True))
        self.assertEqual((last.agreement, last.note, last.signature_id.user_id, own.state),
                         ("agreed", "From lot S-9 on", self.porter, "agreed"))


@tagged("post_install", "-at_install")
class TestLying(TestTours):
    browser_size = "1024x768"

    def test_from_the_first_page_to_the_answer_in_english(self):
        self.porter.lang = "en_US"
        self.flow()


@tagged("post_install", "-at_install")
class TestStanding(TestTours):
    browser_size = "768x1024"

    def test_from_the_first_page_to_the_answer_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.porter.lang = "zh_CN"
        self.flow()
