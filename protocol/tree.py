"""A whole tree in memory, for whoever proves much about it. Read next: merkle.py, proofs.py."""

from collections.abc import Iterable
from hashlib import sha256

from protocol.merkle import HASH_SIZE, tree_root
from protocol.proofs import consistency_proof, inclusion_proof


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
