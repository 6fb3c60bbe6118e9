"""The static layout: the specification's own examples, one spelling a path, and exports that hold together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from protocol.errors import BadSignature, MalformedMessage, ProofMismatch
from protocol.merkle import MAX_SIZE, leaf_hash, node_hash, tree_root
from protocol.note import vkey
from protocol.tiles import (
    TILE_WIDTH,
    Tile,
    decode_entry_bundle,
    encode_entry_bundle,
    entries_path,
    export_files,
    parse_tile_path,
    tile_bytes,
    tile_path,
    tiles_for_size,
)
from protocol.tree import MerkleTree
from tests.protocol.conftest import Golden, public_of, seeded_key

ORIGIN = "bayonne.emploi.example/journal/1"
KEY = seeded_key("Bayonne journal")
VKEY = vkey(ORIGIN, public_of(KEY))


def journal(size: int) -> tuple[list[bytes], bytes]:
    """Entries and their signed checkpoint."""
    entries = [b"entry %d" % number for number in range(size)]
    return entries, sign_checkpoint(Checkpoint(ORIGIN, size, MerkleTree(entries).root()), KEY)


def test_the_examples_of_the_specification() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(0, 1234067, 12) == "tile/0/x001/x234/067.p/12"
    assert tile_path(63, 0) == "tile/63/000"
    assert entries_path(999, 1) == "tile/entries/999.p/1"
    assert entries_path(1000) == "tile/entries/x001/000"


def test_the_specifications_tree_of_70_000_entries() -> None:
    tiles = list(tiles_for_size(70_000))
    rows = {level: [tile for tile in tiles if tile.level == level] for level in (0, 1, 2, "entries")}
    assert sum(map(len, rows.values())) == len(tiles)
    for level, full, partial in ((0, 273, 112), (1, 1, 17), (2, 0, 1), ("entries", 273, 112)):
        assert [tile.width for tile in rows[level]] == [TILE_WIDTH] * full + [partial]
        assert [tile.number for tile in rows[level]] == list(range(full + 1))


def test_a_full_tile_appears_in_the_one_above() -> None:
    assert list(tiles_for_size(256)) == [Tile(0, 0), Tile(1, 0, 1), Tile("entries", 0)]
    assert list(tiles_for_size(255)) == [Tile(0, 0, 255), Tile("entries", 0, 255)]
    assert list(tiles_for_size(0)) == []


@given(st.one_of(st.just("entries"), st.integers(0, 63)), st.integers(0, MAX_SIZE), st.integers(1, TILE_WIDTH))
def test_a_path_leads_back_to_its_tile(level: object, number: int, width: int) -> None:
    tile = Tile("entries" if level == "entries" else int(str(level)), number, width)
    assert parse_tile_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/1000",
        "tile/0/000.p/",
        "tile/0/٠٠٠",
        "tile/0/../checkpoint",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/x001" + "/x000" * 40 + "/000",
    ],
)
def test_any_other_path_is_malformed(path: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_tile_path(path)


@pytest.mark.parametrize(("level", "number", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_a_tile_that_cannot_be_has_no_path(level: int, number: int, width: int) -> None:
    with pytest.raises(ValueError, match="no tile"):
        tile_path(level, number, width)


@given(st.integers(1, 2000))
def test_the_root_can_be_computed_from_tiles_alone(size: int) -> None:
    entries = [b"%d" % number for number in range(size)]
    tree = MerkleTree(entries)
    tiles = {
        (tile.level, tile.number): tile_bytes(tree, tile.level, tile.number, tile.width)
        for tile in tiles_for_size(size)
        if tile.level != "entries"
    }

    def node(level: int, index: int) -> bytes:
        """A hash in a tile, or computed from those in it."""
        if level % 8 == 0:
            data = tiles[level // 8, index // 256]
            return data[index % 256 * 32 :][:32]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    assert tree_root(node, size) == tree.root()


def test_a_tile_that_is_not_complete_is_not_given() -> None:
    tree = MerkleTree([b"x"] * 300)
    assert tile_bytes(tree, 0, 1, 44) == leaf_hash(b"x") * 44
    assert len(tile_bytes(tree, 1, 0, 1)) == 32
    for level, number, width in ((0, 1, 45), (0, 1, 256), (1, 0, 2), (2, 0, 1), (0, 2, 1)):
        with pytest.raises(IndexError):
            tile_bytes(tree, level, number, width)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_entries_back_and_only_whole(entries: list[bytes]) -> None:
    bundle = encode_entry_bundle(entries)
    assert decode_entry_bundle(bundle, len(entries)) == entries
    with pytest.raises(MalformedMessage):
        decode_entry_bundle(bundle, len(entries) + 1)
    for other in (bundle + b"x", bundle[:-1]):
        with pytest.raises(MalformedMessage):
            decode_entry_bundle(other if other else b"x", len(entries))


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    assert decode_entry_bundle(encode_entry_bundle([b"x" * 65_535]), 1) == [b"x" * 65_535]
    with pytest.raises(ValueError, match="65536"):
        encode_entry_bundle([b"x" * 65_536])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 1000])
def test_an_export_holds_the_whole_journal_and_ends_with_the_checkpoint(size: int) -> None:
    entries, note = journal(size)
    files = list(export_files([*entries, b"written since"], note, VKEY))
    assert files[-1] == ("checkpoint", note)
    content = dict(files)
    assert len(content) == len(files) == len(list(tiles_for_size(size))) + 2
    checkpoint = open_checkpoint(content["checkpoint"], content["vkey"].decode().strip())
    found: list[bytes] = []
    for tile in tiles_for_size(size):
        if tile.level == "entries":
            found += decode_entry_bundle(content[tile.path], tile.width)
        else:
            assert len(content[tile.path]) == 32 * tile.width
    assert found == entries
    assert MerkleTree(found).root() == checkpoint.root


def test_what_the_checkpoint_does_not_sign_is_not_exported() -> None:
    entries, note = journal(5)
    for other in ([*entries[:4], b"rewritten"], entries[:4]):
        with pytest.raises(ProofMismatch):
            next(export_files(other, note, VKEY))
    with pytest.raises(BadSignature):
        next(export_files(entries, note, vkey(ORIGIN, public_of(seeded_key("Lormont journal")))))


def test_golden(golden: Golden) -> None:
    entries, note = journal(258)
    files = dict(export_files(entries, note, VKEY))
    golden(
        "tiles",
        {
            "entries": "entry 0 ... entry 257, ASCII",
            "paths": list(files),
            "checkpoint": note.decode(),
            "vkey": files["vkey"].decode(),
            "tile/1/000.p/1_hex": files["tile/1/000.p/1"].hex(),
            "tile/0/001.p/2_hex": files["tile/0/001.p/2"].hex(),
            "tile/entries/001.p/2_hex": files["tile/entries/001.p/2"].hex(),
        },
    )
