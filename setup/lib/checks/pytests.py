"""Folders of tests that pytest runs: unit, integration and fault tests."""

import re
import subprocess
import xml.etree.ElementTree
from collections import Counter

from .. import database, odoo, postgres
from ..house import LOGS, ROOT, say
from ..python import PYTHON
from . import addons, lanes, odoo_log, written


def run(report, section, extra=(), variables=lambda lane: {}):
    """Run tests/<section> in several lanes; its tests are held against those written.

    :param extra: further arguments for pytest, which then may select some tests only
    :param variables: lane's name → further environment variables
    """
    folder = ROOT / "tests" / section
    expected = written.pytest_tests(folder)
    if not expected:
        report.fail(f"tests/{section} holds no test")
        return
    say(f"  {len(expected)} test functions in tests/{section}")
    tests = Counter(_file(section, name) for name in expected)
    shares = [[folder, *extra]] if extra else lanes.deal(lanes.weights(tests), 2 * lanes.LANES)
    seconds = Counter()
    ran = set().union(*lanes.side_by_side(
        lambda number, share: _lane(
            report, section, f"{section}-{number}", share, variables, seconds), shares))
    if not extra:
        lanes.keep(seconds)
        report.compare(section, expected, ran)


def _file(section, test):
    """The file of a test named ``file:Class.method``, as a path below the repository."""
    return f"tests/{section}/{test.partition(':')[0].replace('.', '/')}.py"


def _lane(report, section, name, arguments, variables, seconds):
    """Run pytest once; count its tests into the report and return which ran.

    :param seconds: file → seconds, to which those of this run are added
    """
    results = LOGS / f"{name}.xml"
    results.unlink(missing_ok=True)
    with subprocess.Popen(
            [PYTHON, "-m", "pytest", "-p", "no:cacheprovider", "--tb=long", "-q", "-rN",
             "--no-summary", f"--junitxml={results}", *arguments],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", env=odoo.environment(**variables(name))) as process:
        for line in process.stdout:
            if line.strip():
                say(f"  {name} {line.rstrip()}")
    if not results.exists():
        report.fail(f"pytest {name} ended with {process.returncode} and no result")
        return set()
    ran = set()
    for case in xml.etree.ElementTree.parse(results).iter("testcase"):
        # "tests.unit.test_x.TestY" and "test_z[parameter]" → "test_x:TestY.test_z"
        place = case.get("classname", "").split(".")[2:]
        classes = [part for part in place if part.startswith("Test")]
        function = re.sub(r"\[.*", "", case.get("name"), flags=re.S)
        files = ".".join(part for part in place if part not in classes)
        test = f"{files}:{'.'.join([*classes, function])}"
        outcome = next(
            (child for child in case if child.tag in ("failure", "error", "skipped")), None)
        if outcome is None:
            report.ok()
        elif outcome.tag == "skipped":
            report.skip(f"{section} {test}", outcome.get("message", ""))
        else:
            report.fail(f"{section} {test}", outcome.text or outcome.get("message", ""))
        ran.add(test)
        seconds[_file(section, test)] += float(case.get("time", 0))
    if process.returncode not in (0, 1):
        report.fail(f"pytest {name} ended with {process.returncode}")
    return ran


def run_on_server(report, section, extra=()):
    """Run tests/<section> against real servers; their logs are held to the list of warnings."""
    for log in LOGS.glob(f"{section}-*-server.log"):
        log.unlink()
    template = database.full_template()
    run(report, section, extra, lambda name: {
        "MED_TEMPLATE": template, "MED_LANE": name.rpartition("-")[2],
        "MED_SERVER_LOG": str(LOGS / f"{name}-server.log")})
    for log in LOGS.glob(f"{section}-*-server.log"):
        with open(log, errors="replace") as lines:
            addons.warnings(report, section, odoo_log.read(lines).warnings)
    for name in database.names():
        if name.startswith(f"{postgres.PREFIX}_test_{section}"):
            database.drop(name)
