"""The example receiver behind a bad connection: it fails, is late, takes and does not answer.

    exchange_receiver.py --faults 0.5 --seed 1 [options of docs/exchange/receiver.py]

Which request meets which fault follows from the seed alone.
"""

import importlib.util
import random
import sys
import threading
import time
from pathlib import Path

PATH = Path(__file__).resolve().parents[1] / "docs" / "exchange" / "receiver.py"


def load():
    spec = importlib.util.spec_from_file_location("receiver", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def option(name, default):
    """Take an option of ours off the command line."""
    if name not in sys.argv:
        return default
    place = sys.argv.index(name)
    _name, value = sys.argv[place:place + 2]
    del sys.argv[place:place + 2]
    return type(default)(value)


def main():
    receiver = load()
    share, slow = option("--faults", 0.0), option("--slow", 0.0)
    draw, alone = random.Random(option("--seed", 1)), threading.Lock()

    class Faulty(receiver.Handler):
        """One fault a request, before or after the messages are taken."""

        fault = ""

        def do_POST(self):
            with alone:
                self.fault = draw.choice(["503", "500", "lost", "unanswered", "torn", "late"]) \
                    if draw.random() < share else ""
            time.sleep(slow)
            if self.fault in ("503", "500"):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.say(int(self.fault), {"error": "not now"})
            elif self.fault == "lost":
                self.close_connection = True
            else:
                super().do_POST()

        def say(self, status, data):
            if status == 200 and self.fault == "unanswered":
                self.close_connection = True
            elif status == 200 and self.fault == "torn":
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                self.wfile.write(b'{"version": 1, "answers": [{"id": ')
                self.close_connection = True
            else:
                if self.fault == "late":
                    time.sleep(0.5)
                super().say(status, data)

    receiver.Handler = Faulty
    receiver.main()


if __name__ == "__main__":
    main()
