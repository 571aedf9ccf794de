"""Two Odoo servers on one PostgreSQL with a streaming replica; each server dies under load.

The hosts are processes with a port, sessions and scheduled actions of their own. As on real hosts
that share a network folder, they have the files and the keys of the audit trail in common.
PostgreSQL is the test's own; its replica logs each statement that it answers.
"""

import contextlib
import http.client
import itertools
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lib import odoo
from lib.cluster import Replica
from lib.house import free_port
from lib.rpc import JsonTwo, RpcError
from lib.site import cheap_hash

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from exchange_other_side import OtherSide  # noqa: E402
from exchange_sender import Sender  # noqa: E402

requirement = "X2 X4 V8 T1 TRC-1"

OWN_CLUSTER = True
BATCH = 5
THINGS = 7    # of each stream, told of again and again
OURS = 12     # organisations that partners hear of
AT_ONCE = 100  # messages that one request to a receiver holds at most
FAILURES = (RpcError, OSError, ValueError, http.client.HTTPException)
PORTS = [free_port() for _receiver in range(2)]
WORLD = "".join((TESTS / name).read_text() for name in ("exchange_flow.py", "trace_flow.py")) + f"""
PORTS, OURS = {PORTS!r}, {OURS}
""" + """
exchange, flow, told = ExchangeFlow(env), Flow(env), {"senders": {}, "receivers": []}
for code in ("HOSTS-ONE", "HOSTS-TWO"):
    told["senders"][code] = exchange.partner(code)
env["res.partner"].create([
    {"name": "change 0", "ref": f"HOSTS-OURS-{number}"} for number in range(OURS)])
for number, port in enumerate(PORTS):
    code = f"HOSTS-OUT-{number}"
    partner = env["med.exchange.partner"].create({
        "name": code, "code": code, "transport": "http", "our_code": "PLANT", "signed": False,
        "url": f"http://127.0.0.1:{port}/in",
        "partner_id": env["res.partner"].create({"name": code}).id})
    env["med.exchange.right"].create({
        "exchange_partner_id": partner.id, "schema": "organisation", "direction": "out",
        "domain": "[('ref', '=like', 'HOSTS-OURS-%')]"})
    key = env["med.exchange.key"].create({
        "exchange_partner_id": partner.id, "name": "ours", "purpose": "ours",
        "algorithm": "hmac-sha256"})
    told["receivers"].append({"id": partner.id, "secret": key.make_secret()["secret"]})
    partner.activate()
supplier = env["res.partner"].create({"name": "Hosts supplier"})
hospital = env["res.partner"].create({"name": "Hosts hospital"})
raw, pump = flow.product("Hosts raw"), flow.product("Hosts pump", "serial")
[resin], pumps = flow.lots(raw, "HOSTS-R1"), flow.lots(pump, "HOSTS-P1", "HOSTS-P2")
flow.receive([(resin, 10)], supplier)
flow.close(flow.order(pump, 2, [(raw, resin, 3)], pumps))
flow.picking([(pumps[0], 1)], hospital)._action_done()
told |= {"resin": resin.id, "pumps": pumps.ids, "hospital": hospital.id,
         "ours": env["res.partner"].search([("ref", "=like", "HOSTS-OURS-%")]).ids}
tell(told)
"""


class Host:
    """One Odoo server, which may be killed and started again.

    :param shared: folder of what all hosts have in common
    """

    def __init__(self, site, replica, name, folder, shared):
        self.site, self.replica, self.name, self.folder = site, replica, name, folder
        folder.mkdir()
        for part in ("filestore", "med_audit"):
            (folder / part).symlink_to(shared / part)
        self.server = odoo.Server(f"test-faults-{name}", site.database, free_port())
        self.server.log = site.server.log

    def start(self):
        self.server.start(
            "--max-cron-threads=1", "-D", self.folder, f"--db_app_name={self.name}",
            "--db_replica_host=127.0.0.1", f"--db_replica_port={self.replica.port}", *cheap_hash())

    def kill(self):
        assert self.server.pid()
        self.server.stop(9)

    def call(self, key, *arguments, **named):
        return JsonTwo(self.server.url, self.site.database, key).call(*arguments, **named)


@pytest.fixture(scope="module")
def hosts(site, world, tmp_path_factory):
    site.server.stop()
    shared, folder = odoo.DATA, tmp_path_factory.mktemp("hosts")
    (shared / "med_audit").mkdir(exist_ok=True)
    with Replica(site.cluster) as replica, contextlib.ExitStack() as after:
        made = [Host(site, replica, f"host-{number}", folder / str(number), shared)
                for number in (1, 2)]
        for host in made:
            after.callback(host.server.stop)
            host.start()
        yield made


