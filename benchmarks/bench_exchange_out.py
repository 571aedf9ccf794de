"""From a change to its signed message at the partner's server, at 50 changes a second.

One Odoo for calls with 5 workers (2 a core and 1, Odoo's own rule), one beside it for scheduled
actions, and a partner's server, which verifies and keeps each message (docs/exchange/receiver.py):
each a process of its own. Changes are creates over JSON-2, MED_BENCH_EACH of them a call (5), in
the rhythm of a clock, as far as 8 callers keep up with it. The time runs from the begin of the
call, on one clock, to the moment the receiver has the message. MED_BENCH_SECONDS=600 is the time
that the figure is asked for; MED_BENCH_RATE the changes a second. Other scheduled actions do not
run meanwhile.
"""

import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import support
from support import say

from lib import odoo
from lib.house import ROOT, free_port, listening

SECONDS = int(os.environ.get("MED_BENCH_SECONDS", "60"))
RATE = int(os.environ.get("MED_BENCH_RATE", "50"))
EACH = int(os.environ.get("MED_BENCH_EACH", "5"))
BARE = 200  # changes that nobody hears of, beside which the others are held
SENDERS = 8
NAME = "outbox"


def bench():
    figures = support.Figures("exchange_out")
    port = free_port()
    with support.databases(**{NAME: support.template()}), tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "messages.db"
        with support.open_database(NAME, user=1) as env:
            figures.about = support.server(env.cr)
            key, secret = prepare(env, port)
            env.cr.commit()
        receiver = subprocess.Popen([
            sys.executable, str(ROOT / "docs/exchange/receiver.py"), "--port", str(port),
            "--store", str(store), "--key", f"ours=ed25519:{secret}"])
        server = odoo.Server("bench-exchange-out", support.named(NAME), free_port())
        server.stop()
        sender = odoo.Server("bench-exchange-cron", support.named(NAME), free_port())
        sender.stop()
        server.start("--workers=5", "--max-cron-threads=0", "--limit-time-real=600",
                     "--limit-time-cpu=600", "--log-level=warn")
        sender.start("--max-cron-threads=1", "--log-level=warn")
        try:
            while not listening(port):
                time.sleep(0.1)
            measure(figures, server.port, key, store)
        finally:
            server.stop()
            sender.stop()
            receiver.kill()
            receiver.wait()
    figures.show()


def prepare(env, port):
    """Make the partner that hears; return an API key and the public key of what it gets."""
    from datetime import timedelta

    from odoo.fields import Datetime
    partner = env["med.exchange.partner"].create({
        "name": "Bench", "code": "BENCH", "transport": "http", "signed": False,
        "url": f"http://127.0.0.1:{port}/in",
        "partner_id": env["res.partner"].create({"name": "Bench"}).id})
    env["med.exchange.right"].create({
        "exchange_partner_id": partner.id, "schema": "organisation", "direction": "out",
        "domain": "[('ref', '=like', 'OUT-%')]"})
    key = env["med.exchange.key"].create({
        "exchange_partner_id": partner.id, "name": "ours", "purpose": "ours"})
    public = key.make_secret()["public_key"]
    partner.activate()
    partner._med_right("organisation", "out").active = False
    env.cr.execute("UPDATE ir_cron SET nextcall = now() + interval '1 day' WHERE id <> %s",
                   [env.ref("med_exchange.med_exchange_cron_drain").id])
    env.cr.execute("DELETE FROM ir_cron_trigger")
    return env["res.users.apikeys"].with_user(2).sudo()._generate(
        "rpc", "bench", Datetime.now() + timedelta(days=1)), public


def call(port, key, model, method, **arguments):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("POST", f"/json/2/{model}/{method}", json.dumps(arguments), {
        "Content-Type": "application/json", "Authorization": f"bearer {key}",
        "X-Odoo-Database": support.named(NAME)})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert answer.status == 200, text[:2000]
    return json.loads(text)


