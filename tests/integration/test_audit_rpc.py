"""The audit trail as other programs see it, and as they might attack it.

Each case over XML-RPC and JSON-2. What the trail holds is read from the database by SQL.
"""

import json
import time

import pytest
from plain import assert_plain

from lib.rpc import RpcError, XmlRpc
from lib.site import ROLES

requirement = "P11-10e-1 P11-10e-2 P11-10g P11-300d CN-GMP-45-3 CN-GMP-46-2 A1 A2 A3"

HOSTILE = {
    "med_audit_skip": True, "no_audit": True, "auditlog_disabled": True, "tracking_disable": True,
    "install_mode": True, "module": "med_audit", "force_delete": True, "_force_unlink": True,
    "su": True, "uid": 1, "med_reason": "",
}
INTERNAL = [role for role in ROLES if not role.startswith("portal_")]
READERS = {"qa", "auditor", "regulatory", "system_admin"}

WORLD = """
partner, gone = env["res.partner"].create([
    {"name": "Audited clinic", "ref": "A-0"}, {"name": "Gone clinic"}])
env["med.audit.policy"].search([("model", "=", "res.partner")]).write({
    "reason_domain": "[('ref', '=', 'SUBMITTED')]"})
submitted = env["res.partner"].create({"name": "Submitted clinic", "ref": "SUBMITTED"})
policy = env["med.audit.policy"].search([("locked", "=", True)], limit=1)
env["res.users"].search([("login", "=", "test_qa")]).group_ids += (
    env.ref("base.group_partner_manager") + env.ref("base.group_allow_export"))
tell({"partner": partner.id, "gone": gone.id, "submitted": submitted.id,
      "policy": policy.id})
"""


def entries(site, model, res_id):
    """Bodies of the entries about a record, oldest first."""
    return [json.loads(body) for [body] in site.sql(
        f"SELECT body FROM med_audit.entry WHERE model = '{model}' AND res_id = {res_id}"
        " ORDER BY id")]


def create(client, model, values, **more):
    """Create one record over either protocol; return its id."""
    if isinstance(client, XmlRpc):
        return client.call(model, "create", values, **more)
    return client.call(model, "create", vals_list=[values], **more)[0]


def count(site):
    return int(site.sql("SELECT count(*) FROM med_audit.entry")[0][0])


# ---------------------------------------------------------------------------------- capture


@pytest.mark.parametrize("role", ["qa", "admin"])
def test_a_change_names_the_person_the_way_and_both_values(rpc, site, world, role, request):
    name = f"{role}-{request.node.name}"
    rpc(role).call("res.partner", "write", [world["partner"]], vals={"ref": name})
    body = entries(site, "res.partner", world["partner"])[-1]
    over = "json2" if "json2" in request.node.name else "rpc"
    assert body[5] == "U" and body[9] == site.users[role]["id"]
    assert (body[11]["origin"], body[11]["what"]) == (over, "res.partner.write")
    assert body[11]["login"] == site.users[role]["login"] and body[11]["key"] == "test"
    assert body[15]["ref"] == name and body[14]["ref"] != name


@pytest.mark.parametrize("key", HOSTILE)
def test_no_context_key_silences_the_trail(rpc, site, world, key, request):
    rpc("qa").call("res.partner", "write", [world["partner"]],
                   vals={"ref": request.node.name}, context={key: HOSTILE[key]})
    body = entries(site, "res.partner", world["partner"])[-1]
    assert body[15]["ref"] == request.node.name and body[9] == site.users["qa"]["id"]


def test_a_deletion_keeps_the_whole_row(rpc, site):
    made = create(rpc("qa"), "res.partner", {"name": "Short-lived clinic"})
    rpc("qa").call("res.partner", "unlink", [made])
    body = entries(site, "res.partner", made)[-1]
    assert body[5] == "D" and body[14]["name"] == "Short-lived clinic"
    assert body[9] == site.users["qa"]["id"]


def test_a_refused_sign_in_is_an_entry_though_the_call_failed(site, rpc):
    client = rpc("qa")
    if hasattr(client, "api_key"):
        client.api_key = "0" * 40
    else:
        client.credentials = (*client.credentials[:2], "wrong secret")
    before = count(site)
    with pytest.raises(RpcError) as refused:
        client.call("res.partner", "search_count", domain=[])
    assert refused.value.kind == "denied"
    [[event]] = site.sql("SELECT body::json -> 15 ->> 'event' FROM med_audit.entry"
                         " ORDER BY id DESC LIMIT 1")
    assert count(site) > before and event == "sign_in_refused"


