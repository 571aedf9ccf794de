"""Odoo itself: unpacked into the runtime folder (or ODOO_HOME), run with our addons on its path."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tarfile
import time
import urllib.request
from pathlib import Path

from . import downloads, postgres, python
from .house import ADDONS, LOGS, ROOT, RUNTIME, Failure, listening, run, step

UNPACKED = RUNTIME / "odoo"
CONF = ROOT / "odoo.conf"
DATA = RUNTIME / "data"
COMMAND = ROOT / "setup" / "lib" / "in_odoo" / "command.py"


def home():
    """The folder that holds the package ``odoo``: ODOO_HOME, else what we unpacked."""
    if given := os.environ.get("ODOO_HOME"):
        folder = Path(given).resolve()
        release = folder / "odoo" / "release.py"
        if not release.exists() or not re.search(r"version_info = \(19, 0,", release.read_text()):
            raise Failure(f"ODOO_HOME={given} holds no odoo/release.py of version 19.0")
        return folder
    return UNPACKED / "usr" / "lib" / "python3" / "dist-packages"


def addons_path():
    """Core's addons, then ours. Debian's ``dist-packages/addons`` lacks data files: never on it."""
    inside, beside = home() / "odoo" / "addons", home() / "addons"
    core = [inside] if (inside / "stock").exists() else [inside, beside]
    return ",".join(map(str, [*core, ADDONS]))


def identity():
    """What tells one Odoo from another: a text that changes when the source does."""
    if "ODOO_HOME" in os.environ:
        return f"{home()} {(home() / 'odoo' / 'release.py').stat().st_mtime_ns}"
    return (UNPACKED / "unpacked-from").read_text()


def ensure():
    """Fetch and unpack Odoo unless ODOO_HOME names one or it is there."""
    if "ODOO_HOME" in os.environ:
        home()
        return
    packages = downloads.debian_packages()
    extras = {entry["into"]: (entry, downloads.npm_package(entry))
              for entry in downloads.MANIFEST["npm"]}
    made_of = "\n".join(path.parent.name for path in
                        [*packages.values(), *(path for _, path in extras.values())])
    stamp = UNPACKED / "unpacked-from"
    if stamp.exists() and stamp.read_text() == made_of:
        return
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    with step("Unpacking Odoo 19"):
        for path in packages.values():
            run("dpkg", "-x", path, UNPACKED)
        for into, (entry, path) in extras.items():
            target = home() / "odoo" / "addons" / into
            target.parent.mkdir(parents=True, exist_ok=True)
            with tarfile.open(path) as tarball:
                target.write_bytes(tarball.extractfile(entry["member"]).read())
    stamp.write_text(made_of)


def environment(**more):
    """The variables that a Python program needs to import Odoo and reach the database."""
    variables = {**os.environ, **postgres.environment(), **more, "PYTHONPATH": str(home()),
                 "PYTHONPYCACHEPREFIX": str(RUNTIME / "pycache"), "PYTHONUNBUFFERED": "1",
                 "PATH": f"{python.VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # starting Odoo takes twice as long without
    return variables


def command(subcommand, database, *arguments):
    """The command line of an Odoo subcommand on a database, with our configuration."""
    return [str(part) for part in (
        python.PYTHON, COMMAND, subcommand, "-c", CONF, f"--addons-path={addons_path()}",
        "-D", DATA, "-d", database, *arguments)]


def call(subcommand, database, *arguments, log, **options):
    """Run Odoo to its end, its output in a log file; a failure shows the log's last lines."""
    run(*command(subcommand, database, *arguments), log=log, env=environment(), cwd=ROOT, **options)


def shell(database, script, *arguments, aloud=False):
    """Run Python source in ``odoo shell``; returns what it printed. ``env`` is the superuser's.

    :param arguments: further ones of the command line
    :param aloud: let it print to the terminal instead, for what takes long
    """
    done = subprocess.run(
        command("shell", database, "--no-http", "--log-level=warn", *arguments),
        input=script, text=True,
        stdout=None if aloud else subprocess.PIPE, stderr=subprocess.PIPE, check=False,
        env=environment(), cwd=ROOT)
    if done.returncode:
        raise Failure(f"{done.stdout or ''}\n{done.stderr[-4000:]}\n"
                      "failed: a script in odoo shell")
    return done.stdout


class Server:
    """An Odoo server of ours in the background, known by its pid file.

    :param name: names the pid and log files
    :param database: the one database it serves
    :param port: on 127.0.0.1
    """

    def __init__(self, name, database, port):
        self.database, self.port = database, port
        self.url = f"http://127.0.0.1:{port}"
        self.log = LOGS / f"{name}.log"
        self.pidfile = RUNTIME / f"{name}.pid"

    def pid(self):
        """The process id while it runs, else None."""
        try:
            pid = int(self.pidfile.read_text())
            return pid if b"odoo" in Path(f"/proc/{pid}/cmdline").read_bytes() else None
        except (OSError, ValueError):
            return None

    def start(self, *arguments, timeout=180):
        """Start unless it runs; returns when it answers."""
        if self.pid():
            return
        until = time.monotonic() + 10  # one that was killed may hold its port for a moment
        while listening(self.port) and time.monotonic() < until:
            time.sleep(0.2)
        if listening(self.port):
            raise Failure(f"port {self.port} is taken by another program; stop that one, or choose"
                          " another port with MED_PORT=…")
        LOGS.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as output:
            process = subprocess.Popen(
                command("server", self.database, f"--http-port={self.port}",
                        f"--db-filter=^{self.database}$", *arguments),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=environment(), cwd=ROOT, start_new_session=True)
        self.pidfile.write_text(str(process.pid))
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            if process.poll() is not None:
                raise Failure(f"{self.log.read_text(errors='replace')[-3000:]}\n"
                              f"the Odoo server ended at once; its log: {self.log}")
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5).read()
                return
            except OSError:
                time.sleep(0.3)
        raise Failure(f"the Odoo server does not answer after {timeout} s; its log: {self.log}")

    def stop(self, sig=signal.SIGTERM, timeout=30):
        """End it and wait for its end."""
        pid = self.pid()
        if pid:
            os.kill(pid, sig)
            until = time.monotonic() + timeout
            while self.pid() and time.monotonic() < until:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
                time.sleep(0.1)
            if self.pid():
                os.kill(pid, signal.SIGKILL)
        self.pidfile.unlink(missing_ok=True)
