"""Tests side by side: the files of a section are dealt into shares, and each core runs one."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

from ..house import LOGS, ROOT

LANES = max(2, os.cpu_count() or 1)
# What each file took once; a run writes what it took to the logs, to be copied here.
KNOWN, TAKEN = ROOT / "tests" / "seconds.json", LOGS / "seconds.json"


def weights(tests):
    """Return how many seconds each file is expected to take.

    :param tests: file, a path below the repository → number of its tests; a file that was never
        timed counts by them
    """
    known = json.loads(KNOWN.read_text())
    timed = [file for file in tests if file in known]
    each = sum(known[file] for file in timed) / max(1, sum(tests[file] for file in timed)) or 1
    return {file: known.get(file, count * each) for file, count in tests.items()}


def keep(seconds):
    """Write down what files took, beside what is written of others."""
    told = json.loads(TAKEN.read_text()) if TAKEN.exists() else {}
    told |= {file: round(number, 1) for file, number in seconds.items()}
    TAKEN.write_text(json.dumps(told, indent=0, sort_keys=True) + "\n")


def deal(weights, shares):
    """Deal files into shares of about the same weight; no share is empty.

    :param weights: file → its weight, in seconds or in tests
    :return: lists of files, the heaviest share first
    """
    hands = [[0, []] for _ in range(max(1, min(shares, len(weights))))]
    for file, weight in sorted(weights.items(), key=lambda one: (-one[1], one[0])):
        lightest = min(hands, key=lambda hand: hand[0])
        lightest[0] += weight
        lightest[1].append(file)
    return [files for _, files in sorted(hands, key=lambda hand: -hand[0])]


def side_by_side(function, shares):
    """``function(number, share)`` for every share, as many at a time as there are cores.

    :return: the answers in the order of the shares
    """
    with ThreadPoolExecutor(LANES) as pool:
        return list(pool.map(function, range(1, len(shares) + 1), shares))
