from unittest.mock import patch

from odoo.tests import tagged

from ..exceptions import Refused
from ..tools.reply import Reply
from .common import PAYLOAD
from .test_submit import InboxCase


@tagged("post_install", "-at_install")
class TestLanguage(InboxCase):
    """A refusal is said to its sender in his language, and to our people in theirs (X2 X3)."""

    requirement = "X2 X3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.lims.partner_id.lang = "zh_CN"
        cls.lims.company_id.partner_id.lang = "en_US"

    def refused(self, **changes):
        """Return the errors of the answer to the first message, which is refused."""
        [answer] = self.submit(self.envelope(
            self.lims, {**PAYLOAD, **changes}, id="id-1", sequence=1))
        self.assertEqual(answer["outcome"], "rejected")
        return [(one["pointer"], one["message"]) for one in answer["errors"]]

    def test_what_a_schema_a_rule_or_a_record_refuses_is_said_in_the_senders_language(self):
        self.assertEqual(self.refused(more=3), [
            ("/payload/more", "此版本的模式中没有该字段。")])
        self.assertEqual(
            [(one["pointer"], one["message"])
             for one in self.submit(self.said(1, name="Other"))[0]["errors"]],
            [("/id", "此标识的报文先前已收到且内容不同：以先前的为准。")])
        [answer] = self.submit(self.envelope(
            self.lims, {**PAYLOAD, "parent": "NOBODY"}, id="id-2", sequence=2))
        self.assertEqual(answer["errors"], [
            {"pointer": "/payload/parent", "message": "本方没有“NOBODY”。"}])
        [answer] = self.submit(self.envelope(
            self.lims, {}, id="id-3", sequence=3, action="cancel", cancels="none"))
        self.assertEqual(answer["errors"], [
            {"pointer": "/cancels", "message": "此处没有贵方的报文“none”。"}])

    def test_each_reader_reads_it_in_his_language_and_its_sender_what_he_was_told(self):
        sent = self.envelope(self.lims, {**PAYLOAD, "parent": "NOBODY"}, id="id-1", sequence=1)
        [first] = self.submit(sent)
        message = self.message("id-1").with_user(self.qa)
        self.assertIn("“NOBODY” is not known here.", message.with_context(lang="en_US").problem)
        self.assertIn("本方没有“NOBODY”。", message.with_context(lang="zh_CN").problem)
        self.assertIn("本方没有“NOBODY”。", message.with_context(lang="zh_CN").content)
        for words in ("本方没有", "is not known here"):  # searched by what either of them reads
            self.assertEqual(message.search([("problems", "ilike", words),
                                             ("id", "=", message.id)]), message)
        told = self.env["med.exchange"].with_user(self.lims.user_id).with_context(
            lang="en_US").status(messages=["id-1"])["messages"]
        self.assertEqual(told[0]["errors"], first["errors"])
        [again] = self.submit(sent)
        self.assertEqual((again["outcome"], again["errors"]), ("duplicate", first["errors"]))

    def test_our_people_read_our_companys_language_where_the_partner_has_another(self):
        self.lims.partner_id.lang = "en_US"
        self.lims.company_id.partner_id.lang = "zh_CN"
        self.assertEqual(self.refused(parent="NOBODY"), [
            ("/payload/parent", "“NOBODY” is not known here.")])
        message = self.message("id-1").with_user(self.qa)
        self.assertIn("本方没有“NOBODY”。", message.with_context(lang="zh_CN").problem)
        told = message.with_context(lang="zh_CN").mend({**PAYLOAD, "parent": "N-2"}, "Try")
        self.assertEqual(told["errors"], [
            {"pointer": "/payload/parent", "message": "本方没有“N-2”。"}])

    def test_without_a_language_of_its_own_the_companys_counts_and_then_english(self):
        self.lims.partner_id.lang = False
        self.assertEqual(self.lims._med_langs(), ["en_US"])
        self.lims.company_id.partner_id.lang = "zh_CN"
        self.assertEqual(self.lims._med_langs(), ["zh_CN", "en_US"])
        self.env.cr.execute("UPDATE res_partner SET lang = 'fr_FR' WHERE id = %s",
                            [self.lims.partner_id.id])
        self.env.invalidate_all()
        self.assertEqual(self.lims._med_langs(), ["zh_CN", "en_US"])

    def test_what_is_applied_is_written_in_no_language(self):
        handler, langs = type(self.env["med.exchange.organisation"]), []
        apply = handler._med_apply

        def spy(this, partner, items):
            langs.append(this.env.lang)
            return apply(this, partner, items)
        with patch.object(handler, "_med_apply", spy):
            self.assertEqual(self.outcomes(self.said(1)), ["accepted"])
        self.assertEqual(langs, [None])

    def test_what_was_refused_and_is_not_when_said_again_leaves_nothing(self):
        handler = type(self.env["med.exchange.organisation"])

        def shaky(this, partner, items):
            record = this.env["res.partner"].create({"name": "Made", "ref": "SHAKY"})
            if not this.env.lang:
                raise Refused("/name", "No.")
            return [record]
        with patch.object(handler, "_med_apply", shaky):
            self.assertEqual(self.refused(), [("/payload/name", "No.")])
        self.assertFalse(self.hospital("SHAKY"))
        self.assertEqual(self.message("id-1").state, "rejected")

    def test_what_is_noted_is_told_to_its_sender_and_to_our_people_in_their_languages(self):
        self.patch(type(self.env["med.exchange.organisation"]), "_unread", ("/phone",))
        self.submit(self.envelope(self.lims, {**PAYLOAD, "phone": "110"}, id="id-1", sequence=1))
        message = self.message("id-1").with_user(self.qa)
        english = "Kept with the message, read into no record: /phone."
        self.assertEqual(message.with_context(lang="en_US").note_shown, english)
        self.assertRegex(message.with_context(lang="zh_CN").note_shown, "[\u4e00-\u9fff].*/phone")
        told = self.env["med.exchange"].with_user(self.lims.user_id).with_context(
            lang="en_US").status(messages=["id-1"])["messages"][0]["note"]
        self.assertEqual(told, message.with_context(lang="zh_CN").note_shown)
        self.assertEqual(message.note, told)

    def test_what_was_undone_is_told_in_each_language_and_done_once(self):
        self.submit(self.said(1))
        [answer] = self.submit(self.sealed(self.lims, {
            **{name: value for name, value in self.said(
                2, action="cancel", cancels="id-1").items() if name not in (
                    "digest", "signature")}, "payload": {}}))
        self.assertEqual(answer["outcome"], "accepted")
        for name in ("id-1", "id-2"):
            message = self.message(name)
            self.assertRegex(message.with_context(lang="zh_CN").note_shown, "[\u4e00-\u9fff]")
            self.assertIn("archived", message.with_context(lang="en_US").note_shown)
        self.assertFalse(self.hospital().active)
        self.env.flush_all()
        entries = self.env["med.audit.entry"].search_count([
            ("message", "=", "LIMS/id-2"), ("model", "=", "res.partner"),
            ("res_id", "=", self.hospital().id)])
        self.assertEqual(entries, 1)

    def test_who_takes_a_message_back_reads_what_was_undone_in_his_language(self):
        self.lims.partner_id.lang = "en_US"
        self.submit(self.said(1))
        message = self.message("id-1").with_user(self.qa).with_context(lang="zh_CN")
        told = message.roll_back("They asked by phone")
        self.assertRegex(told["note"], "[\u4e00-\u9fff]")
        self.assertEqual(message.note_shown, told["note"])
        self.assertIn("archived", message.note)

    def test_why_nothing_leaves_is_said_in_the_language_of_who_is_told(self):
        self.lims.responsible_id.lang = "zh_CN"
        line = self.env["med.exchange.line"]._med_lines({(self.lims.id, "organisation")})[
            (self.lims.id, "organisation")]
        line._med_store(tries=1)
        event = self.env["med.exchange.event"]
        self.right(self.lims, direction="out")
        self.env["res.partner"].create({"name": "A", "ref": "T-LANG"})
        self.env.cr.flush()
        event._med_deal()
        deliveries = line.delivery_ids
        self.assertTrue(deliveries)
        line._med_record(deliveries, Reply(
            status=200, body=b'{"answers": [{"id": "another", "outcome": "accepted"}]}'))
        self.assertRegex(line.last_error, "[\u4e00-\u9fff]")
        self.assertRegex(self.lims.activity_ids.summary, "[\u4e00-\u9fff]")

    def test_who_is_told_that_something_waits_is_told_in_his_language(self):
        self.lims.responsible_id.lang = "zh_CN"
        self.refused(parent="NOBODY")
        self.assertRegex(self.lims.activity_ids.summary, "[\u4e00-\u9fff]")
