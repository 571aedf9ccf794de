"""The kinds of genealogy events, and on which side of a lot's balance each one stands.

Source of the vocabulary: REQUIREMENTS TRC-3 (made = stock + shipped + scrapped + consumed ...),
EU MDR art. 25 (supplied to, supplied by).
"""

TRANSFORMATIONS = (
    'manufacture', 'subcontract', 'unbuild', 'repair', 'removal',
    'repack', 'relabel', 'split', 'merge', 'production', 'transfer',
)
"""Events in which what goes in becomes part of what comes out: the walk crosses them."""

TAKING_APART = ('unbuild', 'removal')
"""What comes out was together with what else was inside: never more than `possible`."""

POOL_AWAY = ('delivery', 'vendor_return', 'transfer')
"""How untracked stock leaves that may come back: until then the pool is not really empty."""

POOL_BACK = ('return', 'transfer', 'adjustment', 'scrap')
"""How untracked stock comes in that was in the pool before."""

BALANCE_IN = {
    'receipt': 'received',
    'manufacture': 'made',
    'subcontract': 'made',
    'production': 'made',
    'unbuild': 'recovered',
    'removal': 'recovered',
    'repair': 'recovered',
    'repack': 'recovered',
    'relabel': 'recovered',
    'split': 'recovered',
    'merge': 'recovered',
    'return': 'returned',
    'transfer': 'transferred_in',
    'adjustment': 'gained',
    'scrap': 'gained',
}
"""Event kind → column of the balance for what comes out of the event into our stock."""

BALANCE_OUT = {
    'manufacture': 'consumed',
    'subcontract': 'consumed',
    'production': 'consumed',
    'unbuild': 'consumed',
    'removal': 'consumed',
    'repair': 'consumed',
    'repack': 'consumed',
    'relabel': 'consumed',
    'split': 'consumed',
    'merge': 'consumed',
    'delivery': 'shipped',
    'vendor_return': 'vendor_returned',
    'transfer': 'transferred_out',
    'scrap': 'scrapped',
    'adjustment': 'lost',
}
"""Event kind → column of the balance for what leaves our stock into the event."""
