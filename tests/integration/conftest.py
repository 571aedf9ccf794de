"""Black box: a real server on a cloned database, spoken to over XML-RPC and JSON-2.

``rpc("qa")`` is a client that speaks as the user of that role. Every test that takes ``rpc`` runs
twice, once over each protocol. ``site.shell(source)`` runs Python in ``odoo shell`` (superuser) on
the same database to prepare records; commit there.
"""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))

from lib import database, postgres
from lib.rpc import JsonTwo, RpcError, XmlRpc
from lib.site import Site

LANE = os.environ.get("MED_LANE", "0")  # of several that run side by side


@pytest.fixture(scope="session")
def site():
    """A running server with a user per role (see :class:`lib.site.Site`)."""
    template = os.environ.get("MED_TEMPLATE") or database.full_template()
    name = f"{postgres.PREFIX}_test_integration_{LANE}"
    with Site(f"integration-{LANE}", template, name) as running:
        yield running


@pytest.fixture(scope="module")
def world(site, request):
    """What the module's own source, ``WORLD``, has made in the database and told of it."""
    return site.told(request.module.WORLD)


@pytest.fixture(params=["xmlrpc", "json2"])
def rpc(request, site):
    """Client of a role: ``rpc("viewer").call(model, method, [ids], **arguments)``."""
    def client(role):
        user = site.users[role]
        if request.param == "json2":
            return JsonTwo(site.url, site.database, user["api_key"])
        return XmlRpc(site.url, site.database, user["id"], user["api_key"])
    return client


@pytest.fixture
def caller(site, rpc, world):
    """Client of an exchange partner that the world told of: ``caller("one").call(…)``.

    The world tells of each ``uid`` and ``key``, the API key.
    """
    def client(name):
        account = world[name]
        if isinstance(rpc("qa"), XmlRpc):
            return XmlRpc(site.url, site.database, account["uid"], account["key"])
        return JsonTwo(site.url, site.database, account["key"])
    return client


@pytest.fixture
def refused():
    """Context manager for a call that must be refused: ``with refused("access") as caught:``."""
    def manager(kind):
        return pytest.raises(RpcError, check=lambda error: error.kind == kind)
    return manager
