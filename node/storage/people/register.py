"""Lists and figures of the register, without loading anybody whole. Part of `node.mission.people.ports.Candidates`.

Every list is columns alone, filtered and cut by the database; 5,000 people answer in milliseconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.engine import Connection

from node.kit import phone
from node.mission.agreements.consent import ConsentScope
from node.mission.parts import Counted
from node.mission.people.candidate import CandidateState, CvState
from node.mission.people.identity import Identity, fold_name
from node.mission.people.ports import AgreementEnding, Order, OwnerFigures, RegisterFilter, RegisterLine
from node.storage.metadata import METADATA
from node.storage.types import UtcDateTime

# One person of the town's register. Lists are JSON: they are read and written with the person only; `detail` is what
# the person's own pages alone read. The last three columns follow from the others, for queries.
candidate_table = sa.Table(
    "candidate",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("reference", sa.String, nullable=False, unique=True),
    sa.Column("first_name", sa.String, nullable=False),
    sa.Column("last_name", sa.String, nullable=False),
    sa.Column("email", sa.String, nullable=False),
    sa.Column("phone", sa.String, nullable=False),
    sa.Column("commune", sa.String, nullable=False),
    sa.Column("occupations", sa.JSON, nullable=False),
    sa.Column("skills", sa.JSON, nullable=False),
    sa.Column("qualification", sa.Integer, nullable=False),
    sa.Column("licences", sa.JSON, nullable=False),
    sa.Column("languages", sa.JSON, nullable=False),
    sa.Column("contracts", sa.JSON, nullable=False),
    sa.Column("mobility_km", sa.Integer, nullable=False),
    sa.Column("places", sa.JSON, nullable=False),
    sa.Column("relocates", sa.Boolean, nullable=False),
    sa.Column("availability", sa.Date),
    sa.Column("summary", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("ready_by", sa.String),
    sa.Column("ready_on", sa.Date),
    sa.Column("ready_met", sa.String),
    sa.Column("ready_met_on", sa.Date),
    sa.Column("last_contact", sa.Date),
    sa.Column("cv_state", sa.String, nullable=False),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("birth_date", sa.Date),
    sa.Column("hours", sa.String, nullable=False),
    sa.Column("vehicle", sa.Boolean, nullable=False),
    sa.Column("public_transport", sa.Boolean, nullable=False),
    sa.Column("photo", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("registered", sa.Date),
    sa.Column("first_ready", sa.Date),
    sa.Column("last_seen", sa.Date),
    sa.Column("notice_on", sa.Date),
    sa.Column("objected_at", UtcDateTime),
    sa.Column("detail", sa.LargeBinary, nullable=False),
    sa.Column("ready_until", sa.Date, index=True),
    sa.Column("active_on", sa.Date, index=True),
    sa.Column("search", sa.String, nullable=False, index=True),
    sa.Index(None, "state", "owner", "last_contact"),
    sa.Index(None, "owner", "id"),
)

# One agreement of one person.
consent_table = sa.Table(
    "consent",
    METADATA,
    sa.Column("candidate", sa.String, sa.ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("scope", sa.String, nullable=False),
    sa.Column("given_on", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False, index=True),
    sa.Column("how", sa.String, nullable=False),
    sa.Column("offer", sa.String, nullable=False),
    sa.Column("employer", sa.String, nullable=False, server_default=""),
    sa.Column("withdrawn_at", UtcDateTime),
)


C = candidate_table.columns
A = consent_table.columns

_ENDING: tuple[Any, ...] = (
    C.id,
    C.first_name,
    C.last_name,
    C.owner,
    A.scope,
    A.until,
)
_LINE: tuple[Any, ...] = (
    C.id,
    C.reference,
    C.first_name,
    C.last_name,
    C.commune,
    C.occupations,
    C.state,
    C.cv_state,
    C.owner,
    C.last_contact,
    C.registered,
    C.ready_until,
    C.notice_on,
)


class SqlRegister:
    """The lists of `node.mission.people.ports.Candidates`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, wanted: RegisterFilter, offset: int, limit: int) -> Counted[RegisterLine]:
        return self._lines(_conditions(wanted), _order(wanted.order), limit, offset)

    def lines(self, candidate_ids: Iterable[str]) -> Mapping[str, RegisterLine]:
        rows = self._connection.execute(sa.select(*_LINE).where(C.id.in_(sorted(set(candidate_ids)))))
        return {line.id: line for line in map(_line, rows)}

    def identities(self) -> Sequence[Identity]:
        columns: tuple[Any, ...] = (
            C.id,
            C.reference,
            C.first_name,
            C.last_name,
            C.email,
            C.phone,
            C.birth_date,
        )
        rows = self._connection.execute(sa.select(*columns).order_by(C.reference))
        return [
            Identity(
                id=key,
                reference=reference,
                first_name=first,
                last_name=last,
                email=email,
                phone=phone,
                birth_date=born,
            )
            for key, reference, first, last, email, phone, born in rows
        ]

    def not_contacted_since(self, day: date, owner: str | None, limit: int) -> Counted[RegisterLine]:
        conditions = [*_active(owner), sa.or_(C.last_contact.is_(None), C.last_contact < day)]
        oldest = func.coalesce(C.last_contact, C.registered)
        return self._lines(conditions, (oldest.asc().nulls_first(), C.reference), limit)

    def signatures_ending(self, until: date, owner: str | None, limit: int) -> Counted[RegisterLine]:
        conditions = [*_active(owner), C.ready_until <= until]
        return self._lines(conditions, (C.ready_until, C.reference), limit)

    def agreements_ending(
        self, scopes: Iterable[ConsentScope], today: date, until: date, owner: str | None, limit: int
    ) -> Counted[AgreementEnding]:
        longer = consent_table.alias().columns
        wanted = (
            sa.select(*_ENDING, func.count().over())
            .join(candidate_table, A.candidate == C.id)
            .where(
                *_in_force(A, today),
                A.until <= until,
                A.scope.in_([scope.value for scope in scopes]),
                ~sa.exists().where(
                    longer.candidate == A.candidate,
                    longer.scope == A.scope,
                    *_in_force(longer, today),
                    sa.or_(
                        longer.until > A.until,
                        sa.and_(longer.until == A.until, longer.position < A.position),
                    ),
                ),
                # An expression has no index: few agreements end, and SQLite is to begin with them.
                func.coalesce(C.state, "") == CandidateState.ACTIVE.value,
                *_of(owner, few=True),
            )
        )
        ordered = wanted.order_by(A.until, C.reference, A.scope).limit(limit)
        rows: Sequence[Any] = self._connection.execute(ordered).all()
        found = tuple(
            AgreementEnding(
                candidate=key, name=f"{first} {last_name}".strip(), owner=whose, scope=ConsentScope.of(scope), until=end
            )
            for key, first, last_name, whose, scope, end, _total in rows
        )
        return Counted(rows[0][-1] if rows else 0, found)

    def silent_since(self, day: date) -> Sequence[str]:
        wanted = sa.select(C.id).where(sa.or_(C.active_on.is_(None), C.active_on < day))
        return self._connection.scalars(wanted.order_by(C.reference)).all()

    def objected_before(self, moment: datetime) -> Sequence[str]:
        return self._connection.scalars(sa.select(C.id).where(C.objected_at < moment).order_by(C.id)).all()

    def taken_out_unasked(self) -> Sequence[str]:
        wanted = sa.select(C.id).where(C.state == CandidateState.WITHDRAWN.value, C.objected_at.is_(None))
        return self._connection.scalars(wanted.order_by(C.reference)).all()

    def noticed(self, owner: str | None, limit: int) -> Counted[RegisterLine]:
        conditions = [C.notice_on.is_not(None), *_of(owner, few=True)]
        return self._lines(conditions, (C.notice_on, C.reference), limit)

    def count_by_owner(self) -> Mapping[str, int]:
        rows = self._connection.execute(sa.select(C.owner, func.count()).group_by(C.owner))
        return {str(owner): int(people) for owner, people in rows}

    def by_owner(self, today: date) -> Sequence[OwnerFigures]:
        ready = sa.case((C.ready_until >= today, 1), else_=0)
        rows = self._connection.execute(
            sa.select(C.owner, func.count(), func.sum(ready))
            .where(C.state == CandidateState.ACTIVE.value)
            .group_by(C.owner)
            .order_by(C.owner)
        )
        return [
            OwnerFigures(owner=owner, people=people, waiting=people - int(signed), ready=int(signed))
            for owner, people, signed in rows
        ]

    def days_to_ready(self, since: date) -> Sequence[int]:
        rows = self._connection.execute(
            sa.select(C.registered, C.first_ready).where(C.first_ready >= since, C.registered.is_not(None))
        )
        return sorted((ready - registered).days for registered, ready in rows)

    def _lines(
        self, conditions: Sequence[Any], order: Sequence[Any], limit: int, offset: int = 0
    ) -> Counted[RegisterLine]:
        rows = self._connection.execute(
            sa.select(*_LINE).where(*conditions).order_by(*order).limit(limit).offset(offset)
        )
        found = tuple(_line(row) for row in rows)
        if not offset and len(found) < limit:
            return Counted(len(found), found)
        total = self._connection.execute(
            sa.select(func.count()).select_from(candidate_table).where(*conditions)
        ).scalar_one()
        return Counted(total, found)


