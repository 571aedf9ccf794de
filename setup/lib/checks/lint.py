"""Checks of the source that need no database."""

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree

from .. import odoo
from ..house import ADDONS, ROOT, SETUP, Failure, our_addons, run, say
from ..python import VENV
from . import written

TEXTS = {"", ".py", ".sh", ".md", ".txt", ".toml", ".conf", ".json"}
HOME = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w+/")


def _ruff():
    done = subprocess.run([VENV / "bin" / "ruff", "check", "--no-cache", "--output-format=concise",
                           ROOT], capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.splitlines() if done.returncode else ()


def _xml():
    for path in [*ADDONS.rglob("*.xml"), *ADDONS.rglob("*.svg")]:
        try:
            xml.etree.ElementTree.parse(path)
        except xml.etree.ElementTree.ParseError as error:
            yield f"{path.relative_to(ROOT)}: {error}"


def _chinese():
    for addon in our_addons():
        path = ADDONS / addon / "i18n" / "zh_CN.po"
        if not path.exists():
            yield f"{addon} has no i18n/zh_CN.po"
            continue
        done = subprocess.run(
            ["msgfmt", "--check", "--statistics", "-o", "/dev/null", path],
            capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
        if done.returncode or re.search("untranslated|fuzzy", done.stderr):
            yield f"{path.relative_to(ROOT)}: {done.stderr.strip()}"


def _pylint():
    """Odoo's own pylint checkers (SQL injection, translations, unlink), as its test_pylint has."""
    checkers = odoo.home() / "odoo" / "addons" / "test_lint" / "tests"
    if not (checkers / "_odoo_checker_sql_injection.py").exists():
        yield f"{checkers} lacks Odoo's checkers"
        return
    done = subprocess.run(
        [VENV / "bin" / "pylint", "--rcfile=/dev/null", "--score=n", "--reports=n",
         "--disable=all", "--enable=used-before-assignment,undefined-variable,eval-used,"
         "unreachable,function-redefined,bad-builtin,sql-injection,missing-gettext,"
         "gettext-variable,gettext-placeholders,gettext-repr,raise-unlink-override",
         "--load-plugins=_pylint_path_setup,pylint.extensions.bad_builtin,"
         "_odoo_checker_sql_injection,_odoo_checker_gettext,_odoo_checker_unlink_override",
         "--bad-functions=input", "--msg-template={path}:{line}: {msg} ({symbol})",
         *(ADDONS / addon for addon in our_addons())],
        capture_output=True, text=True, check=False, cwd=ROOT, env={
            **os.environ, "PYTHONPATH": f"{checkers}{os.pathsep}{odoo.home()}",
            "ADDONS_PATH": odoo.addons_path().replace(",", os.pathsep)})
    if done.returncode:
        yield from (line for line in (done.stdout + done.stderr).splitlines()
                    if not line.startswith("***"))


def _tests_everywhere():
    for addon in our_addons():
        if not written.addon_tests(ADDONS / addon):
            yield f"{addon} has no test"
        folder = ADDONS / addon / "tests"
        init = folder / "__init__.py"
        imports = init.read_text() if init.exists() else ""
        for path in folder.glob("test_*.py"):
            if not re.search(rf"\b{path.stem}\b", imports):
                yield f"{path.relative_to(ROOT)}: not imported in tests/__init__.py, never runs"


def _home_folders():
    """A path of somebody's home folder works on one machine only."""
    try:
        files = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
                    cwd=ROOT).split("\0")
    except Failure:  # an unpacked archive has no git
        return
    for name in filter(None, files):
        path = ROOT / name
        if path.suffix in TEXTS and path.is_file():
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if HOME.search(line):
                    yield f"{name}:{number}: {line.strip()[:80]}"


CHECKS = {
    "ruff": _ruff,
    "Odoo's pylint checkers": _pylint,
    "XML is well-formed": _xml,
    "zh_CN is complete and well-formed": _chinese,
    "every addon has tests, and all are imported": _tests_everywhere,
    "no path of somebody's machine": _home_folders,
}


def lint(report):
    """Run all checks."""
    if not shutil.which("msgfmt"):
        raise Failure("msgfmt is missing:\n  sudo apt-get install gettext")
    for title, check in CHECKS.items():
        say(f"  {title}")
        report.check(f"lint: {title}", check())
    if not (SETUP / "allowed_warnings.txt").exists():
        report.fail("setup/allowed_warnings.txt is missing")
