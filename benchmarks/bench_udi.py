"""Reading and checking UDIs on one core, side by side with biip alone.

biip reads GS1 only; it lets a wrong check digit pass, knows no rule between elements and takes the
whole rest for a lot where a separator is lost. It is here as the reading that everybody can have.
MED_BENCH_CODES=n reads n codes of each kind instead of 50,000.
"""

import os
import random
import sys
import time
from datetime import date, timedelta

import support
from support import say

CODES = int(os.environ.get("MED_BENCH_CODES", "50000"))
ROUNDS = 5
TODAY = date(2026, 11, 22)
FNC1 = "\x1d"


def bench():
    sys.path.insert(0, str(support.ROOT / "tests" / "unit"))
    import conftest  # noqa: F401  (makes the rules importable without a database)
    from biip.gs1_messages import GS1Message
    from odoo.addons.med_traceability.tools.udi import build, parse

    figures = support.Figures("udi")
    figures.about = {"python": sys.version.split()[0], "cpus": os.cpu_count(), "codes": CODES,
                     "load_1min": round(os.getloadavg()[0], 1)}
    chance = random.Random(20261122)
    sets = {
        "GS1, as labels have it": [build("gs1", elements(chance), today=TODAY)
                                   for _ in range(CODES)],
        "GS1, elements in any order": [shuffled(elements(chance), chance) for _ in range(CODES)],
        "HIBCC": [build("hibcc", {
            "+": f"A999{chance.randrange(10**8)}0", "$$3": day(chance),
            "$": f"L{chance.randrange(10**6)}", "S": f"S{chance.randrange(10**6)}"}, today=TODAY)
            for _ in range(CODES)],
        "ICCBBA": [build("iccbba", {
            "=/": f"A9999XYZ{chance.randrange(10**8):08d}", "=,": f"{chance.randrange(10**6):06d}",
            "=>": day(chance), "=}": day(chance)}, today=TODAY) for _ in range(CODES)],
        "MA": [build("ma", {
            "MA": f"MA.156.M0.100472.{chance.randrange(10**8):08d}", "M": day(chance),
            "L": f"L{chance.randrange(10**6)}", "V": day(chance)}, today=TODAY)
            for _ in range(CODES)],
    }
    readers = {name: (codes, lambda code: parse(code, today=TODAY))
               for name, codes in sets.items()}
    readers["biip alone, GS1 as labels have it"] = (
        sets["GS1, as labels have it"][:CODES // 5], GS1Message.parse)
    rates = {name: [] for name in readers}
    for number in range(ROUNDS + 1):
        order = list(readers) if number % 2 else list(reversed(readers))
        for name in order:
            codes, reader = readers[name]
            begin = time.process_time()
            for code in codes:
                reader(code)
            if number:  # the first warms up
                rates[name].append(len(codes) / (time.process_time() - begin))
    for name, found in rates.items():
        rate = support.median(found)
        asked = "" if "biip" in name else "at least 50,000"
        figures.add(name, rate, "1/s", asked, rate >= 50_000 if asked else None)
    figures.add("GS1, times biip's rate", support.median(rates["GS1, as labels have it"])
                / support.median(rates["biip alone, GS1 as labels have it"]), "x")
    say("By processor time of one core; each code read once a round, no two alike.")
    figures.show()


def elements(chance):
    """Device identifier, manufacture, expiry, lot and serial: a label of a UDI that bears all."""
    from odoo.addons.med_traceability.tools.udi.checks import mod10_digit
    item = f"{chance.randrange(10**13):013d}"
    return {"01": item + mod10_digit(item), "11": day(chance), "17": day(chance),
            "10": f"L{chance.randrange(10**6):06d}", "21": f"S{chance.randrange(10**8):08d}"}


def shuffled(parts, chance):
    keys = list(parts)
    chance.shuffle(keys)
    return "".join(
        key + (parts[key].strftime("%y%m%d") if key in ("11", "17") else parts[key])
        + (FNC1 if key in ("10", "21") else "") for key in keys)


def day(chance):
    return date(2020, 1, 1) + timedelta(chance.randrange(4000))


support.main(bench)
