"""The outbox as partners' programs meet it: feed, snapshot, reconciliation, another Odoo."""

import json

import pytest
from plain import assert_plain

from lib.rpc import JsonTwo, RpcError, XmlRpc

requirement = "X4 V8"

# Two systems in one database: each is the other's partner. What PLANT hears of goes to LOOP's
# address, which is this server's own inbox, where it arrives as sent by PLANT.
WORLD = """
import base64
from datetime import timedelta
from odoo.addons.med_exchange.tools import signing
from odoo.fields import Datetime
made, keys = {}, env["res.users.apikeys"]
for code, domain in (("FEED", "[('ref', '=like', 'F-%')]"), ("OTHER", "[('ref', '=', 'F-1')]"),
                     ("PLANT", "[('ref', '=', 'nothing')]")):
    partner = env["med.exchange.partner"].create({
        "name": code, "code": code, "signed": False,
        "partner_id": env["res.partner"].create({"name": code}).id})
    partner.make_user()
    env["med.exchange.right"].create({
        "exchange_partner_id": partner.id, "schema": "organisation", "direction": "out",
        "domain": domain})
    partner.activate()
    user = partner.user_id
    made[code] = [partner.id, user.id, keys.with_user(user).sudo()._generate(
        "rpc", "test", Datetime.now() + timedelta(days=1))]
env["med.exchange.right"].create({
    "exchange_partner_id": made["PLANT"][0], "schema": "organisation", "direction": "in",
    "conflict_policy": "theirs"})
env["res.partner"].create([{"name": f"Clinic {n}", "ref": f"F-{n}", "is_company": True}
                           for n in (1, 2, 3)])
env.cr.commit()
cron = env.ref("med_exchange.med_exchange_cron_drain")
env["med.exchange.line"]._cron_drain()
tell({"partners": made, "cron": cron.id})
"""


@pytest.fixture(params=["xmlrpc", "json2"])
def partner(request, site, world):
    """Client of a partner: ``partner("FEED")("changes", stream="organisation")``."""
    def client(code):
        _partner, user, key = world["partners"][code]
        rpc = (JsonTwo(site.url, site.database, key) if request.param == "json2"
               else XmlRpc(site.url, site.database, user, key))

        def call(method, **arguments):
            told = rpc.call("med.exchange", method, **arguments)
            assert_plain(told)
            return told
        return call
    return client


def test_the_feed_tells_and_confirms(partner):
    feed = partner("FEED")
    told = feed("changes", stream="organisation", limit=2)
    assert [one["object"]["id"] for one in told["envelopes"]] == ["F-1", "F-2"]
    assert (told["version"], told["last"], told["more"], told["ahead"]) == (1, 2, True, False)
    assert feed("changes", stream="organisation", since=2)["envelopes"][0]["sequence"] == 3
    assert feed("acknowledge", stream="organisation", sequence=3)["acknowledged"] == 3
    assert feed("streams")["streams"][0]["last"] == 3


def test_each_partner_has_its_own(partner):
    told = partner("OTHER")("changes", stream="organisation")
    assert [(one["object"]["id"], one["sequence"]) for one in told["envelopes"]] == [("F-1", 1)]
    assert [one["object"]["id"] for one in partner("OTHER")(
        "snapshot", schema="organisation")["items"]] == ["F-1"]


def test_a_snapshot_reconciles_with_itself(partner):
    feed = partner("FEED")
    told = feed("snapshot", schema="organisation")
    assert told["whole"]["count"] == 3 and not told["more"]
    items = [{"id": one["object"]["id"], "payload": one["payload"]} for one in told["items"]]
    answer = feed("reconcile", schema="organisation", items=items)
    assert (answer["same"], answer["differing"]) == (3, [])
    items[0]["payload"]["city"] = "Wuxi"
    answer = feed("reconcile", schema="organisation", items=[items[0], {"id": "X", "digest": ""}])
    assert answer["missing_here"] == ["X"] and answer["missing_there"] == ["F-2", "F-3"]
    assert answer["differing"][0]["fields"] == [{"pointer": "/city", "ours": "", "theirs": "Wuxi"}]


@pytest.mark.parametrize(("method", "arguments", "kind"), [
    ("changes", {"stream": "lot"}, "user"), ("changes", {"stream": 5}, "user"),
    ("changes", {"stream": "organisation", "since": -1}, "user"),
    ("changes", {"stream": "organisation", "since": "x"}, "user"),
    ("changes", {"stream": "organisation", "limit": 5000}, "user"),
    ("acknowledge", {"stream": "", "sequence": 1}, "user"),
    ("acknowledge", {"stream": "organisation", "sequence": True}, "user"),
    ("snapshot", {"schema": "lot"}, "access"), ("snapshot", {"schema": ["x"]}, "access"),
    ("snapshot", {"schema": "organisation", "after": "1"}, "user"),
    ("reconcile", {"schema": "organisation", "items": {}}, "user"),
    ("reconcile", {"schema": "organisation", "items": [{"id": 1}]}, "user"),
    ("reconcile", {"schema": "lot", "items": []}, "access")])
