"""Every public method of our addons, called with nonsense by those who may do nothing.

The methods are found by introspection, so that a new one is tried without anybody remembering it.
Odoo's JSON-2 answers an error that a method foresaw by its class (UserError and ValidationError
422, AccessError and AccessDenied 403, MissingError 404, LockError 409), arguments that do not fit
the method's signature by 422, and everything else by 500: a fault of the program called. So the
rule is: below 500, nothing written, nothing of others told.

MED_FUZZ_SEED makes another run of it.
"""

import http.client
import json
import os
import random
import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

requirement = "X6 V8 A3 fuzzing"

TESTS = Path(__file__).resolve().parents[1]
SEED = int(os.environ.get("MED_FUZZ_SEED", "8"))
SECRET = "Mq7-nobody-else"  # stands in everything that the callers may not know
CALLERS = ("partner", "nobody", "portal")
THEIRS = "med.exchange"  # what partners call in earnest: each value for each argument
WORLD = (TESTS / "exchange_flow.py").read_text() + f"""
SECRET = {SECRET!r}
""" + """
import inspect
from datetime import timedelta
from odoo import models
from odoo.fields import Datetime

flow = ExchangeFlow(env)
told = {"partner": flow.partner("FUZZ-ONE"), "other": flow.partner("FUZZ-TWO", name=SECRET)}
for account in (told["partner"], told["other"]):
    env["med.exchange.right"].create({"exchange_partner_id": account["id"], "direction": "out",
        "schema": "organisation", "domain": "[('ref', '=like', '%s-%%')]" % account["code"]})
env["res.partner"].create([
    {"name": SECRET, "ref": "FUZZ-TWO-1", "email": f"{SECRET}@example.com"},
    {"name": "Known to one", "ref": "FUZZ-ONE-1"}])
product = env["product.product"].create({
    "name": SECRET, "type": "consu", "is_storable": True, "tracking": "lot"})
env["stock.lot"].create({"name": SECRET, "product_id": product.id})
env["med.exchange.event"]._med_deal()

def plain(name, function):
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [one.name for one in list(found)[1:] if one.kind not in (one.VAR_KEYWORD,
                                                                   one.VAR_POSITIONAL)]

methods = {}
for model_name, model in env.registry.items():
    for base in model.mro():
        if not base.__module__.startswith("odoo.addons.med_"):
            continue
        if getattr(base, "_inherit", None) == "base" and model_name != "res.partner":
            continue  # the same for every model
        for name, function in vars(base).items():
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            if hasattr(models.BaseModel, name) or any(
                    name in vars(other) for other in model.mro()
                    if not other.__module__.startswith("odoo.addons.med_")):
                continue  # Odoo's own, which ours only extends: create, write, button_mark_done
            final = getattr(model, name)
            methods[f"{model_name}/{name}"] = [
                plain(name, final), bool(getattr(final, "_api_model", False)),
                bool(getattr(final, "_api_private", False))]
some = {}
for path in methods:
    model = env[path.split("/")[0]]
    if not model._abstract and model._name not in some:
        some[model._name] = model.sudo().with_context(active_test=False).search([], limit=1).id or 1
told |= {"methods": methods, "some": some}
tell(told)
"""

# No row that anybody wrote or removed escapes this, and it says in which table it was. Left out is
# what any call writes (when an account was seen), and sealing.
SEEN = """
DO $$
DECLARE one record; found text;
BEGIN
    CREATE TEMPORARY TABLE IF NOT EXISTS seen (name text, rows text);
    FOR one IN SELECT n.nspname AS space, c.relname AS name FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
          AND n.nspname NOT LIKE 'pg\\_%'
    LOOP
        EXECUTE format('SELECT count(*) || '':'' || coalesce(sum(hashtextextended('
                       'xmin::text || ctid::text, 0)), 0) FROM %I.%I', one.space, one.name)
           INTO found;
        INSERT INTO seen VALUES (one.space || '.' || one.name, found);
    END LOOP;
END $$;
SELECT name, rows FROM seen
"""
ALWAYS = {"public.res_users_log", "public.res_device_log", "public.base_registry_signaling",
          # entries of the audit trail that were there before are sealed meanwhile
          "med_audit.leaf", "med_audit.subtree", "med_audit.checkpoint", "med_audit.seal_state"}
# What a partner's calls leave behind by design: what was refused is kept, what differs is kept, and
# whoever is responsible here is told of what looks forged.
LEFT = {"public." + name for name in (
    "med_exchange_message", "med_exchange_partner", "med_exchange_submission",
    "med_exchange_reconciliation", "med_exchange_reconciliation_line", "mail_activity",
    "mail_message", "mail_message_res_partner_rel", "bus_bus")}