def test_an_export_is_an_entry(rpc, site, world):
    rpc("qa").call("res.partner", "export_data", [world["partner"]], fields_to_export=["name"])
    [[body]] = site.sql("SELECT body FROM med_audit.entry WHERE op = 'E' AND"
                        " model = 'res.partner' ORDER BY id DESC LIMIT 1")
    assert json.loads(body)[15]["event"] == "export"


# ---------------------------------------------------------------------------------- reasons


def test_a_submitted_record_is_not_changed_without_a_reason(rpc, site, world):
    before = len(entries(site, "res.partner", world["submitted"]))
    for reason in ({}, {"med_reason": ""}, {"med_reason": "   "}):
        with pytest.raises(RpcError) as refused:
            rpc("qa").call("res.partner", "write", [world["submitted"]], vals={"city": "X"},
                           context=reason)
        assert refused.value.kind == "user" and "reason" in refused.value.message
    assert len(entries(site, "res.partner", world["submitted"])) == before


def test_the_reason_given_with_the_call_is_in_the_entry(rpc, site, world, request):
    rpc("qa").call("res.partner", "write", [world["submitted"]],
                   vals={"city": request.node.name},
                   context={"med_reason": "Moved", "med_event_time": "2026-01-31T08:00:00Z"})
    body = entries(site, "res.partner", world["submitted"])[-1]
    assert body[12] == "Moved" and body[13].startswith("2026-01-31T08:00:00")
    assert body[3] > body[13], "a late entry keeps both times"


@pytest.mark.parametrize("bad", [{"med_reason": 5}, {"med_reason": "x" * 2001},
                                 {"med_reason": "x", "med_event_time": "yesterday"},
                                 {"med_reason": "x", "med_event_time": "2999-01-01T00:00:00Z"}])
def test_a_reason_or_time_that_is_none_is_one_sentence(rpc, world, bad):
    with pytest.raises(RpcError) as refused:
        rpc("qa").call("res.partner", "write", [world["submitted"]], vals={"city": "Y"},
                       context=bad)
    assert refused.value.kind == "user" and "Traceback" not in refused.value.message


# ---------------------------------------------------------------------------------- attacks


@pytest.mark.parametrize("role", [*INTERNAL, "nobody", "admin"])
def test_no_role_writes_or_removes_an_entry(rpc, site, role):
    before = site.sql("SELECT count(*), min(id), md5(string_agg(md5(body), '' ORDER BY id))"
                      " FROM med_audit.entry WHERE id <= 300")
    [[first]] = site.sql("SELECT min(id) FROM med_audit.entry")
    for method, arguments in (("write", {"vals": {"reason": "forged"}}), ("unlink", {})):
        for context in ({}, HOSTILE):
            with pytest.raises(RpcError) as refused:
                rpc(role).call("med.audit.entry", method, [int(first)], **arguments,
                               context=context)
            assert refused.value.kind in ("access", "user")
    with pytest.raises(RpcError) as refused:
        create(rpc(role), "med.audit.entry", {"op": "U", "model": "res.partner"})
    assert refused.value.kind in ("access", "user")
    assert before == site.sql(
        "SELECT count(*), min(id), md5(string_agg(md5(body), '' ORDER BY id))"
        " FROM med_audit.entry WHERE id <= 300")


@pytest.mark.parametrize("role", [*INTERNAL, "nobody", "admin"])
def test_no_role_switches_a_declared_policy_off(rpc, site, world, role):
    for method, arguments in (("write", {"vals": {"active": False}}),
                              ("write", {"vals": {"secret_fields": "name"}}),
                              ("action_archive", {}), ("unlink", {})):
        for context in ({}, HOSTILE):
            with pytest.raises(RpcError):
                rpc(role).call("med.audit.policy", method, [world["policy"]], **arguments,
                               context=context)
    [[active]] = site.sql(f"SELECT active FROM med_audit_policy WHERE id = {world['policy']}")
    assert active == "t"
    assert site.sql("SELECT 1 FROM med_audit.expected() WHERE problem IS NOT NULL") == []


@pytest.mark.parametrize("role", ["admin", "system_admin"])
@pytest.mark.parametrize("statement", [
    "UPDATE med_audit.entry SET body = 'x'", "DELETE FROM med_audit.entry",
    "TRUNCATE med_audit.entry", "DELETE FROM med_audit.leaf", "DELETE FROM med_audit.checkpoint"])
