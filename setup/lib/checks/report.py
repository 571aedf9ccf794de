"""What was run and how it went; a section counts nothing twice and forgives no skip."""

import threading
from dataclasses import dataclass, field

from ..house import say


@dataclass
class Report:
    """Counts over all sections and the text of everything that went wrong; lanes share it."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problems: list = field(default_factory=list)  # (title, text)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ok(self, count=1):
        with self._lock:
            self.passed += count

    def fail(self, title, text=""):
        with self._lock:
            self.failed += 1
            self.problems.append((title, text.rstrip()))
        say(f"  FAILED {title}")

    def skip(self, title, reason=""):
        with self._lock:
            self.skipped += 1
            self.problems.append((f"skipped: {title}", reason))
        say(f"  SKIPPED {title}")

    def check(self, title, faults):
        """One check that lists its faults; none is a pass."""
        faults = list(faults)
        if faults:
            self.fail(title, "\n".join(map(str, faults)))
        else:
            self.ok()

    def compare(self, title, written, run):
        """Fail for each written test that did not run: lost silently is the worst of failures.

        :param written: identifiers found in the source
        :param run: identifiers that ran
        """
        if lost := sorted(set(written) - set(run)):
            self.fail(f"{title}: {len(lost)} tests were written and did not run", "\n".join(lost))

    def close(self):
        """Print every problem in full, then the last line; returns the exit code."""
        for title, text in self.problems:
            say(f"\n{'─' * 78}\n{title}\n{text}")
        say(f"\n{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return int(bool(self.failed or self.skipped or not self.passed))
