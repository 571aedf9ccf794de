"""PostgreSQL: the one that PGHOST, PGUSER … name, else a private cluster of this clone.

The private cluster belongs to an ordinary user, listens on 127.0.0.1 alone and asks for a password
kept in the runtime folder. It writes durably; test databases relax that for themselves.
"""

import contextlib
import glob
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from .house import LOGS, ROOT, RUNTIME, Failure, free_port, run, say, step

EXTERNAL = any(name in os.environ for name in ("PGHOST", "PGPORT", "PGUSER", "PGSERVICE"))
# databases of several clones must not meet on a shared server
PREFIX = f"med_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}" if EXTERNAL else "med"
PASSFILE = RUNTIME / "pgpass"
PLACE = RUNTIME / "postgres-at"  # names the cluster's folder, which may lie elsewhere


def program(name):
    """The path of one of PostgreSQL's server programs, of the newest version."""
    versions = glob.glob("/usr/lib/postgresql/*/bin")
    for folder in sorted(versions, key=lambda one: float(one.split("/")[4]), reverse=True):
        if os.path.exists(f"{folder}/{name}"):
            return f"{folder}/{name}"
    if found := shutil.which(name):
        return found
    raise Failure("PostgreSQL's server programs are missing:\n  sudo apt-get install postgresql\n"
                  "or set PGHOST, PGUSER … to a PostgreSQL that is already there")


def _owner():
    """The ordinary user that runs the server when we are root; None when we are not."""
    if os.geteuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def as_owner(*command):
    """Run a command as the user that runs the server; returns what it printed."""
    owner = _owner()
    prefix = ["runuser", "-u", owner, "--"] if owner else []
    return run(*prefix, *command, cwd="/")


def give(path):
    """Let the user that runs the server own a file or folder."""
    if owner := _owner():
        shutil.chown(path, owner)


def _folder():
    return Path(PLACE.read_text()) if PLACE.exists() else None


def _new_folder():
    """A folder that the server's owner can reach: in the runtime folder, else in /var/tmp."""
    folder, owner = RUNTIME / "postgres", _owner()
    reachable = not owner or subprocess.run(
        ["runuser", "-u", owner, "--", "test", "-x", RUNTIME], cwd="/",
        check=False).returncode == 0
    if reachable:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    else:
        folder = Path(tempfile.mkdtemp(prefix="odoo-medical-postgres-", dir="/var/tmp"))
    give(folder)
    return folder


def _make():
    """Make the cluster: superuser postgres for ourselves, role odoo that may create databases."""
    folder, port = _new_folder(), free_port()
    passwords = {"postgres": secrets.token_hex(16), "odoo": secrets.token_hex(16)}
    given = folder / "password"
    given.write_text(passwords["postgres"])
    give(given)
    as_owner(program("initdb"), "-D", folder / "data", "-U", "postgres", "--pwfile", given,
              "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums")
    given.unlink()
    with open(folder / "data" / "postgresql.conf", "a") as conf:
        conf.write(f"\nport = {port}\nlisten_addresses = '127.0.0.1'\n"
                   "unix_socket_directories = ''\nmax_connections = 200\n"
                   "shared_buffers = 512MB\nwork_mem = 16MB\nmaintenance_work_mem = 256MB\n"
                   "max_wal_size = 4GB\nlog_min_messages = warning\n")
    PASSFILE.touch(mode=0o600)
    PASSFILE.write_text("".join(
        f"127.0.0.1:{port}:*:{role}:{word}\n" for role, word in passwords.items()))
    (RUNTIME / "postgres-port").write_text(str(port))
    PLACE.write_text(str(folder))
    _control("start")
    sql(f"CREATE ROLE odoo LOGIN CREATEDB PASSWORD '{passwords['odoo']}'", user="postgres")


def _control(action):
    folder = _folder()
    options = ["-m", "fast"] if action == "stop" else ["-l", folder / "server.log"]
    as_owner(program("pg_ctl"), "-D", folder / "data", "-w", "-t", "120", "-s", *options, action)


def running():
    """Whether the private cluster runs."""
    folder = _folder()
    if not folder or not (folder / "data" / "postmaster.pid").exists():
        return False
    with contextlib.suppress(Failure):
        as_owner(program("pg_ctl"), "-D", folder / "data", "status")
        return True
    return False


def environment():
    """The PG… variables for programs that connect as role odoo."""
    if EXTERNAL:
        return {}
    port = (RUNTIME / "postgres-port").read_text()
    return {"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "odoo", "PGPASSFILE": str(PASSFILE)}


def start():
    """Make and start the private cluster where needed; check that an external one answers."""
    LOGS.mkdir(parents=True, exist_ok=True)
    if EXTERNAL:
        try:
            sql("SELECT 1")
        except Failure as failure:
            raise Failure(f"the PostgreSQL that PGHOST, PGPORT, PGUSER name does not let us in:\n"
                          f"{failure}") from None
    elif not _folder() or not (_folder() / "data" / "PG_VERSION").exists():
        with step("Making a private PostgreSQL cluster"):
            _make()
    elif not running():
        _control("start")


def stop():
    """Stop the private cluster unless somebody works in it; an external one is not ours to stop."""
    if not EXTERNAL and running():
        users = sql("SELECT DISTINCT datname FROM pg_stat_activity"
                    " WHERE datname IS NOT NULL AND pid <> pg_backend_pid()")
        if users:
            say(f"PostgreSQL goes on, since {', '.join(name for name, in users)} is in use.")
        else:
            _control("stop")


def forget():
    """Stop and remove the private cluster."""
    if not EXTERNAL and running():
        _control("stop")
    if folder := _folder():
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def as_before():
    """After this block the private cluster runs if it ran before it, and does not if it did not."""
    was_running = EXTERNAL or running()
    try:
        yield
    finally:
        if not was_running:
            stop()


def sql(statement, database="postgres", user=None):
    """Run one statement through psql; returns its rows as lists of strings."""
    variables = {**os.environ, **environment(), **({"PGUSER": user} if user else {})}
    told = run("psql", "-X", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database,
               "-c", statement, env=variables)
    return [line.split("\t") for line in told.splitlines() if line]
