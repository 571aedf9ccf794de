"""Submitting messages beside bare ``create`` of the same rows, over JSON-2, in the same run.

A server with 2 workers; 4 senders at once, each a partner of its own, in calls of 100 messages of
20 fields; both sides in turn, so that neither has the better time. The requests are made and
signed beforehand. MED_BENCH_MESSAGES=n sends another number than 10,000.
"""

import http.client
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import support

from lib import odoo
from lib.house import free_port

MESSAGES = int(os.environ.get("MED_BENCH_MESSAGES", "10000"))
SENDERS, BATCH, ROUNDS = 4, 100, 4


def bench():
    figures = support.Figures("exchange_in")
    with support.databases(exchange=support.template()):
        with support.open_database("exchange", user=1) as env:
            figures.about = support.server(env.cr)
            with support.step(f"Signing {MESSAGES:,} messages"):
                world = prepare(env)
            env.cr.commit()
        support.postgres.sql("VACUUM ANALYZE", database=support.named("exchange"))
        server = odoo.Server("bench-exchange", support.named("exchange"), free_port())
        server.stop()
        server.start("--workers=2", "--max-cron-threads=0", "--limit-time-real=600",
                     "--limit-time-cpu=600")
        try:
            measure(figures, world, server.port)
        finally:
            server.stop()
        check()
    figures.show()


