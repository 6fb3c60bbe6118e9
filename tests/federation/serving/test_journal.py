"""Drancy's own journal as it shows it: signed only when it is whole, served only as far as it is signed."""

import logging
from dataclasses import replace

import pytest
import sqlalchemy as sa

from federation.context import Limits
from federation.serving.journal import (
    JournalDamaged,
    NotServed,
    build_page,
    checkpoint_of,
    current_checkpoint,
    inclusion_proof,
    read_tile,
)
from node.storage.engine import make_engine
from node.storage.network.journal import journal_entry, journal_state
from protocol.checkpoint import open_checkpoint
from protocol.commitment import Opening
from protocol.compact_range import CompactRange
from protocol.keys import NodeKeys
from protocol.merkle import leaf_hash
from protocol.page import Head, decode_page
from protocol.proofs import verify_inclusion
from protocol.tiles import decode_entry_bundle, tiles_for_size
from protocol.tree import MerkleTree
from tests.factories import moved, offer, offer_of_600_bytes
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON, seeded
from tests.simulator import Simulation, Town


def entries(town: Town) -> list[bytes]:
    with town.database.read() as uow:
        return list(uow.journal.entries(0, 100_000))


def test_a_checkpoint_is_signed_when_the_journal_grew_and_only_then() -> None:
    with Simulation(DRANCY) as towns:
        drancy = towns[DRANCY]
        first = current_checkpoint(drancy.fed)
        assert open_checkpoint(first, drancy.fed.journal_key()).size == 1
        assert current_checkpoint(drancy.fed) == first
        drancy.publish(offer())
        second = open_checkpoint(current_checkpoint(drancy.fed), drancy.fed.journal_key())
        assert (second.origin, second.size) == (f"{DRANCY}/journal/1", 2)
        assert second.root == MerkleTree(entries(drancy)).root()


def test_another_process_signs_the_same() -> None:
    with Simulation(DRANCY) as towns:
        drancy = towns[DRANCY]
        drancy.publish(*map(offer_of_600_bytes, range(5)))
        before = current_checkpoint(drancy.fed)
        drancy.restart()
        assert current_checkpoint(drancy.fed) == before
        drancy.publish(offer())
        assert checkpoint_of(current_checkpoint(drancy.fed)).size == 7


def test_a_new_key_signs_again_what_the_old_one_signed() -> None:
    with Simulation(DRANCY) as towns:
        drancy = towns[DRANCY]
        old = current_checkpoint(drancy.fed)
        renewed = replace(drancy.keys, journal=NodeKeys.generate(DRANCY, seeded(77)).journal)
        drancy.keys = renewed
        drancy.restart()
        new = current_checkpoint(drancy.fed)
        assert new != old
        assert open_checkpoint(new, drancy.fed.journal_key()) == checkpoint_of(old)


@pytest.mark.parametrize("damage", ["entry", "signed entry", "range", "missing"])
def test_a_damaged_journal_signs_nothing(
    damage: str, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path_factory.mktemp("towns")
    with Simulation(DRANCY, MONTLUCON, folder=folder) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer("o1"))
        good = current_checkpoint(drancy.fed)
        drancy.publish(offer("o2"))
        engine = make_engine(f"sqlite:///{folder}/{DRANCY}.db")
        columns, state = journal_entry.columns, journal_state.columns
        flipped = bytes([1]) + bytes(32)
        statement = {
            "entry": sa.update(journal_entry).where(columns.idx == 2).values(entry=flipped),
            "signed entry": sa.update(journal_entry).where(columns.idx == 1).values(entry=flipped),
            "range": sa.update(journal_state).values(range=CompactRange().to_bytes()),
            "missing": sa.update(journal_state).where(state.id == 1).values(size=9),
        }[damage]
        with engine.execution_options(maillon_mode="write").begin() as connection:
            connection.execute(statement)
        engine.dispose()
        drancy.restart()
        with caplog.at_level(logging.CRITICAL), pytest.raises(JournalDamaged):
            current_checkpoint(drancy.fed)
        assert "journal damaged" in caplog.text
        with drancy.database.read() as uow:
            assert uow.journal.checkpoint() == good
        refused = montlucon.pull(drancy)
        assert (refused.error, refused.taken) == ("refused", 0)


