"""Where things are, and how the programs of setup/ speak, run commands and fail."""

import contextlib
import fcntl
import hashlib
import os
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "setup"
ADDONS = ROOT / "addons"
RUNTIME = ROOT / ".runtime"
LOGS = RUNTIME / "logs"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "odoo-medical"

# What of core our addons stand on or bridge to; a template database holds these first.
CORE_ADDONS = (
    "stock", "purchase_stock", "mrp", "product_expiry", "repair", "mrp_subcontracting",
    "sale_stock",
)


class Failure(Exception):
    """Something the person at the keyboard can mend; the text says how."""


def say(text):
    """Print one line at once, so that progress is seen also when the output is a file."""
    print(text, flush=True)


@contextlib.contextmanager
def step(what):
    """Say what is being done, and how long it took when it took seconds."""
    say(f"• {what}")
    begin = time.monotonic()
    yield
    took = time.monotonic() - begin
    if took > 5:
        say(f"  {took:.0f} s")


def main(function):
    """Run a program's main function: a Failure is one readable sentence and exit code 1."""
    if {"-h", "--help"} & set(sys.argv[1:]):
        say(sys.modules["__main__"].__doc__.strip())
        sys.exit()
    try:
        sys.exit(function())
    except Failure as failure:
        sys.stdout.flush()
        sys.exit(f"\n{Path(sys.argv[0]).name}: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


def run(*command, log=None, hint="", **options):
    """Run a command to its end and return its standard output; its failure is a Failure.

    :param log: a file that takes the output instead; the last lines are shown on failure
    :param hint: what to do about a failure
    """
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "ab") as output:
            done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT,
                                  check=False, **options)
        told = log.read_text(errors="replace")[-3000:] if done.returncode else ""
    else:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        told = (done.stdout + done.stderr)[-3000:] if done.returncode else ""
    if done.returncode:
        raise Failure(f"{told}\nfailed: {shlex.join(command)}" + (f"\n{hint}" if hint else ""))
    return done.stdout


@contextlib.contextmanager
def alone(what):
    """Only one program of this clone does ``what`` at a time; others wait and say so."""
    with open(RUNTIME / f"{what}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another program here works on {what}; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def free_port():
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listening(port):
    """Whether somebody answers on 127.0.0.1:port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def sha256(path):
    """The SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def our_addons():
    """The names of our addons, sorted."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