def measure(figures, world, port):
    for kind in ("warm_create", "warm_submit"):
        send(port, world[kind])
    seconds = {"create": 0.0, "submit": 0.0, "again": 0.0}
    for number in range(ROUNDS):
        order = ("create", "submit") if number % 2 else ("submit", "create")
        for kind in order:
            seconds[kind] += send(port, [
                part[len(part) * number // ROUNDS:len(part) * (number + 1) // ROUNDS]
                for part in world[kind]])
    seconds["again"] = send(port, world["submit"], "duplicate")
    rates = {kind: MESSAGES / took for kind, took in seconds.items()}
    figures.add("bare create", rates["create"], "rows/s")
    figures.add("submit", rates["submit"], "msgs/s")
    figures.add("submit again", rates["again"], "msgs/s")
    ratio = rates["submit"] / rates["create"]
    figures.add("submit / create", ratio, "x", "at least 0.7", ratio >= 0.7)
    ratio = rates["again"] / rates["create"]
    figures.add("duplicates / create", ratio, "x", "at least 5", ratio >= 5)


def send(port, parts, outcome="accepted"):
    """Send the requests of each sender one after another, senders at once; return the seconds."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        for done in [pool.submit(send_part, port, part, outcome) for part in parts]:
            done.result()
    return time.perf_counter() - begin


def send_part(port, requests, outcome):
    for path, key, body in requests:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        connection.request("POST", path, body, {
            "Content-Type": "application/json", "Authorization": f"bearer {key}",
            "X-Odoo-Database": support.named("exchange")})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == 200, text[:2000]
        if path.endswith("submit"):
            told = json.loads(text)["answers"]
            assert {one["outcome"] for one in told} == {outcome}, told[:2]


def check():
    """Every row is there once."""
    with support.open_database("exchange", user=1) as env:
        env.cr.execute("SELECT count(*) FROM res_partner WHERE ref LIKE 'IN-%'")
        assert env.cr.fetchone() == (MESSAGES,), "messages were lost or doubled"
        env.cr.execute("SELECT count(*) FROM res_partner WHERE ref LIKE 'BARE-%'")
        assert env.cr.fetchone() == (MESSAGES,)


# ---------------------------------------------------------------------------------- what is sent


def payload(code, number):
    return {"name": f"Hospital {number}", "code": code, "tax_number": f"91320500MA{number:08}",
            "registry_number": f"R-{number}", "street": f"Road {number}", "street2": "Gate 2",
            "city": "Suzhou", "zip": "215000", "country": "US", "state": "CA",
            "phone": f"+86 512 {number:08}", "email": f"h{number}@example.com",
            "website": f"http://h{number}.example.com", "function": "Surgery", "language": "en_US",
            "is_company": True, "kind": "contact", "parent": "BENCH-PARENT",
            "latitude": "31.2983400", "longitude": "120.5831900"}


def prepare(env):
    """Make partners and requests: ``{kind: [[(path, key, body)] of each sender]}``."""
    from datetime import timedelta

    from odoo.addons.med_exchange.models.med_exchange_handler import Item
    from odoo.fields import Datetime
    env["res.partner"].create({"name": "Parent", "ref": "BENCH-PARENT"})
    until = Datetime.now() + timedelta(days=1)
    admin = env["res.users.apikeys"].with_user(2).sudo()._generate("rpc", "bench", until)
    handler = env["med.exchange.organisation"]
    world = {"create": [], "submit": [], "warm_create": [], "warm_submit": []}
    share = MESSAGES // SENDERS
    for sender in range(SENDERS):
        partner, secret = make_partner(env, sender)
        key = env["res.users.apikeys"].with_user(partner.user_id).sudo()._generate(
            "rpc", "bench", until)
        numbers = range(sender * share, (sender + 1) * share)
        warm = range(-BATCH, 0)
        known = None
        for span, place in ((numbers, "create"), (warm, "warm_create")):
            rows = []
            for number in span:
                code = f"{'BARE' if place == 'create' else 'WARMB'}-{sender}-{number}"
                told = payload(code, abs(number))
                known = known or handler._med_known(partner, [Item(code, told, None)])
                rows.append({**handler._med_values(Item(code, told, None), known),
                             "company_id": partner.company_id.id})
            world[place].append([
                ("/json/2/res.partner/create", admin, json.dumps({"vals_list": part}).encode())
                for part in cut(rows)])
        for stream, span, place in (
                ("main", numbers, "submit"), ("warm", warm, "warm_submit")):
            envelopes = [envelope(partner, secret, stream, place, sequence, number)
                         for sequence, number in enumerate(span, 1)]
            world[place].append([
                ("/json/2/med.exchange/submit", key, json.dumps({"envelopes": part}).encode())
                for part in cut(envelopes)])
    return world


def cut(rows):
    return [rows[start:start + BATCH] for start in range(0, len(rows), BATCH)]


def make_partner(env, sender):
    from odoo.addons.med_exchange.tools import signing
    partner = env["med.exchange.partner"].create({
        "name": f"Bench {sender}", "code": f"BENCH-{sender}", "organisation_scope": "all",
        "partner_id": env["res.partner"].create({"name": f"Bench {sender}"}).id,
        "right_ids": [(0, 0, {"schema": "organisation", "direction": "in"})]})
    partner.make_user()
    secret = signing.new_secret(signing.ED25519)
    env["med.exchange.key"].create({
        "exchange_partner_id": partner.id, "name": "bench",
        "public_key": signing.public_of(secret)})
    partner.activate()
    return partner, secret


def envelope(partner, secret, stream, place, sequence, number):
    from odoo.addons.med_base.tools.evidence import canonical_json, digest
    from odoo.addons.med_exchange.tools import signing
    sender = partner.code[-1]
    code = f"{'IN' if place == 'submit' else 'WARM'}-{sender}-{number}"
    data = {"spec": "med-exchange/1", "id": f"{place}-{number}", "sender": partner.code,
            "stream": stream, "sequence": sequence, "schema": "organisation", "version": "1.0",
            "action": "state", "object": {"id": code, "version": 1},
            "time": "2026-11-23T04:30:00Z", "payload": payload(code, abs(number))}
    sealed = {**data, "digest": f"sha256:{digest(canonical_json(data))}"}
    return {**sealed, "signature": {
        "key": "bench", "algorithm": signing.ED25519,
        "value": signing.sign(signing.ED25519, secret, canonical_json(sealed))}}


support.main(bench)
