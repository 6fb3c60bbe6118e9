"""The two proofs of a Merkle tree, made and verified (RFC 9162, 2.1.3 and 2.1.4).

Guarantees: `verify_inclusion` returns only when the entry is in the tree of that root, `verify_consistency` only when
the larger tree begins with the smaller one. Read next: merkle.py (the hashes), checkpoint.py (the signed root).
"""

from collections.abc import Sequence

from protocol.errors import MalformedMessage, ProofMismatch
from protocol.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, NodeReader, node_hash, range_hash, split


def inclusion_proof(node: NodeReader, index: int, size: int) -> list[bytes]:
    """Hashes beside the way from entry `index` to the root, leaf first (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"index {index} of a tree of {size}")
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = split(start, end)
        if index < middle:
            proof.append(range_hash(node, middle, end))
            end = middle
        else:
            proof.append(range_hash(node, start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(node: NodeReader, old: int, new: int) -> list[bytes]:
    """Hashes that lead from the root at `old` to the root at `new` (RFC 9162 section 2.1.4.1).

    Empty when nothing has to be proven: equal sizes, or an empty old tree.
    """
    if not 0 <= old <= new:
        raise ValueError(f"from size {old} to size {new}")
    if old == 0:
        return []
    start, end, proof = 0, new, []
    while old < end:
        middle = split(start, end)
        if old <= middle:
            proof.append(range_hash(node, middle, end))
            end = middle
        else:
            proof.append(range_hash(node, start, middle))
            start = middle
    if start:
        proof.append(range_hash(node, start, end))
    return proof[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that the entry with hash `leaf` is at `index` in the tree (RFC 9162 section 2.1.3.2).

    Raises ProofMismatch when the proof does not lead to the root, MalformedMessage for impossible sizes or
    hashes.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise MalformedMessage("inclusion proof: index outside the tree")
    _check_hashes(leaf, root, *proof)
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofMismatch("inclusion proof: too long")
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            # The right edge of an incomplete tree has no sibling at these levels.
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            computed = node_hash(computed, sibling)
        position >>= 1
        last >>= 1
    if last != 0:
        raise ProofMismatch("inclusion proof: too short")
    if computed != root:
        raise ProofMismatch("inclusion proof: another root")


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Verify that the new tree begins with the old one (RFC 9162 section 2.1.4.2).

    From an empty tree the proof is empty and everything is consistent. Raises ProofMismatch when the proof
    does not lead to both roots, MalformedMessage for impossible sizes or hashes.
    """
    if not 0 <= old_size <= new_size <= MAX_SIZE:
        raise MalformedMessage("consistency proof: impossible sizes")
    _check_hashes(old_root, new_root, *proof)
    if old_size in (0, new_size):
        known = EMPTY_ROOT if old_size == 0 else new_root
        if proof or old_root != known or (new_size == 0 and new_root != EMPTY_ROOT):
            raise ProofMismatch("consistency proof: another root, or hashes where nothing is to be proven")
        return
    # An old tree that is one complete subtree is itself the first hash, and is left out of the proof.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        raise ProofMismatch("consistency proof: too short")
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofMismatch("consistency proof: too long")
        if position & 1 or position == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    if last != 0:
        raise ProofMismatch("consistency proof: too short")
    if old != old_root or new != new_root:
        raise ProofMismatch("consistency proof: another root")


def _check_hashes(*hashes: bytes) -> None:
    if len(hashes) > 2 + 2 * 64 or any(len(one) != HASH_SIZE for one in hashes):
        raise MalformedMessage("proof: too long, or a hash that is not 32 bytes")
