"""The Merkle tree of the audit log against the vectors of Certificate Transparency."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_audit.tools import merkle

requirement = "P11-10a-2 LOG-3 LOG-5"

# The vectors of RFC 6962's reference implementation; RFC 9162 keeps its tree.
LEAVES = [merkle.leaf_hash(bytes.fromhex(data)) for data in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f")]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = {(0, 1): [], (0, 8): [A, B, C], (5, 8): [D, E, ROOTS[4]], (2, 3): [ROOTS[2]],
             (1, 5): [ROOTS[1], B, D]}
CONSISTENCY = {(1, 1): [], (1, 8): [A, B, C], (6, 8): [F, E, ROOTS[4]], (2, 5): [B, D]}


def naive(leaves):
    """The definition of RFC 9162, 2.1.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


def naive_path(index, leaves):
    """PATH of RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*naive_path(index, leaves[:k]), naive(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive(leaves[:k])]


def naive_proof(first, leaves, whole=True):
    """SUBPROOF of RFC 9162, 2.1.4.1."""
    if first == len(leaves):
        return [] if whole else [naive(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if first <= k:
        return [*naive_proof(first, leaves[:k], whole), naive(leaves[k:])]
    return [*naive_proof(first - k, leaves[k:], False), naive(leaves[:k])]


def roots(ranges, leaves):
    return [merkle.root(leaves[begin:end]) for begin, end in ranges]


def some(count):
    return [merkle.leaf_hash(b"%d" % number) for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_those_of_the_reference(index, size):
    proof = roots(merkle.inclusion_ranges(index, size), LEAVES[:size])
    assert [one.hex() for one in proof] == INCLUSION[index, size]


@pytest.mark.parametrize(("first", "size"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_reference(first, size):
    proof = roots(merkle.consistency_ranges(first, size), LEAVES[:size])
    assert [one.hex() for one in proof] == CONSISTENCY[first, size]


@given(st.lists(st.integers(0, 40), max_size=12))
def test_a_tree_grown_in_any_steps_is_the_tree_of_the_definition(steps):
    leaves, tree, done = some(sum(steps)), merkle.Frontier(), 0
    for step in steps:
        tree = merkle.Frontier(tree.size, tree.hashes)
        tree.extend(leaves[done:done + step])
        done += step
        assert tree.root() == naive(leaves[:done])


@given(st.lists(st.integers(0, 40), max_size=12))
def test_completed_subtrees_are_told_once_each(steps):
    leaves, tree, told = some(sum(steps)), merkle.Frontier(), []
    for step in steps:
        told += tree.extend(leaves[tree.size:tree.size + step], level=3)
    assert told == [naive(leaves[at:at + 8]) for at in range(0, len(leaves) // 8 * 8, 8)]


@given(st.integers(1, 70), st.data())
def test_inclusion_proofs_prove_their_leaf_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaves = some(size)
    proof, top = roots(merkle.inclusion_ranges(index, size), leaves), naive(leaves)
    assert proof == naive_path(index, leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, top)
    other = data.draw(st.integers(-1, size + 2).filter(lambda one: one != index))
    assert not merkle.verify_inclusion(leaves[index], other, size, proof, top)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"x"), index, size, proof, top)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, top], top)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof, merkle.EMPTY)
    if proof:
        assert not merkle.verify_inclusion(leaves[index], index, size, proof[1:], top)


@given(st.integers(1, 70), st.data())
def test_consistency_proofs_prove_growth_and_nothing_else(size, data):
    first = data.draw(st.integers(1, size))
    leaves = some(size)
    proof = roots(merkle.consistency_ranges(first, size), leaves)
    old, new = naive(leaves[:first]), naive(leaves)
    assert proof == naive_proof(first, leaves)
    assert merkle.verify_consistency(first, old, size, proof, new)
    assert not merkle.verify_consistency(first, merkle.EMPTY, size, proof, new)
    assert not merkle.verify_consistency(first, old, size, proof, merkle.EMPTY)
    assert not merkle.verify_consistency(first, old, size, [*proof, new], new)
    assert not merkle.verify_consistency(size + 1, old, size, proof, new)
    if first < size:
        assert not merkle.verify_consistency(first, old, size, proof[1:], new)
        rewritten = [merkle.leaf_hash(b"forged"), *leaves[1:]]
        assert not merkle.verify_consistency(
            first, old, size, roots(merkle.consistency_ranges(first, size), rewritten),
            naive(rewritten))


def test_every_tree_grew_from_the_empty_one():
    assert merkle.verify_consistency(0, merkle.EMPTY, 3, [], naive(LEAVES[:3]))
    assert not merkle.verify_consistency(0, LEAVES[0], 3, [], naive(LEAVES[:3]))


def test_a_leaf_cannot_pass_for_a_node():
    inner = merkle.node_hash(LEAVES[0], LEAVES[1])
    assert merkle.leaf_hash(LEAVES[0] + LEAVES[1]) != inner


def test_a_frontier_that_fits_no_tree_is_refused():
    with pytest.raises(ValueError, match="do not make a tree of 3 leaves"):
        merkle.Frontier(3, LEAVES[:1])
    with pytest.raises(ValueError, match="no leaf 8"):
        merkle.inclusion_ranges(8, 8)
    with pytest.raises(ValueError, match="cannot have grown"):
        merkle.consistency_ranges(9, 8)
