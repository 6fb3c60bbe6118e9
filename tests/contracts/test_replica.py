"""What peers told, how far they were taken in, and what went wrong with them."""

from datetime import timedelta

import pytest

from federation.peers.ports import Cursor, Evidence, PeerState, Refusal, ReplicaRecord
from federation.serving.ports import ChannelHead
from node.storage import AlreadyThere, SqlDatabase
from protocol.commitment import NETWORK, decode_header
from protocol.compact_range import CompactRange
from tests.contracts.databases import BAYONNE, MONTLUCON, NOW, open_town

TO_DRANCY = "to:drancy.emploi.example"


def told(count: int = 5, seed: int = 7) -> list[ReplicaRecord]:
    """What a pull of another town's journal would bring: the network channel, and one message to Drancy."""
    town = open_town(node=MONTLUCON, seed=seed)
    with town.write() as uow:
        uow.journal.append_many("offer.published/1", NETWORK, [b"%d" % number for number in range(count)], NOW)
        uow.journal.append("sealed/1", TO_DRANCY, b"{}", NOW)
        records = uow.journal.records(0, count + 2)
    town.dispose()
    return [
        ReplicaRecord(record.index, record.entry, decode_header(record.opening.header), record.opening)
        for record in records
    ]


def test_records_are_kept_whole(database: SqlDatabase) -> None:
    records = told()
    with database.write() as uow:
        uow.replica.store(MONTLUCON, 1, records[:3])
        uow.replica.store(MONTLUCON, 1, records[3:])
        uow.replica.store(MONTLUCON, 1, [])
    with database.read() as uow:
        assert uow.replica.records(MONTLUCON, 1) == records
        assert uow.replica.records(MONTLUCON, 1, first=2, count=3) == records[2:5]
        assert uow.replica.record(MONTLUCON, 1, 4) == records[4]
        assert uow.replica.record(MONTLUCON, 1, 99) is None
        assert uow.replica.find(MONTLUCON, 1, TO_DRANCY, 1) == records[-1]
        assert uow.replica.find(MONTLUCON, 1, NETWORK, 2) == records[1]
        assert uow.replica.find(MONTLUCON, 1, NETWORK, 99) is None


def test_peers_and_epochs_are_kept_apart(database: SqlDatabase) -> None:
    here, there, later = told(seed=1), told(seed=2), told(seed=3)
    with database.write() as uow:
        uow.replica.store(MONTLUCON, 1, here)
        uow.replica.store(BAYONNE, 1, there)
        uow.replica.store(MONTLUCON, 2, later)
    with database.read() as uow:
        assert uow.replica.records(MONTLUCON, 1) == here
        assert uow.replica.records(BAYONNE, 1) == there
        assert uow.replica.records(MONTLUCON, 2) == later
        assert uow.replica.records("trelaze.emploi.example", 1) == []


def test_a_message_is_never_taken_in_twice(database: SqlDatabase) -> None:
    records = told()
    with database.write() as uow:
        uow.replica.store(MONTLUCON, 1, records)
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.replica.store(MONTLUCON, 1, records[2:3])
    moved = ReplicaRecord(50, records[2].entry, records[2].header, records[2].opening)
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.replica.store(MONTLUCON, 1, [moved])
    with database.read() as uow:
        assert uow.replica.records(MONTLUCON, 1) == records


def test_a_header_without_its_body_is_kept_too(database: SqlDatabase) -> None:
    (record, *_) = told()
    shown = ReplicaRecord(record.index, record.entry, record.header, record.opening.without_body())
    with database.write() as uow:
        uow.replica.store(MONTLUCON, 1, [shown])
    with database.read() as uow:
        assert uow.replica.record(MONTLUCON, 1, record.index) == shown


def test_a_destroyed_body_leaves_entry_and_header(database: SqlDatabase) -> None:
    records = told()
    with database.write() as uow:
        uow.replica.store(MONTLUCON, 1, records)
        uow.replica.destroy_body(MONTLUCON, 1, 2)
        uow.replica.destroy_body(MONTLUCON, 1, 99)
        uow.replica.destroy_body(BAYONNE, 1, 2)
    with database.read() as uow:
        left = uow.replica.records(MONTLUCON, 1)
    assert left[2].opening == records[2].opening.without_body()
    assert [*left[:2], *left[3:]] == records[:2] + records[3:]


