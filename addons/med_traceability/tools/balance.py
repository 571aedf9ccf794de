"""The balance of a lot: everything that came in equals everything that went out plus what is there.

Exact: sums are made in decimal arithmetic, and nothing is rounded away (REQUIREMENTS TRC-3).
"""

from decimal import Decimal

from .kinds import BALANCE_IN, BALANCE_OUT

IN_COLUMNS = tuple(dict.fromkeys(BALANCE_IN.values()))
OUT_COLUMNS = tuple(dict.fromkeys(BALANCE_OUT.values()))


def balance(postings, on_hand):
    """Return the sums of one lot.

    :param postings: iterable of ``(kind, side, quantity)``; side ``out`` of an event is what came
        into our stock, side ``in`` is what left it; quantities as Decimal, int or exact text
    :param on_hand: what the stock holds now
    :return: ``{column: float, "in_total", "out_total", "on_hand", "difference", "balanced"}``
    :raise KeyError: an unknown kind: it must not be left out of the sum in silence
    """
    sums = dict.fromkeys((*IN_COLUMNS, *OUT_COLUMNS), Decimal(0))
    for kind, side, quantity in postings:
        column = BALANCE_IN[kind] if side == 'out' else BALANCE_OUT[kind]
        sums[column] += Decimal(quantity)
    in_total = sum((sums[column] for column in IN_COLUMNS), Decimal(0))
    out_total = sum((sums[column] for column in OUT_COLUMNS), Decimal(0))
    difference = in_total - out_total - Decimal(on_hand)
    return {column: float(value) for column, value in sums.items()} | {
        'in_total': float(in_total),
        'out_total': float(out_total),
        'on_hand': float(on_hand),
        'difference': float(difference),
        'balanced': difference == 0,
    }
