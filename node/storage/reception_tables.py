"""The tables of reception: what comes in, workshops, and what a person's file holds beside the CV.

SQLModel classes, which pages edit a row at a time; commands hardly ever need them. Whatever hangs on a candidate goes
with them, by foreign keys: nothing can be forgotten when a person is erased. Part of `tables.METADATA`; nothing outside
`node/storage` imports this module.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Index
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

from node.storage.tables import METADATA
from node.storage.types import UtcDateTime


class Row(SQLModel):
    """What these rows share. Validation is the domain's affair: these are storage shapes."""

    metadata = METADATA


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


class DocumentRow(Row, table=True):
    """What is known of a file."""

    __tablename__ = "document"

    id: str = Field(primary_key=True)
    candidate: str | None = Field(default=None, foreign_key="candidate.id", ondelete="CASCADE", index=True)
    deposit: str | None = Field(default=None, foreign_key="deposit.id", ondelete="CASCADE", index=True)
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    added: datetime = Field(sa_type=UtcDateTime)
    by: str


class DocumentContentRow(Row, table=True):
    """A file's bytes, apart, so that lists never read them."""

    __tablename__ = "document_content"

    document: str = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    content: bytes


class WorkshopRow(Row, table=True):
    """One workshop."""

    __tablename__ = "workshop"

    id: str = Field(primary_key=True)
    title: str
    starts: datetime = Field(sa_type=UtcDateTime, index=True)
    minutes: int
    room: str
    leader: str
    seats: int
    note: str
    state: str
    revision: int
    places: Mapped[list["PlaceRow"]] = Relationship(
        sa_relationship_kwargs={
            "cascade": "all, delete-orphan",
            "order_by": "PlaceRow.position",
            "lazy": "selectin",
        }
    )


class PlaceRow(Row, table=True):
    """One person's place in one workshop."""

    __tablename__ = "workshop_place"

    workshop: str = Field(primary_key=True, foreign_key="workshop.id", ondelete="CASCADE")
    candidate: str = Field(primary_key=True, foreign_key="candidate.id", ondelete="CASCADE", index=True)
    position: int
    attendance: str
    invited: datetime = Field(sa_type=UtcDateTime)
    cv_before: str
    cv_after: str
    told: int | None


class ContactRow(Row, table=True):
    """One contact, with its next step."""

    __tablename__ = "contact"
    __table_args__ = (
        Index(None, "candidate", "on"),
        Index(
            "ix_contact_step_due",
            "next_on",
            "next_owner",
            sqlite_where=sa.text("done_on IS NULL AND next_on IS NOT NULL"),
            postgresql_where=sa.text("done_on IS NULL AND next_on IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    written: datetime = Field(sa_type=UtcDateTime)
    candidate: str = Field(foreign_key="candidate.id", ondelete="CASCADE")
    on: date
    by: str
    channel: str
    text: str
    next_step: str
    next_on: date | None = None
    next_owner: str
    done_on: date | None = None


class LocalRow(Row, table=True):
    """Obstacles and eligibility, as JSON, which only the repository reads: no query looks into it."""

    __tablename__ = "candidate_local"

    candidate: str = Field(primary_key=True, foreign_key="candidate.id", ondelete="CASCADE")
    detail: bytes


class PartnerRow(Row, table=True):
    """One partner."""

    __tablename__ = "partner"

    id: str = Field(primary_key=True)
    name: str
    helps: list[str] = Field(sa_type=sa.JSON)
    person: str
    phone: str
    email: str
    address: str
    note: str
    active: bool


class ReferralRow(Row, table=True):
    """One person sent to one partner."""

    __tablename__ = "referral"
    __table_args__ = (Index(None, "state", "follow_up_on"),)

    id: str = Field(primary_key=True)
    candidate: str = Field(foreign_key="candidate.id", ondelete="CASCADE", index=True)
    partner: str = Field(foreign_key="partner.id")
    help: str
    on: date
    by: str
    why: str
    follow_up_on: date | None = None
    state: str
    ended_on: date | None = None
    outcome: str


class ChangeRow(Row, table=True):
    """One line of a person's history."""

    __tablename__ = "change"

    id: int | None = Field(default=None, primary_key=True)
    candidate: str = Field(foreign_key="candidate.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    by: str
    field: str
    before: str
    after: str


class MergeRow(Row, table=True):
    """One merge, whole, as JSON: it is read to be undone only."""

    __tablename__ = "merge"

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    kept: str = Field(foreign_key="candidate.id", ondelete="CASCADE", index=True)
    gone_reference: str = Field(index=True)
    detail: bytes
