"""Checks that need a database with our addons installed, beside our addons' own tests."""

import re

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
    """Odoo's own tests of some addons, with ours installed.

    They are written for a registry without the addons above theirs, and some fail where all are
    loaded, ours or not. What fails is run again on plain Odoo with the same addons of core: only
    what passes there is a failure here.
    """
    def run(section, template, tags):
        return addons.findings(report, section, addons.source_of(
            "suites", modules=list(suites), tags=",".join(tags)), template, install=suites)

    ours = run("test-odoo", database.full_template(), [f"/{name}" for name in suites])
    tags = sorted(map(_tag, ours.failed))
    plain = run("test-odoo-plain", database.core_template(), tags).failed if tags else {}
    for name in sorted(set(ours.failed) & set(plain)):
        say(f"  fails on plain Odoo too: {name}")
    for name in sorted(set(ours.failed) - set(plain)):
        report.fail(f"test-odoo {name}", ours.failed[name])
    report.ok(len(ours.started - set(ours.failed)))
    say(f"  {len(ours.started)} tests ran; {len(ours.failed)} failed, {len(plain)} of them on plain"
        f" Odoo too; {len(ours.skipped)} skipped themselves")


def _tag(name):
    """The test tag of ``addon.tests.file:Class.method``; of a class whose set-up failed, all."""
    if found := re.search(r"Class \(odoo\.addons\.(\w+)\.\S+\.(\w+)\)", name):
        return f"/{found[1]}:{found[2]}"
    place, _, test = name.partition(":")
    return f"/{place.partition('.')[0]}:{test}"


def odoo_lint(report, rest=()):
    """Odoo's own lint tests, on our addons."""
    say("  Odoo's own lint (module test_lint), on our addons")
    addons.run_in_shell(report, "odoo-lint", addons.source_of("odoo_lint", addons=_folders()),
                        minimum=10)
