"""Faults: a real server that tests may kill, and a database they may tamper with by SQL.

Each module gets a site of its own, so that one fault does not spoil the next.
"""

import contextlib
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "addons" / "med_audit"))

from lib import database, postgres
from lib.cluster import Cluster
from lib.rpc import JsonTwo
from lib.site import Site

# What another process does up to the moment before its commit; then it waits for the file.
WAIT = """
import pathlib, time
env.flush_all()
pathlib.Path({ready!r}).touch()
while not pathlib.Path({go!r}).exists():
    time.sleep(0.05)
tell("done")
"""


@pytest.fixture(scope="module")
def site(request):
    """A running server with a user per role (see :class:`lib.site.Site`).

    A module that says ``OWN_CLUSTER = True`` has a durable PostgreSQL to itself, ``site.cluster``,
    which it may kill.
    """
    template = os.environ.get("MED_TEMPLATE") or database.full_template()
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    kept = f"{postgres.PREFIX}_test_faults_{name}"
    own = getattr(request.module, "OWN_CLUSTER", False)
    with Cluster(template) if own else contextlib.nullcontext() as cluster:
        with Site(f"faults-{name}", template, kept, durable=own) as running:
            running.cluster = cluster
            yield running
        if own:
            database.drop(kept)


@pytest.fixture(scope="module")
def world(site, request):
    """What the module's own source, ``WORLD``, has made in the database and told of it."""
    return site.told(request.module.WORLD)


@pytest.fixture
def client(site):
    """JSON-2 client of a role: ``client("qa").call(model, method, [ids], **arguments)``."""
    return lambda role: JsonTwo(site.url, site.database, site.users[role]["api_key"])


@pytest.fixture
def beside(site, tmp_path):
    """Run a source in another process up to its commit, call, commit; return the call's answer."""
    def run(source, call):
        ready, go = tmp_path / "ready", tmp_path / "go"
        with ThreadPoolExecutor(2) as pool:
            other = pool.submit(site.told, source + WAIT.format(ready=str(ready), go=str(go)))
            while not ready.exists():
                assert not other.done(), other.result()
            answer = pool.submit(call)
            waits = threading.Event()
            for _try in range(200):
                if answer.done() or site.sql(
                        "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND"
                        " d.datname = current_database() WHERE NOT l.granted") or site.sql(
                        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                        " AND wait_event_type = 'Lock'"):
                    break
                waits.wait(0.05)
            go.touch()
            assert other.result() == "done"
            return answer.result()
    return run
