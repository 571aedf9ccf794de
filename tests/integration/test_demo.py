"""The README's first command shows the main job; all that it tells agrees (issue 2, A and C)."""

import json
import os
import re
import subprocess
import sys

import pytest

from lib import database, odoo, postgres
from lib.house import RUNTIME, SETUP, free_port

STORIES = {
    "by_product", "consignment", "inspected", "lot_unbuilt", "main_finished", "main_raw",
    "near_expiry", "partial_posting", "pump_repaired", "refused", "relabelled",
    "returned_and_shipped_again", "rework_loop", "same_supplier_lot", "scrapped",
    "several_component_lots", "shared_load", "sold_between_companies", "split_delivery",
    "split_sterilisation", "ten_pumps", "untracked_intermediate"}
NAME = f"test_demo_{os.environ.get('MED_LANE', '0')}"


@pytest.fixture(scope="module")
def demo():
    """Return a function that runs `setup/demo`, under a name of its own, and what it printed."""
    port = free_port()
    server = odoo.Server(NAME, f"{postgres.PREFIX}_{NAME}", port)
    files = [RUNTIME / f"{NAME}{end}" for end in (
        "-api-key", ".json", "-processors.json", "-addons")]

    def run():
        done = subprocess.run(
            [sys.executable, SETUP / "demo"], text=True, check=False, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "MED_DEMO": NAME, "MED_PORT": str(port)})
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout
    try:
        yield run
    finally:
        server.stop()
        database.drop(server.database)
        for file in files:
            file.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def told(demo):
    return demo()


def test_the_history_tells_every_story(told):
    stories = json.loads((RUNTIME / f"{NAME}.json").read_text())["stories"]
    assert set(stories) == STORIES
    assert all(story["lots"] for story in stories.values())


@pytest.mark.parametrize("line", [
    r"^Lot CVC\d\d-\d{3}: .+, expires \d{4}-\d\d-\d\d$",
    r"^  UDI +\(01\)\d{14}",
    r"^  came from +\d+ lots \(\d+ exact, \d+ possible\), [1-9]\d* suppliers?, [1-9]\d* "
    r"sterilisation loads?, [1-9]\d* operators?$",
    r"^  went to +[1-9]\d* consignees? in [1-9]\d* countr(y|ies)",
    r"^              shipped [\d,]+ − returned [\d,]+ = [\d,]+ ",
    r"^  balance +in .+: balanced$",
    r"^  affected +[1-9]\d* lots? \(",
    r"^  found in +\d+ ms: [1-9]\d* deliver(y|ies) with quantities",
    r"core's own walk finds [1-9]\d* deliver(y|ies) and \d+ hand-overs? .* in \d+ ms",
    r"1,200 needles, GB/T 2828\.1 level II, AQL 0\.65: \d+ measured, 2 too wide",
    r"^  [1-9][\d,]* lots? \([1-9][\d,]* exact\) in [1-9]\d* places?, [1-9]\d* consignees?",
    r"^  \d+ messages in, [1-9]\d* out; [1-9]\d* applied, \d+ refused$",
    r"reports of 3 orders made outside, seen here \d+ s after they happened",
    r": exact$",
    r"^Audit trail   [\d,]{6,} entries sealed and verified in .+ s: intact$",
])
def test_the_report_tells(told, line):
    assert re.search(line, told, re.MULTILINE), told


def test_nothing_on_the_report_fails_to_agree(told):
    assert not re.search("NOT (balanced|exact|intact)", told), told


def test_a_second_call_loads_nothing_and_tells_the_same(told, demo):
    again = demo()
    for work in ("Loading the demonstration company", "Three processors outside pull"):
        assert work in told and work not in again

    def facts(text):
        lines = text[text.index("\nLot "):text.index("\nThe exchange")].splitlines()
        return [re.sub(r"\d+ ms", "", line) for line in lines]
    assert facts(again) == facts(told)
