"""One transaction is the guarantee."""

from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest

from federation.peers.ports import PeerState
from federation.ports import Database, UnitOfWork
from node.mission.ports import MissionUnitOfWork
from node.storage import AlreadyThere, NestedUnitOfWork, ReadOnly, SqlDatabase, StorageError
from tests.contracts.databases import BAYONNE, DRANCY, MONTLUCON, NOW


def _note(uow: UnitOfWork, body: bytes = b"{}") -> None:
    uow.journal.append("offer.published/1", "network", body, NOW)


def test_the_unit_of_work_is_what_federation_and_domain_ask_for(database: SqlDatabase) -> None:
    of_federation: Database[UnitOfWork] = database
    of_domain: Database[MissionUnitOfWork] = database
    with of_federation.read() as one:
        assert one.journal.size() == 1
    with of_domain.read() as other:
        assert other.candidates.count() == 0


def test_all_is_written_at_the_end_of_the_block(database: SqlDatabase) -> None:
    with database.write() as uow:
        _note(uow)
        uow.peers.save(PeerState(BAYONNE, due=NOW))
        uow.directory.save_members_json(b"{}", NOW)
    with database.read() as uow:
        assert uow.journal.size() == 2
        assert [state.peer for state in uow.peers.all()] == [BAYONNE]
        assert uow.directory.members_json() == b"{}"


def test_an_exception_leaves_nothing_of_the_block(database: SqlDatabase) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as uow:
        _note(uow)
        uow.peers.save(PeerState(BAYONNE, due=NOW))
        uow.directory.save_members_json(b"{}", NOW)
        _ = 1 // 0
    with database.read() as uow:
        assert uow.journal.size() == 1
        assert uow.journal.entries(1, 10) == []
        assert uow.peers.all() == []
        assert uow.directory.members_json() is None


def test_an_exception_in_a_savepoint_undoes_that_alone(database: SqlDatabase) -> None:
    with database.write() as uow:
        _note(uow, b'"kept"')
        with pytest.raises(ZeroDivisionError), uow.savepoint():
            _note(uow, b'"undone"')
            uow.peers.save(PeerState(BAYONNE, due=NOW))
            _ = 1 // 0
        with uow.savepoint():
            _note(uow, b'"kept too"')
    with database.read() as uow:
        records = uow.journal.records(1, 10)
        assert [(record.number, record.opening.body) for record in records] == [(2, b'"kept"'), (3, b'"kept too"')]
        assert uow.journal.range().size == 3
        assert uow.peers.state(BAYONNE) is None


def test_savepoints_nest(database: SqlDatabase) -> None:
    with database.write() as uow:
        with pytest.raises(ZeroDivisionError), uow.savepoint():
            with uow.savepoint():
                _note(uow)
            _ = 1 // 0
        assert uow.journal.size() == 1


def test_a_conflict_in_a_savepoint_can_be_lived_with(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.peers.save(PeerState(BAYONNE, due=NOW))
        with pytest.raises(AlreadyThere), uow.savepoint():
            uow.journal.open(DRANCY, 1, NOW)
        uow.peers.save(PeerState(MONTLUCON, due=NOW))
    with database.read() as uow:
        assert [state.peer for state in uow.peers.all()] == [BAYONNE, MONTLUCON]


def test_a_failed_statement_without_a_savepoint_spoils_the_whole_unit_of_work(database: SqlDatabase) -> None:
    """PostgreSQL would turn the commit into a rollback without a word."""
    with pytest.raises(StorageError, match="none of it is written"), database.write() as uow:
        uow.peers.save(PeerState(BAYONNE, due=NOW))
        with pytest.raises(AlreadyThere):
            uow.journal.open(DRANCY, 1, NOW)
    with database.write() as uow:
        assert uow.peers.all() == []
        uow.peers.save(PeerState(BAYONNE, due=NOW))
    with database.read() as uow:
        assert uow.peers.state(BAYONNE) is not None


def test_writing_through_a_reader_is_an_error(database: SqlDatabase) -> None:
    with pytest.raises(ReadOnly), database.read() as uow:
        _note(uow)
    with pytest.raises(ReadOnly), database.read() as uow:
        uow.peers.save(PeerState(BAYONNE, due=NOW))
    with database.write() as uow:
        assert uow.journal.size() == 1
        _note(uow)


def test_a_thread_that_writes_within_its_own_write_is_told(database: SqlDatabase) -> None:
    with pytest.raises(NestedUnitOfWork), database.write(), database.write():
        pass
    with database.write() as uow:
        _note(uow)


def test_a_reader_sees_one_snapshot(database: SqlDatabase, request: pytest.FixtureRequest) -> None:
    if "sqlite-memory" in request.node.callspec.id:
        pytest.skip("in memory readers and writers take turns")
    with database.read() as reader:
        assert reader.journal.size() == 1

        def write() -> None:
            with database.write() as uow:
                _note(uow)

        writer = Thread(target=write)
        writer.start()
        writer.join()
        assert reader.journal.size() == 1
        assert reader.journal.record(1) is None
    with database.read() as reader:
        assert reader.journal.size() == 2


def test_writers_of_many_threads_take_turns(database: SqlDatabase) -> None:
    threads, each = 4, 25
    together = Barrier(threads)

    def write() -> None:
        together.wait()
        for _ in range(each):
            with database.write() as uow:
                _note(uow)

    writers = [Thread(target=write) for _ in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.read() as uow:
        records = uow.journal.records(0, 1000)
        assert [record.number for record in records] == list(range(1, 2 + threads * each))
        assert [record.index for record in records] == list(range(1 + threads * each))


def test_readers_are_not_kept_waiting_by_a_writer(database: SqlDatabase, request: pytest.FixtureRequest) -> None:
    if "sqlite-memory" in request.node.callspec.id:
        pytest.skip("in memory readers and writers take turns")
    sizes: list[int] = []
    read = Event()

    def look() -> None:
        with database.read() as uow:
            sizes.append(uow.journal.size())
        read.set()

    with database.write() as uow:
        _note(uow)
        reader = Thread(target=look)
        reader.start()
        assert read.wait(timeout=60)
        reader.join()
    assert sizes == [1]


def test_moments_come_back_aware_and_in_utc(database: SqlDatabase) -> None:
    due = NOW.replace(microsecond=123456)
    with database.write() as uow:
        uow.peers.save(PeerState(BAYONNE, due=due, last_success=NOW - timedelta(hours=1)))
    with database.read() as uow:
        state = uow.peers.state(BAYONNE)
    assert state == PeerState(BAYONNE, due=due, last_success=NOW - timedelta(hours=1))
    assert state is not None and state.due.utcoffset() == timedelta(0)


def test_a_naive_moment_is_refused(database: SqlDatabase) -> None:
    with pytest.raises(Exception, match="without a time zone"), database.write() as uow:
        uow.peers.save(PeerState(BAYONNE, due=NOW.replace(tzinfo=None)))
