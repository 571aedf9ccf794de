import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..models.med_exchange_organisation import MedExchangeOrganisation
from .outbox import OutboxCase


class TestEvent(OutboxCase):
    """Events are written with the business, and once (X4)."""

    requirement = "X4 outbox"

    def test_nothing_is_written_while_nobody_hears(self):
        partner = self.partner_of("DEAF")
        self.events._med_heard()
        with self.assertQueryCount(0):
            self.events._med_emit("organisation", partner.partner_id)
        before = self.events.search_count([])
        self.tell("A")
        self.assertEqual(self.events.search_count([]), before)

    def test_changes_of_one_transaction_are_one_event_that_says_the_end(self):
        self.hearer("HEARER")
        one = self.env["res.partner"].create({"name": "First", "ref": "T-A"})
        one.city = "Suzhou"
        self.env.cr.flush()  # as a savepoint does, half-way
        one.city = "Wuxi"
        self.env.cr.flush()
        event = self.events.search([("object_id", "=", "T-A")])
        self.assertEqual(len(event), 1)
        self.assertEqual(json.loads(event.body)["city"], "Wuxi")
        self.assertEqual((event.version, event.state), (1, "new"))

    def test_a_body_says_what_was_true_then_not_what_is_true_at_dealing(self):
        hearer = self.hearer("HEARER")
        one = self.tell("A", city="Suzhou")
        self.next_transaction()
        one.city = "Wuxi"
        self.drain()
        sent = self.deliveries.search([("exchange_partner_id", "=", hearer.id)], order="sequence")
        self.assertEqual([json.loads(each.envelope)["payload"]["city"] for each in sent],
                         ["Suzhou", "Wuxi"])
        self.assertEqual([(each.version, each.base) for each in sent], [(1, 0), (2, 1)])

    def test_what_says_nothing_new_is_no_event(self):
        self.hearer("HEARER")
        one = self.tell("A")
        self.next_transaction()
        one.comment = "not told to others"
        one.name = one.name
        self.env.cr.flush()
        self.assertEqual(self.events.search_count([("object_id", "=", "T-A")]), 1)

    def test_what_is_taken_back_is_not_told(self):
        self.hearer("HEARER")
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.env["res.partner"].create({"name": "Lost", "ref": "T-L"})
            raise ZeroDivisionError
        self.env.cr.flush()
        self.assertFalse(self.events.search([("object_id", "=", "T-L")]))

    @mute_logger("odoo.addons.med_exchange.models.med_exchange_event_body",
                 "odoo.addons.med_exchange.models.med_exchange_event_deal")
    def test_an_exporter_that_fails_keeps_nobody_from_working(self):
        hearer = self.hearer("HEARER")
        with patch.object(MedExchangeOrganisation, "_med_export", side_effect=KeyError("x")):
            one = self.tell("A")
        event = self.events.search([("model", "=", "res.partner"), ("res_id", "=", one.id)])
        self.assertEqual(event.state, "broken")
        for _run in range(2):
            self.drain()
        self.assertEqual(len(hearer.activity_ids), 1, "a person is told, once")
        self.env.flush_all()
        row = self.env["med.exchange.monitor"].browse(hearer.id)
        self.assertEqual((row.broken, row.rating), (1, "bad"))
        self.assertEqual(self.events.search(row.action_broken()["domain"]), event)
        with self.assertRaises(AccessError):
            event.with_user(self.user("warehouse")).tell_again()
        event.with_user(self.user("qa")).tell_again()
        self.drain()
        self.assertEqual(self.line(hearer).delivery_ids.object_id, "T-A")

    def test_no_orm_method_writes_a_row_even_as_superuser(self):
        hearer = self.hearer("HEARER")
        self.tell("A")
        self.drain()
        line = self.line(hearer)
        for rows, values in ((self.events.search([], limit=1), {"body": "{}"}),
                             (line.delivery_ids, {"state": "sent"}), (line, {"delivered": 9})):
            with self.assertRaises(AccessError):
                rows.write(values)
            with self.assertRaises(AccessError):
                rows.with_context(med_permit=True, install_mode=True).create([values])
            with self.assertRaises(UserError):
                rows.unlink()


