"""Corrective and preventive action as another program sees it, and as one that would jump steps."""

import pytest
from plain import assert_plain

from lib.rpc import RpcError, XmlRpc

requirement = "ISO-8.5.2 ISO-8.5.3 SMP-2"

WORLD = """
tell({"product": env["product.product"].create({"name": "CAPA stent"}).id})
"""

STATES = ("analysed", "planned", "implemented", "effective", "ineffective", "cancelled")


def create(client, model, values):
    """Create one record over either protocol; return its id."""
    if isinstance(client, XmlRpc):
        return client.call(model, "create", values)
    return client.call(model, "create", vals_list=[values])[0]


@pytest.fixture
def case(rpc, world):
    return rpc("qa").call("med.capa", "open_case", summary="Seals open",
                          products=[world["product"]])["capa"]


def state(site, case):
    return site.sql(f"SELECT state FROM med_capa WHERE id = {case}")[0][0]


def test_a_program_opens_a_case_and_fills_it_in(site, rpc, world):
    told = rpc("qa").call("med.capa", "open_case", summary="Seals open", source="trend",
                          kind="preventive", products=[world["product"]])
    assert_plain(told)
    assert told["version"] == 1
    assert told["name"].startswith("CAPA/")
    rpc("qa").call("med.capa", "write", [told["capa"]], vals={
        "severity": "5", "occurrence": "1", "detection": "1"})
    assert site.sql("SELECT state, source, risk_class, cycle FROM med_capa "
                    f"WHERE id = {told['capa']}")[0] == ["open", "trend", "high", "1"]


@pytest.mark.parametrize("role", ["viewer", "inspector", "operator", "qa_release", "system_admin"])
def test_other_roles_open_no_case(rpc, role):
    with pytest.raises(RpcError):
        rpc(role).call("med.capa", "open_case", summary="x")


@pytest.mark.parametrize("target", STATES)
def test_no_step_is_jumped(site, rpc, case, target):
    for context in ({}, {"default_state": target, "med_step": "prove", "tracking_disable": True}):
        with pytest.raises(RpcError):
            rpc("qa").call("med.capa", "write", [case], vals={"state": target}, context=context)
    with pytest.raises(RpcError):
        create(rpc("qa"), "med.capa", {"summary": "x", "state": target})
    assert state(site, case) == "open"


@pytest.mark.parametrize("step", ["analyse", "plan", "implement", "prove", "fail", "cancel"])
def test_no_signed_step_is_taken_without_signature(site, rpc, case, step):
    with pytest.raises(RpcError):
        rpc("qa").call("med.capa", "med_transition", [case], name=step, reason="x")
    assert state(site, case) == "open"


def test_no_result_is_written_before_its_time(site, rpc, case):
    with pytest.raises(RpcError):
        rpc("qa").call("med.capa", "write", [case], vals={"result": "effective", "finding": "x"})
    assert site.sql(f"SELECT result IS NULL FROM med_capa WHERE id = {case}")[0] == ["t"]


def test_an_action_is_not_done_before_the_plan_is_approved(site, rpc, case):
    action = create(rpc("qa"), "med.capa.action", {
        "capa_id": case, "what": "Change the jaw", "state": "done", "evidence": "x"})
    with pytest.raises(RpcError):
        rpc("qa").call("med.capa.action", "finish", [action], evidence="Work order 7")
    assert site.sql(f"SELECT state, evidence IS NULL FROM med_capa_action WHERE id = {action}")[
        0] == ["open", "t"]
