from odoo.tests.common import tagged

from .common import ChangeExchangeCase


@tagged("post_install", "-at_install")
class TestInbox(ChangeExchangeCase):
    """Answers and announcements through the door that partners use."""

    requirement = "X1 X2 X3 X4 ISO-7.3.9"

    def test_an_answer_is_taken_once_however_often_it_is_sent(self):
        notice = self.told_of(self.requested())
        told, sent = self.answered_with(notice), {"id": "again", "sequence": 1}
        self.assertAnswer(self.telling(
            self.processor, "change_notice", told, notice.name, **sent), "accepted")
        self.assertAnswer(self.telling(
            self.processor, "change_notice", told, notice.name, **sent), "duplicate")
        self.assertEqual((notice.state, len(notice.answer_ids)), ("agreed", 1))
        self.assertEqual(self.env["med.exchange.message"].browse(
            notice.answer_ids.message).name, "again")
        newer = self.telling(self.processor, "change_notice", self.answered_with(
            notice, "refused"), notice.name, version=2, sequence=2)
        self.assertAnswer(newer, "accepted")
        self.assertEqual((notice.state, len(notice.answer_ids)), ("refused", 2))

    def test_an_answer_taken_back_by_message_counts_no_more(self):
        notice = self.told_of(self.requested())
        self.telling(self.processor, "change_notice", self.answered_with(notice), notice.name)
        self.assertAnswer(self.telling(
            self.processor, "change_notice", {}, notice.name, version=2, action="cancel",
            cancels="STERILE-1"), "accepted")
        self.assertEqual((notice.state, len(notice.answer_ids)), ("told", 2))

    def test_another_partners_answer_is_refused_and_changes_nothing(self):
        notice = self.told_of(self.requested())
        self.assertAnswer(self.telling(
            self.dealer, "change_notice", self.answered_with(notice), notice.name),
            "rejected", "/payload/number")
        self.assertEqual((notice.state, len(notice.answer_ids)), ("told", 0))

    def test_an_announcement_begins_one_change_and_is_taken_back(self):
        self.in_stock(self.tube, "T-1")
        self.assertAnswer(self.telling(
            self.processor, "change_notice", self.theirs(), "S-CH-4"), "accepted")
        change = self.env["med.change"].search([("source", "=", "supplier")])
        self.assertEqual((len(change), change.state), (1, "draft"))
        self.assertAnswer(self.telling(
            self.processor, "change_notice", self.theirs(title="Other alloy, other mill"),
            "S-CH-4", version=2), "accepted")
        self.assertEqual(change.title, "Other alloy, other mill")
        for version, number in ((3, 2), (4, 1)):
            self.assertAnswer(self.telling(
                self.processor, "change_notice", {}, "S-CH-4", version=version, action="cancel",
                cancels=f"STERILE-{number}"), "accepted")
        self.assertEqual((change.title, change.state), ("Other alloy", "cancelled"))
