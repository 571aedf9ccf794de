"""XML bombs, bodies of 100 MB and things nested 100,000 deep: refused, and the server goes on.

What the server's process takes at its peak is read from the kernel (VmHWM) and held to a bound.
What Odoo itself does with such a call, an addon can change in part only; docs/admin/med_exchange.md
says what is left to the proxy in front.
"""

import contextlib
import http.client
import json
import socket
import sys
import threading
import time
import xmlrpc.client
from pathlib import Path

import pytest

from lib.rpc import JsonTwo

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from exchange_sender import Sender  # noqa: E402

requirement = "V8 X2 X10 oversized, nested, XML bombs"

MB = 2**20
WORLD = (TESTS / "exchange_flow.py").read_text() + """
tell({"one": ExchangeFlow(env).partner("BIG-ONE")})
"""


class Wire:
    """Raw calls to a site, and what its server's process took while they were answered."""

    def __init__(self, site, account):
        self.site, self.account = site, account
        self.process = Path(f"/proc/{site.server.pid()}")

    def took(self, call):
        """Return ``(what the call returned, MB that the process grew by at its peak)``."""
        (self.process / "clear_refs").write_text("5")  # the peak counts from here
        before = self.memory("VmRSS")
        answer = call()
        return answer, (self.memory("VmHWM") - before) // 1024

    def memory(self, name):
        lines = (self.process / "status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(name)).split()[1])

    def post(self, path, body, **headers):
        """Post bytes, or parts of them without saying how many; return ``(status, answer)``."""
        line = http.client.HTTPConnection("127.0.0.1", self.site.server.port, timeout=60)
        try:
            # it may refuse, and hang up before it has all
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.request("POST", path, body, headers,
                             encode_chunked=not isinstance(body, bytes))
            answer = line.getresponse()
            return answer.status, answer.read()
        except (ConnectionResetError, http.client.RemoteDisconnected):
            return 0, b""  # hung up in the middle of what we said
        finally:
            line.close()

    def xml(self, body, **headers):
        return self.post("/xmlrpc/2/object", body, **{"Content-Type": "text/xml", **headers})

    def json(self, body, method="submit", **headers):
        return self.post(f"/json/2/med.exchange/{method}", body, **{
            "Content-Type": "application/json", "X-Odoo-Database": self.site.database,
            "Authorization": f"bearer {self.account['key']}", **headers})

    def execute(self, *arguments, method="submit", model="med.exchange"):
        """Return the XML of a call by the partner's program."""
        return xmlrpc.client.dumps((
            self.site.database, self.account["uid"], self.account["key"], model, method,
            *arguments), "execute_kw")

    def rows(self):
        return int(self.site.sql("SELECT count(*) FROM med_exchange_message")[0][0])


@pytest.fixture
def wire(site, world):
    made = Wire(site, world["one"])
    made.json(json.dumps({}).encode(), "schemas")  # whatever a first call loads is loaded
    yield made
    sender, stream = Sender(world["one"]), f"after-{time.monotonic_ns()}"
    client = JsonTwo(site.url, site.database, world["one"]["key"])
    [told] = client.call("med.exchange", "submit", envelopes=[
        sender.organisation(1, f"H-{stream}", stream=stream)])["answers"]
    assert told["outcome"] == "accepted"  # the same process answers as before
    assert Path(f"/proc/{site.server.pid()}") == made.process


# ---------------------------------------------------------------------- XML bombs

def laughs():
    """A billion laughs."""
    names = [f"l{number}" for number in range(10)]
    entities = '<!ENTITY l0 "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip(names, names[1:], strict=False))
    return f"<!DOCTYPE methodCall [{entities}]>", "&l9;"


def quadratic():
    """One long entity, many times."""
    return f'<!DOCTYPE methodCall [<!ENTITY a "{"a" * 100_000}">]>', "&a;" * 50_000


def outside(place):
    return f'<!DOCTYPE methodCall [<!ENTITY a SYSTEM "{place}">]>', "&a;"


def parameters(place):
    """A parameter entity that fetches a document type from elsewhere."""
    return (f'<!DOCTYPE methodCall [<!ENTITY % a SYSTEM "{place}"> %a;]>', "x")


@pytest.fixture
def canary():
    """A port that nobody may connect to: ``(port, list of who did)``."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        called, stop = [], threading.Event()

        def listen():
            while not stop.is_set():
                try:
                    called.append(server.accept())
                except TimeoutError:
                    continue
        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], called
        stop.set()
        thread.join()


BOMBS = {
    "billion laughs": lambda _place: laughs(), "quadratic": lambda _place: quadratic(),
    "a file": lambda _place: outside("file:///etc/passwd"),
    "an address": lambda place: outside(place), "parameter entity": parameters,
    "only a document type": lambda _place: ("<!DOCTYPE methodCall>", "x"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_xml_with_a_document_type_is_refused_before_it_is_unpacked(wire, canary, bomb, encoding):
    port, called = canary
    kind, use = BOMBS[bomb](f"http://127.0.0.1:{port}/x.dtd")
    for text in (
            wire.execute([[use]], {}).replace("&amp;", "&"),
            f"<methodCall><methodName>{use}</methodName></methodCall>"):
        body = f'<?xml version="1.0" encoding="{encoding}"?>{" " * 5000}{kind}{text}'
        (status, answer), grown = wire.took(lambda body=body: wire.xml(body.encode(encoding)))
        print(f"\n{bomb}, {encoding}: {status}, {grown} MB")
        assert status == 400, answer[:500]
        assert b"root:" not in answer and len(answer) < 10_000
        assert grown < 32
    assert called == []


# ---------------------------------------------------------------------- 100 MB

def parts(body):
    """Cut a body, so that it is sent without its length."""
    return (body[start:start + MB] for start in range(0, len(body), MB))


def huge(wire, protocol):
    text = "x" * (100 * MB)
    if protocol == "json":
        return wire.json, json.dumps({"envelopes": [{"id": "1", "payload": {"a": text}}]}).encode()
    return wire.xml, wire.execute([[{"id": "1", "payload": {"a": text}}]], {}).encode()


# protocol, how it is sent → status, rows kept, MB that the process may grow by. Odoo reads no JSON
# whose length is not said, and reads XML-RPC whole (up to 128 MB) before anybody can ask what it
# calls; it is not parsed then.
HUGE = {("json", "whole"): (413, 1, 64), ("json", "in chunks"): (422, 0, 64),
        ("xml", "whole"): (413, 0, 256), ("xml", "in chunks"): (413, 0, 256)}


@pytest.mark.parametrize(("protocol", "how"), HUGE)
def test_a_hundred_megabytes_are_refused_unread(site, wire, protocol, how):
    (expected, kept, most), (say, body) = HUGE[protocol, how], huge(wire, protocol)
    before = wire.rows()
    (status, answer), grown = wire.took(lambda: say(body if how == "whole" else parts(body)))
    print(f"\n{protocol}, {how}: {status}, {grown} MB")
    assert status in (0, expected), answer[:500]  # 0: it hung up before it had all
    assert grown < most
    assert wire.rows() == before + kept
    if kept:
        assert site.sql("SELECT state, body LIKE '%at most 16777216%' FROM med_exchange_message"
                        " ORDER BY id DESC LIMIT 1") == [["rejected", "t"]]


# ---------------------------------------------------------------------- nesting

DEPTH = 100_000


def deep(wire, protocol):
    if protocol == "json":
        return wire.json, b'{"envelopes": [{"id": "d", "payload": %s%s}]}' % (
            b'{"a":' * DEPTH, b"1" + b"}" * DEPTH)
    open_, close = "<array><data><value>", "</value></data></array>"
    text = wire.execute([[{"id": "d", "payload": "HERE"}]], {})
    return wire.xml, text.replace(
        "<string>HERE</string>", open_ * DEPTH + "<int>1</int>" + close * DEPTH).encode()


NESTED = {"json": (400, b"nested too deeply"), "xml": (200, b"rejected")}


@pytest.mark.parametrize("protocol", NESTED)
def test_what_is_nested_a_hundred_thousand_deep_is_refused(site, wire, protocol):
    say, body = deep(wire, protocol)
    (status, answer), grown = wire.took(lambda: say(body))
    print(f"\n{protocol}: {status}, {grown} MB")
    assert status == NESTED[protocol][0] and NESTED[protocol][1] in answer, answer[:500]
    assert grown < 128
    assert site.sql("SELECT 1 FROM med_exchange_message"
                    " WHERE state = 'applied' AND name = 'd'") == []
