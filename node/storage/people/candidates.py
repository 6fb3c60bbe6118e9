"""The town's own register. Implements `node.mission.people.ports.Candidates`; its lists are in `register.py`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from node.kit.phone import spellings
from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.happened import Happened
from node.mission.parts import Counted
from node.mission.people.candidate import (
    Candidate,
    CandidateState,
    CvState,
    Diploma,
    Experience,
    Hours,
    Job,
    Met,
    ReadySignature,
)
from node.mission.people.identity import fold_name
from node.storage.errors import Missing
from node.storage.metadata import METADATA
from node.storage.people.register import SqlRegister, candidate_table, consent_table
from node.storage.transaction import Transaction

# The last number given in a sequence, such as references of a year.
sequence = sa.Table(
    "sequence",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Detail:
    """What only the person's own pages read; defaults are not written."""

    jobs: tuple[Job, ...] = ()
    diplomas: tuple[Diploma, ...] = ()
    qualities: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    words: str = ""
    card_skills: tuple[str, ...] | None = None


_person = candidate_table.columns
_agreement = consent_table.columns
_NO_DETAIL = _Detail()
_EMPTY = b"{}"
_SEARCHED = 500
_AT_ONCE = 500
_NO_BOUND = 2**62
_detail_in = msgspec.json.Decoder(_Detail)


