"""What the benchmarks share: databases, side-by-side timing, memory, the table and the JSON file.

Odoo is imported in this process; ``setup/bench`` starts it in the right Python environment.
"""

import contextlib
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "setup"))

from lib import database, odoo, postgres  # noqa: E402
from lib.house import LOGS, RUNTIME, main, say, step  # noqa: E402

KEEP = os.environ.get("MED_BENCH_KEEP")
"""Set: data sets stay, and the next run uses them again."""

WITH_OURS = os.environ.get("MED_TEMPLATE")
"""A database with all our addons; setup/bench names it."""

PLAIN = os.environ.get("MED_CORE_TEMPLATE")
"""A database with core's addons only; made when not named."""

__all__ = ["KEEP", "Figures", "Work", "databases", "exists", "install", "main", "median", "named",
           "open_database", "plain_template", "postgres", "reset_peak", "resident", "say", "server",
           "side_by_side", "step", "template", "timed"]

median = statistics.median


def template():
    """The database with all our addons, to be cloned."""
    return WITH_OURS or database.full_template()


def plain_template():
    """The database with core's addons only, to be cloned."""
    return PLAIN or database.core_template()


def named(name):
    """The name of a benchmark's database, apart from those of other clones of this project."""
    return f"bench_{postgres.PREFIX}_{name}"


def exists(name):
    """Whether a database of an earlier run was kept."""
    return bool(postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{named(name)}'"))


def _configure():
    from odoo.tools import config
    if not config.options.get("med_bench"):
        config.parse_config(["-c", str(odoo.CONF), f"--addons-path={odoo.addons_path()}",
                             "-D", str(odoo.DATA), "--log-level=warn"], setup_logging=True)
        config["med_bench"] = True


@contextlib.contextmanager
def open_database(name, user=2):
    """Yield an Environment on the benchmark's database, as its administrator.

    :param user: id of the user; 1 is the superuser
    """
    _configure()
    from odoo.api import Environment
    from odoo.modules.registry import Registry
    with Registry(named(name)).cursor() as cr:
        yield Environment(cr, user, {"lang": "en_US"})


@contextlib.contextmanager
def databases(**sources):
    """Clone a database per keyword, and drop them afterwards unless they are to be kept."""
    try:
        for name, source in sources.items():
            if not (KEEP and exists(name)):
                _close(source)
                database.clone(source, named(name), durable=True)
        yield
    finally:
        if not KEEP:
            drop(*sources)


def install(name, *addons):
    """Install addons in a benchmark's database."""
    _close(named(name))
    odoo.call("server", named(name), "-i", ",".join(addons), "--stop-after-init", "--no-http",
              log=LOGS / f"bench-{name}.log")


def drop(*names):
    """Close and remove benchmark databases."""
    for name in names:
        _close(named(name))
        database.drop(named(name))


def _close(name):
    """Close this process's connections to a database."""
    from odoo.sql_db import close_db
    close_db(name)


# ---------------------------------------------------------------------------------- measuring


@dataclass(frozen=True)
class Work:
    """What something took.

    :ivar seconds: by the clock
    :ivar cpu: processor seconds of this process and of PostgreSQL's, which a busy machine
        disturbs less; PostgreSQL's parallel workers are not in it
    :ivar result: what the function returned
    """

    seconds: float
    cpu: float
    result: object = None


def timed(cr, function):
    """Run a function that works through the cursor `cr`; return its :class:`Work`."""
    gc.collect()
    cpu, begin = _cpu(cr), time.perf_counter()
    result = function()
    return Work(time.perf_counter() - begin, _cpu(cr) - cpu, result)


def side_by_side(cr, rounds, **functions):
    """Run functions in turn, `rounds` times; return ``{name: [Work]}``.

    Each takes the number of the round. Round 0 warms up and is not counted; every other round
    runs them in the opposite order, so that none has the better place.
    """
    works = {name: [] for name in functions}
    for number in range(rounds + 1):
        order = list(functions.items())
        for name, function in order if number % 2 else reversed(order):
            work = timed(cr, lambda function=function, number=number: function(number))
            if number:
                works[name].append(work)
    return works


def _cpu(cr):
    return time.process_time() + _backend_cpu(_backend(cr))


def _backend_cpu(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # PostgreSQL is on another machine
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _backend(cr):
    return cr._cnx.info.backend_pid


def resident(cr):
    """Return the memory in MB of this process now and at its peak, and of PostgreSQL's process.

    The last is private memory now, None where it runs on another machine.
    """
    try:
        backend = _status(_backend(cr), "RssAnon")
    except OSError:
        backend = None
    return _status(os.getpid(), "VmRSS"), _status(os.getpid(), "VmHWM"), backend


def reset_peak():
    """Begin a new peak of this process's memory."""
    Path("/proc/self/clear_refs").write_text("5")


def _status(pid, key):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key):
            return round(int(line.split()[1]) / 1024, 1)
    return None


# ---------------------------------------------------------------------------------- telling


def server(cr):
    """Describe the machine and the PostgreSQL settings that matter."""
    cr.execute("SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)", [[
        "server_version", "shared_buffers", "work_mem", "maintenance_work_mem", "jit", "fsync",
        "synchronous_commit", "full_page_writes", "max_wal_size", "random_page_cost"]])
    model = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text()
             .splitlines() if line.startswith("model name")]
    return {
        "cpus": os.cpu_count(), "cpu": model[0] if model else "",
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "python": sys.version.split()[0], "postgresql": dict(cr.fetchall()),
        "load_1min": round(os.getloadavg()[0], 1),
        "commit": subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True,
                                 capture_output=True, check=False).stdout.strip(),
    }


class Figures:
    """The measured figures of one benchmark, printed as a table and kept as JSON.

    :param name: names the file ``.runtime/benchmarks/<name>.json``
    """

    def __init__(self, name):
        self.name, self.rows, self.about = name, [], {}

    def add(self, what, measured, unit, target="", met=None):
        """Add one line.

        :param measured: a number
        :param unit: its unit, ``x`` for a ratio
        :param target: what the issue asks for, in words
        :param met: whether it is met; None where nothing is asked for
        """
        self.rows.append({"what": what, "measured": measured, "unit": unit, "target": target,
                          "met": met})
        say(f"  {what}: {_number(measured)} {unit}" + (f" (asked: {target})" if target else ""))

    def show(self):
        """Print the table and write the file; return whether every target was met."""
        width = max(len(row["what"]) for row in self.rows)
        say("")
        for row in self.rows:
            verdict = {True: "met", False: "MISSED", None: ""}[row["met"]]
            say(f"{row['what']:{width}}  {_number(row['measured']):>10} {row['unit']:<6} "
                f"{row['target']:<12} {verdict}".rstrip())
        folder = RUNTIME / "benchmarks"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps({"benchmark": self.name, **self.about, "figures": self.rows},
                                   indent=1) + "\n")
        say(f"\nin {path.relative_to(ROOT)}")


def _number(value):
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
