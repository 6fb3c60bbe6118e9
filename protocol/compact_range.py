"""A tree in a few hashes, for whoever only appends and compares roots: a receiver, and a journal beside its entries.

Read next: merkle.py (the hashes), proofs.py (that one range begins another).
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

from protocol.errors import MalformedMessage
from protocol.merkle import HASH_SIZE, MAX_SIZE, fold, leaf_hash
from protocol.proofs import verify_consistency

# Enough to amortise the work a batch, little enough to stay in the processor's cache.
_BATCH = 16_384


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
        return fold(self._hashes)

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
