"""A program reaches Odoo as the user whose key it holds, and as nobody else."""

import urllib.request

import pytest

from lib.rpc import JsonTwo, RpcError, XmlRpc
from lib.site import ROLES


@pytest.mark.parametrize("role", ROLES)
def test_each_role_speaks_as_itself(rpc, site, role):
    found = rpc(role).call("res.users", "read", [site.users[role]["id"]], fields=["login"])
    assert found == [{"id": site.users[role]["id"], "login": f"test_{role}"}]


def test_a_wrong_key_is_denied(site):
    user = site.users["viewer"]
    wrong = "0" * 40
    for client in (JsonTwo(site.url, site.database, wrong),
                   XmlRpc(site.url, site.database, user["id"], wrong)):
        with pytest.raises(RpcError) as caught:
            client.call("res.users", "read", [user["id"]], fields=["login"])
        assert caught.value.kind == "denied"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "system_admin"])
def test_no_role_but_the_system_administrator_gives_itself_rights(rpc, site, refused, role):
    group = int(site.sql(
        "SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'group_system'")[0][0])
    with refused("access"):
        rpc(role).call("res.users", "write", [site.users[role]["id"]],
                       vals={"group_ids": [(4, group, 0)]})


def test_the_database_manager_is_off(site):
    with pytest.raises(OSError), urllib.request.urlopen(f"{site.url}/web/database/create") as page:
        page.read()
