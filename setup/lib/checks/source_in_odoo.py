"""Checks that need a database with our addons installed, beside our addons' own tests."""

from .. import database, odoo
from ..house import ADDONS, our_addons, say
from . import addons


def _folders():
    return {name: str(ADDONS / name) for name in our_addons()}


def translations(report, rest=()):
    """Every term Odoo would show from our addons has its Chinese."""
    told = odoo.shell(database.full_template(),
                      addons.source_of("missing_translations", addons=_folders()))
    report.check("zh_CN.po translates every term", told.splitlines())


def core_suites(report, suites):
    """Odoo's own tests of some addons, with ours installed."""
    addons.run_in_shell(report, "test-odoo", addons.source_of(
        "suites", modules=list(suites), tags=",".join(f"/{name}" for name in suites)),
        install=suites)


def odoo_lint(report, rest=()):
    """Odoo's own lint tests, on our addons."""
    say("  Odoo's own lint (module test_lint), on our addons")
    addons.run_in_shell(report, "odoo-lint", addons.source_of("odoo_lint", addons=_folders()),
                        minimum=10)