class SqlCandidates(SqlRegister):
    """`node.mission.people.ports.Candidates`."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction.connection)
        self._transaction = transaction

    def add(self, candidate: Candidate) -> None:
        self._transaction.insert(candidate_table, _row(candidate))
        self._transaction.insert(consent_table, *_consent_rows(candidate))
        self._tell(Happened.PERSON_CHANGED, candidate.id)

    def save(self, candidate: Candidate) -> None:
        if not self._transaction.update(candidate_table, _row(candidate)):
            raise Missing("candidate")
        self._transaction.delete(consent_table, _agreement.candidate == candidate.id)
        self._transaction.insert(consent_table, *_consent_rows(candidate))
        self._tell(Happened.PERSON_CHANGED, candidate.id)

    def get(self, candidate_id: str) -> Candidate | None:
        return self._first(_person.id == candidate_id)

    def by_reference(self, reference: str) -> Candidate | None:
        return self._first(_person.reference == reference)

    def many(self, candidate_ids: Sequence[str]) -> Mapping[str, Candidate]:
        found = dict[str, Candidate]()
        for first in range(0, len(candidate_ids), _AT_ONCE):
            part = _person.id.in_(candidate_ids[first : first + _AT_ONCE])
            found |= {person.id: person for person in self._people(part)}
        return found

    def all(self) -> Sequence[Candidate]:
        return self._people()

    def seeking(self, beginnings: Iterable[str]) -> Sequence[Candidate]:
        wanted = tuple(sorted(set(beginnings)))
        text = sa.cast(_person.occupations, sa.Text)
        # A name that somebody gave an occupation may look like a code: the second look is at codes alone.
        found = self._people(sa.or_(sa.false(), *(text.contains(f'"{one}', autoescape=True) for one in wanted)))
        return [one for one in found if any(sought.rome.startswith(wanted) for sought in one.occupations)]

    def part(self, offset: int, limit: int | None) -> Counted[Candidate]:
        if offset == 0 and limit is None:
            everybody = tuple(self._people())
            return Counted(len(everybody), everybody)
        by_reference = sa.select(_person.id).order_by(_person.reference)
        # A bound on numbers alone, as SQLite takes no offset without one.
        found = by_reference.offset(offset).limit(_NO_BOUND if limit is None else limit).correlate(None)
        return Counted(self.count(), tuple(self._people(_person.id.in_(found))))

    def count(self) -> int:
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(candidate_table)).scalar_one())

    def remove(self, candidate_id: str) -> None:
        if self._transaction.delete(candidate_table, _person.id == candidate_id):
            # What hung on the person went with the row: whoever asks for it again must ask the database.
            self._transaction.forget_rows()
            self._transaction.destroyed = True
            self._tell(Happened.PERSON_GONE, candidate_id)

    def next_reference(self, year: int) -> str:
        name = f"reference {year}"
        number = self._connection.scalar(sa.select(sequence.c.value).where(sequence.c.name == name)) or 0
        while True:
            number += 1
            reference = f"{year}-{number:05}"
            if self.by_reference(reference) is None:
                break
        self._transaction.upsert(sequence, name=name, value=number)
        return reference

    def _tell(self, what: Happened, candidate_id: str) -> None:
        self._transaction.changes.append((what, candidate_id))

    def _first(self, wanted: sa.ColumnElement[bool]) -> Candidate | None:
        return next(iter(self._people(wanted)), None)

    def _people(self, *wanted: sa.ColumnElement[bool]) -> list[Candidate]:
        agreements: dict[str, list[Consent]] = {}
        consents = sa.select(consent_table).order_by(_agreement.candidate, _agreement.position)
        if wanted:
            consents = consents.join(candidate_table, _person.id == _agreement.candidate).where(*wanted)
        for row in self._connection.execute(consents):
            agreements.setdefault(row.candidate, []).append(_consent(row))
        people = sa.select(candidate_table).where(*wanted).order_by(_person.reference)
        return [_value(row, tuple(agreements.get(row.id, ()))) for row in self._connection.execute(people)]


def _row(candidate: Candidate) -> dict[str, Any]:
    ready = candidate.readiness
    return {
        "id": candidate.id,
        "reference": candidate.reference,
        "first_name": candidate.first_name,
        "last_name": candidate.last_name,
        "email": candidate.email,
        "phone": candidate.phone,
        "commune": candidate.commune,
        "occupations": [[one.rome, one.months, one.appellation] for one in candidate.occupations],
        "skills": sorted(candidate.skills),
        "qualification": candidate.qualification,
        "licences": sorted(candidate.licences),
        "languages": [list(one) for one in candidate.languages],
        "contracts": sorted(candidate.contracts),
        "mobility_km": candidate.mobility_km,
        "places": sorted(candidate.places),
        "relocates": candidate.relocates,
        "availability": candidate.availability,
        "summary": candidate.summary,
        "state": candidate.state.value,
        "ready_by": ready.by if ready else None,
        "ready_on": ready.on if ready else None,
        "ready_met": ready.met.value if ready else None,
        "ready_met_on": ready.met_on if ready else None,
        "last_contact": candidate.last_contact,
        "cv_state": candidate.cv_state.value,
        "owner": candidate.owner,
        "birth_date": candidate.birth_date,
        "hours": candidate.hours.value,
        "vehicle": candidate.vehicle,
        "public_transport": candidate.public_transport,
        "photo": candidate.photo,
        "source": candidate.source,
        "registered": candidate.registered,
        "first_ready": candidate.first_ready,
        "last_seen": candidate.last_seen,
        "notice_on": candidate.notice_on,
        "objected_at": candidate.objected_at,
        "detail": _detail_out(candidate),
        "ready_until": candidate.ready_until,
        "active_on": candidate.last_sign_of_life,
        "search": search_text(candidate),
    }


def _detail_out(candidate: Candidate) -> bytes:
    detail = _Detail(
        jobs=candidate.jobs,
        diplomas=candidate.diplomas,
        qualities=candidate.qualities,
        interests=candidate.interests,
        words=candidate.words,
        card_skills=candidate.card_skills,
    )
    return _EMPTY if detail == _NO_DETAIL else msgspec.json.encode(detail)


def search_text(candidate: Candidate) -> str:
    """What the register is searched and sorted by: the folded last name first, then what else may be typed. Short
    enough for an index of PostgreSQL."""
    words = " ".join(
        (
            fold_name(f"{candidate.last_name} {candidate.first_name}"),
            fold_name(candidate.reference),
            candidate.email.casefold(),
            " ".join(spellings(candidate.phone)),
        )
    )
    return words[:_SEARCHED]


def _consent_rows(candidate: Candidate) -> list[dict[str, Any]]:
    return [
        {
            "candidate": candidate.id,
            "id": one.id,
            "position": position,
            "scope": one.scope.value,
            "given_on": one.given_on,
            "until": one.until,
            "how": one.how,
            "offer": one.offer,
            "employer": one.employer,
            "withdrawn_at": one.withdrawn_at,
        }
        for position, one in enumerate(candidate.consents)
    ]


def _value(row: Any, consents: tuple[Consent, ...]) -> Candidate:
    detail = _NO_DETAIL if row.detail == _EMPTY else _detail_in.decode(row.detail)
    return Candidate(
        id=row.id,
        reference=row.reference,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        phone=row.phone,
        commune=row.commune,
        occupations=tuple(
            Experience(rome=rome, months=months, appellation=appellation)
            for rome, months, appellation in row.occupations
        ),
        skills=frozenset(row.skills),
        qualification=row.qualification,
        licences=frozenset(row.licences),
        languages=tuple((code, level) for code, level in row.languages),
        contracts=frozenset(row.contracts),
        mobility_km=row.mobility_km,
        places=frozenset(row.places),
        relocates=row.relocates,
        availability=row.availability,
        summary=row.summary,
        state=CandidateState.of(row.state),
        readiness=_readiness(row),
        consents=consents,
        last_contact=row.last_contact,
        cv_state=CvState.of(row.cv_state),
        owner=row.owner,
        birth_date=row.birth_date,
        diplomas=detail.diplomas,
        jobs=detail.jobs,
        hours=Hours.of(row.hours),
        vehicle=row.vehicle,
        public_transport=row.public_transport,
        qualities=detail.qualities,
        interests=detail.interests,
        words=detail.words,
        card_skills=detail.card_skills,
        photo=row.photo,
        source=row.source,
        registered=row.registered,
        first_ready=row.first_ready,
        last_seen=row.last_seen,
        notice_on=row.notice_on,
        objected_at=row.objected_at,
    )


def _readiness(row: Any) -> ReadySignature | None:
    if row.ready_by is None or row.ready_on is None or row.ready_met is None or row.ready_met_on is None:
        return None
    return ReadySignature(by=row.ready_by, on=row.ready_on, met=Met.of(row.ready_met), met_on=row.ready_met_on)


def _consent(row: Any) -> Consent:
    return Consent(
        id=row.id,
        scope=ConsentScope.of(row.scope),
        given_on=row.given_on,
        until=row.until,
        how=row.how,
        offer=row.offer,
        employer=row.employer,
        withdrawn_at=row.withdrawn_at,
    )
