"""Deposits, posters, and their counts. Implements `node.mission.deposits.ports.Deposits`."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Index
from sqlmodel import Field, col, func, select

from node.mission.agreements.consent import Agreement
from node.mission.deposits.deposit import Channel, Deposit, DepositState, Source, SourceKind
from node.mission.deposits.ports import Tally
from node.mission.parts import Counted
from node.mission.people.identity import Identity
from node.storage.errors import Missing
from node.storage.rows import Row
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime


class SourceRow(Row, table=True):
    """One poster."""

    __tablename__ = "source"

    id: str = Field(primary_key=True)
    kind: str
    label: str
    opened: date
    closed: date | None = None


class DepositRow(Row, table=True):
    """One deposit. `proposal` is JSON as the reader of documents gave it."""

    __tablename__ = "deposit"
    __table_args__ = (Index(None, "state", "received"),)

    id: str = Field(primary_key=True)
    received: datetime = Field(sa_type=UtcDateTime)
    channel: str
    source: str
    first_name: str
    last_name: str
    email: str
    phone: str
    message: str
    call_back: bool
    document: str
    keep_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    keep_how: str
    network_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    network_how: str
    proposal: Any = Field(default=None, sa_type=sa.JSON(none_as_null=True), nullable=True)
    state: str
    candidate: str | None = Field(default=None, foreign_key="candidate.id", ondelete="CASCADE", index=True)
    settled_by: str
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TallyRow(Row, table=True):
    """Counts of deposits, without anybody in them."""

    __tablename__ = "deposit_tally"

    month: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    received: int
    accepted: int
    joined: int
    discarded: int


_COUNTS = ("received", "accepted", "joined", "discarded")


class SqlDeposits:
    """`node.mission.deposits.ports.Deposits`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session

    def add(self, deposit: Deposit) -> None:
        self._session.add(_row(deposit))
        self._session.flush()

    def save(self, deposit: Deposit) -> None:
        if self._session.get(DepositRow, deposit.id) is None:
            raise Missing("deposit")
        self._session.merge(_row(deposit))
        self._session.flush()

    def get(self, deposit_id: str) -> Deposit | None:
        row = self._session.get(DepositRow, deposit_id)
        return None if row is None else _value(row)

    def remove(self, deposit_id: str) -> None:
        row = self._session.get(DepositRow, deposit_id)
        if row is not None:
            self._session.delete(row)
            self._session.flush()
            self._session.expire_all()
            self._transaction.destroyed = True

    def page(self, state: DepositState, offset: int, limit: int, *, call_back: bool | None = None) -> Counted[Deposit]:
        conditions = [col(DepositRow.state) == state.value]
        if call_back is not None:
            conditions.append(col(DepositRow.call_back).is_(call_back))
        rows = self._session.exec(
            select(DepositRow)
            .where(*conditions)
            .order_by(col(DepositRow.received), col(DepositRow.id))
            .limit(limit)
            .offset(offset)
        )
        found = tuple(replace(_value(row), proposal=None) for row in rows)
        total = self._session.exec(select(func.count()).select_from(DepositRow).where(*conditions)).one()
        return Counted(total, found)

    def of_candidate(self, candidate_id: str) -> Sequence[Deposit]:
        wanted = select(DepositRow).where(DepositRow.candidate == candidate_id)
        rows = self._session.exec(wanted.order_by(col(DepositRow.received), col(DepositRow.id)))
        return [_value(row) for row in rows]

    def identities(self) -> Sequence[Identity]:
        columns = (DepositRow.id, DepositRow.first_name, DepositRow.last_name, DepositRow.email, DepositRow.phone)
        wanted = sa.select(*columns).where(col(DepositRow.state) == DepositState.WAITING.value)  # type: ignore[call-overload]
        rows = self._session.execute(wanted.order_by(col(DepositRow.received)))
        return [
            Identity(id=key, first_name=first, last_name=last, email=email, phone=phone)
            for key, first, last, email, phone in rows
        ]

    def add_source(self, source: Source) -> None:
        self._session.add(SourceRow(**asdict(source) | {"kind": source.kind.value}))
        self._session.flush()

    def save_source(self, source: Source) -> None:
        if self._session.get(SourceRow, source.id) is None:
            raise Missing("source")
        self._session.merge(SourceRow(**asdict(source) | {"kind": source.kind.value}))
        self._session.flush()

    def source(self, source_id: str) -> Source | None:
        row = self._session.get(SourceRow, source_id)
        return None if row is None else _source(row)

    def sources(self) -> Sequence[Source]:
        rows = self._session.exec(select(SourceRow).order_by(col(SourceRow.opened).desc(), col(SourceRow.label)))
        return [_source(row) for row in rows]

    def count_up(self, tally: Tally) -> None:
        row = self._session.get(TallyRow, (tally.month, tally.source, tally.channel))
        values = asdict(tally)
        if row is not None:
            values |= {name: values[name] + getattr(row, name) for name in _COUNTS}
        self._session.merge(TallyRow(**values))
        self._session.flush()

    def tallies(self, since: str) -> Sequence[Tally]:
        rows = self._session.exec(
            select(TallyRow)
            .where(TallyRow.month >= since)
            .order_by(col(TallyRow.month), col(TallyRow.source), col(TallyRow.channel))
        )
        return [
            Tally(
                month=row.month,
                source=row.source,
                channel=row.channel,
                **{name: getattr(row, name) for name in _COUNTS},
            )
            for row in rows
        ]


def _row(deposit: Deposit) -> DepositRow:
    return DepositRow(
        id=deposit.id,
        received=deposit.received,
        channel=deposit.channel.value,
        source=deposit.source,
        first_name=deposit.first_name,
        last_name=deposit.last_name,
        email=deposit.email,
        phone=deposit.phone,
        message=deposit.message,
        call_back=deposit.call_back,
        document=deposit.document,
        keep_at=deposit.keep.at if deposit.keep else None,
        keep_how=deposit.keep.how if deposit.keep else "",
        network_at=deposit.network.at if deposit.network else None,
        network_how=deposit.network.how if deposit.network else "",
        proposal=None if deposit.proposal is None else dict(deposit.proposal),
        state=deposit.state.value,
        candidate=deposit.candidate or None,
        settled_by=deposit.settled_by,
        settled_at=deposit.settled_at,
    )


def _value(row: DepositRow) -> Deposit:
    return Deposit(
        id=row.id,
        received=row.received,
        channel=Channel.of(row.channel),
        source=row.source,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        phone=row.phone,
        message=row.message,
        call_back=row.call_back,
        document=row.document,
        keep=_agreement(row.keep_at, row.keep_how),
        network=_agreement(row.network_at, row.network_how),
        proposal=row.proposal,
        state=DepositState.of(row.state),
        candidate=row.candidate or "",
        settled_by=row.settled_by,
        settled_at=row.settled_at,
    )


def _agreement(at: datetime | None, how: str) -> Agreement | None:
    return None if at is None else Agreement(at=at, how=how)


def _source(row: SourceRow) -> Source:
    return Source(id=row.id, kind=SourceKind.of(row.kind), label=row.label, opened=row.opened, closed=row.closed)
