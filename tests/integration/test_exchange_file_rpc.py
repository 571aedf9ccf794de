"""Files of partners over XML-RPC and JSON-2: sent once, told row by row, undone, never changed."""

import base64
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "X1 X3 X6 X7 P11-10e-2"

WORLD = """
from datetime import timedelta
from odoo.fields import Command, Datetime
schema = env["med.exchange.schema"].search(
    [("name", "=", "organisation"), ("state", "=", "active")], limit=1)

def partner(code):
    one = env["med.exchange.partner"].create({
        "name": code.title(), "code": code,
        "partner_id": env["res.partner"].create({"name": f"{code} Ltd"}).id})
    one.make_user()
    env["med.exchange.right"].create({
        "exchange_partner_id": one.id, "schema": "organisation", "direction": "in"})
    mapping = env["med.exchange.mapping"].create({
        "name": "Customers", "exchange_partner_id": one.id, "schema_id": schema.id,
        "key_column": "code", "zone": "UTC", "line_ids": [
            Command.create({"pointer": "/name", "column": "name", "required": True}),
            Command.create({"pointer": "/city", "column": "city"})]})
    mapping.activate()
    key = env["res.users.apikeys"].with_user(one.user_id).sudo()._generate(
        "rpc", "test", Datetime.now() + timedelta(days=1))
    return {"partner": one.id, "mapping": mapping.id, "uid": one.user_id.id, "key": key,
            "state": one.state}

tell({"one": partner("RPC-FILE-ONE"), "two": partner("RPC-FILE-TWO")})
"""


@pytest.fixture
def key():
    """A key that no other test uses."""
    return f"R-{uuid.uuid4().hex[:10]}"


def upload(client, text, **arguments):
    told = client.call("med.exchange", "upload", **{
        "name": "a.csv", "mapping": "Customers",
        "content_base64": base64.b64encode(text.encode()).decode(), **arguments})
    assert_plain(told)
    assert told["version"] == 1
    return told


def there(site, key):
    return site.sql(f"SELECT name, city FROM res_partner WHERE ref = '{key}' AND active")


def test_a_file_is_taken_in_once_however_often_it_is_sent(site, caller, key):
    text = f"code,name,city\n{key},Hospital,Wuxi\n"
    first = upload(caller("one"), text, try_only=True)
    assert (first["state"], first["made"], there(site, key)) == ("tried", 1, [])
    told = upload(caller("one"), text)
    assert (told["state"], told["rows"][0]["outcome"]) == ("applied", "make")
    for _time in range(2):
        assert upload(caller("one"), text) == {**told, "duplicate": True}
    assert there(site, key) == [["Hospital", "Wuxi"]]


def test_a_file_that_is_sent_many_times_at_once_is_taken_in_once(site, caller, key):
    text = f"code,name,city\n{key},Hospital,Wuxi\n"
    clients = [caller("one") for _call in range(4)]
    with ThreadPoolExecutor(len(clients)) as pool:
        told = list(pool.map(lambda client: upload(client, text), clients))
    assert sorted(one.pop("duplicate") for one in told) == [False, True, True, True]
    assert all(one == told[0] for one in told)
    assert there(site, key) == [["Hospital", "Wuxi"]]


def test_bad_rows_keep_a_file_out_and_are_told_by_line_and_column(site, caller, key):
    told = upload(caller("one"), f"code,name,city\n{key},Hospital,Wuxi\n{key}-2,,Wuxi\n")
    assert (told["state"], told["refused"]) == ("tried", 1)
    assert "Line 3, column “name”" in told["rows"][1]["reason"]
    assert there(site, key) == []


def test_a_person_undoes_a_file_with_a_reason(site, rpc, caller, key):
    told = upload(caller("one"), f"code,name,city\n{key},Hospital,Wuxi\n")
    for role in ("viewer", "nobody", "operator", "system_admin"):
        with pytest.raises(RpcError) as error:
            rpc(role).call("med.exchange.file", "undo", [told["file"]], reason="x")
        assert error.value.kind == "access", role
    result = rpc("auditor").call("med.exchange.file", "result", [told["file"]])
    assert_plain(result)
    assert base64.b64decode(result["content"])[:2] == b"PK"
    undone = rpc("qa").call("med.exchange.file", "undo", [told["file"]], reason="Old list")
    assert_plain(undone)
    assert undone == {"version": 1, "undone": 1, "left": []}
    assert there(site, key) == []
    assert upload(caller("one"), f"code,name,city\n{key},Hospital,Wuxi\n")["state"] == "applied"


def test_a_partner_reads_nothing_and_sends_by_no_mapping_of_another(site, caller, world, key):
    told = upload(caller("one"), f"code,name,city\n{key},Hospital,Wuxi\n")
    for model, number in (("med.exchange.file", told["file"]),
                          ("med.exchange.mapping", world["one"]["mapping"]),
                          ("med.exchange.file.row", 1), ("med.exchange.form", 1),
                          ("med.exchange.mapping.line", 1), ("med.exchange.form.entry", 1),
                          ("med.exchange.form.value", 1)):
        for name in ("one", "two"):
            for method, arguments in (("read", {"fields": ["display_name"]}),
                                      ("write", {"vals": {"display_name": "x"}}),
                                      ("unlink", {})):
                with pytest.raises(RpcError) as error:
                    caller(name).call(model, method, [number], **arguments)
                assert error.value.kind in (("access",) if method == "read" else (
                        "access", "user")), (model, method)
    for method, arguments in (("undo", {"reason": "x"}), ("result", {}), ("action_apply", {}),
                              ("action_try", {})):
        with pytest.raises(RpcError) as error:
            caller("two").call("med.exchange.file", method, [told["file"]], **arguments)
        assert error.value.kind == "access", method
    other = upload(caller("two"), f"code,name,city\n{key},Hospital,Wuxi\n")
    assert other["file"] != told["file"]


def test_nobody_changes_a_file_over_rpc(rpc, caller, key):
    told = upload(caller("one"), f"code,name,city\n{key},Hospital,Wuxi\n")
    for role in ("qa", "admin"):
        for method, arguments in (("write", {"vals": {"state": "new"}}),
                                  ("write", {"vals": {"content": "eA=="}}), ("unlink", {}),
                                  ("copy", {})):
            with pytest.raises(RpcError) as error:
                rpc(role).call("med.exchange.file", method, [told["file"]], **arguments)
            assert error.value.kind in ("access", "user"), (role, method)


def test_a_bad_argument_gets_one_sentence(caller):
    for arguments in ({"name": ""}, {"name": 3}, {"content_base64": "§"}, {"content_base64": []},
                      {"mapping": "nothing"}, {"mapping": 1}, {"try_only": "yes"}):
        with pytest.raises(RpcError) as error:
            upload(caller("one"), "code,name\n", **arguments)
        assert error.value.kind == "user", arguments
        assert "Traceback" not in error.value.message
    for text in ("", "code\n", "a,b\n1,2\n"):
        if text:
            assert upload(caller("one"), text)["state"] == "broken"


def test_who_is_no_partner_sends_no_file(rpc):
    for role in ("qa", "admin", "nobody", "portal_dealer"):
        with pytest.raises(RpcError) as error:
            upload(rpc(role), "code,name\n")
        assert error.value.kind == "access", role
