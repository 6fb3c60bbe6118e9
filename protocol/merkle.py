"""Merkle trees as in RFC 9162 section 2.1 (the same hashes as RFC 6962).

Guarantees: a root commits to every entry and to their order. Hashes are 32 bytes of SHA-256, indexes count from 0,
sizes are numbers of entries.

Three ways to hold a tree: `CompactRange` (compact_range.py), `MerkleTree` (tree.py), or any function
`node(level, index)` that reads hashes from elsewhere, to which `tree_root` and what proofs.py has apply.

Read next: proofs.py, checkpoint.py (the signed root), tiles.py (the tree as files).
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_SIZE = 32
MAX_SIZE = 2**63 - 1
EMPTY_ROOT = sha256(b"").digest()


NodeReader = Callable[[int, int], bytes]
"""`node(level, index)`: hash of the complete subtree of 2**level entries that begins at index * 2**level."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry (RFC 9162 section 2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children (RFC 9162 section 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def tree_root(node: NodeReader, size: int) -> bytes:
    """Root hash of the first `size` entries, read from complete subtrees."""
    return range_hash(node, 0, size)


def split(start: int, end: int) -> int:
    """Where RFC 9162 cuts a range of at least two entries: after the largest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def range_hash(node: NodeReader, start: int, end: int) -> bytes:
    """Hash of the entries [start, end), a range that `split` cut."""
    hashes = []
    while start < end:
        level = (end - start).bit_length() - 1
        hashes.append(node(level, start >> level))
        start += 1 << level
    return fold(hashes)


def fold(hashes: Sequence[bytes]) -> bytes:
    """Root over complete subtrees of falling size: the smallest two first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in hashes[-2::-1]:
        root = node_hash(left, root)
    return root
