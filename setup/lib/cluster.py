"""PostgreSQL for one test module, which may be killed without harm to any other; its replica."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from . import postgres
from .house import Failure, free_port, run


class Running:
    """A server in the folder ``data`` that writes the file ``log``."""

    def start(self):
        """Start it; after :meth:`kill` it recovers first."""
        postgres.as_owner(postgres.program("pg_ctl"), "-D", self.data, "-w", "-t", "60", "-s", "-l",
                          self.log, "start")

    def kill(self):
        """End the server and all its processes at once with SIGKILL, as a power failure would."""
        try:
            first = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError):
            return
        mine = [first, *_children(first)] if _is_postgres(first) else []
        for pid in mine:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 10
        while any(map(_is_postgres, mine)):
            if time.monotonic() > until:
                raise Failure(f"PostgreSQL in {self.data} does not end")
            time.sleep(0.02)
        # nobody may be there to bury the dead, and the next one would take them for alive
        (self.data / "postmaster.pid").unlink(missing_ok=True)


class Cluster(Running):
    """An own cluster on 127.0.0.1, for the length of a ``with`` block.

    In the block every program connects to it, since the PG… variables name it. It writes durably:
    what was committed is there after :meth:`kill`.

    :param databases: names of databases of the usual server, copied into it
    """

    def __init__(self, *databases):
        self.databases = databases
        self.port = free_port()

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="odoo-medical-cluster-", dir="/var/tmp"))
        self.before = {name: os.environ.get(name) for name in os.environ.keys() | {
            "PGHOST", "PGPORT", "PGUSER", "PGPASSFILE"} if name.startswith("PG")}
        try:
            self._make()
            self.start()
            self._copy()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        for name, value in self.before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def data(self):
        return self.folder / "data"

    @property
    def log(self):
        return self.folder / "server.log"

    def _make(self):
        owner, word = self.folder / "password", os.urandom(16).hex()
        owner.write_text(word)
        postgres.give(self.folder)
        postgres.give(owner)
        postgres.as_owner(
            postgres.program("initdb"), "-D", self.data, "-U", "odoo", "--pwfile", owner, "-N",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C")
        owner.unlink()
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"\nport = {self.port}\nlisten_addresses = '127.0.0.1'\n"
                       "unix_socket_directories = ''\nmax_connections = 100\n")
        self.passfile = self.folder / "pgpass"
        self.passfile.touch(mode=0o600)
        self.passfile.write_text(f"127.0.0.1:{self.port}:*:odoo:{word}\n")

    def let_in(self, port):
        """Let our programs into another server with the same roles."""
        [*_place, word] = self.passfile.read_text().splitlines()[0].split(":")
        with open(self.passfile, "a") as more:
            more.write(f"127.0.0.1:{port}:*:odoo:{word}\n")

    def _copy(self):
        """Copy the databases; from here on this cluster is the one that programs know."""
        usual = {**os.environ, **postgres.environment()}
        for name in self.databases:
            run("pg_dump", "-Fc", "-Z1", "-d", name, "-f", self.folder / "copy", env=usual)
            self._instead()
            run("createdb", name)
            run("pg_restore", "--no-owner", "-d", name, self.folder / "copy")
            (self.folder / "copy").unlink()
        self._instead()

    def _instead(self):
        for name in self.before:
            os.environ.pop(name, None)
        os.environ.update(PGHOST="127.0.0.1", PGPORT=str(self.port), PGUSER="odoo",
                          PGPASSFILE=str(self.passfile))


class Replica(Running):
    """A streaming replica of a running :class:`Cluster`, for the length of a ``with`` block.

    It answers reads on its own port and logs every statement that it is asked, in ``log``.
    """

    def __init__(self, cluster):
        self.cluster, self.port = cluster, free_port()
        self.data, self.log = cluster.folder / "replica", cluster.folder / "replica.log"

    def __enter__(self):
        known = self.cluster.folder / "replica-pgpass"  # as its owner reads it
        known.touch(mode=0o600)
        known.write_text(self.cluster.passfile.read_text())
        postgres.give(known)
        postgres.as_owner(
            postgres.program("pg_basebackup"), "-D", self.data, "-R", "-X", "stream", "-c", "fast",
            "-d", f"host=127.0.0.1 port={self.cluster.port} user=odoo passfile={known}")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"\nport = {self.port}\nhot_standby_feedback = on\n"
                       "log_statement = 'all'\nlog_line_prefix = '%a '\n")
        self.cluster.let_in(self.port)
        self.start()
        return self

    def __exit__(self, *error):
        self.kill()

    def sql(self, statement, database):
        """Rows of a statement that the replica answers itself."""
        told = run("psql", "-X", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database,
                   "-c", statement, env={**os.environ, "PGPORT": str(self.port)})
        return [line.split("\t") for line in told.splitlines() if line]

    def catch_up(self, seconds=60):
        """Wait until it has applied all that the cluster has written up to now."""
        [[now]] = postgres.sql("SELECT pg_current_wal_lsn()")
        until = time.monotonic() + seconds
        while True:
            [[behind]] = self.sql(
                f"SELECT pg_wal_lsn_diff('{now}', pg_last_wal_replay_lsn())", "postgres")
            if int(behind) <= 0:
                return
            if time.monotonic() > until:
                raise Failure(f"the replica is {behind} bytes behind after {seconds} s")
            time.sleep(0.05)


def _children(parent):
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], text=True,
                          capture_output=True, check=False).stdout
    return [int(pid) for pid in told.split()]


def _is_postgres(pid):
    with contextlib.suppress(OSError):
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False  # gone, or a zombie, which has no command line
