"""Folders of tests that pytest runs: unit, integration and fault tests."""

import re
import subprocess
import xml.etree.ElementTree

from .. import database, odoo, postgres
from ..house import LOGS, ROOT, say
from ..python import PYTHON
from . import addons, odoo_log, written


def run(report, section, extra=(), variables=None):
    """Run tests/<section>; its tests are held against those written.

    :param extra: further arguments for pytest, which then may select some tests only
    :param variables: further environment variables
    """
    folder = ROOT / "tests" / section
    expected = written.pytest_tests(folder)
    if not expected:
        report.fail(f"tests/{section} holds no test")
        return
    say(f"  {len(expected)} test functions in tests/{section}")
    results = LOGS / f"{section}.xml"
    results.unlink(missing_ok=True)
    done = subprocess.run(
        [PYTHON, "-m", "pytest", "-p", "no:cacheprovider", "--tb=long", "-q", "-rN",
         "--no-summary", f"--junitxml={results}", folder, *extra],
        cwd=ROOT, check=False, stdin=subprocess.DEVNULL, env=odoo.environment(**(variables or {})))
    if not results.exists():
        report.fail(f"pytest tests/{section} ended with {done.returncode} and no result")
        return
    ran = set()
    for case in xml.etree.ElementTree.parse(results).iter("testcase"):
        # "tests.unit.test_x.TestY" and "test_z[parameter]" → "test_x:TestY.test_z"
        place = case.get("classname", "").split(".")[2:]
        classes = [part for part in place if part.startswith("Test")]
        function = re.sub(r"\[.*", "", case.get("name"), flags=re.S)
        files = ".".join(part for part in place if part not in classes)
        name = f"{files}:{'.'.join([*classes, function])}"
        outcome = next(
            (child for child in case if child.tag in ("failure", "error", "skipped")), None)
        if outcome is None:
            report.ok()
        elif outcome.tag == "skipped":
            report.skip(f"{section} {name}", outcome.get("message", ""))
        else:
            report.fail(f"{section} {name}", outcome.text or outcome.get("message", ""))
        ran.add(name)
    if not extra:
        report.compare(section, expected, ran)
    if done.returncode not in (0, 1):
        report.fail(f"pytest tests/{section} ended with {done.returncode}")


def run_on_server(report, section, extra=()):
    """Run tests/<section> against real servers; their logs are held to the list of warnings."""
    log = LOGS / f"{section}-server.log"
    log.unlink(missing_ok=True)
    run(report, section, extra,
        {"MED_TEMPLATE": database.full_template(), "MED_SERVER_LOG": str(log)})
    if log.exists():
        with open(log, errors="replace") as lines:
            addons.warnings(report, section, odoo_log.read(lines).warnings)
    for name in database.names():
        if name.startswith(f"{postgres.PREFIX}_test_{section}"):
            database.drop(name)