def _of(owner: str | None, *, few: bool = False) -> list[Any]:
    """People of that counsellor and nobody's. `few`: another condition leaves few, with which SQLite is to begin rather
    than with all people of the counsellor: an expression has no index."""
    if owner is None:
        return []
    return [(func.coalesce(C.owner, "") if few else C.owner).in_([owner, ""])]


def _in_force(consent: Any, today: date) -> list[Any]:
    return [consent.withdrawn_at.is_(None), consent.given_on <= today, consent.until >= today]


def _active(owner: str | None) -> list[Any]:
    return [C.state == CandidateState.ACTIVE.value, *_of(owner)]


def _conditions(wanted: RegisterFilter) -> list[Any]:
    conditions: list[Any] = []
    done = 0
    for found in phone.find(wanted.text):
        conditions += _each_word(wanted.text[done : found.start])
        # As it is kept, or as a reference that looks like a number.
        words = _each_word(wanted.text[found.start : found.end])
        conditions.append(sa.or_(C.search.contains(found.number, autoescape=True), sa.and_(*words)))
        done = found.end
    conditions += _each_word(wanted.text[done:])
    if wanted.cv_state is not None:
        conditions.append(C.cv_state == wanted.cv_state.value)
    if wanted.state is not None:
        conditions.append(C.state == wanted.state.value)
    if wanted.owner is not None:
        conditions.append(C.owner == wanted.owner)
    if wanted.commune:
        conditions.append(C.commune == wanted.commune)
    if wanted.skill:
        conditions.append(sa.cast(C.skills, sa.Text).contains(f'"{wanted.skill}"', autoescape=True))
    if wanted.among is not None:
        conditions.append(C.id.in_(sorted(wanted.among)))
    if wanted.rome:
        conditions.append(sa.cast(C.occupations, sa.Text).contains(f'"{wanted.rome}"', autoescape=True))
    return conditions


def _each_word(text: str) -> list[Any]:
    conditions: list[Any] = []
    for word in text.split():
        # A part of an e-mail address is typed with its signs, one of a telephone number with dots and dashes.
        spellings = {fold_name(word), word.casefold(), phone.bare(word)} - {""}
        conditions.append(sa.or_(*(C.search.contains(one, autoescape=True) for one in sorted(spellings))))
    return conditions


def _order(order: Order) -> tuple[Any, ...]:
    match order:
        case Order.NAME:
            return C.search, C.id
        case Order.OLDEST_CONTACT:
            return C.last_contact.asc().nulls_first(), C.id
        case Order.NEWEST:
            return C.registered.desc().nulls_last(), C.reference.desc(), C.id


def _line(row: Any) -> RegisterLine:
    key, reference, first, last, commune, occupations, state, cv_state, owner, contact, registered, ready, notice = row
    return RegisterLine(
        id=key,
        reference=reference,
        first_name=first,
        last_name=last,
        commune=commune,
        rome=occupations[0][0] if occupations else "",
        state=CandidateState.of(state),
        cv_state=CvState.of(cv_state),
        owner=owner,
        last_contact=contact,
        registered=registered,
        ready_until=ready,
        notice_on=notice,
    )
