"""What partners are to hear arrives, whatever fails: at least once, in order, once by its id."""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lib.house import free_port
from lib.rpc import JsonTwo, RpcError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from exchange_other_side import OtherSide

requirement = "X4 outbox"

PORTS = [free_port() for _partner in range(2)]
WORLD = f"""
PORTS = {PORTS!r}
""" + """
made = {}
for number, port in enumerate(PORTS):
    partner = env["med.exchange.partner"].create({
        "name": f"Receiver {number}", "code": f"RECEIVER-{number}", "transport": "http",
        "url": f"http://127.0.0.1:{port}/in", "signed": False, "our_code": "PLANT",
        "partner_id": env["res.partner"].create({"name": f"Receiver {number}"}).id})
    env["med.exchange.right"].create({
        "exchange_partner_id": partner.id, "schema": "organisation", "direction": "out",
        "domain": "[('ref', '=like', 'X-%')]"})
    key = env["med.exchange.key"].create({
        "exchange_partner_id": partner.id, "name": "ours", "purpose": "ours",
        "algorithm": "hmac-sha256"})
    made[number] = {"id": partner.id, "secret": key.make_secret()["secret"]}
    partner.activate()
tell({"partners": [made[0], made[1]], "cron": env.ref("med_exchange.med_exchange_cron_drain").id})
"""


@pytest.fixture(scope="module")
def receivers(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("receivers")
    made = [OtherSide(PORTS[number], one["secret"], folder / f"{number}.db")
            for number, one in enumerate(world["partners"])]
    yield made
    for one in made:
        one.stop()


@pytest.fixture
def outbox(site, client, world):
    return Outbox(site, client, world)


class Outbox:
    def __init__(self, site, client, world):
        self.site, self.client, self.world = site, client, world

    def tell(self, prefix, count, threads=4):
        """Make organisations, each in a transaction of its own, several at a time."""
        def one(number):
            return self.client("admin").call("res.partner", "create", vals_list=[
                {"name": f"{prefix} {number}", "ref": f"X-{prefix}-{number}"}])[0]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, range(count)))

    def drain(self):
        """Run the scheduled action once, as its own thread would."""
        return self.client("admin").call(
            "ir.cron", "method_direct_trigger", [self.world["cron"]])

    def queued(self):
        [[count]] = self.site.sql("""
            SELECT (SELECT count(*) FROM med_exchange_delivery WHERE state = 'queued')
                 + (SELECT count(*) FROM med_exchange_event WHERE state = 'new')""")
        return int(count)

    def drain_all(self, tries=120):
        """Drain until nothing is left; waiting for the next try is cut short."""
        for _try in range(tries):
            self.drain()
            if not self.queued():
                return
            self.site.sql("UPDATE med_exchange_line SET next_try = NULL")
        raise AssertionError(f"{self.queued()} messages are left")

    def check(self, receiver, number):
        """Everything arrived: each once by its id, in the order of the numbers, as we sent it."""
        partner = self.world["partners"][number]["id"]
        ours = self.site.sql(f"""
            SELECT message_id, sequence FROM med_exchange_delivery
             WHERE exchange_partner_id = {partner} ORDER BY sequence""")
        theirs = [[name, str(sequence)] for name, sequence in receiver.rows("id, sequence")]
        assert theirs == ours
        assert [int(row[1]) for row in ours] == list(range(1, len(ours) + 1))
        assert {row[0] for row in self.site.sql(
            f"SELECT state FROM med_exchange_delivery WHERE exchange_partner_id = {partner}")} \
            == {"sent"}
        return theirs


def test_a_connection_that_fails_loses_doubles_and_reorders_nothing(outbox, receivers):
    one, other = receivers
    one.start(faults=0.6, seed=7)
    other.start()
    # No message is to blame for the fault of a request: none may be given up in this test.
    outbox.tell("first", 1)
    outbox.drain()
    outbox.site.sql("UPDATE med_exchange_line SET tries = 1000")
    outbox.tell("faults", 150)
    for _round in range(5):
        outbox.drain()
        outbox.site.sql("UPDATE med_exchange_line SET next_try = NULL")
    one.stop()  # the partner's server dies as well
    outbox.tell("down", 20)
    outbox.drain()
    outbox.check(other, 1)  # while one is down, the other hears everything
    one.start(faults=0.6, seed=8)
    outbox.drain_all()
    assert len(outbox.check(one, 0)) == 171
    assert max(times for times, in one.rows("times")) > 1  # some came twice, and were taken once


