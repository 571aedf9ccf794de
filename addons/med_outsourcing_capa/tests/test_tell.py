from odoo.tests import tagged

from .common import CapaPortalCase


@tagged("post_install", "-at_install")
class TestTell(CapaPortalCase):
    """Who is written to when a request waits in the portal."""

    requirement = "V6 Q6 ISO-8.5.2"

    def mails(self, request, user=None):
        return self.env["mail.mail"].search([
            ("model", "=", request._name), ("res_id", "=", request.id),
            ("recipient_ids", "in", (user or self.porter).partner_id.ids)])

    def test_portal_users_are_written_to_when_it_is_sent_and_sent_back(self):
        request = self.request(sent=False)
        self.assertFalse(self.mails(request))
        told = request.with_user(self.anna).action_send()
        self.assertEqual(told["params"]["type"], "success")
        [mail] = self.mails(request)
        self.assertIn(request.name, mail.subject)
        self.assertIn(f"/my/processor/capas/{request.id}", str(mail.body_html))
        for inside in ("Secret margin", self.capa.name):
            self.assertNotIn(inside, str(mail.body_html))
        self.assertFalse(self.mails(request, self.stranger))
        request._med_answer(self.maker, {"cause": "Worn"}, "message")
        request.with_user(self.anna).review = "More"
        self.sign(request, self.anna, "reviewed", transition="return")
        self.assertEqual(len(self.mails(request)), 2)
        self.assertIn("not complete", str(self.mails(request).sorted("id")[-1:].body_html))

    def test_its_print_names_the_order_in_the_language_of_the_processor(self):
        request = self.request()
        for lang, word in (("en_US", "Order"), ("zh_CN", "订单")):
            self.maker.lang = lang
            text = self.env["ir.actions.report"]._render_qweb_html(
                "med_exchange_capa.report_capa_request", request.ids)[0].decode()
            self.assertRegex(text, rf"<th>{word}</th>\s*<td[^>]*><span>{self.order.name}</span>")

    def test_a_processor_whose_file_is_being_revised_is_written_to(self):
        self.file.with_user(self.anna).med_transition("revise", "Another process")
        request = self.request(sent=False)
        told = request.with_user(self.anna).action_send()
        self.assertEqual(told["params"]["type"], "success")
        self.assertEqual(len(self.mails(request)), 1)

    def test_whom_nobody_calls_is_written_to_by_hand(self):
        self.porter.email = False
        told = self.request(sent=False).with_user(self.anna).action_send()
        self.assertEqual(told["params"]["type"], "warning")
        self.assertIn(self.maker.display_name, told["params"]["message"])

    def test_each_reads_it_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("med_outsourcing_capa.mail_template_capa_request")
        template.with_context(lang="zh_CN").subject = "纠正措施要求 {{ object.name }}"
        self.porter.lang = "zh_CN"
        self.assertIn("纠正措施要求", self.mails(self.request()).subject)
