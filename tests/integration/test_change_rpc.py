"""Change control as another program sees it, and as one that would jump steps."""

import pytest
from plain import assert_plain

from lib.rpc import RpcError, XmlRpc

requirement = "ISO-7.3.9 Q4 SMP-2"

WORLD = """
steel, blade = env["product.product"].create([
    {"name": "Change steel", "is_storable": True}, {"name": "Change blade", "is_storable": True}])
env["mrp.bom"].create({"product_tmpl_id": blade.product_tmpl_id.id, "bom_line_ids": [
    (0, 0, {"product_id": steel.id, "product_qty": 1})]})
tell({"steel": steel.id, "blade": blade.id, "template": blade.product_tmpl_id.id})
"""

STATES = ("emergency", "assessed", "approved", "effective", "closed", "rejected", "cancelled")
STEPS = ("emergency", "assess", "approve", "effect", "close", "reject")


def create(client, model, values):
    """Create one record over either protocol; return its id."""
    if isinstance(client, XmlRpc):
        return client.call(model, "create", values)
    return client.call(model, "create", vals_list=[values])[0]


@pytest.fixture
def change(rpc, world):
    return rpc("qa").call("med.change", "request", title="Other steel",
                          products=[world["template"]], subjects=["bom"])["change"]


def state(site, change):
    return site.sql(f"SELECT state FROM med_change WHERE id = {change}")[0][0]


def test_a_program_requests_a_change_and_reads_its_class(rpc, world):
    told = rpc("operator").call(
        "med.change", "request", title="Other steel", source="supplier",
        products=[world["template"]], subjects=["bom"],
        effects={"safety": "certain", "performance": "none", "registration": "none"})
    assert_plain(told)
    assert (told["version"], told["class"]) == (1, "major")
    assert told["name"].startswith("CHG/")


def test_a_program_asks_where_a_material_is_used(rpc, world):
    told = rpc("viewer").call("med.change", "where_used", products=[world["steel"]])
    assert_plain(told)
    assert told["version"] == 1
    assert {"bom", "product"} <= set(told["counts"])
    assert world["blade"] in {row["id"] for row in told["rows"] if row["kind"] == "product"}
    for products in ("x", [0], [True]):
        with pytest.raises(RpcError):
            rpc("viewer").call("med.change", "where_used", products=products)


@pytest.mark.parametrize("role", ["viewer", "system_admin"])
def test_other_roles_request_nothing(rpc, role):
    with pytest.raises(RpcError):
        rpc(role).call("med.change", "request", title="x")


@pytest.mark.parametrize("target", STATES)
def test_no_step_is_jumped(site, rpc, change, target):
    for context in ({}, {"default_state": target, "med_step": "effect"}):
        with pytest.raises(RpcError):
            rpc("qa").call("med.change", "write", [change], vals={"state": target},
                           context=context)
    with pytest.raises(RpcError):
        create(rpc("qa"), "med.change", {"title": "x", "state": target})
    assert state(site, change) == "draft"


@pytest.mark.parametrize("step", STEPS)
def test_no_signed_step_is_taken_without_signature(site, rpc, change, step):
    with pytest.raises(RpcError):
        rpc("qa").call("med.change", "med_transition", [change], name=step, reason="x")
    assert state(site, change) == "draft"


def test_no_product_comes_under_change_control_and_no_version_is_written_by_hand(rpc, world):
    for vals in ({"med_change_control": True}, {"med_control_date": "2026-01-01 00:00:00"}):
        with pytest.raises(RpcError):
            rpc("qa").call("product.template", "write", [world["template"]], vals=vals)
    with pytest.raises(RpcError):
        create(rpc("qa"), "med.product.version", {
            "product_tmpl_id": world["template"], "number": 1, "digest": "x", "content": {},
            "names": {}, "effective_from": "2026-01-01 00:00:00"})
