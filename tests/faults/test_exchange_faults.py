"""The inbox under fire: two senders of one message, one stream by many, a server that is killed."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from exchange_sender import Sender
from lib.rpc import JsonTwo, RpcError

requirement = "X2 X4 X9 V8"

TESTS = Path(__file__).resolve().parents[1]
WORLD = (TESTS / "exchange_flow.py").read_text() + """
flow = ExchangeFlow(env)
tell({"one": flow.partner("FAULT-ONE"), "free": flow.partner("FAULT-FREE", order_rule="apply")})
"""


@pytest.fixture
def submit(site, world):
    """Submit until an answer comes, as a partner's program must; return the answers."""
    def call(name, *envelopes, tries=12):
        client = JsonTwo(site.url, site.database, world[name]["key"])
        for number in range(tries):
            try:
                return client.call("med.exchange", "submit", envelopes=list(envelopes))["answers"]
            except (RpcError, OSError):
                if number == tries - 1:
                    raise
                threading.Event().wait(random.Random(number).uniform(0.1, 0.6))
        return []
    return call


def rows(site, stream):
    """How many messages a stream has, how many are applied, how many things and versions."""
    [row] = site.sql(f"""
        SELECT count(*), count(*) FILTER (WHERE m.state = 'applied'),
               (SELECT count(*) FROM res_partner WHERE ref LIKE 'H-{stream}%')
          FROM med_exchange_message m JOIN med_exchange_stream s ON s.id = m.stream_id
         WHERE s.name = '{stream}'""")
    return [int(cell) for cell in row]


def test_one_message_by_two_senders_at_once_is_applied_once(site, world, submit):
    sender = Sender(world["one"])
    for number in range(1, 16):
        sent = sender.organisation(number, f"H-race-{number}", stream="race")
        barrier = threading.Barrier(4)

        def send(sent=sent, barrier=barrier):
            barrier.wait()
            return submit("one", sent)[0]
        with ThreadPoolExecutor(4) as pool:
            told = [one.result() for one in [pool.submit(send) for _sender in range(4)]]
        assert sorted(one["outcome"] for one in told) == ["accepted"] + ["duplicate"] * 3
        assert len({one["message"] for one in told}) == 1
    assert rows(site, "race") == [15, 15, 15]


def test_one_id_in_two_streams_at_once_counts_once(site, world, submit):
    sender = Sender(world["one"])
    for number in range(1, 9):
        sent = [sender.organisation(1, f"H-twin-{number}", stream=f"{stream}-{number}",
                                    id=f"twin-{number}") for stream in ("twin-a", "twin-b")]
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda one: submit("one", one)[0], sent))
        assert sorted(one["outcome"] for one in told) == ["accepted", "rejected"], told
    assert int(site.sql("SELECT count(*) FROM res_partner WHERE ref LIKE 'H-twin-%'")[0][0]) == 8


def test_a_stream_by_many_senders_in_any_order_ends_in_order(site, world, submit):
    sender, pick = Sender(world["one"]), random.Random(8)
    sent = [sender.organisation(number, "H-many", f"Version {number}", "many", version=number)
            for number in range(1, 41)]
    parts = [sent[start:start + 4] for start in range(0, 40, 4)]
    pick.shuffle(parts)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda part: submit("one", *part), parts))
    assert rows(site, "many") == [40, 40, 1]
    assert site.sql("SELECT name FROM res_partner WHERE ref = 'H-many'") == [["Version 40"]]


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.4, 0.8])
def test_killed_in_a_submission_every_effect_is_there_once_after_it_is_sent_again(
        site, world, submit, delay):
    stream = f"kill-{int(delay * 100)}"
    sender = Sender(world["one"])
    sent = [sender.organisation(number, f"H-{stream}-{number}", stream=stream)
            for number in range(1, 201)]
    sending = threading.Thread(target=lambda: _once(site, world, sent))
    sending.start()
    sending.join(delay)
    site.kill()
    sending.join(60)
    site.start()
    before = rows(site, stream)
    assert before in ([0, 0, 0], [200, 200, 200])  # all of a submission or nothing of it
    told = submit("one", *sent)
    assert {one["outcome"] for one in told} <= {"accepted", "duplicate"}
    assert rows(site, stream) == [200, 200, 200]
    names = site.sql(f"SELECT ref, count(*) FROM res_partner WHERE ref LIKE 'H-{stream}-%'"
                     " GROUP BY ref HAVING count(*) <> 1")
    assert names == []


def _once(site, world, sent):
    try:
        JsonTwo(site.url, site.database, world["one"]["key"]).call(
            "med.exchange", "submit", envelopes=sent)
    except (RpcError, OSError):
        return


def test_sessions_cut_while_many_send_lose_and_double_nothing(site, world, submit):
    sender = Sender(world["free"])
    parts = [[sender.organisation(number, f"H-cut-{number}", stream="cut")
              for number in range(start, start + 10)] for start in range(1, 201, 10)]
    done = threading.Event()

    def cut():
        while not done.wait(0.7):
            site.cut_sessions()
    cutting = threading.Thread(target=cut)
    cutting.start()
    try:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda part: submit("free", *part, tries=40), parts))
    finally:
        done.set()
        cutting.join()
    for part in parts:
        assert {one["outcome"] for one in submit("free", *part)} == {"duplicate"}
    assert rows(site, "cut") == [200, 200, 200]
