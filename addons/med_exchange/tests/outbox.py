"""What the tests of the outbox share: a partner that hears, a server on this machine, draining."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron

from ..models import med_exchange_line_send
from .common import ExchangeCase


class Server:
    """A partner's server; ``plan`` says how it answers the next requests, then it takes all."""

    def __init__(self):
        self.requests, self.plan = [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((self.path, dict(self.headers), body))
                step = outer.plan.pop(0) if outer.plan else outer.accept
                step(self, json.loads(body)["envelopes"])

            def log_message(self, *arguments):
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}/in?x=1"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def got(self):
        """Return the sequences of each request."""
        return [[one["sequence"] for one in json.loads(body)["envelopes"]]
                for _path, _headers, body in self.requests]

    @staticmethod
    def reply(handler, status, body=b"", **headers):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    @classmethod
    def accept(cls, handler, envelopes):
        cls.answers()(handler, envelopes)

    @classmethod
    def answers(cls, refused=(), waiting=None, conflict=()):
        """Return a step that answers each message; ``waiting``: ``{sequence: missing}``."""
        def step(handler, envelopes):
            told = []
            for one in envelopes:
                number = one["sequence"]
                outcome = ("rejected" if number in refused else "conflict" if number in conflict
                           else "waiting" if number in (waiting or {}) else "accepted")
                told.append({
                    "id": one["id"], "outcome": outcome,
                    "errors": [{"pointer": "/payload/name", "message": "Not wanted."}]
                    if number in refused else [], "missing": (waiting or {}).get(number, [])})
            cls.reply(handler, 200, json.dumps({"version": 1, "answers": told}).encode())
        return step

    @classmethod
    def status(cls, status, body=b"", **headers):
        return lambda handler, _envelopes: cls.reply(handler, status, body, **headers)


class OutboxCase(ExchangeCase):
    """Base of the tests of the outbox. Committing the progress of a job is left out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(
            IrCron, "_commit_progress", lambda self, *args, **kw: float("inf")))
        cls.startClassPatcher(patch.object(med_exchange_line_send, "PAUSE", 0))
        # What others have set up here hears nothing of the tests.
        cls.env["med.exchange.right"].search([]).active = False
        cls.lines = cls.env["med.exchange.line"]
        cls.events = cls.env["med.exchange.event"]
        cls.deliveries = cls.env["med.exchange.delivery"]

    @classmethod
    def hearer(cls, code, transport="pull", domain="[('ref', '=like', 'T-%')]", **values):
        partner = cls.partner_of(code, rights=(), transport=transport, **values)
        cls.right(partner, direction="out", domain=domain)
        return partner

    def server(self):
        server = Server()
        self.addCleanup(server.close)
        return server

    def tell(self, *names, **values):
        """Make an organisation each and commit as far as a test can; return them."""
        made = self.env["res.partner"].create([
            {"name": name, "ref": f"T-{name}", **values} for name in names])
        self.env.cr.flush()
        return made

    def drain(self):
        self.env.cr.flush()
        self.env["med.exchange.line"]._cron_drain()

    def line(self, partner):
        return self.lines.search([("exchange_partner_id", "=", partner.id)])

    def due(self, *partners):
        """Let the lines try again now."""
        for partner in partners:
            self.line(partner)._med_store(next_try=None)

    def next_transaction(self):
        """What was written so far counts as written by an earlier transaction."""
        self.env.cr.execute("UPDATE med_exchange_event_object"
                            " SET transaction_began = transaction_began - interval '1 day'")
