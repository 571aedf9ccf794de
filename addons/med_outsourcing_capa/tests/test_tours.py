from odoo.tests import tagged

from .common import CapaPortalCase


@tagged("post_install", "-at_install")
class TestTours(CapaPortalCase):
    """A request from the first page to the signed answer on a tablet, in two languages."""

    requirement = "V4 V6 Q6"

    def flow(self):
        own = self.request()
        self.start_tour("/my/processor", "med_outsourcing_capa_flow", login="porter",
                        timeout=120)
        answer = self.answers(own)
        self.assertEqual((answer.cause, answer.action_ids.what, answer.signature_id.user_id,
                          own.state), ("Worn jaw", "Change the jaw", self.porter, "answered"))


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