class TestSteps(OutboxCase):
    """What a person does about a line: with a reason, in its right (X4)."""

    requirement = "X4 outbox"

    def setUp(self):
        super().setUp()
        self.http = self.server()
        self.hears = self.hearer("HEARER", "http", url=self.http.url)

    def refuse(self, *numbers):
        self.http.plan = [self.http.answers(refused=numbers)]
        self.tell("A", "B", "C")
        self.drain()
        return self.line(self.hears)

    def test_a_refused_message_stops_the_line_and_raises_an_alarm(self):
        line = self.refuse(2)
        self.assertEqual(line.state, "stopped")
        self.assertEqual(line.delivery_ids.sorted("sequence").mapped("state"),
                         ["sent", "refused", "sent"])
        self.assertIn("/payload/name: Not wanted.", line.last_error)
        self.assertTrue(self.hears.activity_ids)
        self.tell("D")
        self.drain()
        self.assertEqual(len(self.http.requests), 1)

    def test_a_line_goes_on_behind_it_where_that_is_the_rule(self):
        self.tell("Z")
        self.drain()
        self.line(self.hears).with_user(self.user("qa")).rule = "go_on"
        line = self.refuse(3)
        self.assertEqual((line.state, line.dead), ("running", 1))

    def test_a_dead_letter_is_sent_again_or_set_aside_with_a_reason(self):
        line = self.refuse(1, 2)
        first, second = line.delivery_ids.sorted("sequence")[:2]
        qa = self.user("qa")
        for person in (self.user("warehouse"), self.hears.user_id):
            with self.assertRaises(AccessError):
                first.with_user(person).retry("mended")
        with self.assertRaisesRegex(UserError, "Say why"):
            first.with_user(qa).retry(" ")
        first.with_user(qa).retry("mended there")
        self.assertEqual(line.state, "running")
        self.drain()
        self.assertEqual(first.state, "sent")
        second.with_user(qa).set_aside("told by telephone")
        self.assertEqual(second.state, "aside")
        self.assertIn("told by telephone", line.last_step)
        with self.assertRaisesRegex(UserError, "not a dead letter"):
            first.with_user(qa).retry("once more")

    def test_a_line_is_stopped_and_goes_on(self):
        self.tell("A")
        self.drain()
        line = self.line(self.hears).with_user(self.user("qa"))
        line.stop("their server moves")
        self.tell("B")
        self.drain()
        self.assertEqual(self.http.got(), [[1]])
        line.resume("it has moved")
        self.drain()
        self.assertEqual(self.http.got(), [[1], [2]])

    def test_everything_from_a_number_is_sent_once_more_with_the_same_ids(self):
        self.tell("A", "B", "C")
        self.drain()
        line = self.line(self.hears).with_user(self.user("system_admin"))
        for wrong in (0, 4, "2", True):
            with self.assertRaises(UserError):
                line.replay(wrong, "they lost some")
        line.replay(2, "they lost some")
        self.drain()
        self.assertEqual(self.http.got(), [[1, 2, 3], [2, 3]])
        ids = [[one["id"] for one in json.loads(body)["envelopes"]]
               for _path, _headers, body in self.http.requests]
        self.assertEqual(ids[0][1:], ids[1])

    def test_the_form_of_a_step_does_what_it_says(self):
        line = self.refuse(1)
        qa = self.user("qa")
        for action, model in ((line.delivery_ids[-1:], "retry"), (line, "stop"),
                              (line, "resume"), (line, "replay")):
            opened = getattr(action.with_user(qa), f"action_{model}")()
            self.env["med.exchange.outbox.step"].with_user(qa).with_context(
                **opened["context"]).create({"reason": "because of it"}).action_do()
        self.assertEqual(line.state, "running")

    def test_a_message_that_waits_too_long_raises_one_alarm(self):
        self.http.plan = [self.http.status(503)] * 5
        self.tell("A")
        self.drain()
        line = self.line(self.hears)
        self.assertFalse(line.late)
        self.env.cr.execute("UPDATE med_exchange_delivery SET queued_at = queued_at"
                            " - interval '2 hours' WHERE line_id = %s", [line.id])
        line.invalidate_recordset()
        self.assertTrue(line.late)
        self.assertIn(line, self.lines.search([("late", "=", True)]))
        self.drain()
        self.drain()
        self.assertEqual(len(self.hears.activity_ids), 1)
