from odoo.addons.med_exchange.exceptions import Refused
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import RecallExchangeCase


@tagged("post_install", "-at_install")
class TestNotice(RecallExchangeCase):
    """A consignee's program hears of his notice once it is sent, and answers it."""

    requirement = "C3 C6 X1 X2 X3 V8 CN-RC-5 FDA-7.49"

    def answer(self, partner=None, notice=None, **kw):
        return self.apply("recall_notice", self.told(notice, **kw), partner or self.his,
                          object_id=self.code(notice or self.one))

    # ------------------------------------------------------------------ out

    def test_nobody_hears_of_a_notice_before_a_person_sends_it(self):
        self.assertFalse(self.knows(self.his, "recall_notice", self.one))
        with self.heard("recall_notice") as heard:
            self.sent()
        self.assertEqual(heard.records, self.one | self.two)
        self.assertTrue(self.knows(self.his, "recall_notice", self.one))
        self.assertFalse(self.knows(self.his, "recall_notice", self.two))
        self.assertTrue(self.knows(self.mes, "recall_notice", self.one | self.two))

    def test_a_notice_says_what_the_letter_says_and_his_lots_alone(self):
        self.sent()
        told = self.export("recall_notice", self.one)[self.one.id]
        self.assertEqual(
            (told["number"], told["recall"], told["drill"], told["version"], told["lots"]),
            (self.code(self.one), self.recall.name, False, 1,
             [{"product": "ST-1", "lot": "L-1", "quantity": {"value": "4", "unit": "1"}}]))
        self.assertEqual(told["title"], self.one._med_texts()[self.one.id].subject)
        self.assertIn("send back", told["instruction"])
        self.assertIn("Two seals were found open", told["reason"])
        self.assertTrue(told["level"])
        self.assertNotIn("Hospital Two", str(told))
        self.assertNotIn("<", str(told))

    def test_a_drill_leaves_no_house(self):
        drill = self.decided(self.shipped("L-D"), drill=True).notice_ids[0]
        self.env["med.recall.letter"].with_user(self.anna).create(
            {"recall_id": drill.recall_id.id, "lang": "en_US"})
        self.sign(drill.recall_id.letter_ids, self.rana, "approved")
        drill.with_user(self.anna).send()
        self.assertTrue(drill.queued_at)
        for partner in (self.his, self.hers, self.mes):
            self.assertFalse(self.knows(partner, "recall_notice", drill))

    def test_one_by_their_system_is_sent_once_that_has_taken_it(self):
        self.approved()
        notices = self.env["med.recall.notice"].with_user(self.anna).browse(self.one.ids)
        notices.write({"channel": "rpc"})
        notices.send()
        self.assertEqual((self.one.state, self.one.sent_at, self.one.mail_id.id),
                         ("queued", False, False))
        Notice = self.env["med.recall.notice"]
        Notice._cron_taken()
        self.assertEqual(self.one.state, "queued")
        self.assertEqual(list(self.fed(self.his, "recall_notice")), [self.code(self.one)])
        Notice._cron_taken()
        self.assertEqual(self.one.state, "queued")
        self.env["med.exchange"].with_user(self.his.user_id).acknowledge(
            stream="recall_notice", sequence=1)
        Notice._cron_taken()
        self.assertEqual(self.one.state, "sent")
        self.assertTrue(self.one.sent_at and self.recall.initiated_at)

    def test_one_that_their_system_does_not_take_has_failed(self):
        self.approved()
        self.one.with_user(self.anna).write({"channel": "rpc"})
        self.one.with_user(self.anna).send()
        self.fed(self.his, "recall_notice")
        delivery = self.env["med.exchange.delivery"].search(
            [("exchange_partner_id", "=", self.his.id)])
        self.env.cr.execute(
            "UPDATE med_exchange_delivery SET state = 'dead', error = 'no route' WHERE id = %s",
            [delivery.id])
        delivery.invalidate_recordset()
        self.env["med.recall.notice"]._cron_taken()
        self.assertEqual(self.one.state, "failed")
        self.assertIn("no route", self.one.failure)
        self.assertIn("did not arrive", "".join(self.recall.activity_ids.mapped("summary")))

    def test_who_has_no_program_is_told_in_another_way(self):
        self.approved()
        self.his.right_ids.filtered(lambda right: right.direction == "out").unlink()
        self.one.with_user(self.anna).write({"channel": "rpc"})
        with self.assertRaisesRegex(UserError, "Choose another way"):
            self.one.with_user(self.anna).send()
        self.assertEqual(self.one.state, "prepared")

    # ------------------------------------------------------------------ in

    def test_an_answer_is_taken_as_from_the_page(self):
        self.sent()
        self.tick()
        found = self.answer(note="All kept apart", lots=[
            {"lot": "L-1", "still_here": 2, "used": 1, "passed_on": 1}])
        answer = self.one.answer_ids
        self.assertEqual((found, self.one.state, answer.via, answer.person, answer.comment),
                         (self.one, "answered", "rpc", "Dr. Li", "All kept apart"))
        line = answer.line_ids
        self.assertEqual((line.lot_id, line.held, line.used, line.sold_on, line.differs),
                         (self.lot, 2, 1, 1, False))
        told = self.export("recall_notice", self.one)[self.one.id]["answer"]
        self.assertEqual((told["received"], told["person"], told["lots"][0]["used"]),
                         (True, "Dr. Li", {"value": "1", "unit": "1"}))

    def test_what_he_destroyed_is_noted_and_looked_at(self):
        self.sent()
        self.answer(lots=[{"lot": "L-1", "still_here": 3, "destroyed": 1}])
        line = self.one.answer_ids.line_ids
        self.assertEqual((line.held, line.differs), (3, True))
        self.assertIn("Destroyed there: 1", line.comment)

    def test_received_alone_acknowledges(self):
        self.sent()
        self.answer(lots=[])
        self.assertEqual((self.one.state, len(self.one.answer_ids)), ("acknowledged", 0))

    def test_the_same_answer_again_is_none_and_a_newer_one_counts(self):
        self.sent()
        self.answer()
        self.answer()
        self.assertEqual(len(self.one.answer_ids), 1)
        self.answer(lots=[{"lot": "L-1", "still_here": 4}])
        self.assertEqual(self.one.answer_ids.sorted("number").mapped("latest"), [False, True])

    def test_what_is_not_his_to_answer_is_as_what_is_not_there(self):
        self.sent()
        for partner in (self.hers, self.mes, self.dealer):
            told = self.told()
            if partner == self.dealer:
                self.right(self.dealer, "recall_notice", "in")
            self.assertRefused("/number", "not known here", "recall_notice", told, partner,
                               object_id=self.code(self.one))
        for code in ("RC/0/9", "x", self.code(self.one) + "9", f"X/{self.one.id}"):
            self.assertRefused("/number", "not known here", "recall_notice", {
                **self.told(), "number": code}, self.his, object_id=code)
        self.assertFalse(self.one.answer_ids or self.one.acknowledged_at)

    def test_a_bad_answer_is_refused_with_its_place(self):
        self.assertRefused("/number", "not known here", "recall_notice", self.told(), self.his,
                           object_id=self.code(self.one))  # not sent yet
        self.sent()
        for pointer, text, told in (
                ("/recall", "The notice is one of", {**self.told(), "recall": "RC/X"}),
                ("/answer", "Say what you answer", {
                    name: value for name, value in self.told().items() if name != "answer"}),
                ("/answer/received", "calls us", self.told(received=False)),
                ("/answer/person", "who answers", self.told(person=" ")),
                ("/answer/lots/0/lot", "not a lot of this notice", self.told(
                    lots=[{"lot": "L-2", "used": 1}])),
                ("/answer/lots/1/lot", "stands here twice", self.told(
                    lots=[{"lot": "L-1", "used": 1}, {"lot": "L-1", "used": 1}])),
                ("/answer/lots/0/used/unit", "cannot be converted", self.told(
                    lots=[{"lot": "L-1", "used": {"value": "1", "unit": "kg"}}]))):
            self.assertRefused(pointer, text, "recall_notice", told, self.his,
                               object_id=self.code(self.one))
        self.assertFalse(self.one.answer_ids)
        self.one.with_user(self.anna).close("Closed down")
        self.assertRefused("/answer", "not open", "recall_notice", self.told(), self.his,
                           object_id=self.code(self.one))
        self.assertRefused("/answer", "not open", "recall_notice", self.told(lots=[]), self.his,
                           object_id=self.code(self.one))

    def test_an_answer_is_not_taken_back(self):
        self.sent()
        self.answer()
        handler = self.handler("recall_notice", self.his)
        with self.assertRaisesRegex(Refused, "newer answer"):
            handler._med_compensate(self.his, self.one.with_env(handler.env), {}, None)
        self.assertEqual(self.one.state, "answered")

    def test_an_answer_has_one_effect_however_often_it_is_sent(self):
        self.sent()
        sent = {"id": "again", "sequence": 1}
        for outcome in ("accepted", "duplicate"):
            self.assertAnswer(self.telling(
                self.his, "recall_notice", self.told(), self.code(self.one), **sent), outcome)
        self.assertEqual(len(self.one.answer_ids), 1)
        self.assertAnswer(self.telling(
            self.his, "recall_notice", self.told(lots=[{"lot": "L-1", "still_here": 4}]),
            self.code(self.one), version=2, sequence=2), "accepted")
        self.assertEqual(len(self.one.answer_ids), 2)
        self.assertAnswer(self.telling(
            self.hers, "recall_notice", self.told(), self.code(self.one)),
            "rejected", "/payload/number")

    def test_a_partners_user_reads_no_notice(self):
        for model in ("med.recall.notice", "med.recall.answer", "med.sale.on", "med.sale.on.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.his.user_id).search([], limit=1).read(["id"])
