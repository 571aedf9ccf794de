import json

from odoo.tests import tagged

from .common import PAYLOAD
from .outbox import OutboxCase


@tagged("post_install", "-at_install")
class TestCrossed(OutboxCase):
    """A state that was built before its sender had our last word is no successor of it (X3 X4)."""

    requirement = "X3 X4 conflicts"

    def begin(self, transport="pull", **values):
        """Let a partner tell of a thing, and change it here; return the partner."""
        partner = self.hearer("BOTH", transport, order_rule="apply", **values)
        self.right(partner)
        self.partner, self.told = partner, 0
        self.assertEqual(self.says(), "accepted")
        self.ours().phone = "ours"
        self.drain()
        return partner

    def ours(self):
        return self.env["res.partner"].search([("ref", "=", "T-H")])

    def says(self, city="Suzhou", at=None, **thing):
        """Return the outcome of the partner's next state."""
        self.told += 1
        self.answer = self.env["med.exchange"].with_user(self.partner.user_id).submit(
            self.envelope(self.partner, {
                    **PAYLOAD, "code": "T-H", "kind": "contact", "city": city, **(
                {"phone": "ours"} if thing.pop("whole", False) else {})},
                time=at or self.moment(hours=-2),
                object={"id": "T-H", "version": self.told, "base": self.told - 1, **thing}))[
                    "answers"][0]
        return self.answer["outcome"]

    def pointers(self):
        return [one["pointer"] for one in self.answer["errors"]]

    # ------------------------------------------------------------------ over HTTP

    def test_over_http_what_was_on_its_way_is_a_conflict(self):
        server = self.server()
        self.begin("http", url=server.url)
        self.assertEqual(server.got(), [[1]])
        self.assertEqual((self.says("Wuxi"), self.pointers()), ("conflict", ["/time"]))
        self.assertEqual((self.ours().city, self.ours().phone), ("Suzhou", "ours"))

    def test_over_http_what_was_made_after_it_is_none(self):
        self.begin("http", url=self.server().url)
        self.assertEqual(self.says("Wuxi", self.moment(seconds=1), whole=True), "accepted")
        self.assertEqual((self.ours().city, self.ours().phone), ("Wuxi", "ours"))

    def test_what_says_the_same_as_ours_is_no_conflict(self):
        self.begin("http", url=self.server().url)
        self.assertEqual(self.says(whole=True), "accepted")

    def test_the_rule_decides_where_one_was_agreed_on(self):
        partner = self.begin("http", url=self.server().url)
        partner.right_ids.filtered(lambda one: one.direction == "in").conflict_policy = "theirs"
        self.assertEqual(self.says("Wuxi"), "accepted")
        self.assertEqual((self.ours().city, self.ours().phone), ("Wuxi", False))

    def test_who_says_what_he_had_seen_needs_no_clock(self):
        server = self.server()
        self.begin("http", url=server.url)
        [sent] = json.loads(server.requests[0][2])["envelopes"]
        version = sent["object"]["version"]
        self.assertEqual((self.says("Wuxi", self.moment(minutes=2), seen=version - 1),
                          self.pointers()), ("conflict", ["/object/seen"]))
        row = self.env["med.exchange.object"].search([
            ("exchange_partner_id", "=", self.partner.id), ("name", "=", "T-H")])
        self.assertEqual(row.told_version, version)
        self.told = 1
        self.assertEqual(self.says("Wuxi", seen=version, whole=True), "accepted")
        message = self.env["med.exchange.message"].browse(self.answer["message"])
        self.assertEqual(message.object_seen, version)

    def test_who_parted_is_told_what_a_person_made_of_it(self):
        server, qa = self.server(), self.user("qa")
        self.begin("http", url=server.url)
        for number, (choice, wanted) in enumerate((
                ("ours", ("Suzhou", "ours")), ("mixed", ("Wuxi", "ours"))), 2):
            self.told = number - 1
            self.assertEqual(self.says("Wuxi", self.moment(hours=-1)), "conflict")
            message = self.env["med.exchange.message"].browse(
                self.answer["message"]).with_user(qa)
            sides = message.both_sides()
            self.next_transaction()
            server.requests.clear()
            message.decide({one["pointer"]: "ours" if choice == "ours" or (
                one["pointer"] == "/phone") else "theirs" for one in sides["differences"]},
                "Asked", sides["seen"])
            self.drain()
            self.assertEqual((self.ours().city, self.ours().phone), wanted)
            [sent] = [one for _path, _headers, body in server.requests
                      for one in json.loads(body)["envelopes"]]
            self.assertEqual((sent["payload"]["city"], sent["payload"]["phone"]), wanted)

    # ------------------------------------------------------------------ by the feed

    def test_a_puller_that_says_what_it_saw_need_not_confirm_it_first(self):
        partner = self.begin()
        exchange = self.env["med.exchange"].with_user(partner.user_id)
        [sent] = exchange.changes(stream="organisation")["envelopes"]
        self.assertEqual(self.line(partner).acknowledged, 0)
        self.assertEqual(self.says("Wuxi", whole=True), "conflict")
        self.told = 1
        self.assertEqual(
            self.says("Wuxi", seen=sent["object"]["version"], whole=True), "accepted")

    def test_a_puller_that_confirmed_and_sends_what_it_made_before(self):
        partner = self.begin()
        exchange = self.env["med.exchange"].with_user(partner.user_id)
        [sent] = exchange.changes(stream="organisation")["envelopes"]
        exchange.acknowledge(stream="organisation", sequence=sent["sequence"])
        self.assertEqual((self.says("Wuxi"), self.pointers()), ("conflict", ["/time"]))
        self.told = 1
        self.assertEqual(
            self.says("Wuxi", self.moment(seconds=1), whole=True), "accepted")

    # ------------------------------------------------------------------ what is claimed

    def test_a_version_that_was_never_told_counts_for_nothing(self):
        self.hearer("OTHER")
        partner = self.begin()
        self.assertEqual(self.says("Wuxi", seen=999), "conflict")
        self.told = 1
        partner.right_ids.filtered(lambda one: one.direction == "out").domain = (
            "[('ref', '=', 'T-OTHER')]")
        self.next_transaction()
        self.ours().phone = "secret"
        self.env.cr.flush()
        told_to_others = self.events.search([("object_id", "=", "T-H")], limit=1).version
        self.assertEqual(self.says("Wuxi", seen=told_to_others), "conflict")
        self.assertEqual(self.ours().phone, "secret")

    def test_a_record_of_ours_that_he_has_seen_he_may_go_on_with(self):
        partner = self.hearer("BOTH", "pull", order_rule="apply", organisation_scope="all")
        self.right(partner)
        self.tell("H", city="Suzhou")
        self.drain()
        exchange = self.env["med.exchange"].with_user(partner.user_id)
        [sent] = exchange.changes(stream="organisation")["envelopes"]
        payload = {**sent["payload"], "city": "Wuxi"}

        def said(number, **thing):
            return exchange.submit(self.envelope(partner, payload, sequence=number, object={
                "id": "T-H", "version": number, **thing}))["answers"][0]["outcome"]
        self.assertEqual(said(1), "conflict")
        self.assertEqual(said(2, seen=sent["object"]["version"] + 1), "conflict")
        self.assertEqual(said(3, seen=sent["object"]["version"]), "accepted")

    def test_what_is_no_version_is_refused(self):
        self.begin()
        for wrong in (-1, "1", True, 1.5):
            self.assertEqual(self.says("Wuxi", seen=wrong), "rejected")
            self.assertIn("/object/seen", self.pointers())
            self.told -= 1
