"""Nonconformities as another program and an attacker see them.

Each call over XML-RPC and JSON-2, attacks as every role.
"""

from itertools import count
from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "ISO-8.3.1 ISO-8.3.2 ISO-8.3.3 Q3 P11-10e P11-10f P11-10g"

MODEL = "med.nonconformity"
LINE, CANDIDATE = f"{MODEL}.line", f"{MODEL}.candidate"
OUTSIDERS = ("nobody", "system_admin", "portal_processor", "portal_dealer")
HOLDERS = ("warehouse", "operator", "shift_leader", "inspector", "qa", "qa_release", "regulatory")
ROLES = (*OUTSIDERS, *HOLDERS, "viewer", "auditor", "purchasing", "metrology", "admin")

TESTS = Path(__file__).resolve().parents[1]
WORLD = "".join((TESTS / name).read_text() for name in ("trace_flow.py", "machine_walk.py")) + """
flow = Flow(env)
walk = NonconformityWalk(env, flow)
supplier = env["res.partner"].create({"name": "Nonconformity supplier"})
stent = flow.product("Nonconforming stent")
stent.med_controlled = True
batches = []
for number in range(16):
    lots = flow.lots(stent, *(f"NC-{number}-{letter}" for letter in "ABC"))
    flow.receive([(lot, 10) for lot in lots], supplier)
    batches.append(lots.ids)
tell({"batches": batches, "stent": stent.id,
      "needed": {name: value for step in walk.machine.transitions
                 for name, value in walk.values(walk.Model, step).items()},
      "reads": [role for role, user in walk.users.items()
                if walk.Model.with_user(user).has_access("read")],
      **{state: walk.made(state) for state in ("reported", "decided")}})
"""


@pytest.fixture
def batch(world):
    """Three lots of one receipt that no test has had."""
    return world["batches"].pop()


def told(site, record):
    return site.sql(f"SELECT state FROM med_nonconformity WHERE id = {record}")[0][0]


def sign(rpc, record, step, meaning="", role="qa", slot=0, **more):
    login = f"med_nonconformity_{step}_{slot}"
    return rpc(role).call(MODEL, "med_sign", [record], **{
        "meaning": meaning, "login": login, "secret": login, "transition": step, **more})


# ---------------------------------------------------------------------- how it is used


def test_from_the_report_to_the_last_unit(site, rpc, world, batch):
    reported = rpc("warehouse").call(MODEL, "report", summary="Scratched", lots=batch[:1],
                                     source="stock", event_time="2026-01-31T08:15:00Z")
    assert_plain(reported)
    assert (reported["version"], reported["held"]) == (1, 1)
    record = reported["nonconformity"]
    added = rpc("inspector").call(MODEL, "add_lots", [record], lots=batch[1:2])
    assert_plain(added)
    assert (added["lots"], added["held"]) == (2, 1)
    proposed = rpc("qa").call(MODEL, "propose", [record])
    assert_plain(proposed)
    assert (proposed["proposed"], proposed["exact"], proposed["possible"]) == (1, 0, 1)
    [[candidate]] = site.sql("SELECT id FROM med_nonconformity_candidate WHERE nonconformity_id = "
                             f"{record}")
    left = rpc("qa").call(CANDIDATE, "leave_out", [int(candidate)], reason="Measured: good")
    assert_plain(left)
    taken = rpc("qa").call(CANDIDATE, "take", [int(candidate)])
    assert_plain(taken)
    assert (left["left"], taken["held"]) == (1, 1)
    [[line]] = site.sql(f"SELECT id FROM med_nonconformity_line WHERE nonconformity_id = {record} "
                        f"AND lot_id = {batch[0]}")
    part = rpc("qa").call(LINE, "split", [int(line)], quantity=4)
    assert_plain(part)
    assert part["name"].endswith("-1")
    lots = [*batch, part["lot"]]
    held = f"SELECT id, med_hold_count FROM stock_lot WHERE id IN {tuple(lots)} ORDER BY id"
    assert [row[1] for row in site.sql(held)] == ["1"] * 4
    rpc("qa").call(MODEL, "write", [record], vals=world["needed"])
    assert_plain(sign(rpc, record, "evaluate", "reviewed"))
    lines = [int(row[0]) for row in site.sql(
        f"SELECT id FROM med_nonconformity_line WHERE nonconformity_id = {record} ORDER BY id")]
    rpc("qa").call(LINE, "write", lines, vals={"decision": "scrap"})
    sign(rpc, record, "decide", "approved")
    assert [row[1] for row in site.sql(held)] == ["0"] * 4
    with pytest.raises(RpcError, match="is not done"):
        sign(rpc, record, "close", "verified")
    rpc("qa").call(MODEL, "action_make_documents", [record])
    [[left]] = site.sql("SELECT coalesce(sum(q.quantity), 0) FROM stock_quant q JOIN "
                        "stock_location l ON l.id = q.location_id AND l.usage = 'internal' "
                        f"WHERE q.lot_id IN {tuple(lots)}")
    assert float(left) == 0
    answer = sign(rpc, record, "close", "verified")
    assert answer["signatures"][0]["state"] == told(site, record) == "closed"


