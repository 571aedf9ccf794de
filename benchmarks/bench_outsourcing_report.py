"""A processor's result for 1,000 serial numbers: from its submission until our order shows it.

A server with 2 workers; the processor's program submits over JSON-2, signed, with an address and a
key; one of ours asks for the order over JSON-2 until it is finished with all its lots.
MED_BENCH_SERIALS=n takes another number, MED_BENCH_ROUNDS=n other than three orders.
"""

import json
import os
import time
from datetime import timedelta
from unittest.mock import patch

import support
from goods import stocked
from odoo.fields import Command, Datetime

from lib import odoo
from lib.house import free_port
from lib.rpc import JsonTwo
from processors import Connection
from processors.connection import now

SERIALS = int(os.environ.get("MED_BENCH_SERIALS", "1000"))
ROUNDS = int(os.environ.get("MED_BENCH_ROUNDS", "3"))
SCHEMAS = (("outsourcing_order", "out"), ("outsourcing_report", "in"))


def bench():
    figures = support.Figures("outsourcing_report")
    with support.databases(outsourcing=support.template()):
        with support.open_database("outsourcing", user=1) as env:
            figures.about = support.server(env.cr)
            with support.step(f"Making {ROUNDS} orders of {SERIALS:,} serial numbers"):
                world = prepare(env)
            env.cr.commit()
        support.postgres.sql("VACUUM ANALYZE", database=support.named("outsourcing"))
        server = odoo.Server("bench-outsourcing", support.named("outsourcing"), free_port())
        server.stop()
        server.start("--workers=2", "--max-cron-threads=1", "--limit-time-real=600",
                     "--limit-time-cpu=600")
        try:
            measure(figures, world, server.url)
        finally:
            server.stop()
    figures.show()


def measure(figures, world, url):
    address = f"{url}/?db={support.named('outsourcing')}"
    program = Connection(address, world["key"])
    ours = JsonTwo(url, support.named("outsourcing"), world["ours"])
    answered, seen, told = [], [], []
    for order in world["orders"]:
        begin = time.perf_counter()
        while order["name"] not in (orders := program.latest("outsourcing_order")):
            assert time.perf_counter() < begin + 120, "the order never came"
            time.sleep(0.1)
        told.append(len(orders[order["name"]]["lots"]))
        submit(program, order, "acknowledged")
        submit(program, order, "started")
        begin = time.perf_counter()
        submit(program, order, "finished", lots=[
            {"product": world["product"], "lot": name, "outcome": "good",
             "quantity": {"value": "1", "unit": "1"}} for name in order["lots"]])
        answered.append(time.perf_counter() - begin)
        while not shown(ours, order):
            time.sleep(0.02)
        seen.append(time.perf_counter() - begin)
    assert told == [SERIALS] * ROUNDS, told
    figures.add("serial numbers of a report", SERIALS, "")
    figures.add("report answered", support.median(answered), "s")
    worst = max(seen)
    figures.add("report until the order shows it, median", support.median(seen), "s")
    figures.add("the slowest", worst, "s", "at most 5", worst <= 5)


def submit(program, order, kind, **more):
    [answer] = program.submit([program.envelope(
        "outsourcing_report", f"{order['name']}-{kind}", {
            "order": order["name"], "kind": kind, "reference": f"{order['name']}-{kind}",
            "revision": order["revision"], "time": now(), "person": "Bench", **more})])
    assert answer["outcome"] == "accepted", json.dumps(answer)[:2000]


def shown(ours, order):
    """Return whether one of ours sees the order finished with every lot."""
    [row] = ours.call("med.outsourcing.order", "read", [order["id"]], fields=["state"])
    return row["state"] == "finished" and ours.call(
        "med.outsourcing.event.lot", "search_count", domain=[
            ["order_id", "=", order["id"]], ["outcome", "=", "good"]]) == len(order["lots"])


def prepare(env):
    """Make a processor with a program, and orders whose serial numbers are with it."""
    contact = env["res.partner"].create({"name": "Bench processor"})
    file, key = approved(env, contact), program_of(env, contact)  # who listens before it is told
    product, lots, _places = stocked(env, SERIALS * ROUNDS, "serial", True)
    product.default_code = "BENCH-DEVICE"
    orders = []
    # Who covers what is measured nowhere here, and nobody is there to sign.
    with patch.object(env.registry["med.processor"], "_med_obstacles", lambda *_args: []):
        for number in range(ROUNDS):
            some = lots[number * SERIALS:(number + 1) * SERIALS]
            order = env["med.outsourcing.order"].create({
                "processor_id": file.id, "kind": "process", "process": "sterilisation_eo",
                "line_ids": [Command.create({"lot_id": lot.id, "quantity": 1}) for lot in some]})
            order.action_release()
            order.send_picking_ids.move_ids.picked = True
            order.send_picking_ids._action_done()
            orders.append({"id": order.id, "name": order.name, "revision": order.revision,
                           "lots": some.mapped("name")})
    viewer = env.ref("base.user_admin")
    viewer.group_ids += env.ref("med_base.med_base_group_viewer")
    return {"orders": orders, "product": product.default_code, "key": key,
            "ours": api_key(env, viewer)}


def approved(env, contact):
    from odoo.addons.med_signature.models.med_signable_state import set_state
    file = env["med.processor"].create({
        "partner_id": contact.id, "connection": "api", "risk_class": "low",
        "date_review": "2100-01-01", "scope_ids": [Command.create(
            {"process": "sterilisation_eo"})]})
    set_state(file, "approved")
    file._med_take_place()
    return file


def program_of(env, contact):
    """Return the key by which the processor's program calls and signs."""
    partner = env["med.exchange.partner"].create({
        "name": "Bench", "code": "BENCH", "partner_id": contact.id, "right_ids": [
            Command.create({"schema": schema, "direction": way}) for schema, way in SCHEMAS]})
    partner.make_user()
    secret = env["med.exchange.key"].create({
        "exchange_partner_id": partner.id, "name": "first",
        "algorithm": "hmac-sha256"}).make_secret()["secret"]
    partner.activate()
    return f"{api_key(env, partner.user_id)}:first:{secret}"


def api_key(env, user):
    return env["res.users.apikeys"].with_user(user).sudo()._generate(
        "rpc", "bench", Datetime.now() + timedelta(days=1))


support.main(bench)
