"""Merkle trees as in RFC 9162 section 2.1 (the same hashes as RFC 6962), and their two proofs.

Guarantees: a root commits to every entry and to their order; `verify_inclusion` returns only when the entry
is in the tree of that root, `verify_consistency` only when the larger tree begins with the smaller one.
Hashes are 32 bytes of SHA-256, indexes count from 0, sizes are numbers of entries.

Three ways to hold a tree: `CompactRange` (a few hashes, for whoever only appends and compares roots: a
receiver), `MerkleTree` (all hashes in memory, for whoever proves), or any function `node(level, index)`
that reads hashes from elsewhere, to which `tree_root`, `inclusion_proof` and `consistency_proof` apply.

Read next: checkpoint.py (the signed root), tiles.py (the tree as files).
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import islice

from protocol.errors import MalformedMessage, ProofMismatch

HASH_SIZE = 32
MAX_SIZE = 2**63 - 1
EMPTY_ROOT = sha256(b"").digest()

# Enough to amortise the work a batch, little enough to stay in the processor's cache.
_BATCH = 16_384

NodeReader = Callable[[int, int], bytes]
"""`node(level, index)`: hash of the complete subtree of 2**level entries that begins at index * 2**level."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry (RFC 9162 section 2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children (RFC 9162 section 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The entries [0, size) in at most 63 hashes: those of their complete subtrees, largest first."""

    __slots__ = ("_hashes", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._hashes: list[bytes] = []

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._size

    def append(self, entry: bytes) -> None:
        """Add one entry."""
        self.append_leaf_hash(leaf_hash(entry))

    def append_leaf_hash(self, leaf: bytes) -> None:
        """Add one entry whose leaf hash is known."""
        self._merge([leaf])

    def extend(self, entries: Iterable[bytes]) -> None:
        """Add entries in order; the same result as appending each, several times faster."""
        remaining = iter(entries)
        while leaves := [sha256(b"\x00" + entry).digest() for entry in islice(remaining, _BATCH)]:
            self._merge(leaves)

    def root(self) -> bytes:
        """Root hash of the entries so far."""
        return _fold(self._hashes)

    def copy(self) -> "CompactRange":
        """An independent range, to try a page on before accepting it."""
        other = CompactRange()
        other._size = self._size
        other._hashes = self._hashes.copy()
        return other

    def verify_prefix_of(self, size: int, proof: Sequence[bytes], root: bytes) -> None:
        """Verify that the tree of `size` entries with `root` begins with exactly this range.

        Raises ProofMismatch, or MalformedMessage for impossible sizes or hashes, as `verify_consistency`.
        """
        verify_consistency(self._size, size, proof, self.root(), root)

    def to_bytes(self) -> bytes:
        """Size (8 bytes, big-endian) and hashes, for a database row."""
        return self._size.to_bytes(8, "big") + b"".join(self._hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> "CompactRange":
        """The inverse of `to_bytes`; MalformedMessage when it is not one."""
        size = int.from_bytes(data[:8], "big")
        if size > MAX_SIZE or len(data) != 8 + HASH_SIZE * size.bit_count():
            raise MalformedMessage("compact range: length does not fit its size")
        restored = cls()
        restored._size = size
        restored._hashes = [data[at : at + HASH_SIZE] for at in range(8, len(data), HASH_SIZE)]
        return restored

    def _merge(self, nodes: list[bytes]) -> None:
        """Add complete leaves level by level: join each level's odd one out, keep the new odd one, go up."""
        left = self._size
        self._size += len(nodes)
        kept = []
        while nodes:
            if left & 1:
                nodes.insert(0, self._hashes.pop())
            if len(nodes) & 1:
                kept.append(nodes.pop())
            pairs = iter(nodes)
            nodes = [sha256(b"\x01" + one + two).digest() for one, two in zip(pairs, pairs, strict=True)]
            left >>= 1
        self._hashes.extend(reversed(kept))


class MerkleTree:
    """A whole tree in memory, 64 bytes an entry: what a node needs to prove things about its own journal."""

    __slots__ = ("_levels",)

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]
        self.extend(entries)

    @property
    def size(self) -> int:
        """Number of entries."""
        return len(self._levels[0]) // HASH_SIZE

    def extend(self, entries: Iterable[bytes]) -> None:
        """Add entries in order."""
        self._levels[0] += b"".join([sha256(b"\x00" + entry).digest() for entry in entries])
        for level, children in enumerate(self._levels):
            complete = len(children) // (2 * HASH_SIZE)
            if complete == 0:
                break
            if level + 1 == len(self._levels):
                self._levels.append(bytearray())
            parents = self._levels[level + 1]
            first = len(parents) // HASH_SIZE
            parents += b"".join(
                [sha256(b"\x01" + children[at : at + 64]).digest() for at in range(first * 64, complete * 64, 64)]
            )

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree (see `NodeReader`); IndexError when it is not complete yet."""
        return self.nodes(level, index, 1)

    def nodes(self, level: int, index: int, count: int) -> bytes:
        """The hashes of `count` neighbouring complete subtrees, joined; IndexError when one is incomplete."""
        start, end = index * HASH_SIZE, (index + count) * HASH_SIZE
        if level < 0 or index < 0 or level >= len(self._levels) or end > len(self._levels[level]):
            raise IndexError(f"no complete nodes [{index}, {index + count}) at level {level}")
        return bytes(self._levels[level][start:end])

    def root(self, size: int | None = None) -> bytes:
        """Root hash of the first `size` entries, of all by default."""
        return tree_root(self.node, self._within(size))

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Proof that entry `index` is in the tree of the first `size` entries."""
        return inclusion_proof(self.node, index, self._within(size))

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Proof that the tree of the first `new` entries begins with that of the first `old`."""
        return consistency_proof(self.node, old, self._within(new))

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError(f"size {size} of a tree of {self.size}")
        return size


def tree_root(node: NodeReader, size: int) -> bytes:
    """Root hash of the first `size` entries, read from complete subtrees."""
    return _range_hash(node, 0, size)


def inclusion_proof(node: NodeReader, index: int, size: int) -> list[bytes]:
    """Hashes beside the way from entry `index` to the root, leaf first (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"index {index} of a tree of {size}")
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            proof.append(_range_hash(node, middle, end))
            end = middle
        else:
            proof.append(_range_hash(node, start, middle))
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
        middle = _split(start, end)
        if old <= middle:
            proof.append(_range_hash(node, middle, end))
            end = middle
        else:
            proof.append(_range_hash(node, start, middle))
            start = middle
    if start:
        proof.append(_range_hash(node, start, end))
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


def _split(start: int, end: int) -> int:
    """Where RFC 9162 cuts a range of at least two entries: after the largest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _range_hash(node: NodeReader, start: int, end: int) -> bytes:
    """Hash of the entries [start, end), a range that `_split` cut."""
    hashes = []
    while start < end:
        level = (end - start).bit_length() - 1
        hashes.append(node(level, start >> level))
        start += 1 << level
    return _fold(hashes)


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Root over complete subtrees of falling size: the smallest two first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in hashes[-2::-1]:
        root = node_hash(left, root)
    return root


def _check_hashes(*hashes: bytes) -> None:
    if len(hashes) > 2 + 2 * 64 or any(len(one) != HASH_SIZE for one in hashes):
        raise MalformedMessage("proof: too long, or a hash that is not 32 bytes")
