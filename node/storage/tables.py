"""All tables of a node, in one place. Nothing outside `node/storage` imports this module.

SQLModel classes are what people edit, a row at a time. Core tables are what arrives in thousands, the journal and
what peers told: they are written by `bulk.py` in their column order, so that order is part of their contract. Keys are
integers or the names that the network uses; nothing in a replica is keyed at random, which would touch the whole index
for every page taken in. A change here needs a migration (see `migrate.py`); a test fails when there is none.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

from node.storage.types import ROW_NUMBER, UtcDateTime

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _only_row() -> tuple[Column[int], CheckConstraint]:
    """A table of exactly one row."""
    return Column("id", Integer, primary_key=True, autoincrement=False), CheckConstraint("id = 1", name="one_row")


# The node's own journal.

journal_state = Table(
    "journal_state",
    METADATA,
    *_only_row(),
    Column("node", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("range", LargeBinary, nullable=False),
    Column("checkpoint_size", BigInteger, nullable=False),
    Column("checkpoint", LargeBinary),
)

journal_entry = Table(
    "journal_entry",
    METADATA,
    Column("idx", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
    Column("channel", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("header_salt", LargeBinary, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("body_salt", LargeBinary),
    Column("body", LargeBinary),
    sa.UniqueConstraint("channel", "number"),
)

# What peers told. A peer has a small number, so that the rows of its journal have short keys.

peer = Table(
    "peer",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("node", Text, nullable=False, unique=True),
    Column("due", UtcDateTime, comment="empty for a peer whose delivery state was never saved"),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("last_success", UtcDateTime),
    Column("last_failure", UtcDateTime),
    Column("last_error", Text, nullable=False),
    Column("alarm", Text, nullable=False),
)

replica_cursor = Table(
    "replica_cursor",
    METADATA,
    Column("peer", ForeignKey("peer.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("range", LargeBinary, nullable=False),
    Column("checkpoint", LargeBinary),
)

replica_head = Table(
    "replica_head",
    METADATA,
    Column("peer", ForeignKey("peer.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)

replica_entry = Table(
    "replica_entry",
    METADATA,
    Column("peer", ForeignKey("peer.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
    Column("channel", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("header_salt", LargeBinary, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("body_salt", LargeBinary),
    Column("body", LargeBinary),
    sa.UniqueConstraint("peer", "epoch", "channel", "number"),
)

refusal = Table(
    "refusal",
    METADATA,
    Column("peer", ForeignKey("peer.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

evidence = Table(
    "evidence",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("peer", ForeignKey("peer.id"), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("alarm", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("first", LargeBinary, nullable=False),
    Column("second", LargeBinary, nullable=False),
)

nonce = Table(
    "nonce",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("seen", UtcDateTime, nullable=False, index=True),
)

directory_cache = Table(
    "directory_cache",
    METADATA,
    *_only_row(),
    Column("members_json", LargeBinary, nullable=False),
    Column("verified_at", UtcDateTime, nullable=False),
)

join_request = Table(
    "join_request",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Offers and releases: whole values as JSON, which only their repository reads, beside what queries look at.

offer = Table(
    "offer",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("closes", sa.Date, nullable=False),
    Column("entry", LargeBinary, comment="of a peer's offer, whose detail is then the message as it travelled"),
    Column("detail", LargeBinary, nullable=False),
    Index(
        "uq_offer_node_reference",
        "node",
        "reference",
        unique=True,
        sqlite_where=sa.text("reference <> ''"),
        postgresql_where=sa.text("reference <> ''"),
    ),
)

own_release = Table(
    "own_release",
    METADATA,
    *_only_row(),
    Column("idx", BigInteger, nullable=False),
    Column("detail", LargeBinary, nullable=False),
)

class_member = Table(
    "class_member",
    METADATA,
    Column("occupation", Text, primary_key=True),
    Column("detail", LargeBinary, nullable=False),
)

peer_release = Table(
    "peer_release",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("received", UtcDateTime, nullable=False),
    Column("detail", LargeBinary, nullable=False),
)


# References of erased people: their keyed hashes, and the node's one key for them.

erased_salt = Table("erased_salt", METADATA, *_only_row(), Column("salt", LargeBinary, nullable=False))

erased_reference = Table("erased_reference", METADATA, Column("digest", LargeBinary, primary_key=True))


class Row(SQLModel):
    """What all rows that people edit share. Validation is the domain's affair: these are storage shapes."""

    metadata = METADATA


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
