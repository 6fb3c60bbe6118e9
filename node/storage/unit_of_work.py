"""One unit of work is one transaction over everything that the node keeps. `commit` is called here and nowhere else.

Guarantees (those of `federation.ports`): what a block of `write()` wrote is durable, all of it, once the block has
ended, and none of it when an exception left the block or the process died; writers take turns, across threads and
processes; a block of `read()` sees one snapshot and cannot write. After a unit of work that destroyed something,
SQLite's write-ahead log is emptied, so that no file keeps it.

Read next: engine.py (what makes a transaction so), transaction.py and the subjects beside it (what is in it).
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from threading import Lock, get_ident
from types import TracebackType
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

from node.storage.engine import BUSY_SECONDS, FAILED, MODE, Mode, is_memory, make_engine, require_file
from node.storage.errors import DatabaseBusy, LostDatabase, NestedUnitOfWork, StorageError, WrongDatabase
from node.storage.forwards.disclosures import SqlDisclosures
from node.storage.forwards.forwards import SqlForwards
from node.storage.happened import SqlEvents
from node.storage.migrate import migrate
from node.storage.network.directory import SqlDirectoryStore
from node.storage.network.journal import SqlJournal
from node.storage.network.nonces import SqlNonces
from node.storage.network.peers import SqlPeers
from node.storage.network.replica import SqlReplica
from node.storage.offers import SqlOfferProposals, SqlOffers
from node.storage.people.candidates import SqlCandidates
from node.storage.people.erased import SqlErasedReferences
from node.storage.sheets import SqlReleases
from node.storage.transaction import Transaction

if TYPE_CHECKING:
    from node.storage.accounts import SqlAccounts
    from node.storage.belongings import SqlBelongings
    from node.storage.choices import SqlOfferChoices
    from node.storage.deposits import SqlDeposits
    from node.storage.duplicates import SqlMerges
    from node.storage.employers import SqlSendings
    from node.storage.forwards.after_hire import SqlAfterHires
    from node.storage.forwards.following import SqlFollowing
    from node.storage.forwards.hires import SqlHires
    from node.storage.forwards.pauses import SqlEmployerPauses
    from node.storage.matching import SqlMatchNews
    from node.storage.network.told_ends import SqlToldEnds
    from node.storage.people.documents import SqlDocuments
    from node.storage.people.files import SqlFiles
    from node.storage.workshops import SqlWorkshops


class NodeUnitOfWork:
    """`node.mission.ports.MissionUnitOfWork`: the repositories of one transaction. Of no use after its block.

    Those that commands hardly ever need are imported when they are asked for: their tables take long to make."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.events = SqlEvents(transaction)
        self.journal = SqlJournal(transaction)
        self.peers = SqlPeers(transaction)
        self.replica = SqlReplica(transaction, self.peers)
        self.directory = SqlDirectoryStore(transaction)
        self.nonces = SqlNonces(transaction)
        self.disclosures = SqlDisclosures(transaction)
        self.candidates = SqlCandidates(transaction)
        self.erased = SqlErasedReferences(transaction)
        self.offers = SqlOffers(transaction)
        self.offer_proposals = SqlOfferProposals(transaction)
        self.forwards = SqlForwards(transaction)
        self.releases = SqlReleases(transaction)

    @cached_property
    def accounts(self) -> "SqlAccounts":
        from node.storage.accounts import SqlAccounts

        return SqlAccounts(self._transaction)

    @cached_property
    def deposits(self) -> "SqlDeposits":
        from node.storage.deposits import SqlDeposits

        return SqlDeposits(self._transaction)

    @cached_property
    def documents(self) -> "SqlDocuments":
        from node.storage.people.documents import SqlDocuments

        return SqlDocuments(self._transaction)

    @cached_property
    def following(self) -> "SqlFollowing":
        from node.storage.forwards.following import SqlFollowing

        return SqlFollowing(self._transaction)

    @cached_property
    def hires(self) -> "SqlHires":
        from node.storage.forwards.hires import SqlHires

        return SqlHires(self._transaction)

    @cached_property
    def after_hires(self) -> "SqlAfterHires":
        from node.storage.forwards.after_hire import SqlAfterHires

        return SqlAfterHires(self._transaction)

    @cached_property
    def employer_pauses(self) -> "SqlEmployerPauses":
        from node.storage.forwards.pauses import SqlEmployerPauses

        return SqlEmployerPauses(self._transaction)

    @cached_property
    def workshops(self) -> "SqlWorkshops":
        from node.storage.workshops import SqlWorkshops

        return SqlWorkshops(self._transaction)

    @cached_property
    def files(self) -> "SqlFiles":
        from node.storage.people.files import SqlFiles

        return SqlFiles(self._transaction)

    @cached_property
    def belongings(self) -> "SqlBelongings":
        from node.storage.belongings import SqlBelongings

        return SqlBelongings(self._transaction)

    @cached_property
    def merges(self) -> "SqlMerges":
        from node.storage.duplicates import SqlMerges

        return SqlMerges(self._transaction)

    @cached_property
    def match_news(self) -> "SqlMatchNews":
        from node.storage.matching import SqlMatchNews

        return SqlMatchNews(self._transaction)

    @cached_property
    def offer_choices(self) -> "SqlOfferChoices":
        from node.storage.choices import SqlOfferChoices

        return SqlOfferChoices(self._transaction)

    @cached_property
    def sendings(self) -> "SqlSendings":
        from node.storage.employers import SqlSendings

        return SqlSendings(self._transaction)

    @cached_property
    def told_ends(self) -> "SqlToldEnds":
        from node.storage.network.told_ends import SqlToldEnds

        return SqlToldEnds(self._transaction)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A nested block: an exception that leaves it undoes what was written inside it, and goes on upwards."""
        info = self._transaction.connection.info
        before = info.get(FAILED, False)
        try:
            with self._transaction.savepoint():
                yield
        except BaseException:
            # What failed inside has been undone with the block.
            info[FAILED] = before
            raise


class SqlDatabase:
    """`federation.ports.Database`, on one SQLite file, SQLite in memory, or PostgreSQL. Safe to share by threads.

    In memory there is one connection, so that readers take turns with the writers too.
    """

    def __init__(self, engine: Engine, random_bytes: Callable[[int], bytes]) -> None:
        self._engine = engine
        self._random_bytes = random_bytes
        self._memory = is_memory(engine)
        self._turn = _Turn()
        # The process before this one may have died between its commit and the emptying of the log.
        self._log_holds_destroyed = True

    @contextmanager
    def write(self) -> Iterator[NodeUnitOfWork]:
        """The one writer. DatabaseBusy when another one does not end, NestedUnitOfWork inside a `write()`."""
        with self._turn:
            with self._transaction(Mode.WRITE) as transaction:
                uow = NodeUnitOfWork(transaction)
                yield uow
                transaction.flush()
                uow.events.write()
                if transaction.connection.info.get(FAILED, False):
                    raise StorageError("a statement failed in this unit of work, so that none of it is written")
                transaction.connection.commit()
            self._log_holds_destroyed |= transaction.destroyed
            if self._log_holds_destroyed:
                self._empty_log()

    @contextmanager
    def read(self) -> Iterator[NodeUnitOfWork]:
        """One snapshot; ReadOnly when something is written through it."""
        if self._memory:
            with self._turn, self._snapshot() as uow:
                yield uow
        else:
            with self._snapshot() as uow:
                yield uow

    def dispose(self) -> None:
        """Close every connection. The last one to close a SQLite file empties its write-ahead log."""
        self._engine.dispose()

    @contextmanager
    def _snapshot(self) -> Iterator[NodeUnitOfWork]:
        with self._transaction(Mode.READ) as transaction:
            yield NodeUnitOfWork(transaction)

    @contextmanager
    def _transaction(self, mode: Mode) -> Iterator[Transaction]:
        """Undone at its end, unless it was committed."""
        with self._engine.execution_options(**{MODE: mode}).connect() as connection:
            connection.begin()
            transaction = Transaction(connection, self._random_bytes)
            try:
                yield transaction
            finally:
                transaction.close()

    def _empty_log(self) -> None:
        """Readers may be in the log; then the next writer tries again, without waiting either."""
        if self._engine.dialect.name != "sqlite" or self._memory:
            self._log_holds_destroyed = False
            return
        pooled = self._engine.raw_connection()
        raw = pooled.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        try:
            raw.execute("PRAGMA busy_timeout=0")
            (busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            self._log_holds_destroyed = bool(busy)
        except sqlite3.Error as error:
            # The unit of work is committed: what fails now must not look as if it were not.
            pooled.invalidate(error)
        finally:
            pooled.close()


class _Turn:
    """A lock that tells a thread which holds it already, rather than let it wait for itself."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._holder: int | None = None

    def __enter__(self) -> None:
        if self._holder == get_ident():
            raise NestedUnitOfWork("this thread has a unit of work open already")
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise DatabaseBusy(f"another thread has held the database for {BUSY_SECONDS} s")
        self._holder = get_ident()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder = None
        self._lock.release()


