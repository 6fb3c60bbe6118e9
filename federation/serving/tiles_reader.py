"""A journal read from outside, by its public files alone: over HTTP, or from a folder of exported ones.

Guarantees: nothing. Whoever reads proves what was read, by the root that the checkpoint signs. Read next:
audit/audit.py, erasure/orders.py (who does).
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from federation.context import Federation
from federation.peers.verification import open_peer_checkpoint
from federation.ports import U
from protocol.checkpoint import Checkpoint
from protocol.errors import MalformedMessage
from protocol.members import Member
from protocol.merkle import HASH_SIZE, node_hash
from protocol.note import MAX_NOTE_BYTES
from protocol.tiles import TILE_HEIGHT, TILE_WIDTH, decode_entry_bundle, entries_path, tile_path

_MAX_TILE_BYTES = 64 * 1024

Fetch = Callable[[str, int], bytes]
"""`fetch(path, max_bytes)`: a file of the journal, by its path in the tlog-tiles layout."""


class RemoteTree:
    """The Merkle tree of a journal at one size, tile by tile as they are needed: a `protocol.merkle.NodeReader`."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._tiles: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree. Raises what `fetch` raises, and MalformedMessage for a tile of another length."""
        row, within = divmod(level, TILE_HEIGHT)
        number, start = divmod(index << within, TILE_WIDTH)
        tile = self._tile(row, number)
        hashes = [tile[at * HASH_SIZE : (at + 1) * HASH_SIZE] for at in range(start, start + (1 << within))]
        while len(hashes) > 1:
            hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
        return hashes[0]

    def _tile(self, row: int, number: int) -> bytes:
        if (row, number) not in self._tiles:
            width = min(TILE_WIDTH, (self._size >> (row * TILE_HEIGHT)) - number * TILE_WIDTH)
            data = self._fetch(tile_path(row, number, width), _MAX_TILE_BYTES)
            if len(data) != width * HASH_SIZE:
                raise MalformedMessage("tile: not of its width")
            self._tiles[row, number] = data
        return self._tiles[row, number]


def read_entries(fetch: Fetch, size: int, first: int = 0) -> Iterator[list[bytes]]:
    """The entries [first, size) in order, bundle by bundle. Raises what `fetch` raises, and MalformedMessage."""
    for number in range(first // TILE_WIDTH, -(-size // TILE_WIDTH)):
        start = number * TILE_WIDTH
        width = min(TILE_WIDTH, size - start)
        bundle = decode_entry_bundle(fetch(entries_path(number, width), _MAX_TILE_BYTES), width)
        yield bundle[max(0, first - start) :]


def fetch_from(fed: Federation[U], member: Member) -> Fetch:
    """The files of a member's present journal, over HTTP."""
    base = f"{member.base_url}/journal/{member.epoch}/"
    return lambda path, max_bytes: fed.transport.get_public(base + path, max_bytes=max_bytes)


def fetch_checkpoint(fetch: Fetch, member: Member, now: datetime) -> tuple[bytes, Checkpoint]:
    """The member's present checkpoint: the note and what it says. Raises as `open_peer_checkpoint` and `fetch`."""
    note = fetch("checkpoint", MAX_NOTE_BYTES)
    return note, open_peer_checkpoint(note, member, now)
