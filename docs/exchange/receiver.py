#!/usr/bin/env python3
"""A receiver of messages: checks who signed, takes each once, applies them in their order.

An example to start from, and the other side in our tests. Python 3.10 and its standard library;
the package ``cryptography``, where it is installed, verifies Ed25519 faster.

    receiver.py --port 8900 --store messages.db --key main=hmac-sha256:BASE64 --token SECRET

Each message is in the table ``message`` of the SQLite file; what is applied has ``place``, counted
up in the order of applying. Replace :func:`apply` by what your system does.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sqlite3
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

LARGEST = 16 << 20
OLDEST = 300  # seconds that a request may be old: an older one may be a replay

TABLE = """
CREATE TABLE IF NOT EXISTS message (
    sender TEXT, id TEXT, stream TEXT, sequence INTEGER, digest TEXT, body TEXT, place INTEGER,
    received REAL, times INTEGER DEFAULT 1, PRIMARY KEY (sender, id));
CREATE INDEX IF NOT EXISTS message_stream ON message (sender, stream, sequence);
"""


def canonical(data):
    """The bytes that digest and signature are made of: keys sorted, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False,
                      allow_nan=False).encode()


class Receiver:
    """What was received, in one SQLite file.

    :param keys: ``{name: (algorithm, base64 key)}`` of the sender
    """

    def __init__(self, store, keys):
        self.keys = keys
        self.alone = threading.Lock()
        self.db = sqlite3.connect(store, isolation_level=None, timeout=30,
                                  check_same_thread=False)
        self.db.executescript(f"PRAGMA journal_mode=WAL;{TABLE}")

    def take(self, envelopes):
        """Take messages; return an answer for each. All of it is on disk before it is answered."""
        with self.alone:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                answers = [self.take_one(envelope) for envelope in envelopes]
                self.db.execute("COMMIT")
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
        return answers

    def take_one(self, envelope):
        """Take one message; return its answer."""
        if problem := self.problem(envelope):
            return self.answer(envelope, "rejected", [problem])
        sender, number, stream = envelope["sender"], envelope["id"], envelope["stream"]
        known = self.db.execute("SELECT digest, place FROM message WHERE sender = ? AND id = ?",
                                (sender, number)).fetchone()
        if known and known[0] != envelope["digest"]:
            return self.answer(envelope, "rejected", [
                ("/id", "This id was used for other content.")])
        if known:
            self.db.execute("UPDATE message SET times = times + 1 WHERE sender = ? AND id = ?",
                            (sender, number))
            return self.answer(envelope, "duplicate")
        self.db.execute(
            "INSERT INTO message (sender, id, stream, sequence, digest, body, received)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (sender, number, stream, envelope["sequence"], envelope["digest"],
             json.dumps(envelope), time.time()))
        reached = self.apply_in_order(sender, stream)
        if envelope["sequence"] <= reached:
            return self.answer(envelope, "accepted")
        return self.answer(envelope, "waiting",
                           missing=list(range(reached + 1, envelope["sequence"]))[:100])

    def apply_in_order(self, sender, stream):
        """Apply what has its turn; return the number up to which a stream is applied."""
        [reached] = self.db.execute(
            "SELECT coalesce(max(sequence), 0) FROM message WHERE sender = ? AND stream = ?"
            " AND place IS NOT NULL", (sender, stream)).fetchone()
        while True:
            row = self.db.execute(
                "SELECT id, body FROM message WHERE sender = ? AND stream = ? AND sequence = ?"
                " AND place IS NULL", (sender, stream, reached + 1)).fetchone()
            if not row:
                return reached
            envelope = json.loads(row[1])
            if not is_void(envelope):
                apply(envelope)
            self.db.execute(
                "UPDATE message SET place = (SELECT coalesce(max(place), 0) + 1 FROM message)"
                " WHERE sender = ? AND id = ?", (sender, row[0]))
            reached += 1

    def problem(self, envelope):
        """Return (pointer, sentence) of what is wrong with a message, or None."""
        if not isinstance(envelope, dict):
            return "", "A message is an object."
        for name, kind in (("id", str), ("sender", str), ("stream", str), ("sequence", int),
                           ("digest", str), ("payload", dict), ("object", dict)):
            if type(envelope.get(name)) is not kind:
                return f"/{name}", "It is missing, or of the wrong type."
        bare = {name: value for name, value in envelope.items()
                if name not in ("digest", "signature")}
        if envelope["digest"] != f"sha256:{hashlib.sha256(canonical(bare)).hexdigest()}":
            return "/digest", "It is not the digest of this content."
        if self.keys:
            signature = envelope.get("signature")
            signed = canonical({**bare, "digest": envelope["digest"]})
            if not isinstance(signature, dict) or not self.signed(
                    signature.get("key"), signature.get("algorithm"), signature.get("value"),
                    signed):
                return "/signature", "It is not signed by a key that we know."
        return None

    def signed(self, name, algorithm, value, data):
        """Return whether bytes are signed by a key of ours, named by the sender."""
        if name not in self.keys or self.keys[name][0] != algorithm:
            return False
        key = base64.b64decode(self.keys[name][1])
        try:
            given = base64.b64decode(value, validate=True)
        except (ValueError, TypeError):
            return False
        if algorithm == "hmac-sha256":
            return hmac.compare_digest(hmac.digest(key, data, "sha256"), given)
        return (library_verifies if Ed25519PublicKey else ed25519_verifies)(key, given, data)

    def request_signed(self, headers, body):
        """Return whether a request is signed and fresh (Standard Webhooks)."""
        number, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not moment.isdigit() or abs(time.time() - int(moment)) > OLDEST:
            return False
        data = b".".join((number.encode(), moment.encode(), body))
        names = {"v1": "hmac-sha256", "v1a": "ed25519"}
        for part in headers.get("webhook-signature", "").split():
            version, _comma, value = part.partition(",")
            if any(self.signed(name, names.get(version), value, data) for name in self.keys):
                return True
        return False

    def answer(self, envelope, outcome, problems=(), missing=()):
        thing = envelope if isinstance(envelope, dict) else {}
        return {"id": thing.get("id", ""), "outcome": outcome, "missing": list(missing),
                "errors": [{"pointer": pointer, "message": text} for pointer, text in problems],
                "message": 0, "object": thing.get("object", {})}


