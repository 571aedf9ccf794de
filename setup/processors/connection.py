"""An address and a key: JSON-2 calls, signed envelopes, streams that go on where they stopped."""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timezone

MOST = 1000  # messages asked for or sent at once


class Refused(Exception):
    """The other side did not take a call."""


def canonical(data):
    """Return the bytes that digest and signature are made of: keys sorted, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def now():
    """Return the present time as messages tell it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Connection:
    """How a partner speaks with the exchange.

    Nothing is kept here between two runs: the exchange tells how far each stream is.

    :param address: ``https://host``, with ``/?db=name`` where there are several databases
    :param key: what the partner was given: the API key, then ``:NAME:SECRET`` of the key by which
        it signs (HMAC-SHA-256, base64) where it has to sign
    """

    def __init__(self, address, key):
        parts = urllib.parse.urlsplit(address)
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.database = urllib.parse.parse_qs(parts.query).get("db", [""])[0]
        self.api_key, *signs = key.strip().split(":", 2)
        self.signs = (signs[0], base64.b64decode(signs[1])) if signs else None
        told = self.call("status")
        self.code = told["partner"]
        self.next = {one["stream"]: one["expected"] for one in told["streams"]}
        self.sends = {one["name"] for one in self.call("schemas")["schemas"]
                      if "in" in one["directions"]}

    def call(self, method, **arguments):
        """Call a method of the exchange; return its answer."""
        headers = {"Content-Type": "application/json", "Authorization": f"bearer {self.api_key}"}
        if self.database:
            headers["X-Odoo-Database"] = self.database
        request = urllib.request.Request(
            f"{self.url}/json/2/med.exchange/{method}", json.dumps(arguments).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise Refused(f"{method}: {error.code} {error.read()[:2000].decode()}") from None

    def latest(self, schema):
        """Return ``{code: payload}``: the newest word on each object of a stream."""
        found, since, more = {}, 0, True
        while more:
            told = self.call("changes", stream=schema, since=since, limit=MOST)
            for one in told["envelopes"]:  # numbers that are not among them are not for us
                found[one["object"]["id"]] = one["payload"]
            since, more = told["last"], told["more"]
        if since:
            self.call("acknowledge", stream=schema, sequence=since)
        return found

    def envelope(self, schema, thing, payload, stream="main", **changes):
        """Return the next message of a stream, sealed and signed.

        :param thing: our code of what it is about
        """
        sequence = self.next.get(stream, 1)
        self.next[stream] = sequence + 1
        return self.sealed({
            "spec": "med-exchange/1", "id": uuid.uuid4().hex, "sender": self.code,
            "stream": stream, "sequence": sequence, "schema": schema, "version": "1.0",
            "action": "state", "object": {"id": thing, "version": 1}, "time": now(),
            "payload": payload, **changes})

    def sealed(self, data):
        """Return a message with its digest, and signed where we sign."""
        sealed = {**data, "digest": f"sha256:{hashlib.sha256(canonical(data)).hexdigest()}"}
        if not self.signs:
            return sealed
        name, secret = self.signs
        value = hmac.digest(secret, canonical(sealed), "sha256")
        return {**sealed, "signature": {"key": name, "algorithm": "hmac-sha256",
                                        "value": base64.b64encode(value).decode()}}

    def submit(self, envelopes):
        """Send messages; return their answers."""
        answers = []
        for place in range(0, len(envelopes), MOST):
            answers += self.call("submit", envelopes=envelopes[place:place + MOST])["answers"]
        return answers