def test_a_server_action_with_sql_does_not_touch_the_trail(rpc, site, role, statement):
    before = count(site)
    code = (f"try:\n    env.cr.execute({statement!r})\n"
            "except Exception as error:\n    raise UserError(str(error))")
    action = create(rpc(role), "ir.actions.server", {
        "name": "Forge", "state": "code", "model_id": 1, "code": code})
    with pytest.raises(RpcError, match="append-only"):
        rpc(role).call("ir.actions.server", "run", [action])
    assert count(site) >= before


def test_no_default_of_the_caller_makes_a_finished_record(rpc, site):
    forged = {f"default_{name}": value for name, value in {
        "state": "done", "digest": "0" * 64, "entry_count": 9}.items()}
    review = create(rpc("qa"), "med.audit.review", {"result": "clean"}, context=forged)
    assert site.sql("SELECT state, digest, entry_count FROM med_audit_review"
                    f" WHERE id = {review}") == [["draft", "", "0"]]
    forged = {"default_state": "granted", "default_requester": "Zhang San"}
    request = create(rpc("qa"), "med.personal.request", {"kind": "access"}, context=forged)
    assert site.sql("SELECT state, requester FROM med_personal_request"
                    f" WHERE id = {request}") == [["open", ""]]
    with pytest.raises(RpcError) as refused:
        rpc("qa").call("med.personal.request", "write", [request], vals={"state": "granted"})
    assert refused.value.kind == "user"


# ---------------------------------------------------------------------------------- reading


def test_who_reads_a_record_reads_its_history(rpc, world):
    answer = rpc("warehouse").call("med.audit.entry", "history", model="res.partner",
                                   res_id=world["partner"])
    assert answer["entries"] and answer["entries"][-1]["op"] == "I"
    assert_plain(answer)


@pytest.mark.parametrize("arguments", [
    {"model": 5, "res_id": 1}, {"model": "no.such", "res_id": 1},
    {"model": "res.partner", "res_id": "1; DROP TABLE x"}, {"model": "res.partner", "res_id": -1},
    {"model": "res.partner", "res_id": 1, "limit": 0},
    {"model": "res.partner", "res_id": 1, "limit": 10**6},
    {"model": "res.partner", "res_id": 1, "before": "x"},
    {"model": "res.partner", "res_id": True}])
def test_a_bad_argument_of_history_is_one_sentence(rpc, arguments):
    with pytest.raises(RpcError) as refused:
        rpc("qa").call("med.audit.entry", "history", **arguments)
    assert refused.value.kind == "user" and "Traceback" not in refused.value.message


def test_only_readers_of_the_trail_search_it(rpc):
    for role in INTERNAL:
        if role in READERS:
            assert rpc(role).call("med.audit.entry", "search_read", domain=[], limit=1,
                                  fields=["op", "model", "origin"])
        else:
            with pytest.raises(RpcError) as refused:
                told = rpc(role).call("med.audit.entry", "search_read", domain=[], limit=1)
                pytest.fail(f"{role} reads {told}")
            assert refused.value.kind == "access"


def test_an_entry_is_proved_and_the_whole_log_verified(rpc, site):
    until = time.monotonic() + 60
    while int(site.sql("SELECT count(*) FROM med_audit.leaf")[0][0]) < 10:
        assert time.monotonic() < until, "nothing was sealed"
        rpc("qa").call("res.partner", "search_count", domain=[])
        time.sleep(1)
    [[entry]] = site.sql("SELECT entry FROM med_audit.leaf ORDER BY seq LIMIT 1 OFFSET 5")
    proof = rpc("auditor").call("med.audit.entry", "prove", entry=str(entry))
    assert proof["sealed"] and proof["inclusion"] and proof["seq"] == "5"
    assert_plain(proof)
    verdict = rpc("auditor").call("med.audit.entry", "verify")
    while verdict["state"] == "running":
        verdict = rpc("auditor").call("med.audit.entry", "verify")
    assert verdict["state"] == "intact", verdict["findings"]
    for bad in ("x", "", "-1", 5.5, "999999999999"):
        with pytest.raises(RpcError) as refused:
            rpc("auditor").call("med.audit.entry", "prove", entry=bad)
            pytest.fail(f"{bad!r} was taken")
        assert refused.value.kind == "user"
    for role in ("viewer", "warehouse"):
        with pytest.raises(RpcError) as refused:
            rpc(role).call("med.audit.entry", "verify")
        assert refused.value.kind == "access"

