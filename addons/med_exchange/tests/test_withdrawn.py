import json

from odoo.tests import tagged

from .outbox import OutboxCase

SUZHOU = "[('ref', '=like', 'T-%'), ('city', '=', 'Suzhou')]"


@tagged("post_install", "-at_install")
class TestWithdrawn(OutboxCase):
    """What a partner may not hear of any more does not leave; its number does (X4 V8)."""

    requirement = "X4 replay, V8 right to know"

    def setUp(self):
        super().setUp()
        self.there = self.server()
        self.hears = self.hearer("HEARER", "http", url=self.there.url)

    def queue(self):
        """Let three organisations be queued, and the first of them be none of the partner's."""
        self.tell("SECRET", city="Beijing")
        self.tell("A", "B", city="Suzhou")
        self.events._med_deal()
        self.hears.right_ids.domain = SUZHOU
        return self.line(self.hears).delivery_ids.sorted("sequence")

    def sent(self):
        """Return the envelopes that have left since this was asked last."""
        bodies = [body for _path, _headers, body in self.there.requests]
        self.there.requests.clear()
        self.text = b"".join(bodies).decode()
        return [one for body in bodies for one in json.loads(body)["envelopes"]]

    def test_a_right_that_is_narrowed_counts_for_what_is_queued(self):
        secret, *_others = self.queue()
        self.drain()
        void, *whole = self.sent()
        self.assertEqual([one["sequence"] for one in (void, *whole)], [1, 2, 3])
        self.assertEqual([one["object"]["id"] for one in whole], ["T-A", "T-B"])
        self.assertEqual((void["action"], void["payload"], void["cancels"]),
                         ("cancel", {}, secret.message_id))
        self.assertNotIn("SECRET", self.text)
        self.assertNotIn("Beijing", self.text)
        self.assertNotEqual(void["id"], secret.message_id)
        self.assertEqual((secret.state, secret.aside_for, secret.hollow),
                         ("aside", "right", False))
        self.drain()
        self.assertFalse(self.sent())
        line = self.line(self.hears)
        self.assertEqual((line.state, line.delivered, line.queued), ("running", 3, 0))

    def test_a_record_that_has_gone_on_is_not_told_either(self):
        [record] = self.tell("A", city="Suzhou")
        self.hears.right_ids.domain = SUZHOU
        self.events._med_deal()
        record.city = "Wuxi"
        self.drain()
        self.assertEqual([one["action"] for one in self.sent()], ["cancel"])

    def test_the_number_is_signed_and_the_same_each_time(self):
        self.env["med.exchange.key"].create({
            "exchange_partner_id": self.hears.id, "name": "ours", "purpose": "ours",
        }).make_secret()
        self.queue()
        self.there.plan = [self.there.status(503), self.there.status(503)]
        self.drain()
        self.due(self.hears)
        self.drain()
        self.due(self.hears)
        self.drain()
        voids = [one for one in self.sent() if one["sequence"] == 1]
        self.assertEqual(len(voids), 3)
        self.assertEqual(len({one["digest"] for one in voids}), 1)
        self.assertEqual(voids[0]["signature"]["key"], "ours")

    def test_a_partner_that_will_not_take_a_number_is_no_dead_letter(self):
        secret, *_others = self.queue()
        self.there.plan = [self.there.answers(refused={1})]
        self.drain()
        line = self.line(self.hears)
        self.assertEqual((line.state, line.dead, secret.state, secret.hollow),
                         ("running", 0, "aside", False))
        self.assertFalse(self.hears.activity_ids)

    def test_a_partner_that_fails_at_a_number_alone_does_not_stop_the_line(self):
        secret, *_others = self.queue()
        self.there.plan = [self.there.status(400), self.there.status(400)]
        self.drain()
        self.assertEqual(self.there.got(), [[1, 2, 3], [1], [2], [3]])
        line = self.line(self.hears)
        self.assertEqual((line.state, line.dead, line.queued, secret.state, secret.hollow),
                         ("running", 0, 0, "aside", False))
        self.assertFalse(self.hears.activity_ids)

    def test_who_lacks_a_number_is_told_that_nothing_comes_under_it(self):
        secret, *_others = self.queue()
        self.drain()
        self.sent()
        self.tell("C", city="Suzhou")
        self.there.plan = [self.there.answers(waiting={4: [1]})]
        self.drain()
        self.drain()
        self.assertEqual([(one["sequence"], one["action"]) for one in self.sent()],
                         [(4, "state"), (1, "cancel")])
        self.assertEqual(secret.rounds, 2)

    def test_what_was_told_before_the_right_was_narrowed_is_not_told_again(self):
        self.tell("SECRET", city="Beijing")
        self.tell("A", city="Suzhou")
        self.drain()
        self.assertEqual(len(self.sent()), 2)
        self.hears.right_ids.domain = SUZHOU
        line = self.line(self.hears).with_user(self.user("qa"))
        self.assertEqual(line.replay(1, "they restored a backup")["queued"], 1)
        self.there.plan = [self.there.answers(waiting={2: [1]})]
        self.drain()
        self.drain()
        self.assertEqual([(one["sequence"], one["action"]) for one in self.sent()],
                         [(2, "state"), (1, "cancel")])
        self.assertNotIn("SECRET", self.text)

    def test_the_number_of_what_a_person_set_aside_is_told_as_well(self):
        self.tell("A", "B")
        self.there.plan = [self.there.answers(refused={1})]
        self.drain()
        dead = self.line(self.hears).delivery_ids.filtered(lambda one: one.state == "refused")
        dead.with_user(self.user("qa")).set_aside("told by telephone")
        self.assertEqual((dead.aside_for, dead.hollow), ("person", True))
        self.sent()
        self.drain()
        self.assertEqual([(one["sequence"], one["action"]) for one in self.sent()],
                         [(1, "cancel")])

    def test_one_set_aside_while_it_was_under_way_was_told(self):
        self.tell("SECRET", city="Beijing")
        self.events._med_deal()
        line = self.line(self.hears)
        deliveries, call = line._med_pack()
        self.hears.right_ids.active = False
        self.assertTrue(deliveries.hollow)
        self.assertEqual(line._med_record(deliveries, call.send()), 1)
        self.assertEqual((deliveries.state, deliveries.hollow), ("sent", False))

    def test_who_asks_is_led_past_the_number_and_does_not_confirm_it(self):
        self.hears.transport = "pull"
        secret, *_others = self.queue()
        exchange = self.env["med.exchange"].with_user(self.hears.user_id)
        told = exchange.changes(stream="organisation")
        self.assertEqual(([one["sequence"] for one in told["envelopes"]], told["last"]),
                         ([2, 3], 3))
        exchange.acknowledge(stream="organisation", sequence=3)
        self.assertEqual((secret.state, secret.outcome, secret.hollow), ("aside", False, False))

    def follow(self, *cities):
        """Queue a state of one record for each city; return them."""
        [record] = self.tell("A", city=cities[0])
        for city in cities[1:]:
            self.next_transaction()
            record.city = city
            self.env.cr.flush()
        self.events._med_deal()
        return self.line(self.hears).delivery_ids.sorted("sequence")

    def aside(self, deliveries):
        deliveries.with_user(self.user("qa")).set_aside("told by telephone")

    def test_what_waits_behind_one_set_aside_is_built_on_what_was_told(self):
        first, second, third, fourth = self.follow("Suzhou", "Wuxi", "Nanjing", "Hefei")
        self.assertEqual((first | second | third | fourth).mapped("base"), [0, 1, 2, 3])
        self.aside(second | third)
        self.assertEqual((first.base, fourth.base), (0, 1))
        self.drain()
        self.assertEqual(
            [(one["sequence"], one["action"], one["object"].get("base")) for one in self.sent()],
            [(1, "state", 0), (2, "cancel", None), (3, "cancel", None), (4, "state", 1)])
        self.assertEqual(self.line(self.hears).handed_out, 4)

    def test_what_has_left_stays_as_it_is(self):
        first, second = self.follow("Suzhou", "Wuxi")
        self.there.plan = [self.there.status(503)]
        self.drain()
        text = second.envelope
        self.aside(first)
        self.assertEqual((second.base, second.envelope), (1, text))

    def test_one_that_arrived_after_all_is_what_the_next_is_built_on(self):
        [record] = self.tell("A", city="Suzhou")
        self.events._med_deal()
        line = self.line(self.hears)
        first, call = line._med_pack()
        self.next_transaction()
        record.city = "Wuxi"
        self.env.cr.flush()
        self.events._med_deal()
        second = line.delivery_ids - first
        self.aside(first)
        self.assertEqual(second.base, 0)
        line._med_record(first, call.send())
        self.assertEqual((first.state, second.base), ("sent", 1))

    def test_what_who_asks_has_fetched_is_what_the_next_is_built_on(self):
        self.hears.transport = "pull"
        first, second, third = self.follow("Suzhou", "Wuxi", "Nanjing")
        exchange = self.env["med.exchange"].with_user(self.hears.user_id)
        exchange.changes(stream="organisation", limit=1)
        self.aside(first | second)
        self.assertEqual(third.base, 1)
        [told] = exchange.changes(stream="organisation", since=1)["envelopes"]
        self.assertEqual(told["object"], {"id": "T-A", "version": 3, "base": 1})

    def test_what_was_not_told_is_not_what_the_next_is_built_on(self):
        [record] = self.tell("A", city="Beijing")
        self.events._med_deal()
        self.hears.right_ids.domain = SUZHOU
        self.drain()
        self.next_transaction()
        record.city = "Suzhou"
        self.drain()
        void, whole = self.sent()
        self.assertEqual((void["action"], whole["object"]["base"]), ("cancel", 0))
