"""Scopes of recalls as another program asks for them: previewed by whoever reads, found by few."""

from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "CN-RC-4 TRC-5 C1 C2"

TESTS = Path(__file__).resolve().parents[1]
WORLD = (TESTS / "trace_flow.py").read_text() + """
flow = Flow(env)
supplier, clinic = env["res.partner"].create([
    {"name": "Recall supplier"}, {"name": "Recall clinic"}])
stent = flow.product("Recall stent", "serial")
stent.med_controlled = True
lots = flow.lots(stent, *(f"RC-{n}" for n in range(8, 12)))
flow.receive([(lot, 1) for lot in lots], supplier)
recalls = env["med.recall"].create([{"summary": "Seals open", "criterion_ids": [Command.create({
    "product_id": stent.id, "serial_from": "RC-9", "serial_to": "RC-10"})]} for _n in range(2)])
tell({"stent": stent.id, "lots": lots.ids, "recalls": recalls.ids})
"""


def test_a_preview_is_plain_and_changes_nothing(site, rpc, world):
    before = site.sql("SELECT count(*) FROM med_hold_line")
    told = rpc("viewer").call("med.recall", "preview", criteria=[{
        "serial_range": {"product_id": world["stent"], "from": "RC-9", "to": "RC-11"}},
        {"lot_ids": world["lots"][1:2], "exclude": True}], limit=1)
    assert_plain(told)
    assert (told["version"], told["totals"]["lots"], len(told["lots"])) == (1, 2, 1)
    assert site.sql("SELECT count(*) FROM med_hold_line") == before


def test_a_bad_question_gets_one_sentence(rpc, world):
    for arguments in ({"criteria": []}, {"criteria": [{}]}, {"criteria": [{"colour": "red"}]},
                      {"criteria": [{"lot": "RC-9"}], "limit": -1}, {"criteria": "RC-9"},
                      {"criteria": [{"reading": {"characteristic": "len", "below": [1]}}]},
                      {"criteria": [{"step": {"workcenter_id": {"a": 1}}}]},
                      {"criteria": [{"serial_range": {"product_id": 1, "from": 1, "to": 2}}]}):
        with pytest.raises(RpcError) as refused:
            rpc("qa").call("med.recall", "preview", **arguments)
        assert "Traceback" not in refused.value.message, arguments
        assert "psycopg2" not in refused.value.message, arguments


def test_only_quality_and_regulatory_find_and_stop(site, rpc, world):
    recall = world["recalls"].pop()
    for role in ("nobody", "viewer", "warehouse", "operator", "inspector", "purchasing",
                 "system_admin"):
        with pytest.raises(RpcError):
            rpc(role).call("med.recall", "draw", [recall])
    told = rpc("regulatory").call("med.recall", "draw", [recall])
    assert_plain(told)
    assert (told["lots"], told["held"], told["number"]) == (2, 2, 1)
    assert rpc("qa").call("med.recall", "draw", [recall])["number"] == 1
    told = rpc("viewer").call("med.recall", "preview_recall", [recall])
    assert_plain(told)
    assert told["totals"]["lots"] == 2
    for model in ("med.recall.scope", "med.recall.scope.line", "med.recall.delivery"):
        with pytest.raises(RpcError):
            rpc("qa").call(model, "create", vals_list=[{}])