def test_the_cursor_stands_where_it_was_left(database: SqlDatabase) -> None:
    range_ = CompactRange()
    with database.read() as uow:
        fresh = uow.replica.cursor(MONTLUCON, 1)
        assert (fresh.peer, fresh.epoch, fresh.range.size, fresh.checkpoint) == (MONTLUCON, 1, 0, None)
    for record in told():
        range_.append(record.entry)
        with database.write() as uow:
            uow.replica.save_cursor(Cursor(MONTLUCON, 1, range_, b"note of %d" % range_.size))
    with database.read() as uow:
        cursor = uow.replica.cursor(MONTLUCON, 1)
        assert cursor.range.to_bytes() == range_.to_bytes()
        assert cursor.checkpoint == b"note of 7"
        assert uow.replica.cursor(MONTLUCON, 2).range.size == 0
        assert uow.replica.cursor(BAYONNE, 1).range.size == 0


def test_heads_replace_those_before(database: SqlDatabase) -> None:
    first, second = ChannelHead(NETWORK, 3, b"\x01" * 33), ChannelHead(TO_DRANCY, 1, b"\x02" * 33)
    with database.write() as uow:
        uow.replica.save_heads(MONTLUCON, 1, [first, second])
        uow.replica.save_heads(MONTLUCON, 2, [second])
        uow.replica.save_heads(BAYONNE, 1, [])
    later = ChannelHead(NETWORK, 9, b"\x03" * 33)
    with database.write() as uow:
        uow.replica.save_heads(MONTLUCON, 1, iter([later]))
    with database.read() as uow:
        assert uow.replica.heads(MONTLUCON, 1) == {NETWORK: later, TO_DRANCY: second}
        assert uow.replica.heads(MONTLUCON, 2) == {TO_DRANCY: second}
        assert uow.replica.heads(BAYONNE, 1) == {}


def test_refusals_are_shown_until_they_are_cleared(database: SqlDatabase) -> None:
    one = Refusal(MONTLUCON, 1, 4, NETWORK, 3, "offer.published/9", "unknown version")
    two = Refusal(BAYONNE, 1, 2, NETWORK, 2, "offer.published/1", "handler failed")
    with database.write() as uow:
        uow.replica.refuse(one, NOW)
        uow.replica.refuse(two, NOW)
        uow.replica.refuse(one, NOW + timedelta(hours=1))
    with database.read() as uow:
        assert uow.replica.refusals() == [two, one]
        assert uow.replica.refusals(MONTLUCON) == [one]
        assert uow.replica.refusals("trelaze.emploi.example") == []
    with database.write() as uow:
        uow.replica.clear_refusal(one)
        uow.replica.clear_refusal(one)
        assert uow.replica.refusals() == [two]


def test_evidence_is_kept_once_and_for_ever(database: SqlDatabase) -> None:
    fork = Evidence(MONTLUCON, 1, "fork", NOW, b"one note", b"another note")
    twice = Evidence(MONTLUCON, 1, "fork", NOW + timedelta(days=1), b"one note", b"another note")
    before = Evidence(BAYONNE, 1, "equivocation", NOW - timedelta(days=1), b"one header", b"")
    with database.write() as uow:
        for one in (fork, twice, before):
            uow.replica.keep_evidence(one)
    with database.read() as uow:
        assert uow.replica.evidence() == [before, fork]
        assert uow.replica.evidence(MONTLUCON) == [fork]


def test_peer_states(database: SqlDatabase) -> None:
    states = [
        PeerState(BAYONNE, due=NOW),
        PeerState(
            MONTLUCON,
            due=NOW + timedelta(hours=6),
            failures=3,
            failing_since=NOW - timedelta(hours=2),
            last_success=NOW - timedelta(hours=3),
            last_failure=NOW,
            last_error="time-out",
            alarm="gap",
        ),
    ]
    with database.write() as uow:
        assert uow.peers.state(BAYONNE) is None
        uow.replica.save_heads("trelaze.emploi.example", 1, [])
        for state in reversed(states):
            uow.peers.save(state)
    with database.read() as uow:
        # Trélazé was heard of, and its delivery state never saved.
        assert uow.peers.all() == states
        assert uow.peers.state("trelaze.emploi.example") is None
    with database.write() as uow:
        uow.peers.save(PeerState(MONTLUCON, due=NOW))
        assert uow.peers.state(MONTLUCON) == PeerState(MONTLUCON, due=NOW)