@pytest.mark.parametrize("role", ROLES)
def test_who_reports(site, rpc, world, role):
    lot = world["batches"][0][0]
    before = site.sql("SELECT count(*) FROM med_nonconformity")
    if role in OUTSIDERS:
        with pytest.raises(RpcError):
            rpc(role).call(MODEL, "report", summary="Bent", lots=[lot])
        assert site.sql("SELECT count(*) FROM med_nonconformity") == before
    elif role in world["reads"] and role not in ("auditor", "admin"):
        answer = rpc(role).call(MODEL, "report", summary="Bent", lots=[lot])
        assert_plain(answer)
        assert answer["held"] == (role in HOLDERS)


def test_bad_arguments_are_told_in_a_sentence_and_change_nothing(site, rpc, world):
    lot, serial = world["batches"][0][0], next(count(10 ** 8))
    [[line]] = site.sql("SELECT coalesce(max(id), 0) FROM med_nonconformity_line")
    query = ("SELECT count(*), max(id) FROM med_nonconformity UNION ALL "
             "SELECT count(*), max(id) FROM med_nonconformity_line")
    before = site.sql(query)
    for arguments, words in (
            ({"summary": " "}, "one sentence"), ({"lots": "all"}, "list of ids"),
            ({"lots": [lot, serial]}, "there is not"), ({"lots": [True]}, "list of ids"),
            ({"source": "moon"}, "must be one of"), ({"defect": "NONE"}, "no defect"),
            ({"event_time": "2999-01-01T00:00:00Z"}, "future"), ({"event_time": 5}, "must be text"),
            ({"picture": "%%"}, "base64"), ({"product": serial}, "there is not")):
        with pytest.raises(RpcError, match=words) as caught:
            rpc("warehouse").call(MODEL, "report", **{"summary": "Bent", **arguments})
        assert "Traceback" not in str(caught.value)
    record = world["reported"]
    for model, method, ids, arguments in (
            (MODEL, "add_lots", record, {"lots": [serial]}), (MODEL, "propose", record, {}),
            (LINE, "split", int(line) + 1, {"quantity": 1})):
        with pytest.raises(RpcError):
            rpc("qa").call(model, method, [ids], **arguments)
    assert site.sql(query) == before


# ---------------------------------------------------------------------- attacks


@pytest.fixture(scope="module")
def target(site, world):
    """A nonconformity of one lot, and what belongs to it, that attacks are aimed at."""
    return site.told(f"LOT = {world['batches'][-1][0]}" + """
lot = env["stock.lot"].browse(LOT)
record = env["med.nonconformity"].browse(
    env["med.nonconformity"].report("Target", lots=lot.ids)["nonconformity"])
record.propose()
hold = lot.med_hold_line_ids.hold_id
tell({"record": record.id, "line": record.line_ids.id, "lot": lot.id, "hold": hold.id,
      "candidate": record.candidate_ids[0].id,
      "move": env["stock.move.line"].search([("lot_id", "=", lot.id)], limit=1).move_id.id})
""")