def open_database(
    url: str,
    *,
    node_id: str,
    random_bytes: Callable[[int], bytes],
    now: datetime,
    epoch: int = 1,
    existing: bool | None = None,
) -> SqlDatabase:
    """The node's database, brought to the present schema and with its journal opened.

    Raises WrongDatabase when it belongs to another node or epoch, or to a later version of this program. `existing`:
    LostDatabase when it holds no journal yet; False: WrongDatabase when it holds anything at all.
    """
    if existing:
        require_file(url)
    engine = make_engine(url)
    try:
        if existing is not None:
            _require(engine, url, existing=existing)
        migrate(engine)
        database = SqlDatabase(engine, random_bytes)
        initialise(database, node_id, epoch, now)
    except BaseException:
        engine.dispose()
        raise
    return database


def _require(engine: Engine, url: str, *, existing: bool) -> None:
    with engine.execution_options(**{MODE: Mode.READ}).connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        opened = "journal_state" in tables and connection.exec_driver_sql("SELECT 1 FROM journal_state").first()
    shown = make_url(url).render_as_string(hide_password=True)
    if existing and not opened and not is_memory(engine):
        raise LostDatabase(shown)
    if not existing and tables:
        raise WrongDatabase(f"{shown} holds tables already")


def initialise(database: SqlDatabase, node_id: str, epoch: int, now: datetime) -> None:
    """Write the first journal entry, `opened/1`, unless it is there; WrongDatabase for another node or epoch."""
    with database.read() as uow:
        if uow.journal.is_open(node_id, epoch):
            return
    with database.write() as uow:
        # Another process may have come first.
        if not uow.journal.is_open(node_id, epoch):
            uow.journal.open(node_id, epoch, now)
