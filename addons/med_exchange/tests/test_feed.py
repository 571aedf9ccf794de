import json

from odoo.exceptions import AccessError, UserError

from .common import PAYLOAD
from .outbox import OutboxCase


class TestFeed(OutboxCase):
    """The feed for partners without a server (X4, V8)."""

    requirement = "X4 pull feed"

    def setUp(self):
        super().setUp()
        self.hears = self.hearer("HEARER")
        self.exchange = self.env["med.exchange"].with_user(self.hears.user_id)

    def fed(self, **arguments):
        told = self.exchange.changes(**{"stream": "organisation", **arguments})
        self.assertEqual(json.loads(json.dumps(told)), told)
        return [one["sequence"] for one in told["envelopes"]], told["last"], told["more"]

    def test_pages_follow_each_other_and_confirm_what_came_before(self):
        self.assertEqual(self.fed(), ([], 0, False))
        self.tell("A", "B", "C")
        self.drain()
        self.assertEqual(self.fed(limit=2), ([1, 2], 2, True))
        line = self.line(self.hears)
        self.assertEqual((line.acknowledged, line.queued), (0, 3))
        self.assertEqual(self.fed(since=2), ([3], 3, False))
        self.assertEqual((line.acknowledged, line.queued), (2, 1))
        self.assertEqual(self.exchange.acknowledge(stream="organisation", sequence=3),
                         {"version": 1, "stream": "organisation", "acknowledged": 3,
                          "ahead": False})
        self.assertEqual((line.queued, line.delivered), (0, 3))

    def test_who_goes_back_gets_the_same_messages(self):
        self.tell("A", "B")
        self.drain()
        first = self.exchange.changes(stream="organisation")["envelopes"]
        self.exchange.acknowledge(stream="organisation", sequence=2)
        self.assertEqual(self.exchange.changes(stream="organisation")["envelopes"], first)
        self.assertEqual(self.line(self.hears).acknowledged, 2)

    def test_what_is_confirmed_is_agreed_upon(self):
        """The next word of who has our change is no conflict with it."""
        self.right(self.hears)
        self.hears.order_rule = "apply"

        def outcome(version, **payload):
            return self.exchange.submit(self.envelope(
                self.hears, {**PAYLOAD, "code": "T-H", **payload}, time=self.moment(seconds=1),
                object={"id": "T-H", "version": version, "base": version - 1}))[
                    "answers"][0]["outcome"]
        self.assertEqual(outcome(1), "accepted")
        self.env["res.partner"].search([("ref", "=", "T-H")]).phone = "ours"
        self.drain()
        [told] = self.exchange.changes(stream="organisation")["envelopes"]
        self.assertEqual(told["payload"]["phone"], "ours")
        self.exchange.acknowledge(stream="organisation", sequence=told["sequence"])
        self.assertEqual(outcome(2, phone="ours", city="Suzhou"), "accepted")

    def test_a_right_that_is_narrowed_counts_for_what_waits_and_for_what_is_sent_again(self):
        self.tell("A", city="Suzhou")
        self.tell("B", city="Beijing")
        self.drain()
        self.hears.right_ids.domain = "[('ref', '=like', 'T-%'), ('city', '=', 'Beijing')]"
        self.assertEqual(self.fed(), ([2], 2, False))
        self.exchange.acknowledge(stream="organisation", sequence=2)
        line = self.line(self.hears).with_user(self.user("qa"))
        told = line.replay(1, "restored")
        self.assertEqual(told["queued"], 1)
        self.hears.right_ids.active = False
        told = line.replay(1, "restored again")
        self.assertEqual(told["queued"], 0)

    def test_nothing_is_sent_by_itself_to_who_asks(self):
        self.tell("A")
        self.drain()
        self.drain()
        self.assertEqual(self.line(self.hears).queued, 1)

    def test_who_has_more_than_we_sent_is_told_and_a_person_looks(self):
        self.tell("A")
        self.drain()
        told = self.exchange.changes(stream="organisation", since=7)
        self.assertEqual((told["ahead"], told["envelopes"], told["last"]), (True, [], 7))
        self.assertTrue(self.exchange.acknowledge(stream="organisation", sequence=7)["ahead"])
        self.assertEqual(len(self.hears.activity_ids), 1)
        self.assertEqual(self.line(self.hears).acknowledged, 0)

    def test_streams_of_others_are_not_there(self):
        other = self.hearer("OTHER")
        self.tell("A")
        self.drain()
        for since in (-1, True, "1", 1.0, 2**31):
            with self.assertRaises(UserError):
                self.exchange.changes(stream="organisation", since=since)
        for stream in ("secret", "", None, ["organisation"], "x" * 65):
            with self.assertRaises(UserError):
                self.exchange.changes(stream=stream)
        for limit in (0, 1001, "5"):
            with self.assertRaises(UserError):
                self.exchange.changes(stream="organisation", limit=limit)
        self.assertEqual(self.exchange.streams()["streams"], [
            {"stream": "organisation", "last": 1, "acknowledged": 0, "state": "running"}])
        self.exchange.acknowledge(stream="organisation", sequence=1)
        self.assertEqual(self.line(other).acknowledged, 0)
        for role in ("qa", "viewer"):
            with self.assertRaises(AccessError):
                self.exchange.with_user(self.user(role)).changes(stream="organisation")

    def test_from_http_to_the_feed_without_a_gap(self):
        server = self.server()
        self.hears.write({"transport": "http", "url": server.url})
        self.tell("A")
        self.drain()
        server.close()
        self.tell("B")
        self.drain()
        self.assertEqual(self.fed(since=1), ([2], 2, False))
        self.hears.transport = "pull"
        self.assertEqual(self.fed(since=2), ([], 2, False))
        self.assertEqual(self.line(self.hears).queued, 0)
