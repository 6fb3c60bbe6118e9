"""A journal as files: C2SP tlog-tiles, for any static server and for verifiers written elsewhere.

    checkpoint                  the signed note
    tile/<L>/<N>[.p/<W>]        256 hashes (or W) of level L: each the root of 256**L entries
    tile/entries/<N>[.p/<W>]    256 entries (or W), each after its length in two bytes, big-endian

A tile is full (256 wide), or the partial last one of its level; N is written in groups of three digits, all
but the last after an `x`. Guarantees: a path has one spelling; `export_files` yields nothing but what the
checkpoint signs.
Read next: merkle.py (the hashes), checkpoint.py (the note).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from protocol.checkpoint import open_checkpoint
from protocol.errors import MalformedMessage, ProofMismatch
from protocol.merkle import MAX_SIZE
from protocol.tree import MerkleTree

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_ENTRY_BYTES = 0xFFFF

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])"
    r"/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class Tile(NamedTuple):
    """One file of the layout: hashes of a level, or a bundle of entries."""

    level: int | Literal["entries"]
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where it is served, without a leading slash."""
        if self.level == "entries":
            return entries_path(self.number, self.width)
        return tile_path(self.level, self.number, self.width)


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Path of a tile of hashes: `tile/0/x001/x234/067.p/12`; ValueError for a tile that cannot be."""
    if not 0 <= level <= 63:
        raise ValueError(f"no tile level {level}")
    return f"tile/{level}/{_index_path(index, width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Path of a bundle of entries: `tile/entries/x001/x234/067.p/12`; ValueError for one that cannot be."""
    return f"tile/entries/{_index_path(index, width)}"


def parse_tile_path(path: str) -> Tile:
    """The inverse of `tile_path` and `entries_path`; MalformedMessage for any other spelling."""
    matched = _PATH.fullmatch(path)
    if not matched:
        raise MalformedMessage("tile path: not of the layout")
    level: int | Literal["entries"] = "entries" if matched["level"] == "entries" else int(matched["level"])
    index = int(matched["index"].replace("x", "").replace("/", ""))
    width = int(matched["width"] or TILE_WIDTH)
    # A full tile has no width in its path, and an index no groups of zeros in front.
    if index > MAX_SIZE or width > TILE_WIDTH or Tile(level, index, width).path != path:
        raise MalformedMessage("tile path: not the canonical spelling")
    return Tile(level, index, width)


def tiles_for_size(size: int) -> Iterator[Tile]:
    """All tiles of a tree: hashes level by level, then bundles of entries; nothing for an empty tree."""
    level, nodes = 0, size
    while nodes:
        yield from _row(level, nodes)
        level, nodes = level + 1, nodes >> TILE_HEIGHT
    yield from _row("entries", size)


def tile_bytes(tree: MerkleTree, level: int, index: int, width: int = TILE_WIDTH) -> bytes:
    """The hashes of a tile, 32 bytes each; IndexError when the tree does not have them yet."""
    return tree.nodes(level * TILE_HEIGHT, index * TILE_WIDTH, width)


def encode_entry_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each after its length in two bytes; ValueError for one that is longer than 65,535."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise ValueError(f"an entry of {len(entry)} bytes does not fit a bundle")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def decode_entry_bundle(data: bytes, width: int = TILE_WIDTH) -> list[bytes]:
    """Exactly `width` entries; MalformedMessage when the bundle holds fewer, more, or half of one."""
    entries, at = [], 0
    for _ in range(width):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise MalformedMessage("entry bundle: ends too early")
        entries.append(data[start:at])
    if at != len(data):
        raise MalformedMessage("entry bundle: bytes after the last entry")
    return entries


def export_files(entries: Sequence[bytes], checkpoint_note: bytes, vkey: str) -> Iterator[tuple[str, bytes]]:
    """The journal at this checkpoint as (path, content), plus the file `vkey`; the checkpoint comes last.

    `entries` may go on beyond the checkpoint; what it does not sign is left out. Raises ProofMismatch
    before the first file when the entries are not those that the checkpoint signs, and as
    `open_checkpoint`.
    """
    checkpoint = open_checkpoint(checkpoint_note, vkey)
    signed = entries[: checkpoint.size]
    tree = MerkleTree(signed)
    if tree.size != checkpoint.size or tree.root() != checkpoint.root:
        raise ProofMismatch("export: the entries are not those of the checkpoint")
    for tile in tiles_for_size(checkpoint.size):
        if tile.level == "entries":
            start = tile.number * TILE_WIDTH
            yield tile.path, encode_entry_bundle(signed[start : start + tile.width])
        else:
            yield tile.path, tile_bytes(tree, tile.level, tile.number, tile.width)
    yield "vkey", f"{vkey}\n".encode()
    yield "checkpoint", checkpoint_note


def _row(level: int | Literal["entries"], nodes: int) -> Iterator[Tile]:
    full, rest = divmod(nodes, TILE_WIDTH)
    for index in range(full):
        yield Tile(level, index)
    if rest:
        yield Tile(level, full, rest)


def _index_path(index: int, width: int) -> str:
    if not 0 <= index <= MAX_SIZE or not 1 <= width <= TILE_WIDTH:
        raise ValueError(f"no tile {index} of width {width}")
    path = f"{index % 1000:03}"
    while index := index // 1000:
        path = f"x{index % 1000:03}/{path}"
    return path if width == TILE_WIDTH else f"{path}.p/{width}"
