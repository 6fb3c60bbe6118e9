"""The tables of the mission: people, agreements, forwards, what was disclosed. Nothing outside `node/storage` imports
this module. A change here needs a migration (see `migrate.py`); a test fails when there is none.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    Index,
)
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from node.storage.tables import Row
from node.storage.types import UtcDateTime


class CandidateRow(Row, table=True):
    """One person of the town's register. Lists are JSON: they are read and written with the person only; `detail` is
    what the person's own pages alone read. The last three columns follow from the others, for queries."""

    __tablename__ = "candidate"
    __table_args__ = (
        Index(None, "state", "owner", "last_contact"),
        Index(
            "ix_candidate_notice_on",
            "notice_on",
            sqlite_where=sa.text("notice_on IS NOT NULL"),
            postgresql_where=sa.text("notice_on IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    reference: str = Field(unique=True)
    first_name: str
    last_name: str
    email: str
    phone: str
    commune: str
    occupations: list[Any] = Field(sa_type=sa.JSON)
    skills: list[str] = Field(sa_type=sa.JSON)
    qualification: int
    licences: list[str] = Field(sa_type=sa.JSON)
    languages: list[Any] = Field(sa_type=sa.JSON)
    contracts: list[str] = Field(sa_type=sa.JSON)
    mobility_km: int
    places: list[str] = Field(sa_type=sa.JSON)
    relocates: bool
    availability: date | None = None
    summary: str
    state: str
    ready_by: str | None = None
    ready_on: date | None = None
    ready_met: str | None = None
    ready_met_on: date | None = None
    last_contact: date | None = None
    cv_state: str
    owner: str
    birth_date: date | None = None
    hours: str
    vehicle: bool
    public_transport: bool
    photo: str
    source: str
    registered: date | None = None
    first_ready: date | None = None
    last_seen: date | None = None
    notice_on: date | None = None
    detail: bytes
    ready_until: date | None = Field(default=None, index=True)
    active_on: date | None = Field(default=None, index=True)
    search: str = Field(index=True)
    consents: Mapped[list["ConsentRow"]] = Relationship(
        sa_relationship_kwargs={
            "cascade": "all, delete-orphan",
            "order_by": "ConsentRow.position",
            "lazy": "selectin",
        }
    )


class ConsentRow(Row, table=True):
    """One agreement of one person."""

    __tablename__ = "consent"

    candidate: str = Field(primary_key=True, foreign_key="candidate.id", ondelete="CASCADE")
    id: str = Field(primary_key=True)
    position: int
    scope: str
    given_on: date
    until: date = Field(index=True)
    how: str
    offer: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SequenceRow(Row, table=True):
    """The last number given in a sequence, such as references of a year."""

    __tablename__ = "sequence"

    name: str = Field(primary_key=True)
    value: int


class ForwardRow(Row, table=True):
    """One forward, on either side. `candidate` is no foreign key: the forward outlives the erased person."""

    __tablename__ = "forward"

    id: str = Field(primary_key=True)
    side: str
    peer: str
    offer: str = Field(index=True)
    revision: int = Field(sa_type=BigInteger)
    site: str
    candidate: str = Field(index=True)
    why: str
    checked: list[str] = Field(sa_type=sa.JSON)
    state: str
    created: datetime = Field(sa_type=UtcDateTime, index=True)
    consent: str
    has_dossier: bool
    moves: Mapped[list["ForwardMoveRow"]] = Relationship(
        sa_relationship_kwargs={
            "cascade": "all, delete-orphan",
            "order_by": "ForwardMoveRow.position",
            "lazy": "selectin",
        }
    )


class ForwardMoveRow(Row, table=True):
    """One move, at its place in the forward's history."""

    __tablename__ = "forward_move"

    forward: str = Field(primary_key=True, foreign_key="forward.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    event: str
    at: datetime = Field(sa_type=UtcDateTime)
    by: str
    reason: str
    to_candidate: str
    to_guarantor: str
    epoch: int = Field(sa_type=BigInteger)
    index: int = Field(sa_type=BigInteger)


class ForwardPapersRow(Row, table=True):
    """What the receiving side was sent, until it is destroyed."""

    __tablename__ = "forward_papers"

    forward: str = Field(primary_key=True)
    message: bytes
    dossier: bytes
    epoch: int = Field(sa_type=BigInteger)
    index: int = Field(sa_type=BigInteger)


class DisclosureRow(Row, table=True):
    """Who was given what about one person, and the erasure that was ordered of it."""

    __tablename__ = "disclosure"
    __table_args__ = (
        Index(
            "uq_disclosure_order",
            "order",
            unique=True,
            sqlite_where=sa.text("\"order\" <> ''"),
            postgresql_where=sa.text("\"order\" <> ''"),
        ),
    )

    forward: str = Field(primary_key=True)
    candidate: str = Field(index=True)
    holder: str
    disclosed_at: datetime = Field(sa_type=UtcDateTime)
    sent_index: int = Field(sa_type=BigInteger)
    order: str
    ordered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    order_index: int | None = Field(default=None, sa_type=BigInteger)
    order_message: bytes
    receipt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    receipt_index: int | None = Field(default=None, sa_type=BigInteger)
    receipt_epoch: int | None = Field(default=None, sa_type=BigInteger)
    receipt_message: bytes
