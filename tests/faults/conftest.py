"""Faults: a real server that tests may kill, and a database they may tamper with by SQL.

Each module gets a site of its own, so that one fault does not spoil the next.
"""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "addons" / "med_audit"))

from lib import database, postgres
from lib.rpc import JsonTwo
from lib.site import Site


@pytest.fixture(scope="module")
def site(request):
    """A running server with a user per role (see :class:`lib.site.Site`)."""
    template = os.environ.get("MED_TEMPLATE") or database.full_template()
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    with Site("faults", template, f"{postgres.PREFIX}_test_faults_{name}") as running:
        yield running


@pytest.fixture(scope="module")
def world(site, request):
    """What the module's own source, ``WORLD``, has made in the database and told of it."""
    return site.told(request.module.WORLD)


@pytest.fixture
def client(site):
    """JSON-2 client of a role: ``client("qa").call(model, method, [ids], **arguments)``."""
    return lambda role: JsonTwo(site.url, site.database, site.users[role]["api_key"])