def is_void(envelope):
    """Return whether a message says nothing: its number is taken, and nothing comes under it."""
    return envelope.get("action") == "cancel" and envelope["object"].get("id") == envelope["id"]


def apply(envelope):
    """What your system does with a message. It runs once for each, in their order."""


class Handler(BaseHTTPRequestHandler):
    """``POST {"envelopes": […]}`` → ``{"version": 1, "answers": […]}``."""

    protocol_version = "HTTP/1.1"
    receiver, token = None, ""

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 < size <= LARGEST:
            return self.say(413, {"error": "The request is empty or too large."})
        body = self.rfile.read(size)
        given = self.headers.get("Authorization", "").encode()
        if self.token and not hmac.compare_digest(f"Bearer {self.token}".encode(), given):
            return self.say(401, {"error": "The token is wrong."})
        if self.receiver.keys and not self.receiver.request_signed(self.headers, body):
            return self.say(401, {"error": "The request is not signed, or old."})
        try:
            envelopes = json.loads(body)["envelopes"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return self.say(400, {"error": "That is no list of messages."})
        return self.say(200, {"version": 1, "answers": self.receiver.take(envelopes)})

    def say(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Quiet."""


def library_verifies(key, signature, data):
    """Return what :func:`ed25519_verifies` does, by the package ``cryptography``."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


# Ed25519 as in RFC 8032, section 6, to verify only; it takes some milliseconds.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


def _point(data):
    y, sign = int.from_bytes(data, "little"), data[31] >> 7
    y &= (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verifies(key, signature, data):
    """Return whether a signature is that of bytes by the key whose public half this is."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, r, s = _point(key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if not public or not r or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + data).digest(), "little") % Q
    left, right = _times(s, BASE), _add(r, _times(h, public))
    return not ((left[0] * right[2] - right[0] * left[2]) % P
                or (left[1] * right[2] - right[1] * left[2]) % P)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--store", default="messages.db")
    parser.add_argument("--key", action="append", default=[], metavar="NAME=ALGORITHM:BASE64")
    parser.add_argument("--token", default="")
    given = parser.parse_args()
    keys = {}
    for text in given.key:
        name, _equals, rest = text.partition("=")
        keys[name] = tuple(rest.split(":", 1))
    Handler.receiver, Handler.token = Receiver(given.store, keys), given.token
    with ThreadingHTTPServer(("127.0.0.1", given.port), Handler) as server:
        server.daemon_threads = True
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