def change(port, key, refs):
    """Make organisations in one call; return when it began, and how long it took."""
    begin = time.time()
    call(port, key, "res.partner", "create", vals_list=[
        {"name": f"Hospital {ref}", "ref": ref, "is_company": True, "street": "Road 1",
         "city": "Suzhou", "zip": "215000", "phone": "+86 512 1"} for ref in refs])
    return begin, time.time() - begin


def run(port, key, prefix, count, rate):
    """Make changes by the clock; return ``{ref: (begin, seconds)}``, those of its call."""
    found, start = {}, time.time() + 0.5

    def one(number):
        wait = start + number / rate - time.time()
        if wait > 0:
            time.sleep(wait)
        refs = [f"{prefix}-{part}" for part in range(number, min(number + EACH, count))]
        found.update(dict.fromkeys(refs, change(port, key, refs)))
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(one, range(0, count, EACH)))
    return found


def measure(figures, port, key, store):
    run(port, key, "WARM", 40, RATE)
    say(f"{BARE} changes that nobody hears of")
    bare = run(port, key, "BARE", BARE, RATE)
    [right] = call(port, key, "med.exchange.right", "search",
                   domain=[("active", "=", False), ("exchange_partner_id.code", "=", "BENCH")])
    call(port, key, "med.exchange.right", "write", ids=[right], vals={"active": True})
    run(port, key, "OUT-WARM", 40, RATE)
    settle()
    say(f"{SECONDS} s of {RATE} changes a second, {EACH} a call")
    queue, over = [], threading.Event()
    watch = threading.Thread(target=watch_queue, args=(queue, over))
    watch.start()
    begin = time.time()
    made = run(port, key, "OUT", SECONDS * RATE, RATE)
    took = time.time() - begin
    over.set()
    watch.join()
    settle()
    with sqlite3.connect(store) as db:
        got = {json.loads(body)["object"]["id"]: received
               for body, received in db.execute("SELECT body, received FROM message")}
        order = [row[0] for row in db.execute("SELECT sequence FROM message ORDER BY place")]
    assert made.keys() <= got.keys(), "messages are missing"
    assert order == list(range(1, len(order) + 1)), "messages are out of order"
    waits = sorted(got[ref] - begun for ref, (begun, _took) in made.items())
    middle, late = statistics.median(waits), waits[int(len(waits) * 0.95)]
    third = max(1, len(queue) // 3)
    first, last = (statistics.mean(queue[:third]), statistics.mean(queue[-third:]))
    figures.add("changes a second", len(made) / took, "/s", f"{RATE}",
                len(made) / took >= RATE * 0.95)
    figures.add("duration", took, "s", f"{SECONDS}")
    figures.add("change to signed delivery, median", middle, "s", "below 2", middle < 2)
    figures.add("change to signed delivery, 95 %", late, "s")
    figures.add("change to signed delivery, longest", waits[-1], "s")
    figures.add("queue in the first third", first, "msgs")
    figures.add("queue in the last third", last, "msgs", "flat", last <= max(2 * first, RATE))
    alone = statistics.median(seconds for _begin, seconds in bare.values())
    heard = statistics.median(seconds for _begin, seconds in made.values())
    figures.add("a call that nobody hears of", alone * 1000, "ms")
    figures.add("a call that is told, and its sending beside it", heard * 1000, "ms")
    figures.add("told / not heard of", heard / alone, "x")


def waiting():
    [[count]] = support.postgres.sql("""
        SELECT (SELECT count(*) FROM med_exchange_event WHERE state = 'new')
             + (SELECT count(*) FROM med_exchange_delivery WHERE state = 'queued')""",
        support.named(NAME))
    return int(count)


def watch_queue(queue, over):
    while not over.wait(1):
        queue.append(waiting())


def settle(timeout=120):
    """Wait until nothing is queued."""
    until = time.monotonic() + timeout
    while waiting():
        assert time.monotonic() < until, f"{waiting()} messages are left"
        time.sleep(0.2)


support.main(bench)
