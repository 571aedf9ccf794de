"""The other side of the outbox: the example receiver as a process, for black-box tests."""

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from lib.house import listening

RECEIVER = Path(__file__).parent / "exchange_receiver.py"


class OtherSide:
    """A partner's server, which may be killed and started again; what it took is in a file.

    :param secret: base64, of the key ``ours`` that signs what is sent to it
    :param store: path of its SQLite file
    """

    def __init__(self, port, secret, store):
        self.port, self.secret, self.store = port, secret, store
        self.process = None

    def start(self, **options):
        """Start it; options are those of ``exchange_receiver.py``."""
        self.process = subprocess.Popen([
            sys.executable, str(RECEIVER), "--port", str(self.port), "--store", str(self.store),
            "--key", f"ours=hmac-sha256:{self.secret}",
            *(part for name, value in options.items() for part in (f"--{name}", str(value)))])
        until = time.monotonic() + 20
        while not listening(self.port):
            assert time.monotonic() < until and self.process.poll() is None
            time.sleep(0.05)

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def rows(self, what):
        """Return columns of what was taken, in the order in which it was applied."""
        with sqlite3.connect(self.store, timeout=30) as db:
            return db.execute(f"SELECT {what} FROM message ORDER BY place").fetchall()
