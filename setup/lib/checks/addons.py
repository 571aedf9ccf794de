"""The tests of our addons, run by Odoo's own runner while it installs them, browser included."""

import os
import subprocess
import time
from collections import Counter

from .. import database, odoo, postgres
from ..house import ADDONS, LOGS, ROOT, SETUP, free_port, our_addons, say
from . import lanes, odoo_log, written


def source_of(name, **variables):
    """The source of a script of lib/in_odoo with variables set in front."""
    head = "".join(f"{key} = {value!r}\n" for key, value in variables.items())
    return head + (SETUP / "lib" / "in_odoo" / f"{name}.py").read_text()


def follow(command, log, stdin=os.devnull, seconds=None):
    """Run an Odoo command with its output in a log file; show now and then which test it is at.

    :param seconds: file → seconds, to which those of this run are added; what a class sets up
        counts for the file before it
    """
    begin, count, shown = time.monotonic(), 0, 0
    file, since = None, begin
    with open(log, "w") as output, open(stdin) as source, subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", env=odoo.environment(), cwd=ROOT) as process:
        for line in process.stdout:
            output.write(line)
            found = odoo_log.LINE.match(line)
            if found and odoo_log.STARTING.match(found["text"]):
                count += 1
                if seconds is not None and (place := odoo_log.TEST.match(found["logger"])):
                    now = time.monotonic()
                    if file:
                        seconds[file] += now - since
                    file, since = f"addons/{place['place'].replace('.', '/')}.py", now
                if time.monotonic() - shown > 10:
                    shown = time.monotonic()
                    say(f"  {log.stem}, {shown - begin:4.0f} s, test {count}:"
                        f" {found['text'][9:-4]}")
    return process.returncode


def judge(report, section, found, expected, tours=(), everything=True):
    """Count the tests of a log into the report.

    :param found: what the log tells (:class:`odoo_log.Findings`)
    :param expected: written tests, each with the identifiers that may stand for it
    :param everything: whether all written tests and tours had to run
    """
    for name, trace in found.failed.items():
        report.fail(f"{section} {name}", trace)
    for name, reason in found.skipped.items():
        report.skip(f"{section} {name}", reason)
    report.ok(len(found.started - set(found.failed) - set(found.skipped)))
    if everything:
        ran = {name for name, stand_ins in expected.items() if stand_ins & found.started}
        report.compare(section, expected, ran)
        if lost := sorted(set(tours) - found.tours):
            report.fail(f"{section}: {len(lost)} tours did not run", "\n".join(lost))
    warnings(report, section, found.warnings)


def warnings(report, section, found):
    """Fail for warnings that setup/allowed_warnings.txt does not cover."""
    allowed = odoo_log.parse_allowed((SETUP / "allowed_warnings.txt").read_text())
    report.check(f"{section}: no unexpected warning in Odoo's log",
                 odoo_log.unexpected(found, allowed, section))


def findings(report, section, script, template, minimum=1, install=(), seconds=None):
    """Run a script of lib/in_odoo that runs tests, on a clone of a template; read its log.

    :param minimum: how many tests have to run at least
    :param install: addons to install first
    :param seconds: as of :func:`follow`
    """
    name = f"{postgres.PREFIX}_test_{section.replace('-', '_')}"
    database.clone(template, name)
    source, log = LOGS / f"{section}.py", LOGS / f"{section}.log"
    if install:
        odoo.call("server", name, "-i", ",".join(install), "--stop-after-init", "--no-http",
                  log=LOGS / f"{section}-install.log")
    source.write_text(script)
    code = follow(odoo.command("shell", name, f"--http-port={free_port()}",
                               "--max-cron-threads=0"), log, stdin=source, seconds=seconds)
    with open(log, errors="replace") as lines:
        found = odoo_log.read(lines)
    if code or len(found.started) < minimum:
        report.fail(f"{section}: Odoo ended with {code} after {len(found.started)} tests",
                    log.read_text(errors="replace")[-3000:])
    database.drop(name)
    return found


def run_in_shell(report, section, script, minimum=1):
    """Run a script of lib/in_odoo that runs tests, with all our addons; judge its log.

    :param minimum: how many tests have to run at least
    """
    found = findings(report, section, script, database.full_template(), minimum)
    judge(report, section, found, {}, everything=False)


def installation(report):
    """The log of installing our addons, when the template was made, holds no warning."""
    database.full_template()
    with open(LOGS / "template-full.log", errors="replace") as lines:
        warnings(report, "installation", odoo_log.read(lines).warnings)


def run(report, tags=()):
    """Run our addons' tests by Odoo's own runner with all of them installed, in several lanes.

    With the whole registry, as pytest-odoo does: tests at installation would run on tables of
    addons whose code is not loaded yet. Each lane has a server and a database of its own.

    :param tags: test tags as ``/addon:Class.method``; all tests of our addons when empty
    """
    installation(report)
    expected = {one: stand_ins for addon in our_addons()
                for one, stand_ins in written.addon_tests(ADDONS / addon).items()}
    tours = {tour for addon in our_addons() for tour in written.addon_tours(ADDONS / addon)}
    say(f"  {len(expected)} test methods and {len(tours)} tours in {len(our_addons())} addons")
    shares = [tags] if tags else [
        [file.removeprefix("addons") for file in share]
        for share in lanes.deal(lanes.weights(_files()), 3 * lanes.LANES)]
    seconds = Counter()
    template = database.full_template()
    found = odoo_log.Findings()
    for part in lanes.side_by_side(
            lambda number, share: findings(
                report, f"addons-{number}",
                source_of("suites", modules=our_addons(), tags=",".join(share)), template,
                seconds=seconds), shares):
        found.add(part)
    if not tags:
        lanes.keep(seconds)
    judge(report, "addons", found, expected, tours, everything=not tags)


def _files():
    """Test files of our addons, as paths below the repository, with the number of tests."""
    return Counter({
        str(path.relative_to(ROOT)): path.read_text().count("    def test_")
        for addon in our_addons() for path in (ADDONS / addon / "tests").glob("test_*.py")})
