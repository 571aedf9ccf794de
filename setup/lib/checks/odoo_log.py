"""What Odoo's log tells about a run: tests started, failed and skipped, tours, warnings."""

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<text>.*)$")
STARTING = re.compile(r"Starting (\S+\.\S+) \.\.\.")
# Odoo repeats as errors how many tests failed
SUMMARY = re.compile(r"Tests failed: |Module \S+: \d+ failures|\d+ failed, \d+ error")
TEST = re.compile(r"^odoo\.addons\.(?P<place>\w+\.tests\.\w+)")


@dataclass
class Findings:
    """Tests are named ``addon.tests.file:Class.method``."""

    started: set = field(default_factory=set)
    failed: dict = field(default_factory=dict)    # name → traceback
    skipped: dict = field(default_factory=dict)   # name → reason
    tours: set = field(default_factory=set)
    warnings: list = field(default_factory=list)  # entries of level WARNING and above, in full

    def add(self, other):
        """Take over what another log tells."""
        self.started |= other.started
        self.failed |= other.failed
        self.skipped |= other.skipped
        self.tours |= other.tours
        self.warnings += other.warnings


def entries(lines):
    """Entries of a log as (level, logger, text); lines without a head belong to the one before."""
    current = None
    for line in lines:
        found = LINE.match(line.rstrip("\n"))
        if found:
            if current:
                yield tuple(current)
            current = [found["level"], found["logger"], found["text"]]
        elif current:
            current[2] += "\n" + line.rstrip("\n")
    if current:
        yield tuple(current)


def read(lines):
    """Findings of a whole log."""
    findings = Findings()
    for level, logger, text in entries(lines):
        place = TEST.match(logger)
        name = place and place["place"]
        if name and (found := STARTING.match(text)):
            findings.started.add(f"{name}:{found[1]}")
        elif name and (found := re.match(r"skipped (.+?) : (.*)", text, re.S)):
            findings.skipped[f"{name}:{found[1]}"] = found[2]
        elif level == "ERROR" and (found := re.match(r"(?:FAIL|ERROR): (.+)", text)):
            subject = re.sub(r"^Subtest (\S+).*", r"\1", found[1])
            findings.failed.setdefault(f"{name or logger}:{subject}", text)
        elif found := re.match(r"Evaluate test code \"odoo\.startTour\(['\"](.+?)['\"],", text):
            findings.tours.add(found[1])
        elif level in ("WARNING", "ERROR", "CRITICAL") and not SUMMARY.match(text):
            findings.warnings.append(f"{level} {logger}: {text}")
    return findings


def parse_allowed(text):
    """The allow-list: lines ``section | regular expression | reason``; * is every section.

    :raise ValueError: a line that lacks one of the three
    """
    allowed = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in re.split(r" \| ", line)]
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"line {number} is not 'section | regular expression | reason'")
        allowed.append((parts[0], re.compile(parts[1], re.S)))
    return allowed


def unexpected(warnings, allowed, section):
    """The warnings that no line of the allow-list covers in this section."""
    patterns = [pattern for where, pattern in allowed if where in ("*", section)]
    return [one for one in warnings if not any(pattern.search(one) for pattern in patterns)]
