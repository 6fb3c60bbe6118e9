"""Lists and figures of the register, without loading anybody whole. Part of `node.mission.ports.Candidates`.

Every list is columns alone, filtered and cut by the database; 5,000 people answer in milliseconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from node.mission.candidates import CandidateState, ConsentScope, CvState
from node.mission.duplicates import Identity, bare_digits, fold_name
from node.mission.reception_ports import (
    AgreementEnding,
    Counted,
    Order,
    OwnerFigures,
    RegisterFilter,
    RegisterLine,
)
from node.storage.mission_tables import CandidateRow, ConsentRow

C = CandidateRow

_ENDING: tuple[Any, ...] = (C.id, C.first_name, C.last_name, C.owner, ConsentRow.scope, ConsentRow.until)
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
    """The lists of `node.mission.ports.Candidates`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, wanted: RegisterFilter, offset: int, limit: int) -> Counted[RegisterLine]:
        return self._lines(_conditions(wanted), _order(wanted.order), limit, offset)

    def lines(self, candidate_ids: Iterable[str]) -> Mapping[str, RegisterLine]:
        rows = self._session.execute(sa.select(*_LINE).where(col(C.id).in_(sorted(set(candidate_ids)))))
        return {line.id: line for line in map(_line, rows)}

    def identities(self) -> Sequence[Identity]:
        columns: tuple[Any, ...] = (C.id, C.reference, C.first_name, C.last_name, C.email, C.phone, C.birth_date)
        rows = self._session.execute(sa.select(*columns).order_by(col(C.reference)))
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
        last = func.coalesce(C.last_contact, C.registered)
        conditions = [*_active(owner), sa.or_(last.is_(None), last < day)]
        return self._lines(conditions, (last.asc().nulls_first(), col(C.reference)), limit)

    def signatures_ending(self, until: date, owner: str | None, limit: int) -> Counted[RegisterLine]:
        conditions = [*_active(owner), col(C.ready_until) <= until]
        return self._lines(conditions, (col(C.ready_until), col(C.reference)), limit)

    def agreements_ending(self, today: date, until: date, owner: str | None, limit: int) -> Counted[AgreementEnding]:
        longer = aliased(ConsentRow)
        wanted = (
            sa.select(*_ENDING, func.count().over())
            .join(C, col(ConsentRow.candidate) == col(C.id))
            .where(
                *_in_force(ConsentRow, today),
                col(ConsentRow.until) <= until,
                col(ConsentRow.scope).in_([ConsentScope.KEEP.value, ConsentScope.NETWORK.value]),
                ~sa.exists().where(
                    col(longer.candidate) == col(ConsentRow.candidate),
                    col(longer.scope) == col(ConsentRow.scope),
                    *_in_force(longer, today),
                    sa.or_(
                        col(longer.until) > col(ConsentRow.until),
                        sa.and_(
                            col(longer.until) == col(ConsentRow.until), col(longer.position) < col(ConsentRow.position)
                        ),
                    ),
                ),
                *_active(owner),
            )
        )
        ordered = wanted.order_by(col(ConsentRow.until), col(C.reference), col(ConsentRow.scope)).limit(limit)
        rows = self._session.execute(ordered).all()
        found = tuple(
            AgreementEnding(
                candidate=key, name=f"{first} {last_name}".strip(), owner=whose, scope=ConsentScope(scope), until=end
            )
            for key, first, last_name, whose, scope, end, _total in rows
        )
        return Counted(rows[0][-1] if rows else 0, found)

    def silent_since(self, day: date) -> Sequence[str]:
        wanted = select(C.id).where(sa.or_(col(C.active_on).is_(None), col(C.active_on) < day))
        return self._session.exec(wanted.order_by(col(C.reference))).all()

    def keep_withdrawn_before(self, moment: datetime) -> Sequence[str]:
        keep = col(ConsentRow.scope) == ConsentScope.KEEP.value
        standing = select(ConsentRow.candidate).where(keep, col(ConsentRow.withdrawn_at).is_(None))
        last = func.max(ConsentRow.withdrawn_at)
        wanted = (
            select(ConsentRow.candidate)
            .where(keep, col(ConsentRow.candidate).not_in(standing))
            .group_by(col(ConsentRow.candidate))
            .having(last < moment)
        )
        return self._session.exec(wanted.order_by(col(ConsentRow.candidate))).all()

    def noticed(self, owner: str | None, limit: int) -> Counted[RegisterLine]:
        conditions = [col(C.notice_on).is_not(None), *_of(owner)]
        return self._lines(conditions, (col(C.notice_on), col(C.reference)), limit)

    def count_by_owner(self) -> Mapping[str, int]:
        rows = self._session.execute(sa.select(col(C.owner), func.count()).group_by(col(C.owner)))
        return {str(owner): int(people) for owner, people in rows}

    def by_owner(self, today: date) -> Sequence[OwnerFigures]:
        ready = sa.case((col(C.ready_until) >= today, 1), else_=0)
        rows = self._session.execute(
            sa.select(col(C.owner), func.count(), func.sum(ready))
            .where(col(C.state) == CandidateState.ACTIVE.value)
            .group_by(col(C.owner))
            .order_by(col(C.owner))
        )
        return [
            OwnerFigures(owner=owner, people=people, waiting=people - int(signed), ready=int(signed))
            for owner, people, signed in rows
        ]

    def days_to_ready(self, since: date) -> Sequence[int]:
        rows = self._session.execute(
            sa.select(col(C.registered), col(C.first_ready)).where(
                col(C.first_ready) >= since, col(C.registered).is_not(None)
            )
        )
        return sorted(max(0, (ready - registered).days) for registered, ready in rows)

    def _lines(
        self, conditions: Sequence[Any], order: Sequence[Any], limit: int, offset: int = 0
    ) -> Counted[RegisterLine]:
        rows = self._session.execute(sa.select(*_LINE).where(*conditions).order_by(*order).limit(limit).offset(offset))
        found = tuple(_line(row) for row in rows)
        if not offset and len(found) < limit:
            return Counted(len(found), found)
        total = self._session.execute(sa.select(func.count()).select_from(C).where(*conditions)).scalar_one()
        return Counted(total, found)