def test_a_bad_argument_is_one_sentence(partner, method, arguments, kind):
    with pytest.raises(RpcError) as caught:
        partner("FEED")(method, **arguments)
    assert caught.value.kind == kind
    assert "\n" not in caught.value.message.strip()


def test_staff_and_strangers_are_no_partner(rpc, refused):
    for role in ("qa", "viewer", "portal_dealer", "admin"):
        with refused("access"):
            rpc(role).call("med.exchange", "streams")


MODELS = ("event", "event.object", "line", "delivery", "reconciliation", "reconciliation.line",
          "outbox.step")


@pytest.mark.parametrize("name", MODELS)
def test_a_partner_reads_no_row_of_the_outbox(site, world, name):
    for _partner, user, key in world["partners"].values():
        for client in (JsonTwo(site.url, site.database, key),
                       XmlRpc(site.url, site.database, user, key)):
            with pytest.raises(RpcError) as caught:
                client.call(f"med.exchange.{name}", "search_read", domain=[])
            assert caught.value.kind == "access"


def test_nobody_writes_the_outbox_over_rpc(rpc, refused):
    context = {"force_delete": True, "_force_unlink": True, "install_mode": True}
    for role in ("qa", "system_admin", "admin"):
        client = rpc(role)
        for name, values in (("delivery", {"state": "sent"}), ("line", {"delivered": 99}),
                             ("event", {"body": "{}"})):
            found = client.call(f"med.exchange.{name}", "search", domain=[])
            with refused("access"):
                client.call(f"med.exchange.{name}", "write", found[:1], vals=values,
                            context=context)
            with pytest.raises(RpcError):
                client.call(f"med.exchange.{name}", "unlink", found[:1], context=context)


def test_a_person_steps_in_with_a_reason_and_nobody_else(rpc, refused):
    qa = rpc("qa")
    [line] = qa.call("med.exchange.line", "search",
                     domain=[("exchange_partner_id.code", "=", "OTHER")])
    for role in ("warehouse", "auditor", "purchasing"):
        for method, arguments in (("stop", {}), ("resume", {}), ("replay", {"sequence": 1})):
            with refused("access"):
                rpc(role).call("med.exchange.line", method, [line], reason="because", **arguments)
    with refused("user"):
        qa.call("med.exchange.line", "stop", [line], reason=" ")
    assert qa.call("med.exchange.line", "stop", [line], reason="they move")["stopped"] == 1
    assert qa.call("med.exchange.line", "replay", [line], sequence=1,
                   reason="they lost it")["queued"] == 1


def test_another_odoo_takes_what_we_send_as_it_is(site, world):
    """The database speaks to itself: its outbox sends to ``/json/2/med.exchange/submit``."""
    admin = JsonTwo(site.url, site.database, site.users["admin"]["api_key"])
    plant, _user, key = world["partners"]["PLANT"]
    site.told(f"""
from odoo.addons.med_exchange.tools import signing
partner = env["med.exchange.partner"].browse({plant})
ours = env["med.exchange.key"].create({{
    "exchange_partner_id": partner.id, "name": "k1", "purpose": "ours"}})
public = ours.make_secret()["public_key"]
env["med.exchange.key"].create({{"exchange_partner_id": partner.id, "name": "k1",
                                 "public_key": public}})
partner.right_ids.filtered(lambda one: one.direction == "out").domain = "[('ref', '=like', 'P-%')]"
partner.write({{"transport": "http", "url": "{site.url}/json/2/med.exchange/submit",
                "our_code": "PLANT", "signed": True}})
partner.set_token({key!r})
env["res.partner"].create([{{"name": f"Hospital {{n}}", "ref": f"P-{{n}}", "is_company": True}}
                           for n in range(5)])
tell(1)""")
    admin.call("ir.cron", "method_direct_trigger", [world["cron"]])
    rows = site.sql(f"""
        SELECT sequence, state, outcome, coalesce(error, ''), coalesce(answer, '')
          FROM med_exchange_delivery
         WHERE exchange_partner_id = {plant} ORDER BY sequence""")
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"], rows
    line = site.sql("SELECT state, last_error FROM med_exchange_line"
                    f" WHERE exchange_partner_id = {plant}")
    # They are here already under the same codes: equal, so nothing is in conflict.
    assert {(row[1], row[2]) for row in rows} == {("sent", "accepted")}, (rows, line)
    assert json.loads(rows[0][4])["outcome"] == "accepted"
    assert site.sql(f"""SELECT count(*) FROM med_exchange_message
                         WHERE exchange_partner_id = {plant} AND state = 'applied'""") == [["5"]]