def test_tiles_are_those_of_the_tree_and_end_at_the_checkpoint() -> None:
    with Simulation(DRANCY) as towns:
        drancy = towns[DRANCY]
        drancy.publish(*map(offer_of_600_bytes, range(20)))
        stored = entries(drancy)
        for tile in tiles_for_size(len(stored)):
            data = read_tile(drancy.fed, tile.path)
            if tile.level == "entries":
                assert decode_entry_bundle(data, tile.width) == stored
            else:
                assert data == b"".join(map(leaf_hash, stored))
        assert read_tile(drancy.fed, "tile/0/000.p/3") == b"".join(map(leaf_hash, stored[:3]))
        for beyond in ("tile/0/000.p/22", "tile/0/000", "tile/1/000.p/1", "tile/entries/001.p/1", "tile/0/0", "x"):
            with pytest.raises(NotServed):
                read_tile(drancy.fed, beyond)


def test_inclusion_is_proven_under_the_checkpoint() -> None:
    with Simulation(DRANCY) as towns:
        drancy = towns[DRANCY]
        drancy.publish(*map(offer_of_600_bytes, range(9)))
        checkpoint = checkpoint_of(current_checkpoint(drancy.fed))
        stored = entries(drancy)
        with drancy.database.read() as uow:
            for index, entry in enumerate(stored):
                proof = inclusion_proof(drancy.fed, uow.journal, index, checkpoint.size)
                verify_inclusion(index, checkpoint.size, leaf_hash(entry), proof, checkpoint.root)


def test_everybody_sees_their_own() -> None:
    with Simulation(DRANCY, MONTLUCON, BAYONNE, COORDINATOR) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer())
        drancy.send(montlucon, moved("f1"))
        montlucon.pull(drancy)
        montlucon.send(drancy, moved("f1"))
        drancy.pull(montlucon)

        def seen(node: str) -> list[str]:
            page = decode_page(build_page(drancy.fed, towns[node].member, 0, 4096))
            return [
                "closed" if isinstance(one, bytes) else "header" if one.body is None else "open" for one in page.records
            ]

        assert seen(MONTLUCON) == ["open", "open", "open", "open"]
        assert seen(BAYONNE) == ["open", "open", "closed", "closed"]
        # The sealed message by its header, the receipt whole.
        assert seen(COORDINATOR) == ["open", "open", "header", "open"]
        heads = decode_page(build_page(drancy.fed, towns[COORDINATOR].member, 4, 0)).heads
        assert heads == [Head("network", 2, entries(drancy)[1]), Head(f"to:{MONTLUCON}", 2, entries(drancy)[3])]
        assert [one.channel for one in decode_page(build_page(drancy.fed, towns[BAYONNE].member, 4, 0)).heads] == [
            "network"
        ]


def test_a_page_is_cut_by_its_bytes_and_never_empty() -> None:
    with Simulation(DRANCY, MONTLUCON, limits=Limits(page_bytes=2100)) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(*map(offer_of_600_bytes, range(8)), offer("long", text="x" * 3900))
        sizes, first = [], 0
        while first < 10:
            page = decode_page(build_page(drancy.fed, montlucon.member, first, 4096))
            assert all(isinstance(one, Opening) for one in page.records)
            sizes.append(len(page.records))
            first += len(page.records)
        assert sizes == [3, 2, 2, 2, 1]
        assert montlucon.pull(drancy).size == 10


def test_beyond_the_end_there_is_only_the_checkpoint() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        page = decode_page(build_page(towns[DRANCY].fed, towns[MONTLUCON].member, 17, 5))
        assert (page.first, page.records, page.proof) == (17, [], [])
        assert checkpoint_of(page.checkpoint).size == 1
