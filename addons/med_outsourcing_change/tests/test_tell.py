from odoo.tests import tagged

from .common import ChangePortalCase


@tagged("post_install", "-at_install")
class TestTell(ChangePortalCase):
    """Who is told of a change by the portal, and written to."""

    requirement = "V6 X1 ISO-7.3.9"

    def mails(self, notice, user=None):
        return self.env["mail.mail"].search([
            ("model", "=", notice._name), ("res_id", "=", notice.id),
            ("recipient_ids", "in", (user or self.porter).partner_id.ids)])

    def announce(self, **values):
        notice = self.notice(told=False, **values)
        return notice, notice.with_user(self.anna).announce()

    def test_a_processor_with_portal_users_is_told(self):
        notice, told = self.announce(answer_by="2026-04-01")
        self.assertEqual(told, {"version": 1, "told": 1, "by_hand": []})
        [mail] = self.mails(notice)
        self.assertIn(self.change.name, mail.subject)
        self.assertIn(f"/my/processor/changes/{notice.id}", str(mail.body_html))
        self.assertIn("04/01/2026", str(mail.body_html))
        for inside in ("Secret margin", "too dear"):
            self.assertNotIn(inside, str(mail.body_html))
        self.assertFalse(self.mails(notice, self.stranger))

    def test_whom_nobody_calls_is_told_by_hand(self):
        by_hand = [self.maker.display_name]
        self.porter.email = False
        self.assertEqual(self.announce()[1]["by_hand"], by_hand)
        self.porter.email = "porter@example.com"
        self.file.user_ids = False
        notice, told = self.announce(change=self.wanted())
        self.assertEqual(told["by_hand"], by_hand)
        self.assertFalse(self.mails(notice))
        stranger = self.env["res.partner"].create({"name": "No processor", "is_company": True})
        self.assertEqual(
            self.announce(partner=stranger)[1]["by_hand"], [stranger.display_name])

    def test_each_reads_it_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("med_outsourcing_change.mail_template_change_notice")
        template.with_context(lang="zh_CN").subject = "变更 {{ object.change_id.name }}"
        self.porter.lang = "zh_CN"
        notice, _told = self.announce()
        self.assertIn("变更", self.mails(notice).subject)

    def test_who_is_asked_again_is_written_to_again(self):
        notice, _told = self.announce()
        self.change.with_user(self.anna).description = "Nobody has answered yet"
        self.assertEqual(len(self.mails(notice)), 1)
        notice._med_answer(self.maker, "agreed", "")
        self.change.with_user(self.anna).description = "Tube C for tube A"
        mail = self.mails(notice).sorted("id")[-1:]
        self.assertEqual(len(self.mails(notice)), 2)
        self.assertIn("ask you again", str(mail.body_html))

    def test_whose_program_hears_is_written_to_only_by_the_way_agreed_on(self):
        partner = self.env["med.exchange.partner"].create({
            "name": "Maker's system", "code": "MAKER", "partner_id": self.maker.id,
            "company_id": self.company.id})
        self.env["med.exchange.right"].create({
            "exchange_partner_id": partner.id, "schema": "change_notice", "direction": "out"})
        if partner.state != "active":
            self.env.cr.execute("UPDATE med_exchange_partner SET state = 'active' WHERE id = %s",
                                [partner.id])
            self.env.invalidate_all()
        notice, _told = self.announce()
        self.assertTrue(self.mails(notice))  # the portal is what was agreed on
        self.file.with_user(self.anna).med_transition("revise", reason="Connection")
        self.file.connection = "api"
        self.sign(self.file, self.anna, "approved")
        notice, told = self.announce(change=self.wanted())
        self.assertEqual(told["by_hand"], [])
        self.assertFalse(self.mails(notice))

    def test_processors_that_have_to_do_with_it_are_found(self):
        change = self.wanted()
        change.with_user(self.anna).action_find_partners()
        self.assertEqual(change.notice_ids.partner_id, self.maker)  # by its order
        self.assertEqual((change.notice_ids.product_ids, change.notice_ids.state),
                         (self.stent, "planned"))
        before = change.notice_ids
        change.with_user(self.anna).action_find_partners()
        self.assertEqual(change.notice_ids, before)
        # A part of what it assembles, by the bill of materials.
        part = self.wanted(product_tmpl_ids=[], component_ids=self.tube.ids)
        part.with_user(self.anna).action_find_partners()
        self.assertIn(self.maker, part.notice_ids.partner_id)
        self.file.user_ids = False
        other = self.wanted()
        other.with_user(self.anna).action_find_partners()
        self.assertFalse(other.notice_ids)
