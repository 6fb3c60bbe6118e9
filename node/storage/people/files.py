"""What a person's file holds beside the CV. Implements `node.mission.people.ports.Files`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Index
from sqlmodel import Field, col, func, select

from node.mission.parts import Counted
from node.mission.people.contacts import MEETINGS, Contact, ContactChannel
from node.mission.people.history import Change
from node.mission.people.partners import OPEN_REFERRALS, Eligibility, Help, Local, Partner, Referral, ReferralState
from node.storage.errors import Missing
from node.storage.rows import Row
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime


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


_local_in = msgspec.json.Decoder(Local)
_MEETINGS = sorted(channel.value for channel in MEETINGS)
_OPEN = sorted(state.value for state in OPEN_REFERRALS)


class SqlFiles:
    """`node.mission.people.ports.Files`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session

    def add_contact(self, contact: Contact) -> None:
        self._session.add(_contact_row(contact))
        self._session.flush()

    def save_contact(self, contact: Contact) -> None:
        if self._session.get(ContactRow, contact.id) is None:
            raise Missing("contact")
        self._session.merge(_contact_row(contact))
        self._session.flush()

    def contact(self, contact_id: str) -> Contact | None:
        row = self._session.get(ContactRow, contact_id)
        return None if row is None else _contact(row)

    def contacts_of(self, candidate_id: str) -> Sequence[Contact]:
        wanted = select(ContactRow).where(ContactRow.candidate == candidate_id)
        newest = (col(ContactRow.on).desc(), col(ContactRow.written).desc(), col(ContactRow.id))
        return [_contact(row) for row in self._session.exec(wanted.order_by(*newest))]

    def last_met(self, candidate_id: str) -> Contact | None:
        row = self._session.exec(
            select(ContactRow)
            .where(ContactRow.candidate == candidate_id, col(ContactRow.channel).in_(_MEETINGS))
            .order_by(col(ContactRow.on).desc(), col(ContactRow.written).desc(), col(ContactRow.id))
            .limit(1)
        ).first()
        return None if row is None else _contact(row)

    def days_met(self, candidate_ids: Sequence[str]) -> Mapping[str, date]:
        met = select(ContactRow.candidate, func.max(ContactRow.on)).where(
            col(ContactRow.candidate).in_(candidate_ids), col(ContactRow.channel).in_(_MEETINGS)
        )
        return dict(self._session.exec(met.group_by(ContactRow.candidate)).all())

    def steps_due(self, until: date, owner: str | None, limit: int) -> Counted[Contact]:
        conditions: list[Any] = [col(ContactRow.done_on).is_(None), col(ContactRow.next_on) <= until]
        if owner is not None:
            conditions.append(col(ContactRow.next_owner).in_([owner, ""]))
        rows = self._session.exec(
            select(ContactRow).where(*conditions).order_by(col(ContactRow.next_on), col(ContactRow.id)).limit(limit)
        )
        found = tuple(_contact(row) for row in rows)
        return Counted(self._count(ContactRow, conditions, len(found), limit), found)

    def local(self, candidate_id: str) -> Local:
        row = self._session.get(LocalRow, candidate_id)
        return Local() if row is None else _local_in.decode(row.detail)

    def eligible(self, eligibility: Eligibility) -> Sequence[str]:
        noted = self._session.exec(select(LocalRow.candidate, LocalRow.detail)).all()
        return [name for name, detail in noted if eligibility in _local_in.decode(detail).eligibilities]

    def save_local(self, candidate_id: str, local: Local) -> None:
        self._session.merge(LocalRow(candidate=candidate_id, detail=msgspec.json.encode(local, order="sorted")))
        self._session.flush()

    def save_partner(self, partner: Partner) -> None:
        self._session.merge(PartnerRow(**asdict(partner) | {"helps": sorted(one.value for one in partner.helps)}))
        self._session.flush()

    def partner(self, partner_id: str) -> Partner | None:
        row = self._session.get(PartnerRow, partner_id)
        return None if row is None else _partner(row)

    def partners(self) -> Sequence[Partner]:
        return [_partner(row) for row in self._session.exec(select(PartnerRow).order_by(col(PartnerRow.name)))]

    def add_referral(self, referral: Referral) -> None:
        self._session.add(_referral_row(referral))
        self._session.flush()

    def save_referral(self, referral: Referral) -> None:
        if self._session.get(ReferralRow, referral.id) is None:
            raise Missing("referral")
        self._session.merge(_referral_row(referral))
        self._session.flush()

    def referral(self, referral_id: str) -> Referral | None:
        row = self._session.get(ReferralRow, referral_id)
        return None if row is None else _referral(row)

    def referrals_of(self, candidate_id: str) -> Sequence[Referral]:
        wanted = select(ReferralRow).where(ReferralRow.candidate == candidate_id)
        rows = self._session.exec(wanted.order_by(col(ReferralRow.on).desc(), col(ReferralRow.id)))
        return [_referral(row) for row in rows]

    def referrals_due(self, until: date, by: str | None, limit: int) -> Counted[Referral]:
        conditions: list[Any] = [col(ReferralRow.state).in_(_OPEN), col(ReferralRow.follow_up_on) <= until]
        if by is not None:
            conditions.append(ReferralRow.by == by)
        rows = self._session.exec(
            select(ReferralRow)
            .where(*conditions)
            .order_by(col(ReferralRow.follow_up_on), col(ReferralRow.id))
            .limit(limit)
        )
        found = tuple(_referral(row) for row in rows)
        return Counted(self._count(ReferralRow, conditions, len(found), limit), found)

    def record(self, changes: Iterable[Change]) -> None:
        rows = [asdict(change) for change in changes]
        if rows:
            self._session.execute(sa.insert(ChangeRow), rows)

    def history(self, candidate_id: str, limit: int = 500) -> Sequence[Change]:
        rows = self._session.exec(
            select(ChangeRow)
            .where(ChangeRow.candidate == candidate_id)
            .order_by(col(ChangeRow.at).desc(), col(ChangeRow.id).desc())
            .limit(limit)
        )
        return [
            Change(candidate=row.candidate, at=row.at, by=row.by, field=row.field, before=row.before, after=row.after)
            for row in rows
        ]

    def hand_over_steps(self, from_owner: str, to_owner: str, candidate_id: str | None = None) -> Sequence[str]:
        conditions: list[Any] = [
            ContactRow.next_owner == from_owner,
            ContactRow.next_step != "",
            col(ContactRow.done_on).is_(None),
        ]
        if candidate_id is not None:
            conditions.append(ContactRow.candidate == candidate_id)
        whose = self._session.exec(select(ContactRow.candidate).where(*conditions)).all()
        if whose:
            self._session.execute(sa.update(ContactRow).where(*conditions).values(next_owner=to_owner))
        return sorted(whose)

    def count_steps_by_owner(self) -> Mapping[str, int]:
        wanted = select(ContactRow.next_owner, func.count()).where(
            ContactRow.next_step != "", col(ContactRow.done_on).is_(None)
        )
        return dict(self._session.exec(wanted.group_by(ContactRow.next_owner)).all())

    def _count(self, table: Any, conditions: Sequence[Any], found: int, limit: int) -> int:
        if found < limit:
            return found
        total: int = self._session.exec(select(func.count()).select_from(table).where(*conditions)).one()
        return total


