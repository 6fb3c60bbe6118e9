"""Trees and proofs against the published vectors, and against the recursive definitions of RFC 9162."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.compact_range import CompactRange
from protocol.errors import MalformedMessage, ProofMismatch
from protocol.merkle import EMPTY_ROOT, leaf_hash, tree_root
from protocol.proofs import verify_consistency, verify_inclusion
from protocol.tree import MerkleTree
from tests.protocol.conftest import Golden

# The eight entries and roots that implementations of RFC 6962 have shared since 2013.
ENTRIES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (0, 1): [],
}
CONSISTENCY = {
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def split(size: int) -> int:
    k = 1
    while 2 * k < size:
        k *= 2
    return k


def naive_root(entries: Sequence[bytes]) -> bytes:
    """MTH, as RFC 9162 section 2.1.1 writes it."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return sha256(b"\x01" + naive_root(entries[:k]) + naive_root(entries[k:])).digest()


def naive_path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH, section 2.1.3.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return [*naive_path(index, entries[:k]), naive_root(entries[k:])]
    return [*naive_path(index - k, entries[k:]), naive_root(entries[:k])]


def naive_subproof(old: int, entries: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF, section 2.1.4.1."""
    if old == len(entries):
        return [] if whole else [naive_root(entries)]
    k = split(len(entries))
    if old <= k:
        return [*naive_subproof(old, entries[:k], whole), naive_root(entries[k:])]
    return [*naive_subproof(old - k, entries[k:], False), naive_root(entries[:k])]


entry_lists = st.lists(st.binary(max_size=40), max_size=80)
trees = st.integers(1, 1200).map(lambda size: [b"%d" % number for number in range(size)])


@st.composite
def flipped(draw: st.DrawFn, data: bytes) -> bytes:
    at = draw(st.integers(0, len(data) - 1))
    return data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :]


@st.composite
def tampered(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    """The same proof with one hash changed, added, left out or moved."""
    other = draw(st.binary(min_size=32, max_size=32))
    choices = [[*proof, other], [other, *proof]]
    if proof:
        at = draw(st.integers(0, len(proof) - 1))
        choices.append([*proof[:at], draw(flipped(proof[at])), *proof[at + 1 :]])
        choices.append(proof[:at] + proof[at + 1 :])
    if len(set(proof)) > 1:
        choices.append(proof[1:] + proof[:1])
    return draw(st.sampled_from(choices))


@pytest.mark.parametrize("size", range(9))
def test_the_roots_everybody_knows(size: int) -> None:
    tree = MerkleTree(ENTRIES)
    compact = CompactRange()
    compact.extend(ENTRIES[:size])
    assert tree.root(size).hex() == ROOTS[size]
    assert compact.root().hex() == ROOTS[size]


def test_the_proofs_everybody_knows() -> None:
    tree = MerkleTree(ENTRIES)
    for (index, size), proof in INCLUSION.items():
        assert [one.hex() for one in tree.inclusion_proof(index, size)] == proof
    for (old, new), proof in CONSISTENCY.items():
        assert [one.hex() for one in tree.consistency_proof(old, new)] == proof


@given(entry_lists, st.lists(st.integers(0, 30), max_size=5))
def test_every_way_to_grow_a_tree_gives_the_root_of_the_definition(entries: list[bytes], cuts: list[int]) -> None:
    expected = naive_root(entries)
    tree, ranged, single = MerkleTree(), CompactRange(), CompactRange()
    at = 0
    for cut in [*cuts, len(entries)]:
        tree.extend(entries[at : at + cut])
        ranged.extend(iter(entries[at : at + cut]))
        at += cut
    for entry in entries:
        single.append(entry)
    assert tree.size == ranged.size == single.size == len(entries)
    assert tree.root() == ranged.root() == single.root() == tree_root(tree.node, len(entries)) == expected
    assert ranged.to_bytes() == single.to_bytes()


def test_a_batch_larger_than_the_inner_one_changes_nothing() -> None:
    entries = [b"%d" % n for n in range(40_000)]
    compact = CompactRange()
    compact.append(entries[0])
    compact.extend(entries[1:])
    assert compact.root() == MerkleTree(entries).root()


@given(trees, st.data())
def test_inclusion_is_proven_and_nothing_else_is(entries: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(entries)
    size = data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    proof, root, leaf = tree.inclusion_proof(index, size), tree.root(size), leaf_hash(entries[index])
    assert proof == naive_path(index, entries[:size])
    verify_inclusion(index, size, leaf, proof, root)

    with pytest.raises(ProofMismatch):
        verify_inclusion(index, size, leaf, data.draw(tampered(proof)), root)
    with pytest.raises(ProofMismatch):
        verify_inclusion(index, size, data.draw(flipped(leaf)), proof, root)
    with pytest.raises(ProofMismatch):
        verify_inclusion(index, size, leaf, proof, data.draw(flipped(root)))
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        with pytest.raises(ProofMismatch):
            verify_inclusion(other, size, leaf, proof, root)


@given(trees, st.data())
def test_consistency_is_proven_and_nothing_else_is(entries: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(entries)
    new = data.draw(st.integers(1, len(entries)))
    old = data.draw(st.integers(1, new))
    proof, old_root, new_root = tree.consistency_proof(old, new), tree.root(old), tree.root(new)
    assert proof == naive_subproof(old, entries[:new])
    verify_consistency(old, new, proof, old_root, new_root)

    receiver = CompactRange()
    receiver.extend(entries[:old])
    receiver.verify_prefix_of(new, proof, new_root)

    with pytest.raises(ProofMismatch):
        verify_consistency(old, new, data.draw(tampered(proof)), old_root, new_root)
    with pytest.raises(ProofMismatch):
        verify_consistency(old, new, proof, data.draw(flipped(old_root)), new_root)
    with pytest.raises(ProofMismatch):
        verify_consistency(old, new, proof, old_root, data.draw(flipped(new_root)))


def test_every_small_proof_holds() -> None:
    entries = [b"%d" % number for number in range(66)]
    tree = MerkleTree(entries)
    for new in range(1, len(entries) + 1):
        for old in range(new + 1):
            verify_consistency(old, new, tree.consistency_proof(old, new), tree.root(old), tree.root(new))
        for index in range(new):
            verify_inclusion(index, new, tree.node(0, index), tree.inclusion_proof(index, new), tree.root(new))


def test_a_proof_of_another_length_is_refused_as_such() -> None:
    tree = MerkleTree(ENTRIES)
    for old, new in ((3, 7), (4, 7), (6, 8)):
        proof, roots = tree.consistency_proof(old, new), (tree.root(old), tree.root(new))
        with pytest.raises(ProofMismatch, match="too short"):
            verify_consistency(old, new, [], *roots)
        with pytest.raises(ProofMismatch, match="too short"):
            verify_consistency(old, new, proof[:-1], *roots)
        with pytest.raises(ProofMismatch, match="too long"):
            verify_consistency(old, new, [*proof, EMPTY_ROOT], *roots)


def test_a_journal_that_rewrote_its_past_is_not_consistent() -> None:
    told = [b"Drancy admits", b"Drancy forwards", b"Drancy hires"]
    before = MerkleTree(told)
    after = MerkleTree([b"Drancy admits", b"Drancy forwarded nobody", b"Drancy hires", b"and goes on"])
    with pytest.raises(ProofMismatch):
        verify_consistency(3, 4, after.consistency_proof(3, 4), before.root(), after.root())


def test_everything_begins_with_the_empty_tree() -> None:
    root = MerkleTree(ENTRIES).root()
    verify_consistency(0, 8, [], EMPTY_ROOT, root)
    verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    for old_root, new_root, proof in (
        (root, root, []),
        (EMPTY_ROOT, root, [root]),
    ):
        with pytest.raises(ProofMismatch):
            verify_consistency(0, 8, proof, old_root, new_root)
    with pytest.raises(ProofMismatch):
        verify_consistency(0, 0, [], EMPTY_ROOT, root)


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0), (0, 2**63)])
def test_an_impossible_index_is_malformed(index: int, size: int) -> None:
    with pytest.raises(MalformedMessage):
        verify_inclusion(index, size, EMPTY_ROOT, [], EMPTY_ROOT)
    if not 0 <= index < 8:
        with pytest.raises(ValueError, match="index"):
            MerkleTree(ENTRIES).inclusion_proof(index)


@pytest.mark.parametrize(("old", "new"), [(-1, 8), (9, 8), (1, 2**63)])
def test_impossible_sizes_are_malformed(old: int, new: int) -> None:
    with pytest.raises(MalformedMessage):
        verify_consistency(old, new, [], EMPTY_ROOT, EMPTY_ROOT)
    with pytest.raises(ValueError, match="size"):
        MerkleTree(ENTRIES).consistency_proof(old, new)


def test_hashes_of_another_length_and_endless_proofs_are_malformed() -> None:
    with pytest.raises(MalformedMessage):
        verify_inclusion(0, 2, EMPTY_ROOT, [b"short"], EMPTY_ROOT)
    with pytest.raises(MalformedMessage):
        verify_inclusion(0, 2, b"", [EMPTY_ROOT], EMPTY_ROOT)
    with pytest.raises(MalformedMessage):
        verify_consistency(1, 2, [EMPTY_ROOT] * 200, EMPTY_ROOT, EMPTY_ROOT)
    # No tree needs more than two hashes a level; what has no more is judged by where it leads.
    with pytest.raises(ProofMismatch):
        verify_inclusion(0, 2, EMPTY_ROOT, [EMPTY_ROOT] * 128, EMPTY_ROOT)
    with pytest.raises(MalformedMessage):
        verify_inclusion(0, 2, EMPTY_ROOT, [EMPTY_ROOT] * 129, EMPTY_ROOT)


def test_nodes_that_are_not_complete_are_not_given() -> None:
    tree = MerkleTree(ENTRIES[:7])
    assert tree.node(2, 0).hex() == ROOTS[4]
    assert tree.nodes(0, 2, 2) == leaf_hash(ENTRIES[2]) + leaf_hash(ENTRIES[3])
    for level, index in ((2, 1), (3, 0), (0, 7), (-1, 0), (0, -1), (40, 0)):
        with pytest.raises(IndexError):
            tree.node(level, index)


@given(entry_lists)
def test_a_range_survives_its_database_row(entries: list[bytes]) -> None:
    compact = CompactRange()
    compact.extend(entries)
    restored = CompactRange.from_bytes(compact.to_bytes())
    tried = restored.copy()
    tried.append(b"one more")
    assert (restored.size, restored.root()) == (compact.size, compact.root())
    assert tried.size == compact.size + 1


@pytest.mark.parametrize(
    "row",
    [b"", b"\x00" * 7, b"\x00" * 8 + b"x", (1).to_bytes(8, "big"), (3).to_bytes(8, "big") + b"h" * 32, b"\xff" * 8],
)
def test_a_row_that_is_no_range_is_malformed(row: bytes) -> None:
    with pytest.raises(MalformedMessage):
        CompactRange.from_bytes(row)


def test_golden(golden: Golden) -> None:
    entries = [b"entry %d" % number for number in range(11)]
    tree = MerkleTree(entries)
    compact = CompactRange()
    compact.extend(entries)
    golden(
        "merkle",
        {
            "entries_hex": [entry.hex() for entry in entries],
            "roots_hex": [tree.root(size).hex() for size in range(12)],
            "inclusion": [
                {"index": index, "size": size, "proof_hex": [one.hex() for one in tree.inclusion_proof(index, size)]}
                for index, size in ((0, 1), (0, 11), (5, 8), (7, 11), (10, 11))
            ],
            "consistency": [
                {"old": old, "new": new, "proof_hex": [one.hex() for one in tree.consistency_proof(old, new)]}
                for old, new in ((1, 11), (4, 8), (6, 11), (8, 11), (11, 11))
            ],
            "compact_range_of_11_hex": compact.to_bytes().hex(),
        },
    )