def _of(owner: str | None) -> list[Any]:
    return [] if owner is None else [col(C.owner).in_([owner, ""])]


def _in_force(consent: type[ConsentRow], today: date) -> list[Any]:
    return [col(consent.withdrawn_at).is_(None), col(consent.given_on) <= today, col(consent.until) >= today]


def _active(owner: str | None) -> list[Any]:
    return [col(C.state) == CandidateState.ACTIVE.value, *_of(owner)]


def _conditions(wanted: RegisterFilter) -> list[Any]:
    conditions: list[Any] = []
    for word in wanted.text.split():
        # A part of an e-mail address is typed with its signs, a telephone number with any spaces.
        spellings = {fold_name(word), word.casefold(), bare_digits(word)} - {""}
        conditions.append(sa.or_(*(col(C.search).contains(one, autoescape=True) for one in sorted(spellings))))
    if wanted.cv_state is not None:
        conditions.append(col(C.cv_state) == wanted.cv_state.value)
    if wanted.state is not None:
        conditions.append(col(C.state) == wanted.state.value)
    if wanted.owner is not None:
        conditions.append(col(C.owner) == wanted.owner)
    if wanted.commune:
        conditions.append(col(C.commune) == wanted.commune)
    if wanted.rome:
        conditions.append(sa.cast(col(C.occupations), sa.Text).contains(f'"{wanted.rome}"', autoescape=True))
    return conditions


def _order(order: Order) -> tuple[Any, ...]:
    match order:
        case Order.NAME:
            return col(C.search), col(C.id)
        case Order.OLDEST_CONTACT:
            return col(C.last_contact).asc().nulls_first(), col(C.id)
        case Order.NEWEST:
            return col(C.registered).desc().nulls_last(), col(C.reference).desc(), col(C.id)


def _line(row: Any) -> RegisterLine:
    key, reference, first, last, commune, occupations, state, cv_state, owner, contact, registered, ready, notice = row
    return RegisterLine(
        id=key,
        reference=reference,
        first_name=first,
        last_name=last,
        commune=commune,
        rome=occupations[0][0] if occupations else "",
        state=CandidateState(state),
        cv_state=CvState(cv_state),
        owner=owner,
        last_contact=contact,
        registered=registered,
        ready_until=ready,
        notice_on=notice,
    )
