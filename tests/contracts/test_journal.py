"""The node's own journal."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.serving.ports import Journal
from node.storage import ReadOnly, SqlDatabase
from protocol.commitment import NETWORK, decode_header, verify_opening
from protocol.compact_range import CompactRange
from protocol.errors import MalformedMessage
from protocol.messages import Opened
from protocol.tree import MerkleTree
from protocol.wire_json import decode
from tests.contracts.databases import BAYONNE, DRANCY, MONTLUCON, NOW, open_town

TO_BAYONNE = f"to:{BAYONNE}"
TO_MONTLUCON = f"to:{MONTLUCON}"


def check(journal: Journal) -> None:
    """Whatever was written: the two paths to the root agree, channels have no gap, openings open."""
    records = journal.records(0, 10**6)
    assert [record.index for record in records] == list(range(journal.size()))
    assert journal.entries(0, 10**6) == [record.entry for record in records]
    assert journal.range().size == journal.size()
    assert journal.range().root() == MerkleTree(journal.entries(0, 10**6)).root()
    last: dict[str, tuple[int, str]] = {}
    for record in records:
        header = verify_opening(record.entry, record.opening)
        number, previous = last.get(record.channel, (0, ""))
        assert (header.channel, header.kind, header.number) == (record.channel, record.kind, record.number)
        assert (header.number, header.previous) == (number + 1, previous)
        last[record.channel] = header.number, record.entry.hex()
    assert journal.channels() == sorted(last)
    for head in journal.heads(sorted(last), journal.size()):
        assert (head.number, head.entry.hex()) == last[head.channel]


def test_the_first_entry_says_whose_journal_it_is(database: SqlDatabase) -> None:
    with database.read() as uow:
        assert uow.journal.epoch == 1
        assert uow.journal.size() == 1
        first = uow.journal.record(0)
        check(uow.journal)
    assert first is not None and first.opening.body is not None
    assert (first.channel, first.number, first.kind) == (NETWORK, 1, "opened/1")
    assert decode(first.opening.body, Opened) == Opened(node=DRANCY, epoch=1, reason="first")


def test_each_channel_numbers_its_own_messages(database: SqlDatabase) -> None:
    with database.write() as uow:
        for channel in (TO_BAYONNE, NETWORK, TO_BAYONNE, TO_MONTLUCON):
            uow.journal.append("sealed/1", channel, b"{}", NOW)
    with database.read() as uow:
        assert [(record.channel, record.number) for record in uow.journal.records(1, 9)] == [
            (TO_BAYONNE, 1),
            (NETWORK, 2),
            (TO_BAYONNE, 2),
            (TO_MONTLUCON, 1),
        ]
        check(uow.journal)


def test_what_append_answers_is_what_was_written(database: SqlDatabase) -> None:
    with database.write() as uow:
        written = uow.journal.append("offer.published/1", NETWORK, b'{"offer":"boucher"}', NOW)
        assert uow.journal.record(1) == written
    with database.read() as uow:
        assert uow.journal.record(1) == written
        assert decode_header(written.opening.header).time == "2026-11-23T09:30:00Z"
        assert uow.journal.record(2) is None


def test_many_at_once_are_as_many_one_by_one() -> None:
    bodies = [b"%d" % number for number in range(300)]
    at_once, one_by_one = open_town(), open_town()
    with at_once.write() as uow:
        written = uow.journal.append_many("offer.published/1", NETWORK, bodies, NOW)
        assert uow.journal.append_many("offer.published/1", NETWORK, [], NOW) == []
        check(uow.journal)
    with one_by_one.write() as uow:
        assert [uow.journal.append("offer.published/1", NETWORK, body, NOW) for body in bodies] == written
    at_once.dispose()
    one_by_one.dispose()


def test_entries_and_records_are_read_by_the_stretch(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.journal.append_many("offer.published/1", NETWORK, [b"%d" % number for number in range(9)], NOW)
    with database.read() as uow:
        everything = uow.journal.entries(0, 100)
        assert len(everything) == 10
        assert uow.journal.entries(3, 4) == everything[3:7]
        assert [record.entry for record in uow.journal.records(8, 100)] == everything[8:]
        assert uow.journal.entries(10, 5) == []
        assert uow.journal.entries(0, 0) == []


def test_heads_are_as_of_a_size(database: SqlDatabase) -> None:
    with database.write() as uow:
        first, second = (uow.journal.append("sealed/1", TO_BAYONNE, b"{}", NOW) for _ in range(2))
    with database.read() as uow:
        (head,) = uow.journal.heads([TO_BAYONNE], 3)
        assert (head.number, head.entry) == (2, second.entry)
        (head,) = uow.journal.heads([TO_BAYONNE], 2)
        assert (head.number, head.entry) == (1, first.entry)
        empty, network = uow.journal.heads([TO_MONTLUCON, NETWORK], 3)
        assert (empty.channel, empty.number, empty.entry) == (TO_MONTLUCON, 0, b"")
        assert (network.channel, network.number) == (NETWORK, 1)


def test_a_destroyed_body_leaves_entry_and_header(database: SqlDatabase) -> None:
    with database.write() as uow:
        written = uow.journal.append("offer.published/1", NETWORK, b'{"offer":"boucher"}', NOW)
        uow.journal.destroy_body(written.index)
    with database.write() as uow:
        uow.journal.destroy_body(written.index)
    with database.read() as uow:
        record = uow.journal.record(written.index)
        assert record is not None
        assert record.opening == written.opening.without_body()
        check(uow.journal)


def test_the_last_checkpoint_is_kept_and_never_goes_back(database: SqlDatabase) -> None:
    with database.write() as uow:
        assert uow.journal.checkpoint() is None
        uow.journal.append_many("offer.published/1", NETWORK, [b"1", b"2", b"3"], NOW)
        uow.journal.save_checkpoint(3, b"note of 3")
        uow.journal.save_checkpoint(3, b"note of 3, cosigned")
        for impossible in (2, 5):
            with pytest.raises(ValueError, match="checkpoint"):
                uow.journal.save_checkpoint(impossible, b"note")
    with database.read() as uow:
        assert uow.journal.checkpoint() == b"note of 3, cosigned"


def test_what_cannot_be_a_header_is_not_written(database: SqlDatabase) -> None:
    with database.write() as uow:
        for kind, channel in (("Offer", NETWORK), ("offer.published/1", "to:everybody")):
            with pytest.raises(MalformedMessage):
                uow.journal.append(kind, channel, b"{}", NOW)
        with pytest.raises(ValueError, match="time zone"):
            uow.journal.append("offer.published/1", NETWORK, b"{}", NOW.replace(tzinfo=None))
    with database.read() as uow:
        assert uow.journal.size() == 1


def test_a_reader_cannot_append(database: SqlDatabase) -> None:
    with pytest.raises(ReadOnly), database.read() as uow:
        uow.journal.append("offer.published/1", NETWORK, b"{}", NOW)


_batches = st.lists(
    st.tuples(st.sampled_from([NETWORK, TO_BAYONNE, TO_MONTLUCON]), st.lists(st.binary(max_size=40), max_size=9)),
    max_size=8,
)


@given(batches=_batches, seed=st.integers(0, 2**32), undone=st.integers(0, 7))
@settings(max_examples=30, deadline=None)
def test_any_history_makes_a_sound_journal(batches: list[tuple[str, list[bytes]]], seed: int, undone: int) -> None:
    database = open_town(seed=seed)
    kept = 1
    for place, (channel, bodies) in enumerate(batches):
        with database.write() as uow:
            if place == undone:
                with pytest.raises(ZeroDivisionError), uow.savepoint():
                    uow.journal.append_many("sealed/1", channel, bodies, NOW)
                    _ = 1 // 0
            elif random.Random(seed + place).random() < 0.5:
                kept += len(uow.journal.append_many("sealed/1", channel, bodies, NOW))
            else:
                kept += len([uow.journal.append("sealed/1", channel, body, NOW) for body in bodies])
    with database.read() as uow:
        assert uow.journal.size() == kept
        check(uow.journal)
        alone = CompactRange()
        alone.extend(uow.journal.entries(0, kept))
        assert alone.to_bytes() == uow.journal.range().to_bytes()
    database.dispose()
