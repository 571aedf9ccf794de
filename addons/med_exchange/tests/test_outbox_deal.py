import json
from unittest.mock import patch

from odoo.exceptions import AccessError

from .outbox import OutboxCase


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
            sequence=2, time=self.moment(seconds=1))])["answers"]
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
            for _path, _headers, body in server.requests:
                self.assertEqual([(one["action"], one["payload"])
                                  for one in json.loads(body)["envelopes"]], [("cancel", {})])
                self.assertNotIn(f"T-L-{step}".encode(), body)
            server.requests.clear()
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
