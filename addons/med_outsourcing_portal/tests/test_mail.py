from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestMail(PortalCase):
    """Whoever is to do an order is told of it when it is released, in his language."""

    requirement = "V6"

    def mails(self, order):
        return self.env["mail.mail"].search([
            ("model", "=", order._name), ("res_id", "=", order.id),
            ("recipient_ids", "in", self.porter.partner_id.ids)])

    def test_a_released_order_is_told_to_the_processors_users(self):
        mail = self.mails(self.order)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.porter.partner_id)
        self.assertIn(self.order.name, mail.subject)
        self.assertIn(f"/my/processor/orders/{self.order.id}", str(mail.body_html))

    def test_a_draft_is_told_to_nobody(self):
        self.assertFalse(self.mails(self.drafted(self.file, self.lots[:1])))

    def test_each_reads_it_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("med_outsourcing_portal.mail_template_order_released")
        template.with_context(lang="zh_CN").subject = "订单 {{ object.name }}"
        self.porter.lang = "zh_CN"
        order = self.released(self.file, self.lots[:1])
        self.assertIn("订单", self.mails(order).subject)

    def test_who_is_connected_otherwise_gets_no_link(self):
        self.file.with_user(self.anna).med_transition("revise", reason="Connection")
        self.file.connection = "api"
        self.sign(self.file, self.anna, "approved")
        self.assertFalse(self.mails(self.released(self.file, self.lots[:1])))

    def test_a_hold_of_ours_is_told_with_its_lots(self):
        self.hold(self.lots[:1])
        mail = self.env["mail.mail"].search([("model", "=", "med.outsourcing.event"), (
            "res_id", "in", self.order.event_ids.ids)])
        self.assertEqual(mail.recipient_ids, self.porter.partner_id)
        self.assertIn("S-1", str(mail.body_html))
        self.assertNotIn("S-2", str(mail.body_html))
        self.assertIn(f"/my/processor/orders/{self.order.id}", str(mail.body_html))

    def test_a_statement_is_told_with_the_way_to_it(self):
        statement = self.env["med.outsourcing.statement"].create({
            "processor_id": self.file.id, "date_from": "2026-02-01"})
        statement._med_ask_processor()
        mail = self.mails(statement)
        self.assertEqual(len(mail), 1)
        self.assertIn(f"/my/processor/statements/{statement.id}", str(mail.body_html))