DEEP = {}
for _level in range(300):
    DEEP = {"a": [DEEP]}
VALUES = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**40, 1.5, 1e308, float("nan"), float("inf"),
    "", "x", "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202e\u0663", "%s%n{0}", "' OR 1=1 --",
    "../../etc", "9999-99-99", "2026-02-30T25:61:61Z", "x" * 100_000, [], [[]], [None],
    [1, "x", {}], ["\0"], ["\ud800"], [2**63], [-1], {}, {"": None}, {"\0": 1}, {"\ud800": [1]},
    {"id": 10**40}, [{}], [{"id": "\0", "digest": "x"}], [{"id": "\ud800", "payload": {"a": "\0"}}],
    [{"id": "x", "payload": {"n": float("nan")}}], [{"id": "y", "payload": DEEP}], DEEP, [DEEP],
    {"spec": "med-exchange/1", "id": "\0", "payload": DEEP}, list(range(2000)),
    {str(number): number for number in range(2000)}, "organisation", ["organisation"],
]
# Odoo itself answers 500 where ids are no list of whole numbers, and where several are given to a
# method of one record (ValueError of ensure_one). What is left is one id that is nobody's.
IDS = [[0], [-1], [2**31 - 1]]


def spoken(url, database, key, path, body):
    """Return ``(status, text of the answer)``."""
    host, _, port = url.removeprefix("http://").partition(":")
    line = http.client.HTTPConnection(host, int(port), timeout=60)
    try:
        line.request("POST", f"/json/2/{path}", json.dumps(body), {
            "Content-Type": "application/json", "X-Odoo-Database": database,
            "Authorization": f"bearer {key}"})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def bodies(world, who, path, pick):
    """Return the calls of one method by one account: argument by argument, then a mixture."""
    names, of_model, _private = world["methods"][path]
    model = path.partition("/")[0]
    given = {} if of_model else {"ids": [world["some"].get(model, 1)]}
    good = {"stream": "organisation", "schema": "organisation", "name": "organisation"}
    if model == THEIRS and who == "partner":
        right = {name: good[name] for name in names if name in good}
        yield given
        for name in names:
            for value in VALUES:
                yield {**given, **right, name: value}
        return
    if who == "partner" and pick.random() < 0.7:
        return  # a user of the portal is refused alike
    if given and not path.partition("/")[2].startswith("action_") and pick.random() < 0.5:
        given = {"ids": pick.choice(IDS)}
    yield {**given, **{name: pick.choice(VALUES) for name in names if pick.random() < 0.9}}
    if pick.random() < 0.3:
        yield {**given, pick.choice(["no_such", "\0", "cr"]): 1}


@pytest.fixture(scope="module")
def keys(site, world):
    return {"partner": world["partner"]["key"], "nobody": site.users["nobody"]["api_key"],
            "portal": site.users["portal_dealer"]["api_key"]}


def rows(site):
    return {row[0]: row[1] for row in site.sql(SEEN) if len(row) == 2}


@pytest.mark.parametrize("who", CALLERS)
def test_nonsense_is_refused_and_neither_writes_nor_tells(site, world, keys, who):
    pick = random.Random(f"{SEED} {who}")
    calls = [(path, body) for path in sorted(world["methods"])
             for body in bodies(world, who, path, pick)]
    assert len(world["methods"]) > 300 and len(calls) > 900
    before, faults, told, kinds = rows(site), defaultdict(list), [], defaultdict(int)

    def one(call):
        return spoken(site.url, site.database, keys[who], *call)
    with ThreadPoolExecutor(2) as pool:
        for (path, body), (status, text) in zip(calls, pool.map(one, calls), strict=True):
            kinds[status] += 1
            if status >= 500:
                faults[path].append((repr(body)[:160], text[:200]))
            if SECRET in text:
                told.append((path, repr(body)[:160]))
    print(f"\n{who}: {len(calls)} calls of {len(world['methods'])} methods, {dict(kinds)}")
    after = rows(site)
    changed = {name for name in before.keys() | after.keys()
               if before.get(name) != after.get(name)} - ALWAYS
    if who == "partner":
        changed -= LEFT | {name for name in changed if re.match(r"med_audit\.", name)}
    failed = [f"{path}: {some[0]} and {len(some) - 1} more" for path, some in faults.items()]
    assert (failed, told, changed) == ([], [], set())
