"""A brute-force genealogy: what a test did, kept in plain lists and searched without any skill.

It shares nothing with the addon: no SQL, no table, no helper. Its rules are the definitions:

- What went into a document became part of what came out of it. It is exact where nothing else was
  possible (one output, or one lot of that component) or somebody recorded it; what was taken
  apart, and what was not tracked, is possible at most.
- A recorded part is in that unit. It is possible in another unit only as far as some of it was
  not recorded, and the other unit still lacks some of that component.
- Untracked stock of a product is one pool. What leaves it may be of anything that came in since
  the pool last ran empty. Stock that comes back, or is found by a count, was in the pool before;
  so was what is still out with a consignee. What was booked out before it came in came from the
  next receipt.
"""

from collections import defaultdict
from decimal import Decimal

APART = ('unbuild', 'removal')
AWAY = ('delivery', 'vendor_return', 'transfer')
BACK = ('return', 'transfer', 'adjustment', 'scrap')


class Pool:
    """Untracked stock of one product."""

    def __init__(self, product):
        self.here = ('before', product)
        self.balance, self.overdrawn, self.shipped, self.entered = 0, False, False, False
        self.steps = []

    def enter(self, node, kind, quantity):
        if self.overdrawn:
            self.steps.append((node, self.here))
        if self.entered and (self.balance > 0 or self.shipped or kind in BACK):
            self.steps.append((self.here, node))
        self.balance = max(self.balance, 0) + quantity
        self.here, self.overdrawn, self.entered = node, False, True

    def leave(self, kind, quantity):
        self.overdrawn |= quantity > self.balance
        self.shipped |= kind in AWAY
        self.balance = max(self.balance - quantity, 0)
        return self.here


class Document:
    """A transformation.

    :ivar inputs: list of ``[product, lot or None, node, quantity]``
    :ivar outputs: list of ``[product, lot or None, node, quantity]``
    :ivar links: ``{(part lot, unit lot): quantity}``
    """

    def __init__(self, kind, product):
        self.kind, self.product = kind, product
        self.inputs, self.outputs, self.links = [], [], {}

    def steps(self):
        """Return ``{(from, to): exact}``."""
        found = {}
        used, made = defaultdict(Decimal), Decimal(0)
        for product, _lot, _node, quantity in self.inputs:
            used[product] += quantity
        for product, _lot, _node, quantity in self.outputs:
            made += quantity if product == self.product else 0
        for product, lot, node, _quantity in self.inputs:
            sources = {other[2] for other in self.inputs if other[0] == product}
            targets = {other[2] for other in self.outputs}
            sure = lot is not None and self.kind not in APART and (
                len(sources) == 1 or len(targets) == 1)
            for out_product, out_lot, out_node, out_quantity in self.outputs:
                if (lot, out_lot) in self.links:
                    found[node, out_node] = True
                    continue
                if self.links and not sure:
                    whole = sum(other[3] for other in self.inputs if other[2] == node)
                    gone = sum(quantity for (part, _unit), quantity in self.links.items()
                               if part == lot)
                    has = sum(quantity for (part, unit), quantity in self.links.items()
                              if unit == out_lot and any(
                                  other[1] == part and other[0] == product
                                  for other in self.inputs))
                    share = used[product] * out_quantity / made if out_product == self.product \
                        else Decimal('Infinity')
                    if lot is not None and (gone >= whole or has >= share > 0):
                        continue
                exact = sure and out_lot is not None
                found[node, out_node] = found.get((node, out_node), False) or exact
        return found


class Oracle:
    """Everything that happened, and naive answers about it."""

    def __init__(self):
        self.documents, self.parties, self.pools = [], [], {}
        self.sums = defaultdict(lambda: defaultdict(Decimal))
        self.nodes = 0

    # ------------------------------------------------------------------ telling

    def document(self, kind, product=None):
        self.documents.append(Document(kind, product))
        return self.documents[-1]

    def enter(self, product, lot, quantity, kind, document=None):
        """Something came into our stock; return its node."""
        quantity = Decimal(str(quantity))
        if lot is None:
            self.nodes += 1
            node = ('pool', product, self.nodes)
            self.pools.setdefault(product, Pool(product)).enter(node, kind, quantity)
        else:
            node = lot
            self.sums[lot]['in'] += quantity
        if document:
            document.outputs.append([product, lot, node, quantity])
        return node

    def leave(self, product, lot, quantity, kind, document=None):
        """Something left our stock; return the node it came from."""
        quantity = Decimal(str(quantity))
        if lot is None:
            node = self.pools.setdefault(product, Pool(product)).leave(kind, quantity)
        else:
            node = lot
            self.sums[lot]['out'] += quantity
        if document:
            document.inputs.append([product, lot, node, quantity])
        return node

    def party(self, kind, partner, product, node, quantity):
        self.parties.append([kind, partner, product, node, Decimal(str(quantity))])
        return self.parties[-1]

    # ------------------------------------------------------------------ asking

    def steps(self):
        """Return ``{(from, to): exact}`` of everything that happened."""
        found = {}
        for document in self.documents:
            for step, exact in document.steps().items():
                found[step] = found.get(step, False) or exact
        for pool in self.pools.values():
            for step in pool.steps:
                found.setdefault(step, False)
        return found

    @staticmethod
    def closure(roots, steps, forward):
        """Return what can be reached, by trying every step until nothing is new."""
        seen = set(roots)
        while True:
            fresh = {step[forward] for step in steps if step[not forward] in seen} - seen
            if not fresh:
                return seen
            seen |= fresh

    def trace(self, roots, forward, steps=None):
        """Return ``({lot: exact}, {(partner, lot or product): [up, down]} twice)``."""
        steps = self.steps() if steps is None else steps
        seen = self.closure(roots, steps, forward)
        sure = self.closure(roots, [step for step in steps if steps[step]], forward)
        lots = {node: node in sure for node in seen if isinstance(node, int)}
        sums = []
        for up, down in (('delivery', 'return'), ('receipt', 'vendor_return')):
            rows = defaultdict(lambda: [Decimal(0), Decimal(0)])
            for kind, partner, product, node, quantity in self.parties:
                if node in seen and kind in (up, down):
                    key = (partner, node if isinstance(node, int) else ('pool', product))
                    rows[key][kind == down] += quantity
            sums.append(dict(rows))
        return lots, *sums
