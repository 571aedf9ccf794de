"""Requests for corrective action, and kinds of exchange systems, as programs attack them.

Each case over XML-RPC and JSON-2, with roles that must be refused and a context made up by the
caller. What became of it is read from the database by SQL.
"""

import pytest
from plain import assert_plain

from lib.rpc import RpcError, XmlRpc
from lib.site import ROLES

requirement = "Q6 V6 V8 P4 A2 ISO-8.5.2"

HOSTILE = {
    "install_mode": True, "_force_unlink": True, "su": True, "uid": 1,
    "module": "med_exchange_capa", "tracking_disable": True,
    "mail_activity_automation_skip": True, "active_test": False,
    "med_permit": True, "default_state": "accepted", "default_direction": "in",
    "default_sent_at": "2026-01-01 00:00:00", "default_their_state": "effective",
    "default_verdict": "accepted", "default_superseded": True, "default_review": "x",
}
SENDERS = {"qa"}
KEPT = ("SELECT state, direction, sent_at IS NULL, their_state IS NULL, review IS NULL"
        " FROM med_capa_request WHERE id = {}")

WORLD = """
from datetime import date, timedelta
supplier = env["res.partner"].create({"name": "Asked supplier", "is_company": True})
capa = env["med.capa"].browse(env["med.capa"].open_case(summary="Seals open")["capa"])
def asked(title):
    return env["med.capa.request"].create({
        "capa_id": capa.id, "partner_id": supplier.id, "title": title, "problem": "3 were open",
        "date_due": date.today() + timedelta(days=30)})
draft, sent, answered = asked("Draft"), asked("Sent"), asked("Answered")
quality = env["res.users"].search([("login", "=", "test_qa")])
(sent | answered).with_user(quality).med_transition("send")
answer = answered._med_answer(supplier, {"cause": "Worn jaw", "actions": [
    {"kind": "corrective", "what": "Change it"}]}, "message", person="Zhao")
system = env["med.exchange.partner"].create({
    "name": "Kind", "code": "RPC-KIND", "partner_id": supplier.id,
    "profile_id": env.ref("med_exchange.med_exchange_profile_crm").id})
tell({"supplier": supplier.id, "capa": capa.id, "draft": draft.id, "sent": sent.id,
      "answered": answered.id, "answer": answer.id, "action": answer.action_ids.id,
      "system": system.id})
"""


def create(client, model, values, context):
    """Create one record over either protocol; return its id."""
    if isinstance(client, XmlRpc):
        return client.call(model, "create", values, context=context)
    return client.call(model, "create", vals_list=[values], context=context)[0]


def row(site, number):
    return site.sql(KEPT.format(number))[0]


def test_a_new_request_is_a_draft_whatever_the_caller_says(site, rpc, world):
    number = create(rpc("qa"), "med.capa.request", {
        "capa_id": world["capa"], "partner_id": world["supplier"], "title": "Forged",
        "problem": "x"}, HOSTILE)
    assert row(site, number) == ["draft", "out", "t", "t", "t"]


@pytest.mark.parametrize("values", [
    {"state": "accepted"}, {"direction": "in"}, {"sent_at": "2026-01-01 00:00:00"},
    {"answer_id": False}, {"title": "Other"}, {"ask_cause": False}, {"date_due": "2099-01-01"}],
    ids=lambda values: next(iter(values)))
def test_what_was_sent_stays_as_it_was(site, rpc, world, values):
    before = row(site, world["sent"])
    for role in ("qa", "purchasing", "system_admin", "admin"):
        with pytest.raises(RpcError):
            rpc(role).call("med.capa.request", "write", [world["sent"]], vals=values,
                           context=HOSTILE)
    assert row(site, world["sent"]) == before


@pytest.mark.parametrize("role", [*(one for one in ROLES if one not in SENDERS), "nobody"])
def test_who_is_not_quality_assurance_sends_nothing(site, rpc, world, role):
    for context in ({}, HOSTILE):
        with pytest.raises(RpcError):
            rpc(role).call("med.capa.request", "med_transition", [world["draft"]], name="send",
                           context=context)
    assert row(site, world["draft"])[0] == "draft"


@pytest.mark.parametrize("step", ["answer", "accept", "return", "receive"])
def test_no_step_of_another_or_without_signature(site, rpc, world, step):
    for number in (world["sent"], world["answered"]):
        before = row(site, number)
        for role in ("qa", "admin"):
            with pytest.raises(RpcError):
                rpc(role).call("med.capa.request", "med_transition", [number], name=step,
                               reason="x", context=HOSTILE)
        assert row(site, number) == before


def test_an_answer_is_neither_made_nor_changed_nor_removed(site, rpc, world):
    words = ("SELECT cause, superseded, verdict FROM med_capa_request_answer"
             f" WHERE id = {world['answer']}")
    before = site.sql(words)
    for role in ("qa", "purchasing", "admin"):
        for model, number, values in (
                ("med.capa.request.answer", world["answer"], {"cause": "Forged"}),
                ("med.capa.request.answer", world["answer"], {"verdict": "accepted"}),
                ("med.capa.request.action", world["action"], {"what": "Forged"})):
            with pytest.raises(RpcError):
                rpc(role).call(model, "write", [number], vals=values, context=HOSTILE)
            with pytest.raises(RpcError):
                rpc(role).call(model, "unlink", [number], context=HOSTILE)
        with pytest.raises(RpcError):
            create(rpc(role), "med.capa.request.answer", {
                "request_id": world["sent"], "partner_id": world["supplier"], "way": "portal",
                "cause": "Forged", "user_id": 1, "answered_at": "2026-01-01 00:00:00"}, HOSTILE)
        with pytest.raises(RpcError):
            rpc(role).call("med.capa.request", "unlink", [world["draft"]], context=HOSTILE)
    assert site.sql(words) == before


@pytest.mark.parametrize("role", ["portal_processor", "portal_dealer", "nobody"])
def test_who_has_no_role_of_ours_reads_nothing(rpc, world, role):
    for model in ("med.capa.request", "med.capa.request.answer", "med.capa.request.action"):
        with pytest.raises(RpcError):
            rpc(role).call(model, "search_read", domain=[], fields=["id"], context=HOSTILE)


@pytest.mark.parametrize("role", [one for one in (*ROLES, "nobody") if one != "system_admin"])
def test_rights_of_a_kind_are_given_by_the_administrator_of_the_system_alone(
        site, rpc, world, role):
    for context in ({}, HOSTILE):
        with pytest.raises(RpcError):
            rpc(role).call("med.exchange.partner", "add_rights", [world["system"]],
                           context=context)
    assert site.sql("SELECT count(*) FROM med_exchange_right WHERE exchange_partner_id = "
                    f"{world['system']} AND create_uid = {site.users[role]['id']}") == [["0"]]


def test_the_administrator_gives_them_once(site, rpc, world):
    told = rpc("system_admin").call("med.exchange.partner", "add_rights", [world["system"]])
    assert_plain(told)
    again = rpc("system_admin").call("med.exchange.partner", "add_rights", [world["system"]],
                                     context=HOSTILE)
    assert again["added"] == []
    assert site.sql("SELECT schema, direction FROM med_exchange_right WHERE exchange_partner_id = "
                    f"{world['system']} AND schema = 'organisation' ORDER BY direction") == [
        ["organisation", "in"], ["organisation", "out"]]
