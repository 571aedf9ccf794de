import base64
import hmac
import json
import threading
import time
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ..models import med_exchange_line_send
from ..tools import signing
from .outbox import OutboxCase


class TestTransport(OutboxCase):
    """Messages over HTTP: in order, signed, tried again, given up (X4, X6)."""

    requirement = "X4 outbox, X6 signed"

    def setUp(self):
        super().setUp()
        self.http = self.server()
        self.hears = self.hearer("HEARER", "http", url=self.http.url)

    def test_a_request_is_signed_as_standard_webhooks_say(self):
        key = self.env["med.exchange.key"].create({
            "exchange_partner_id": self.hears.id, "name": "ours", "purpose": "ours",
            "algorithm": signing.HMAC})
        secret = base64.b64decode(key.make_secret()["secret"])
        self.hears.set_token("abc")
        self.tell("A", "B")
        self.drain()
        [(path, headers, body)] = self.http.requests
        self.assertEqual(path, "/in?x=1")
        self.assertEqual(headers["Authorization"], "Bearer abc")
        self.assertLess(abs(int(headers["webhook-timestamp"]) - time.time()), 60)
        data = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        version, value = headers["webhook-signature"].split(",")
        self.assertEqual((version, base64.b64decode(value)),
                         ("v1", hmac.digest(secret, data, "sha256")))
        self.assertEqual([one["sequence"] for one in json.loads(body)["envelopes"]], [1, 2])
        line = self.line(self.hears)
        self.assertEqual((line.delivered, line.state, line.queued), (2, "running", 0))
        self.assertTrue(line.last_contact and self.hears.last_contact)

    def test_any_2xx_without_answers_means_taken(self):
        for number, body in enumerate((b"", b"ok", b"{}", b'{"answers": "x"}', b"[1]"), 1):
            self.http.plan = [self.http.status(202, body)]
            self.tell(f"A{number}")
            self.drain()
            self.assertEqual(self.line(self.hears).delivered, number, body)

    def test_what_fails_waits_longer_each_time_and_keeps_its_order(self):
        self.http.plan = [self.http.status(503), self.http.status(503), self.http.status(503)]
        self.tell("A", "B")
        waits = []
        for _try in range(3):
            self.drain()
            line = self.line(self.hears)
            self.assertEqual(line.state, "backoff")
            waits.append((line.next_try - line.env.cr.now()).total_seconds())
            self.drain()  # not before its time
            self.due(self.hears)
        self.assertEqual(len(self.http.requests), 3)
        for wait, least in zip(waits, (8, 16, 32), strict=True):
            self.assertGreaterEqual(wait, least - 2)
        self.tell("C")
        self.drain()
        self.assertEqual(self.http.got()[-1], [1, 2, 3])
        self.assertEqual((line.state, line.attempts, line.last_error), ("running", 0, False))

    def test_the_partner_says_how_long_to_wait(self):
        self.http.plan = [self.http.status(429, Retry_After="1800")]
        self.tell("A")
        self.drain()
        line = self.line(self.hears)
        self.assertGreater((line.next_try - line.env.cr.now()).total_seconds(), 1700)

    def test_a_partner_out_of_reach_is_tried_for_ever_with_one_alarm(self):
        self.http.close()
        self.tell("A")
        for _try in range(13):
            self.drain()
            self.due(self.hears)
        line = self.line(self.hears)
        self.assertEqual((line.state, line.dead, line.attempts), ("backoff", 0, 13))
        self.assertEqual(len(self.hears.activity_ids), 1)
        self.assertIn("refused", line.last_error)

    def test_the_one_message_at_fault_is_found_and_given_up(self):
        def fails_on_two(handler, envelopes):
            bad = any(one["sequence"] == 2 for one in envelopes)
            self.http.reply(handler, 500 if bad else 200)
        self.http.accept = fails_on_two
        self.tell("A", "B", "C")
        self.drain()
        self.assertEqual(self.http.got(), [[1, 2, 3], [1], [2]])
        line = self.line(self.hears)
        line.tries = 3
        for _try in range(3):
            self.due(self.hears)
            self.drain()
        self.assertEqual(line.delivery_ids.sorted("sequence").mapped("state"),
                         ["sent", "dead", "queued"])
        self.assertEqual(line.state, "stopped")
        line.resume("they know of it")
        self.drain()
        self.assertEqual(self.http.got()[-1], [3])

    def test_what_is_no_message_to_them_is_given_up_at_once(self):
        self.http.plan = [self.http.status(422, b"no such product")]
        self.tell("A")
        self.drain()
        self.assertEqual(self.line(self.hears).delivery_ids.state, "dead")
        self.assertIn("no such product", self.line(self.hears).delivery_ids.error)

    def test_a_wrong_token_or_address_gives_no_message_up(self):
        for status in (401, 403, 404, 302):
            self.http.plan = [self.http.status(status, Location="http://127.0.0.1:9/")]
            self.tell(f"A{status}")
            self.drain()
            line = self.line(self.hears)
            self.assertEqual((line.state, line.dead), ("backoff", 0), status)
            self.due(self.hears)
            self.drain()
            self.assertEqual(line.state, "running")

    def test_a_partner_that_wants_no_more_gets_no_more(self):
        self.http.plan = [self.http.status(410)]
        self.tell("A")
        self.drain()
        self.assertEqual(self.line(self.hears).state, "stopped")
        self.assertTrue(self.hears.activity_ids)

    def test_what_the_partner_asks_for_is_sent_once_more(self):
        self.tell("A", "B")
        self.drain()
        self.http.plan = [self.http.answers(waiting={3: [1]})]
        self.tell("C")
        self.drain()
        self.assertEqual(self.http.got(), [[1, 2], [3], [1]])
        self.assertEqual(self.line(self.hears).queued, 0)

    def test_a_conflict_there_is_theirs_to_decide(self):
        self.http.plan = [self.http.answers(conflict=(1,))]
        self.tell("A")
        self.drain()
        delivery = self.line(self.hears).delivery_ids
        self.assertEqual((delivery.state, delivery.outcome), ("sent", "conflict"))

    def test_an_answer_that_ends_early_is_asked_for_again(self):
        def torn(handler, envelopes):
            handler.send_response(200)
            handler.send_header("Content-Length", "500")
            handler.end_headers()
            handler.wfile.write(b'{"answers": [')
            handler.close_connection = True
        self.http.plan = [torn]
        self.tell("A")
        self.drain()
        self.assertEqual(self.line(self.hears).delivery_ids.state, "queued")
        self.due(self.hears)
        self.drain()
        ids = {json.loads(body)["envelopes"][0]["id"] for _p, _h, body in self.http.requests}
        self.assertEqual((len(self.http.requests), len(ids)), (2, 1))

    def test_several_lines_go_at_a_time_and_a_slow_one_delays_no_other(self):
        slow = threading.Event()
        other = self.server()
        second = self.hearer("SECOND", "http", url=other.url)

        def wait(handler, envelopes):
            slow.wait(5)
            self.http.reply(handler, 200)

        def release(handler, envelopes):
            slow.set()
            other.reply(handler, 200)
        self.http.plan, other.plan = [wait], [release]
        self.tell("A")
        begin = time.monotonic()
        self.drain()
        self.assertLess(time.monotonic() - begin, 4)
        self.assertEqual(self.line(self.hears).delivered, 1)
        self.assertEqual(self.line(second).delivered, 1)

    def test_many_messages_go_in_parcels(self):
        with patch.object(med_exchange_line_send, "MESSAGES", 2):
            self.tell("A", "B", "C", "D", "E")
            self.drain()
        self.assertEqual(self.http.got(), [[1, 2], [3, 4], [5]])
        with patch.object(med_exchange_line_send, "BYTES", 100):
            self.tell("F", "G")
            self.drain()
        self.assertEqual(self.http.got()[3:], [[6], [7]])


    def test_the_answer_of_a_hostile_server_is_kept_cleaned(self):
        def hostile(handler, envelopes):
            self.http.reply(handler, 200, json.dumps({"answers": [{
                "id": one["id"], "outcome": "rejected", "missing": [10**30, -1],
                "errors": [{"pointer": "/a\0", "message": "x\ud800y"}]}
                for one in envelopes]}).encode())
        self.http.plan = [hostile]
        self.tell("A")
        self.drain()
        delivery = self.line(self.hears).delivery_ids
        self.assertEqual((delivery.state, delivery.error), ("refused", "/a: x?y"))
        self.line(self.hears).resume("they mended it")
        self.http.plan = [self.http.status(503, b"a\0b")]
        self.tell("B")
        self.drain()
        self.assertEqual(self.line(self.hears).last_error, "HTTP 503: ab")

    def test_an_answer_that_cannot_be_recorded_is_waited_for(self):
        self.tell("A")
        with patch.object(type(self.lines), "_med_settle", side_effect=ValueError("NUL")), \
                mute_logger("odoo.addons.med_exchange.models.med_exchange_line_send"):
            self.drain()
            self.drain()
        line = self.line(self.hears)
        self.assertEqual((line.state, line.attempts), ("backoff", 1))
        self.assertIn("could not be recorded", line.last_error)
        self.assertEqual(len(self.http.requests), 1)

    def test_another_address_is_not_sent_the_token(self):
        self.hears.set_token("abc")
        self.hears.url = self.hears.url
        self.assertTrue(self.hears.has_token)
        self.hears.write({"url": "http://127.0.0.1:9/", "new_token": "new"})
        self.assertEqual(self.hears.sudo().token, "new")
        self.hears.url = "http://127.0.0.1:8/"
        self.assertFalse(self.hears.sudo().token)

    def test_an_address_is_https_or_this_machine(self):
        for url in ("http://example.com/", "ftp://example.com", "https://u:p@example.com/",
                    "https://", "javascript:x", "https://example.com/a b", "http://[::1"):
            with self.assertRaises(ValidationError, msg=url):
                self.hears.url = url
        self.env["ir.config_parameter"].set_param("med_exchange.allow_http", "True")
        self.hears.url = "http://mes.plant.example/in"

    def test_a_transport_that_is_not_there_is_told_on_the_line(self):
        self.tell("A")
        with patch.object(type(self.env["med.exchange.transport"]), "_med_transport",
                          side_effect=UserError("no way")):
            self.drain()
        self.assertIn("no way", self.line(self.hears).last_error or "")

    def test_our_code_there_stays(self):
        self.tell("A")
        self.drain()
        with self.assertRaises(UserError):
            self.hears.our_code = "OTHER"
