from odoo.addons.base.models.ir_cron import IrCron
from odoo.exceptions import AccessError, UserError

from ..models import med_exchange_message_receive as receive
from ..models import med_exchange_stream as stream
from ..tools import order
from .test_submit import InboxCase


class TestOrder(InboxCase):
    """Messages of a stream are applied in its order; what is missing is asked for (X2 X4)."""

    def test_a_later_message_waits_and_the_gap_is_asked_for(self):
        answers = self.submit(self.said(2), self.said(5))
        self.assertEqual([one["outcome"] for one in answers], ["waiting"] * 2)
        self.assertEqual(answers[0]["missing"], [1, 3, 4])
        self.assertFalse(self.hospital())

    def test_what_waited_is_applied_when_the_missing_one_comes(self):
        self.submit(self.said(3, "Third"), self.said(2, "Second"))
        [answer] = self.submit(self.said(1, "First"))
        self.assertEqual((answer["outcome"], answer["missing"]), ("accepted", []))
        self.assertEqual(self.hospital().name, "Third")
        self.assertEqual(self.message("id-3").state, "applied")
        self.assertEqual(self.message("id-3").stream_id.expected, 4)

    def test_a_batch_in_any_order_is_applied_in_that_of_its_numbers(self):
        self.assertEqual(self.outcomes(*(
            self.said(n, f"Version {n}") for n in (4, 2, 5, 1, 3))), ["accepted"] * 5)
        self.assertEqual(self.hospital().name, "Version 5")

    def test_a_refused_message_has_had_its_turn(self):
        wrong = self.envelope(self.lims, {"country": "China"}, id="id-1", sequence=1)
        self.assertEqual(self.outcomes(wrong, self.said(2, thing="H-2", version=1)),
                         ["rejected", "accepted"])

    def test_a_number_may_come_under_which_nothing_is_said(self):
        void = self.envelope(self.lims, {}, id="id-1.void", sequence=1, action="cancel",
                             cancels="id-1", object={"id": "id-1.void"})
        self.assertEqual(self.outcomes(self.said(2)), ["waiting"])
        self.assertEqual(self.outcomes(void), ["accepted"])
        self.assertEqual(self.message("id-2").state, "applied")
        self.assertFalse(self.lims.activity_ids)
        unknown = self.envelope(self.lims, {}, id="id-3", sequence=3, action="cancel",
                                cancels="none", object={"id": "H-1"})
        self.assertEqual(self.outcomes(unknown), ["rejected"])

    def test_streams_do_not_wait_for_one_another(self):
        self.assertEqual(self.outcomes(
            self.said(2), self.said(1, thing="H-2", stream="other", id="o-1")),
            ["waiting", "accepted"])

    def test_two_messages_with_one_number_are_not_both_applied(self):
        self.assertEqual(self.outcomes(self.said(1)), ["accepted"])
        [answer] = self.submit(self.said(1, "Other", id="other"))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("rejected", "/sequence"))
        self.assertEqual(self.outcomes(
            self.said(2, "Two", id="a"), self.said(2, "Zwei", id="b")), ["accepted", "rejected"])
        self.assertEqual(self.hospital().name, "Two")

    def test_by_rule_messages_are_applied_as_they_come_and_old_ones_undo_nothing(self):
        self.lims.order_rule = "apply"
        [answer] = self.submit(self.said(3, "Third"))
        self.assertEqual((answer["outcome"], answer["missing"]), ("accepted", [1, 2]))
        [answer] = self.submit(self.said(2, "Second"))
        self.assertEqual((answer["outcome"], answer["missing"]), ("accepted", [1]))
        self.assertEqual(answer["object"], {"id": "H-1", "version": 3})
        self.assertEqual((self.hospital().name, self.message("id-2").state),
                         ("Third", "overtaken"))

    def test_what_is_too_far_ahead_of_its_stream_takes_no_place_there(self):
        far = 1 + order.WINDOW
        [answer] = self.submit(self.said(far))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("rejected", "/sequence"))
        self.assertEqual(self.outcomes(self.said(far - 1)), ["waiting"])
        self.assertEqual(self.outcomes(self.said(1)), ["accepted"])
        self.assertEqual(self.outcomes(self.said(far)), ["waiting"], "sent again as it was")

    def test_a_lost_number_blocks_no_stream_that_is_applied_as_it_comes(self):
        self.patch(receive, "WINDOW", 5)
        self.lims.order_rule = "apply"
        self.assertEqual(self.outcomes(self.said(2), self.said(5), self.said(6)),
                         ["accepted", "accepted", "rejected"])
        stream = self.message("id-2").stream_id
        self.assertEqual(stream.missing, "1, 3, 4")
        told = stream.with_user(self.qa).skip_missing("Lost for good")
        self.assertEqual(told, {"version": 1, "expected": 3, "applied": 0})
        self.assertEqual(self.outcomes(self.said(6)), ["accepted"])
        told = stream.with_user(self.qa).skip_missing("Lost as well")
        self.assertEqual(told["expected"], 7)
        with self.assertRaisesRegex(UserError, "Nothing waits"):
            stream.with_user(self.qa).skip_missing("Once more")

    def test_no_partner_begins_streams_without_end(self):
        self.patch(stream, "MOST_STREAMS", 2)
        self.assertEqual(self.outcomes(*(
            self.said(1, thing=f"H-{name}", version=1, stream=name, id=f"id-{name}")
            for name in "abc")), ["accepted", "accepted", "rejected"])
        self.assertEqual(self.outcomes(self.said(2, thing="H-a", stream="a", id="more")),
                         ["accepted"])
        for _time in range(2):  # its id is not taken
            [answer] = self.submit(self.said(1, thing="H-d", stream="d", id="id-d"))
            self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                             ("rejected", "/stream"))
        self.assertFalse(self.hospital("H-d"))

    def test_a_person_goes_on_without_what_never_comes(self):
        self.submit(self.said(3, thing="H-3", version=1), self.said(5, thing="H-5", version=1))
        stream = self.message("id-3").stream_id
        for user, reason, error in ((self.user("warehouse"), "Lost", AccessError),
                                    (self.qa, " ", UserError)):
            with self.assertRaises(error):
                stream.with_user(user).skip_missing(reason)
        told = stream.with_user(self.qa).skip_missing("Their server burnt")
        self.assertEqual(told, {"version": 1, "expected": 4, "applied": 1})
        self.assertTrue(self.hospital("H-3"))
        self.assertFalse(self.hospital("H-5"))
        self.assertEqual(self.outcomes(self.said(2, thing="H-2", version=1)), ["accepted"])
        told = stream.with_user(self.qa).skip_missing("Their server burnt")
        self.assertEqual((told["expected"], bool(self.hospital("H-5"))), (6, True))

    def few_at_once(self, most=2):
        """Apply so many that waited at once; return what was left at each commit of the job."""
        commits = []
        self.patch(receive, "MOST_WAITED", most)
        self.patch(stream, "MOST_WAITED", most)
        self.patch(stream, "retrying", lambda call, _env: call())
        self.patch(IrCron, "_commit_progress",
                   lambda _cron, done=0, *, remaining=None: commits.append(remaining))
        return commits

    def go_on(self):
        self.env["med.exchange.stream"]._cron_go_on()

    def job_is_set_off(self):
        job = self.env.ref("med_exchange.med_exchange_cron_go_on")
        return bool(self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]))

    def test_a_long_wait_is_made_up_for_part_by_part(self):
        commits = self.few_at_once()
        self.submit(*(self.said(number) for number in range(2, 7)))
        self.assertFalse(self.job_is_set_off())
        [first, last] = self.submit(self.said(1, "First"), self.said(7, "Last"))
        self.assertEqual((first["outcome"], last["outcome"]), ("accepted", "waiting"))
        self.assertEqual(last["missing"], [])
        self.assertEqual([self.message(f"id-{n}").state for n in (4, 5, 7)],
                         ["applied", "waiting", "waiting"])
        self.assertTrue(self.job_is_set_off())
        self.go_on()
        self.assertEqual(self.message("id-6").state, "applied")
        self.assertEqual(self.message("id-7").state, "waiting")
        self.assertEqual(commits, [1, None, 1], "there is more to do")
        self.go_on()
        self.assertEqual(commits[3:], [1, None, 0])
        self.assertEqual(self.hospital().name, "Last")
        self.assertEqual(self.message("id-7").stream_id.expected, 8)
        self.go_on()
        self.assertEqual(commits[6:], [0, 0])

    def test_what_comes_meanwhile_has_its_turn_behind_what_waits(self):
        self.few_at_once()
        self.submit(*(self.said(number) for number in range(2, 7)))
        self.submit(self.said(1))
        self.assertEqual(self.outcomes(self.said(8)), ["waiting"])
        self.assertEqual(self.message("id-6").state, "applied", "a call goes on as well")
        self.assertEqual(self.outcomes(self.said(7), self.said(9)), ["accepted"] * 2)
        self.assertEqual(self.hospital().name, "Hospital")
        self.assertEqual(self.message("id-8").state, "applied")

    def test_a_person_who_goes_on_without_them_leaves_the_rest_to_the_job(self):
        self.few_at_once()
        self.submit(*(self.said(number) for number in range(2, 6)))
        waits = self.message("id-2").stream_id
        told = waits.with_user(self.qa).skip_missing("Their server burnt")
        self.assertEqual(told, {"version": 1, "expected": 4, "applied": 2})
        self.go_on()
        self.assertEqual((waits.expected, self.message("id-5").state), (6, "applied"))

    def test_nothing_of_a_suspended_partner_is_gone_on_with(self):
        self.few_at_once()
        self.submit(*(self.said(number) for number in range(2, 6)))
        self.submit(self.said(1))
        due = self.env["med.exchange.stream"]._due()
        self.lims.suspend()
        self.go_on()
        due._go_on()  # the job had found it before
        self.assertEqual(self.message("id-4").state, "waiting")
        self.lims.activate()
        self.go_on()
        self.assertEqual(self.message("id-5").state, "applied")

    def test_somebody_is_told_of_what_the_job_could_not_apply(self):
        self.few_at_once()
        wrong = self.envelope(self.lims, {"country": "China"}, id="id-5", sequence=5)
        self.submit(*(self.said(number) for number in range(2, 5)), wrong)
        self.submit(self.said(1))
        self.assertFalse(self.lims.activity_ids)
        self.go_on()
        self.assertEqual(self.message("id-5").state, "rejected")
        self.assertTrue(self.lims.activity_ids)

    def test_messages_of_one_thing_in_one_batch_follow_one_another(self):
        sent = [self.said(1, "A"), self.said(2, "B", thing="H-2", version=1),
                self.said(3, "C", version=2), self.said(4, "D", version=3)]
        self.assertEqual(self.outcomes(*sent), ["accepted"] * 4)
        self.assertEqual(self.hospital().name, "D")
        self.assertEqual(self.message("id-4").version_before, 2)
