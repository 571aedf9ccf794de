"""Checks of the source that need a database with our addons installed."""

from .. import database, odoo, postgres
from ..house import ADDONS, LOGS, SETUP, free_port, our_addons, say
from . import addons

IN_ODOO = SETUP / "lib" / "in_odoo"


def script(name, **variables):
    """The source of a script of lib/in_odoo with variables set in front."""
    head = "".join(f"{key} = {value!r}\n" for key, value in variables.items())
    return head + (IN_ODOO / f"{name}.py").read_text()


def _folders():
    return {name: str(ADDONS / name) for name in our_addons()}


def translations(report, rest=()):
    """Every term Odoo would show from our addons has its Chinese."""
    told = odoo.shell(database.full_template(), script("missing_translations", addons=_folders()))
    report.check("zh_CN.po translates every term", told.splitlines())


def run_tests_in_shell(report, section, source, minimum=1):
    """Run a script that runs tests inside ``odoo shell`` on a clone; judge its log.

    :param minimum: how many tests have to run at least
    """
    name = f"{postgres.PREFIX}_test_{section.replace('-', '_')}"
    database.clone(database.full_template(), name)
    log = LOGS / f"{section}.log"
    path = LOGS / f"{section}.py"
    path.write_text(source)
    addons.follow(odoo.command("shell", name, f"--http-port={free_port()}", "--max-cron-threads=0"),
                  log, stdin=path)
    found = addons.judge(report, section, log, {})
    if len(found.started) < minimum:
        report.fail(f"{section}: {len(found.started)} tests ran, at least {minimum} were expected",
                    log.read_text(errors="replace")[-3000:])
    database.drop(name)
    return found


def core_suites(report, suites):
    """Odoo's own tests of some addons, with ours installed."""
    run_tests_in_shell(report, "test-odoo", script("core_suites", suites=list(suites)))


def odoo_lint(report, rest=()):
    """Odoo's own lint tests, on our addons."""
    say("  Odoo's own lint (module test_lint), on our addons")
    run_tests_in_shell(report, "odoo-lint", script("odoo_lint", addons=_folders()), minimum=10)