def _contact_row(contact: Contact) -> ContactRow:
    return ContactRow(**asdict(contact) | {"channel": contact.channel.value})


def _contact(row: ContactRow) -> Contact:
    return Contact(
        id=row.id,
        candidate=row.candidate,
        written=row.written,
        on=row.on,
        by=row.by,
        channel=ContactChannel.of(row.channel),
        text=row.text,
        next_step=row.next_step,
        next_on=row.next_on,
        next_owner=row.next_owner,
        done_on=row.done_on,
    )


def _partner(row: PartnerRow) -> Partner:
    return Partner(
        id=row.id,
        name=row.name,
        helps=frozenset(map(Help.of, row.helps)),
        person=row.person,
        phone=row.phone,
        email=row.email,
        address=row.address,
        note=row.note,
        active=row.active,
    )


def _referral_row(referral: Referral) -> ReferralRow:
    return ReferralRow(**asdict(referral) | {"help": referral.help.value, "state": referral.state.value})


def _referral(row: ReferralRow) -> Referral:
    return Referral(
        id=row.id,
        candidate=row.candidate,
        partner=row.partner,
        help=Help.of(row.help),
        on=row.on,
        by=row.by,
        why=row.why,
        follow_up_on=row.follow_up_on,
        state=ReferralState.of(row.state),
        ended_on=row.ended_on,
        outcome=row.outcome,
    )
