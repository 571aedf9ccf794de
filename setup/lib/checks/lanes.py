"""Tests side by side: the files of a section are dealt into shares, and each core runs one."""

import os
from concurrent.futures import ThreadPoolExecutor

LANES = max(2, os.cpu_count() or 1)


def deal(weights, shares):
    """Deal files into shares of about the same weight; no share is empty.

    :param weights: file → its weight, here the number of its tests
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
