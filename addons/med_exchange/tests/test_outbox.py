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

    @mute_logger("odoo.addons.med_exchange.models.med_exchange_event_body")
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


class TestDeal(OutboxCase):
    """Who hears of what, under which number (X1, X4, V8)."""

    requirement = "X4 outbox, V8 right to know"

    def test_each_line_has_its_numbers_without_a_gap(self):
        one, other = self.hearer("ONE"), self.hearer("OTHER", domain="[('ref', '=', 'T-B')]")
        self.tell("A", "B", "C")
        self.drain()
        self.tell("D")
        self.drain()
        self.assertEqual(self.line(one).delivery_ids.sorted("sequence").mapped(
            lambda each: (each.sequence, each.object_id)),
            [(1, "T-A"), (2, "T-B"), (3, "T-C"), (4, "T-D")])
        self.assertEqual(self.line(other).delivery_ids.mapped(
            lambda each: (each.sequence, each.object_id)), [(1, "T-B")])
        self.assertEqual(self.line(one).last_sequence, 4)

    def test_nobody_hears_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        here, there = self.hearer("HERE"), self.hearer("THERE", company_id=other.id)
        self.tell("A", company_id=self.env.company.id)
        self.tell("B", company_id=other.id)
        self.drain()
        self.assertEqual(self.line(here).delivery_ids.mapped("object_id"), ["T-A"])
        self.assertEqual(self.line(there).delivery_ids.mapped("object_id"), ["T-B"])

    def test_a_partner_is_not_told_what_it_said_unless_it_was_changed(self):
        one, other = self.hearer("ONE"), self.hearer("OTHER")
        self.right(one, conflict_policy="theirs")
        envelope = self.envelope(one, {"name": "A", "code": "T-A", "is_company": True,
                                       "kind": "contact"}, object="T-A", sequence=1)
        [answer] = self.env["med.exchange"].with_user(one.user_id).submit([envelope])["answers"]
        self.assertEqual(answer["outcome"], "accepted", answer)
        self.drain()
        self.assertFalse(self.line(one).delivery_ids)
        self.assertEqual(self.line(other).delivery_ids.object_id, "T-A")
        self.events.search([]).invalidate_recordset()
        self.env["res.partner"].search([("ref", "=", "T-A")]).name = "Changed here"
        self.drain()
        self.assertEqual(len(self.line(one).delivery_ids), 1)

    def test_what_a_partner_has_taken_is_what_its_next_message_is_built_on(self):
        """Else each message after one of ours would be a conflict."""
        server = self.server()
        one = self.hearer("ONE", "http", url=server.url)
        self.right(one, conflict_policy="ask")
        said = {"name": "A", "code": "T-A", "is_company": True, "kind": "contact"}
        call = self.env["med.exchange"].with_user(one.user_id).submit
        call([self.envelope(one, said, object={"id": "T-A", "version": 1}, sequence=1)])
        self.env["res.partner"].search([("ref", "=", "T-A")]).city = "Wuxi"
        self.drain()
        self.assertEqual(server.got(), [[1]])
        [answer] = call([self.envelope(
            one, {**said, "city": "Suzhou"}, object={"id": "T-A", "version": 2, "base": 1},
            sequence=2)])["answers"]
        self.assertEqual(answer["outcome"], "accepted", answer)

    def test_a_suspended_partner_loses_nothing_and_a_draft_hears_nothing(self):
        server = self.server()
        hearer = self.hearer("HEARER", "http", url=server.url)
        draft = self.hearer("DRAFT")
        draft.state = "draft"
        hearer.suspend()
        self.tell("A")
        self.drain()
        self.assertFalse(server.requests)
        self.assertFalse(self.line(draft))
        hearer.activate()
        self.drain()
        self.assertEqual(server.got(), [[1]])

    def test_a_message_is_the_same_each_time_and_signed_by_our_key(self):
        hearer = self.hearer("HEARER", our_code="PLANT")
        key = self.env["med.exchange.key"].create({
            "exchange_partner_id": hearer.id, "name": "ours-1", "purpose": "ours"})
        key.make_secret()
        [one] = self.tell("A")
        self.drain()
        delivery = self.line(hearer).delivery_ids
        data = json.loads(delivery.envelope)
        self.assertEqual((data["sender"], data["stream"], data["sequence"], data["schema"]),
                         ("PLANT", "organisation", 1, "organisation"))
        self.assertEqual(data["object"], {"id": "T-A", "version": 1, "base": 0})
        self.assertEqual(data["signature"]["key"], "ours-1")
        self.assertEqual(data["payload"]["name"], one.name)
        digest = data["digest"]
        key.revoke()
        self.env["med.exchange.key"].create({
            "exchange_partner_id": hearer.id, "name": "ours-2",
            "purpose": "ours"}).make_secret()
        self.line(hearer).replay(1, "the key was changed")
        again = json.loads(delivery.envelope)
        self.assertEqual((again["id"], again["digest"]), (data["id"], digest))
        self.assertEqual(again["signature"]["key"], "ours-2")

    def test_one_partner_that_cannot_be_served_does_not_stop_another(self):
        server = self.server()
        bad = self.hearer("BAD", "http", url="http://127.0.0.1:1/")
        good = self.hearer("GOOD", "http", url=server.url)
        self.tell("A")
        with patch.object(type(self.env["med.exchange.partner"]), "_med_our_key",
                          lambda partner: 1 / (partner != bad) and partner.key_ids.browse()):
            self.drain()
        self.assertEqual(self.line(good).delivered, 1)
        self.assertEqual(self.line(bad).state, "backoff")
        self.assertIn("could not be prepared", self.line(bad).last_error)


    def test_what_was_said_of_one_partners_record_is_not_told_to_the_next_one(self):
        one = self.hearer("ONE", domain="[('city', '=', 'Suzhou')]")
        other = self.hearer("OTHER", domain="[('city', '=', 'Wuxi')]")
        [record] = self.tell("A", city="Suzhou", comment="")
        self.next_transaction()
        record.city = "Wuxi"
        self.drain()
        told = self.line(other).delivery_ids.mapped(
            lambda each: json.loads(each.envelope)["payload"]["city"])
        self.assertEqual(told, ["Wuxi"])
        self.assertFalse(self.line(one).delivery_ids)

    def test_who_lost_a_right_or_was_archived_gets_nothing_more(self):
        server = self.server()
        for step in ("archive", "delete"):
            sent = self.hearer(f"SENT-{step}".upper(), "http", url=server.url)
            asks = self.hearer(f"ASKS-{step}".upper())
            self.lines.flush_model()
            self.tell(f"L-{step}")
            self.events._med_deal()
            rights = (sent | asks).right_ids
            if step == "archive":
                rights.active = False
            else:
                rights.unlink()
            lines = self.line(sent) | self.line(asks)
            self.assertEqual(set(lines.delivery_ids.mapped("state")), {"aside"})
            self.env.cr.execute("UPDATE med_exchange_delivery SET state = 'queued'"
                                " WHERE line_id = ANY(%s)", [lines.ids])
            self.env.invalidate_all()
            self.drain()
            self.assertFalse(server.requests)
            self.assertEqual(self.env["med.exchange"].with_user(asks.user_id).changes(
                stream="organisation")["envelopes"], [])
            self.assertIsNone(self.line(sent)._med_pack())
        gone = self.hearer("GONE", "http", url=server.url)
        self.tell("M")
        self.events._med_deal()
        gone.active = False
        self.assertIsNone(self.line(gone)._med_pack())
        with self.assertRaises(AccessError):
            self.env["med.exchange"].with_user(gone.user_id).changes(stream="organisation")


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