@pytest.mark.parametrize("role", ROLES)
def test_no_role_writes_what_follows_from_steps_stock_or_genealogy(site, rpc, world, target, role):
    """Whatever the refusal is, nothing has changed after it."""
    record, line, lot = target["record"], target["line"], target["lot"]
    forged = {"default_state": "closed", "default_med_nonconformity_line_id": line,
              "default_decision": "scrap", "default_quantity": 0, "med_step": "close",
              "mail_notrack": True, "med_reason": "because", "su": True, "report": True,
              "default_reported_by_id": 1, "default_basis": "exact", "skip_expired": True}

    def seen():
        return [site.sql(query) for query in (
            f"SELECT * FROM med_nonconformity_line WHERE nonconformity_id = {record}",
            f"SELECT * FROM med_nonconformity_candidate WHERE nonconformity_id = {record}",
            "SELECT name, state, source, source_id, source_model, company_id, event_time, "
            f"reported_by_id, med_signature_round FROM med_nonconformity WHERE id = {record}",
            "SELECT count(*) FROM med_nonconformity",
            "SELECT count(*) FROM stock_move WHERE med_nonconformity_line_id IS NOT NULL",
            "SELECT count(*) FROM stock_scrap WHERE med_nonconformity_line_id IS NOT NULL",
            f"SELECT med_status, med_hold_count FROM stock_lot WHERE id = {lot}",
            f"SELECT state FROM med_hold WHERE id = {target['hold']}")]

    before, caller = seen(), rpc(role)
    born = {"name": "NC/1", "summary": "x", "source": "other", "event_time": "2026-01-01 00:00:00",
            "reported_by_id": 2, "reported_at": "2026-01-01 00:00:00", "company_id": 1}
    attacks = [
        (MODEL, "create", [], {"vals_list": [born]}), (MODEL, "copy", [record], {}),
        (MODEL, "unlink", [record], {}),
        *((MODEL, "write", [record], {"vals": vals}) for vals in (
            {"state": "closed"}, {"reported_by_id": 2}, {"source_model": "med.inspection"},
            {"source_id": 1}, {"event_time": "2020-01-01 00:00:00"}, {"company_id": 2},
            {"name": "NC/X"}, {"med_signature_round": 7},
            {"line_ids": [[0, 0, {"lot_id": world["batches"][0][0]}]]},
            {"line_ids": [[1, line, {"quantity": 0}]]}, {"line_ids": [[1, line, {"lot_id": 1}]]},
            {"line_ids": [[3, line, 0]]}, {"line_ids": [[1, line, {"move_ids": [[
                4, target["move"], 0]]}]]},
            {"candidate_ids": [[1, target["candidate"], {"state": "left"}]]},
            {"candidate_ids": [[2, target["candidate"], 0]]},
            {"candidate_ids": [[0, 0, {"lot_id": lot, "basis": "exact"}]]})),
        *((LINE, "write", [line], {"vals": vals}) for vals in (
            {"quantity": 0}, {"basis": "exact"}, {"production_id": 1}, {"repack_id": 1},
            {"state": "closed"}, {"nonconformity_id": world["decided"]},
            {"scrap_ids": [[5, 0, 0]]})),
        (LINE, "create", [], {"vals_list": [{"nonconformity_id": record, "lot_id": lot}]}),
        (CANDIDATE, "write", [target["candidate"]], {"vals": {"state": "left"}}),
        (CANDIDATE, "unlink", [target["candidate"]], {}),
        ("stock.move", "write", [target["move"]], {"vals": {"med_nonconformity_line_id": line}}),
        ("stock.lot", "write", [lot], {"vals": {"med_nonconformity_line_ids": [[
            1, line, {"quantity": 0}]]}}),
        ("med.hold", "med_transition", [target["hold"]], {"name": "settle"}),
        (MODEL, "action_make_documents", [record], {})]
    for model, method, ids, arguments in attacks:
        with pytest.raises(RpcError):
            caller.call(model, method, *([ids] if ids else []), **arguments, context=forged)
    assert seen() == before


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("qa", "admin")])
def test_containment_and_decisions_are_for_quality_assurance(site, rpc, target, role):
    queries = [f"SELECT * FROM {table} WHERE nonconformity_id = {target['record']} ORDER BY id"
               for table in ("med_nonconformity_line", "med_nonconformity_candidate")]
    before, caller = list(map(site.sql, queries)), rpc(role)
    for model, method, ids, arguments in (
            (MODEL, "propose", target["record"], {}), (CANDIDATE, "take", target["candidate"], {}),
            (CANDIDATE, "leave_out", target["candidate"], {"reason": "x"}),
            (LINE, "split", target["line"], {"quantity": 1}),
            (LINE, "write", target["line"], {"vals": {"decision": "use_as_is"}}),
            (LINE, "unlink", target["line"], {})):
        with pytest.raises(RpcError):
            caller.call(model, method, [ids], **arguments)
    assert list(map(site.sql, queries)) == before


def test_a_key_or_another_s_password_signs_nothing(site, rpc, world):
    record = world["reported"]
    reviewer, another = "med_nonconformity_evaluate_0", "med_nonconformity_decide_0"
    for login, secret in (("test_qa", site.users["qa"]["api_key"]), ("", ""),
                          (reviewer, another), (reviewer, "")):
        with pytest.raises(RpcError):
            rpc("qa").call(MODEL, "med_sign", [record], meaning="reviewed", login=login,
                           secret=secret, transition="evaluate")
    assert told(site, record) == "reported"
