"""A person's file: opened, shown, amended; the register in parts.

Guarantees: a file that is opened gets a number that was never given before; only fields of
`rules.EDITABLE` are amended here, all of them checked at once, and nothing is written when one is wrong.

Read next: `contacts.py` (contacts, obstacles, referrals), `quality.py` (the signature).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from node.kit import phone
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import Forward
from node.mission.parts import Counted
from node.mission.people.candidate import Candidate, CandidateState, CvState
from node.mission.people.contacts import Contact
from node.mission.people.documents import Document
from node.mission.people.history import Change, Occasion
from node.mission.people.partners import Eligibility, Referral
from node.mission.people.ports import RegisterFilter, RegisterLine
from node.mission.people.quality import CvLack, missing_for_ready
from node.mission.people.rules import EDITABLE, FieldProblem, check_change, check_person
from node.mission.ports import MissionUnitOfWork
from node.mission.workshops.workshop import Workshop
from node.services.actors import BY_PERSON
from node.services.desk import Desk
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, agreed, agreement_events, history_line, refuse, save

PAGE: Final = 25

_LINES: Final = frozenset({"first_name", "last_name", "email"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFile:
    """All that a page about one person shows, but obstacles and eligibility (`files.read_local`)."""

    person: Candidate
    gaps: tuple[CvLack, ...]
    documents: tuple[Document, ...]
    contacts: tuple[Contact, ...]
    referrals: tuple[Referral, ...]
    workshops: tuple[Workshop, ...]
    forwards: tuple[Forward, ...]
    merges: int


def register_page(
    desk: Desk, wanted: RegisterFilter, page: int = 1, size: int = PAGE, eligibility: Eligibility | None = None
) -> Counted[RegisterLine]:
    """One page of the register, from page 1, `size` people each; with `eligibility`, of those alone of whom that is
    noted."""
    with desk.federation.database.read() as uow:
        if eligibility is not None:
            wanted = replace(wanted, among=frozenset(uow.files.eligible(eligibility)))
        return uow.candidates.page(wanted, max(0, page - 1) * size, size)


def person_file(desk: Desk, name: str) -> PersonFile:
    """The file of a person by id or reference; NotFound."""
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, name)
        return PersonFile(
            person=person,
            gaps=tuple(
                missing_for_ready(
                    person, met_on=met_on(uow, person), today=desk.today(), asks_to_keep=desk.asks_to_keep
                )
            ),
            documents=tuple(uow.documents.of_candidate(person.id)),
            contacts=tuple(uow.files.contacts_of(person.id)),
            referrals=tuple(uow.files.referrals_of(person.id)),
            workshops=tuple(uow.workshops.of_candidate(person.id)),
            forwards=tuple(uow.forwards.of_candidate(person.id)),
            merges=len(uow.merges.of(person.id)),
        )


def met_on(uow: MissionUnitOfWork, person: Candidate) -> date | None:
    """The last day on which a counsellor met the person, in person or by telephone; None when never."""
    return days_met(uow, [person])[person.id]


def days_met(uow: MissionUnitOfWork, people: Sequence[Candidate]) -> dict[str, date | None]:
    """The same of several people at once, by id."""
    noted = uow.files.days_met([one.id for one in people])
    signed = {one.id: one.readiness.met_on for one in people if one.readiness is not None}
    return {one.id: max(filter(None, (noted.get(one.id), signed.get(one.id))), default=None) for one in people}


def history(desk: Desk, person: str, limit: int = 500) -> tuple[Change, ...]:
    """Every change of the person with that id, newest first."""
    with desk.federation.database.read() as uow:
        return tuple(uow.files.history(person, limit))


def field_problems(desk: Desk, fields: Mapping[str, Any]) -> list[FieldProblem]:
    """What the rules find wrong with these fields alone, before a file is opened with them: a form filled in steps says
    so at once. `fields` are values of `rules.EDITABLE`."""
    blank = Candidate(id="", reference="", first_name="", last_name="", commune="", occupations=())
    found = check_person(replace(blank, **cleaned(fields)), desk.referential(), desk.today())
    return [one for one in found if one.field in fields]


def open_file(
    uow: MissionUnitOfWork,
    desk: Desk,
    fields: Mapping[str, Any],
    actor: str,
    *,
    agreements: Mapping[ConsentScope, str],
    source: str,
    cv_state: CvState,
) -> Candidate:
    """Open a file, in the caller's unit of work. `fields` are values of `rules.EDITABLE`; `agreements` scope -> how it
    was given, today. The actor follows the person. Raises BadFields."""
    now, today = desk.now(), desk.today()
    values = cleaned(fields)
    blank = Candidate(id=desk.new_id(), reference="", first_name="", last_name="", commune="", occupations=())
    person = replace(
        blank,
        **values,
        reference=uow.candidates.next_reference(today.year),
        owner=actor,
        source=source,
        registered=today,
        cv_state=cv_state,
    )
    refuse(check_person(person, desk.referential(), today))
    consents = []
    for scope, how in agreements.items():
        person, consent = agreed(desk, person, scope, how, today)
        consents.append(consent)
    uow.candidates.add(person)
    uow.files.record(
        [
            history_line(person.id, now, actor, Occasion.CREATED, person.reference),
            *agreement_events(person.id, consents, now, actor),
        ]
    )
    return person


def amend(desk: Desk, name: str, fields: Mapping[str, Any], actor: str) -> Candidate:
    """Change fields of `rules.EDITABLE`; the others stay. Raises NotFound, BadFields (all problems at once)."""
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        after = replace(before, **cleaned(fields))
        refuse(check_change(before, after, desk.referential(), desk.today()))
        return save(uow, before, after, desk.now(), actor)


def amend_own(desk: Desk, name: str, fields: Mapping[str, Any]) -> Candidate:
    """As `amend`, by the person: it is a sign of life as well. A signature stays: the counsellor sees the change."""
    today = desk.today()
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        after = replace(before, **cleaned(fields), last_seen=today, notice_on=None)
        refuse(check_change(before, after, desk.referential(), today))
        return save(uow, before, after, desk.now(), BY_PERSON)


def seen(desk: Desk, name: str) -> None:
    """The person came to their space: a sign of life, written once a day. NotFound."""
    today = desk.today()
    with desk.federation.database.read() as uow:
        known = find_candidate(uow, name)
    if known.last_seen == today and known.notice_on is None:
        return
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, name)
        uow.candidates.save(replace(person, last_seen=today, notice_on=None))


def cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept. ValueError for a field that is not editable: that is a mistake of the caller."""
    if unknown := set(fields) - EDITABLE:
        raise ValueError(f"not editable: {', '.join(sorted(unknown))}")
    values = dict(fields)
    for name in _LINES & set(values):
        values[name] = " ".join(values[name].split())
    if "phone" in values:
        values["phone"] = phone.read(values["phone"]) or values["phone"].strip()
    for name in {"summary", "words"} & set(values):
        values[name] = values[name].strip().replace("\r\n", "\n")
    return values


def set_state(desk: Desk, name: str, state: CandidateState, actor: str) -> Candidate:
    """The person looks for work (again, after having paused or left), or has found it. That they pause or leave is said
    in `agreements/withdrawing.py`. Raises NotFound, BadFields (an agreement is to be asked for first)."""
    if state not in (CandidateState.ACTIVE, CandidateState.PLACED):
        raise BadFields([FieldProblem("state", _("Record what the person asks for under “Agreements”: all follows."))])
    with desk.federation.database.write() as uow:
        return write_state(uow, desk, find_candidate(uow, name), state, actor)


def write_state(uow: MissionUnitOfWork, desk: Desk, before: Candidate, state: CandidateState, actor: str) -> Candidate:
    """The same, in the caller's unit of work."""
    if before.objected_at is not None and desk.asks_to_keep:
        raise BadFields([FieldProblem("state", _("Ask first whether the mission may keep the CV again."))])
    return save(uow, before, replace(before.coming_back(), state=state), desk.now(), actor)
