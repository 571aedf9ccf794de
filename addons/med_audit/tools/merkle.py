"""The Merkle tree of RFC 9162, section 2.1, over SHA-256.

A tree of `size` leaves is known by its *frontier*: the roots of its complete subtrees, largest
first, one for each bit set in `size`. Hashes are 32 bytes; a proof is a list of them.
"""

from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(data):
    """Return the hash of a leaf's bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left, right):
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree, of which only the complete subtrees are kept.

    :ivar size: number of leaves
    """

    def __init__(self, size=0, hashes=()):
        """Take up a tree again.

        :param hashes: the roots of its complete subtrees, largest first
        :raise ValueError: when their number does not fit the size
        """
        levels = [level for level in reversed(range(size.bit_length())) if size >> level & 1]
        if size < 0 or len(levels) != len(hashes) or any(len(one) != 32 for one in hashes):
            raise ValueError(f"{len(hashes)} subtrees do not make a tree of {size} leaves")
        self.size = size
        self._at = dict(zip(levels, map(bytes, hashes), strict=True))

    @property
    def hashes(self):
        """The roots of the complete subtrees, largest first."""
        return [self._at[level] for level in sorted(self._at, reverse=True)]

    def extend(self, leaves, level=None):
        """Append leaf hashes; return the nodes of `level` that were completed, in their order."""
        self.size += len(leaves)
        completed, here, nodes = [], 0, list(leaves)
        while nodes:
            if here == level:
                completed = list(nodes)
            if here in self._at:
                nodes.insert(0, self._at.pop(here))
            if len(nodes) % 2:
                self._at[here] = nodes.pop()
            pairs = iter(nodes)
            nodes = [sha256(b"\x01" + left + right).digest()
                     for left, right in zip(pairs, pairs, strict=True)]
            here += 1
        return completed

    def root(self):
        """Return the root of the tree."""
        result = None
        for level in sorted(self._at):
            one = self._at[level]
            result = one if result is None else node_hash(one, result)
        return EMPTY if result is None else result


def root(leaves):
    """Return the root of a list of leaf hashes."""
    tree = Frontier()
    tree.extend(leaves)
    return tree.root()


def inclusion_ranges(index, size):
    """Return the ranges of leaves [(begin, end)] whose roots prove a leaf's inclusion, in order."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return list(reversed(_path(index, 0, size)))


def _path(index, begin, end):
    ranges = []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    return ranges


def consistency_ranges(first, size):
    """Return the ranges of leaves whose roots prove that a tree of `first` leaves grew to `size`.

    Empty for equal sizes and for an empty first tree.
    """
    if not 0 <= first <= size:
        raise ValueError(f"a tree of {first} leaves cannot have grown to {size}")
    if first in (0, size):
        return []
    ranges, begin, end = [], 0, size
    while end != first:
        middle = begin + _split(end - begin)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    if begin:
        ranges.append((begin, end))
    return ranges[::-1]


def _split(size):
    """Return the largest power of two that is smaller than `size` (RFC 9162, 2.1.1)."""
    return 1 << (size - 1).bit_length() - 1


def verify_inclusion(leaf, index, size, proof, expected):
    """Return whether `proof` shows the leaf hash at `index` in the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, result = index, size - 1, leaf
    for one in proof:
        if not last:
            return False
        if place & 1 or place == last:
            result = node_hash(one, result)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, one)
        place, last = place >> 1, last >> 1
    return not last and result == expected


def verify_consistency(first, first_root, size, proof, expected):
    """Return whether `proof` shows that one tree grew into the other (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= size:
        return False
    if first == size:
        return not proof and first_root == expected
    if not first:
        return not proof and first_root == EMPTY
    path = list(proof)
    if not first & (first - 1):
        path.insert(0, first_root)
    if not path:
        return False
    place, last = first - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, one)
        place, last = place >> 1, last >> 1
    return not last and old == first_root and new == expected