@pytest.mark.parametrize("delay", [0.3, 0.8, 1.5])
def test_odoo_killed_while_it_sends_sends_it_again(outbox, receivers, delay):
    for one in receivers:
        one.stop()
    receivers[0].start(slow=0.4)
    receivers[1].start(slow=0.1)
    outbox.tell(f"kill{delay}", 250)

    def drain():
        try:
            outbox.drain()
        except (RpcError, OSError):
            return  # the server is gone
    draining = threading.Thread(target=drain)
    draining.start()
    draining.join(delay)
    outbox.site.kill()
    draining.join(60)
    outbox.site.start()
    for one in receivers:
        one.stop()
        one.start()
    outbox.drain_all()
    for number, one in enumerate(receivers):
        outbox.check(one, number)


def test_the_sessions_of_the_database_are_cut_while_it_sends(outbox, receivers):
    receivers[0].stop()
    receivers[0].start(slow=0.5)
    outbox.tell("cut", 120)

    def drain():
        try:
            outbox.drain()
        except (RpcError, OSError):
            return
    draining = threading.Thread(target=drain)
    draining.start()
    draining.join(0.8)
    outbox.site.cut_sessions()
    draining.join(60)
    for _try in range(5):
        drain()  # a call may still meet a session that was cut
    outbox.site.sql("UPDATE med_exchange_line SET next_try = NULL")
    outbox.drain_all()
    for number, one in enumerate(receivers):
        outbox.check(one, number)


def test_what_commits_late_is_told_late_and_not_lost(outbox, receivers, beside):
    late = """
env["res.partner"].create({"name": "Late", "ref": "X-late"})
env.cr.flush()  # its event has its id now, and is not to be seen yet
"""

    def others():
        outbox.tell("meanwhile", 10)
        outbox.drain_all()
        return [json.loads(body)["object"]["id"] for body, in receivers[0].rows("body")]
    told = beside(late, others)
    assert "X-meanwhile-9" in told and "X-late" not in told
    outbox.drain_all()
    outbox.check(receivers[0], 0)
    assert json.loads(receivers[0].rows("body")[-1][0])["object"]["id"] == "X-late"


def test_two_who_change_one_record_leave_its_last_state_as_the_last_message(
        outbox, receivers, beside):
    [record] = outbox.tell("both", 1)
    outbox.drain_all()
    first = f"""
env["res.partner"].browse({record}).city = "Wuxi"
env.cr.flush()
"""
    beside(first, lambda: outbox.client("admin").call(
        "res.partner", "write", [record], vals={"street": "Lake Road 1"}))
    outbox.drain_all()
    said = [json.loads(body) for body, in receivers[0].rows("body")]
    said = [one for one in said if one["object"]["id"] == "X-both-0"]
    assert [one["object"]["version"] for one in said] == [1, 2, 3]
    assert [one["object"]["base"] for one in said] == [0, 1, 2]
    assert (said[1]["payload"].get("street"), said[1]["payload"]["city"]) == (None, "Wuxi")
    assert (said[2]["payload"]["street"], said[2]["payload"]["city"]) == ("Lake Road 1", "Wuxi")


def test_who_asks_for_news_while_they_are_dealt_waits_and_gets_them(site, outbox, world, beside):
    [made] = site.told("""
from datetime import timedelta
from odoo.fields import Datetime
partner = env["med.exchange.partner"].create({
    "name": "Asks", "code": "ASKS", "signed": False,
    "partner_id": env["res.partner"].create({"name": "Asks"}).id})
partner.make_user()
env["med.exchange.right"].create({
    "exchange_partner_id": partner.id, "schema": "organisation", "direction": "out",
    "domain": "[('ref', '=like', 'ASK-%')]"})
partner.activate()
tell([env["res.users.apikeys"].with_user(partner.user_id).sudo()._generate(
    "rpc", "test", Datetime.now() + timedelta(days=1))])
""")
    client = JsonTwo(site.url, site.database, made)
    outbox.client("admin").call("res.partner", "create",
                                vals_list=[{"name": "First", "ref": "ASK-1"}])
    outbox.drain()
    dealing = """
env["res.partner"].create({"name": "Second", "ref": "ASK-2"})
env.cr.flush()
env["med.exchange.event"]._med_deal()
"""
    told = beside(dealing, lambda: client.call(
        "med.exchange", "changes", stream="organisation", since=1))
    assert [one["object"]["id"] for one in told["envelopes"]] == ["ASK-2"]