@pytest.fixture(scope="module")
def receivers(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("receivers")
    made = [OtherSide(port, one["secret"], folder / f"{port}.db")
            for port, one in zip(PORTS, world["receivers"], strict=True)]
    for one in made:
        one.start()
    yield made
    for one in made:
        one.stop()


class Load:
    """Senders, changes of ours and traces on both hosts at once, until it is enough.

    A call that fails is made again on the other host, as a balancer in front would.
    """

    def __init__(self, site, hosts, world, name):
        self.site, self.hosts, self.world, self.name = site, hosts, world, name
        self.admin = site.users["admin"]["api_key"]
        self.enough, self.alone = threading.Event(), threading.Lock()
        self.outcomes, self.messages = defaultdict(Counter), {}
        self.failed, self.changes, self.traces = 0, itertools.count(1), Counter()

    def insist(self, first, key, *arguments, **named):
        """Call a host, else the other, until one answers."""
        for host in itertools.islice(itertools.cycle(self.hosts), first, first + 200):
            try:
                return host.call(key, *arguments, **named)
            except FAILURES:
                with self.alone:
                    self.failed += 1
                time.sleep(0.1)
        raise AssertionError("no host answers")

    def heard(self, answers):
        with self.alone:
            for answer in answers:
                self.outcomes[answer["id"]][answer["outcome"]] += 1

    def send(self, code, stream):
        """One sender: every other batch goes to both hosts at the same time."""
        account, pick = self.world["senders"][code], random.Random(stream)
        sender, number, sent = Sender(account), 0, self.messages.setdefault((code, stream), [])

        def submit(first, batch):
            self.heard(self.insist(first, account["key"], "med.exchange", "submit",
                                   envelopes=batch)["answers"])
        with ThreadPoolExecutor(1) as twin:
            while not self.enough.is_set():
                batch = [self.message(sender, stream, number + step + 1) for step in range(BATCH)]
                number += BATCH
                sent += batch
                first = pick.randrange(2)
                other = twin.submit(submit, first + 1, batch) if pick.random() < 0.5 else None
                submit(first, batch)
                if other:
                    other.result()

    def message(self, sender, stream, number):
        version, thing = divmod(number - 1, THINGS)
        return sender.organisation(number, f"{stream}-{thing}", f"{stream} as of {number}", stream,
                                   version=version + 1)

    def change(self):
        """Our side: what partners hear of goes on changing."""
        while not self.enough.wait(0.02):
            number = next(self.changes)
            record = self.world["ours"][number % OURS]
            self.insist(number, self.admin, "res.partner", "write", [record],
                        vals={"name": f"change {number}"})

    def trace(self):
        while not self.enough.wait(0.1):
            count = sum(self.traces.values())
            told = self.insist(count, self.admin, "stock.lot", "med_trace", [self.world["resin"]])
            self.traces[tuple(sorted(lot["id"] for lot in told["lots"]))] += 1

    @contextlib.contextmanager
    def going(self):
        streams = [(code, f"{code}-{self.name}-{number}")
                   for code in self.world["senders"] for number in range(2)]
        with ThreadPoolExecutor(8) as pool:
            work = [pool.submit(self.send, *stream) for stream in streams]
            work += [pool.submit(self.change), pool.submit(self.trace)]
            try:
                yield
            finally:
                self.enough.set()
            for one in work:
                one.result()

    def sent(self, more):
        """Wait until each sender has sent so many more messages."""
        until = time.monotonic() + 120
        goal = {name: len(sent) + more for name, sent in self.messages.items()}
        while len(goal) < 4 or any(len(self.messages[name]) < goal[name] for name in goal):
            assert time.monotonic() < until
            time.sleep(0.05)
            for name in self.messages.keys() - goal.keys():
                goal[name] = more

    def told_all(self):
        """Wait until nothing is left in the outbox; both hosts' scheduled actions work on it."""
        until = time.monotonic() + 60
        while self.site.sql("SELECT 1 FROM med_exchange_event WHERE state = 'new' UNION ALL"
                            " SELECT 1 FROM med_exchange_delivery WHERE state = 'queued' LIMIT 1"):
            assert time.monotonic() < until
            time.sleep(0.2)


def check_inbound(load):
    """Each message is there once, was applied once, and is a duplicate when it comes again."""
    for (code, stream), messages in load.messages.items():
        account = load.world["senders"][code]
        for start in range(0, len(messages), 100):
            told = load.insist(start // 100, account["key"], "med.exchange", "submit",
                               envelopes=messages[start:start + 100])["answers"]
            assert {(one["outcome"], one["first"]) for one in told} == {("duplicate", "accepted")}
        rows = load.site.sql(f"""
            SELECT m.name, m.state FROM med_exchange_message m
              JOIN med_exchange_stream s ON s.id = m.stream_id
             WHERE s.name = '{stream}' ORDER BY m.sequence""")
        assert rows == [[one["id"], "applied"] for one in messages]
        last = {one["object"]["id"]: one["payload"]["name"] for one in messages}
        found = load.site.sql(f"SELECT ref, name FROM res_partner WHERE ref LIKE '{stream}-%'")
        assert sorted(map(tuple, found)) == sorted(last.items())
        [[effects, distinct]] = load.site.sql(f"""
            SELECT count(*), count(DISTINCT e.body::json -> 15 ->> 'name')
              FROM med_audit.entry e JOIN res_partner p ON p.id = e.res_id
             WHERE e.tbl = 'res_partner' AND p.ref LIKE '{stream}-%' AND e.op <> 'S'
               AND e.body::json -> 15 ->> 'name' IS NOT NULL""")
        assert int(effects) == int(distinct) == len(messages)
    for name, outcomes in load.outcomes.items():
        assert set(outcomes) <= {"accepted", "duplicate"}, (name, outcomes)
        assert outcomes["accepted"] <= 1, (name, outcomes)


def check_outbound(load, receivers, again):
    """Each receiver has each message once by its id, in order; at most ``again`` came twice."""
    for one, told in zip(receivers, load.world["receivers"], strict=True):
        ours = load.site.sql(f"""
            SELECT message_id, sequence FROM med_exchange_delivery
             WHERE exchange_partner_id = {told["id"]} ORDER BY sequence""")
        rows = one.rows("id, sequence, times")
        assert [[name, str(sequence)] for name, sequence, _times in rows] == ours
        assert [int(number) for _name, number in ours] == list(range(1, len(ours) + 1))
        assert len(ours) >= OURS
        twice = [name for name, _sequence, times in rows if times > 1]
        assert len(twice) <= again, twice


def asked(replica, host):
    """How many reads of the genealogy a host has asked of the replica."""
    with open(replica.log, errors="replace") as lines:
        return sum(line.startswith(f"{host.name} ") and "med_genealogy" in line for line in lines)


def check_trail(load):
    """The trail is one log, sealed to its end and whole, whichever host sealed it."""
    unsealed = ("SELECT count(*) FROM med_audit.entry e WHERE NOT EXISTS"
                " (SELECT FROM med_audit.leaf l WHERE l.entry = e.id)")
    until = time.monotonic() + 60
    while load.site.sql(unsealed) != [["0"]]:
        assert time.monotonic() < until, load.site.sql(unsealed)
        time.sleep(0.5)
    told = {"state": "running"}
    while told["state"] == "running" and time.monotonic() < until:
        told = load.insist(0, load.site.users["auditor"]["api_key"], "med.audit.entry", "verify")
    assert (told["state"], told["findings"]) == ("intact", [])


def test_two_hosts_at_once_lose_and_double_nothing(site, world, hosts, receivers):
    load = Load(site, hosts, world, "calm")
    with load.going():
        load.sent(12 * BATCH)
    load.told_all()
    print(f"\n{sum(map(len, load.messages.values()))} messages, {load.failed} calls failed")
    assert not load.failed
    check_inbound(load)
    check_outbound(load, receivers, again=0)  # nothing died: nothing is sent a second time
    assert list(load.traces) == [tuple(sorted([world["resin"], *world["pumps"]]))]
    check_trail(load)


@pytest.mark.parametrize("dies", [0, 1])
def test_a_host_killed_under_load_and_started_again_loses_and_doubles_nothing(
        site, world, hosts, receivers, dies):
    load = Load(site, hosts, world, f"dies{dies}")
    with load.going():
        load.sent(4 * BATCH)
        hosts[dies].kill()
        load.sent(4 * BATCH)  # the other one goes on
        hosts[dies].start()
        load.sent(2 * BATCH)
    load.told_all()
    print(f"\n{sum(map(len, load.messages.values()))} messages, {load.failed} calls failed")
    assert load.failed
    check_inbound(load)
    # What the dead one had sent, and had not written down that it was taken, is sent again.
    check_outbound(load, receivers, again=AT_ONCE * (dies + 1))
    assert list(load.traces) == [tuple(sorted([world["resin"], *world["pumps"]]))]
    check_trail(load)


def consignees(host, key, lot):
    told = host.call(key, "stock.lot", "med_trace", [lot])
    return [one["partner"] for one in told["consignees"]]


def test_traces_come_from_the_replica_and_from_the_primary_when_it_is_gone(site, world, hosts):
    replica, key = hosts[0].replica, site.users["viewer"]["api_key"]
    replica.catch_up()
    for host in hosts:
        before = asked(replica, host)
        assert consignees(host, key, world["resin"]) == ["Hosts hospital"]
        assert asked(replica, host) > before
    # Only who reads the replica can still give the old answer.
    replica.sql("SELECT pg_wal_replay_pause()", "postgres")
    hosts[0].call(site.users["admin"]["api_key"], "res.partner", "write", [world["hospital"]],
                  vals={"name": "Renamed hospital"})
    for host in hosts:
        assert consignees(host, key, world["resin"]) == ["Hosts hospital"]
    replica.sql("SELECT pg_wal_replay_resume()", "postgres")
    replica.catch_up()
    for host in hosts:
        assert consignees(host, key, world["resin"]) == ["Renamed hospital"]
    replica.kill()
    for host in hosts:
        assert consignees(host, key, world["resin"]) == ["Renamed hospital"]
