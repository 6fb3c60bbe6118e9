"""A person's rights: see everything, take back an agreement, be erased; and what is erased by itself.

Guarantees: `erase` leaves nothing of the person on this node but unlinked counts and identifiers, destroys the bytes,
and orders every holder of a dossier to erase (see `services/consent.py`); `apply_retention` may be called as often as
one likes: a notice is given once, and nobody is erased without one who could have answered it.
"""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from node.i18n import gettext as _
from node.mission.candidates import (
    ERASED_AFTER_NOTICE,
    INACTIVE_AFTER,
    Candidate,
    CandidateState,
    Consent,
    ConsentScope,
)
from node.mission.files import as_text
from node.mission.forwards import Forward
from node.mission.ports import MissionUnitOfWork
from node.mission.vocabulary import CHANGES, COLUMNS, CONSENT_SCOPES, FORWARD_STATES, Reason
from node.services.consent import Withdrawal, erase_candidate, withdraw_in
from node.services.desk import Desk
from node.services.forwards import find_candidate
from node.services.reception.common import SYSTEM, event, save

_NOT_SHOWN: Final = frozenset({"id", "candidate", "deposit", "document", "sha256", "proposal", "account"})
_ELSEWHERE: Final = frozenset({"consents", "readiness", "photo", "jobs", "diplomas", "skills", "occupations"})

Row = dict[str, str | int | bool]


def everything_about(desk: Desk, name: str) -> dict[str, list[Row]]:
    """All that this node keeps about a person, for a file that the person downloads: section -> rows of label -> text,
    number or truth value, in French. What employers wrote to the mission about the person is theirs to read as well
    (GDPR art. 15). Documents are named; their bytes are downloaded one by one. NotFound."""
    referential = desk.referential()
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, name)
        sections = {
            _("My data"): [_row(person, without=_ELSEWHERE)],
            _("Occupations that I seek"): [
                _labelled(occupation=referential.occupations.label(one.rome) or one.rome, months=one.months)
                for one in person.occupations
            ],
            _("My skills"): [_labelled(label=referential.skills.label(code) or code) for code in sorted(person.skills)],
            _("My experience"): [_row(job) for job in person.jobs],
            _("My diplomas"): [_row(diploma) for diploma in person.diplomas],
            _("My agreements"): [_row(one) for one in person.consents],
            _("Signature of my CV"): [_row(person.readiness)] if person.readiness else [],
        }
        return sections | _local(uow, person) | _life(uow, person)


def _local(uow: MissionUnitOfWork, person: Candidate) -> dict[str, list[Row]]:
    local = uow.files.local(person.id)
    return {
        _("Obstacles"): [_row(one) for one in local.obstacles],
        _("Eligibility"): [_labelled(label=one.label) for one in sorted(local.eligibilities)],
        _("Notes on obstacles"): [_labelled(note=local.note)] if local.note else [],
    }


def _life(uow: MissionUnitOfWork, person: Candidate) -> dict[str, list[Row]]:
    partners = {partner.id: partner.name for partner in uow.files.partners()}
    return {
        _("Documents"): [_row(one) for one in uow.documents.of_candidate(person.id)],
        _("Deposits"): [_row(one) for one in uow.deposits.of_candidate(person.id)],
        _("Contacts"): [_row(one) for one in uow.files.contacts_of(person.id)],
        _("Referrals"): [
            _row(replace(one, partner=partners.get(one.partner, ""))) for one in uow.files.referrals_of(person.id)
        ],
        _("Workshops"): [
            _labelled(title=one.title, starts=one.starts, room=one.room, attendance=place.attendance)
            for one in uow.workshops.of_candidate(person.id)
            if (place := one.place_of(person.id)) is not None
        ],
        _("Applications"): [row for one in uow.forwards.of_candidate(person.id) for row in _moves(uow, one)],
        _("Who received my CV"): [
            _labelled(holder=one.holder, at=one.disclosed_at, erased=one.receipt_at)
            for one in uow.disclosures.of_candidate(person.id)
        ],
        _("Who opened my file"): [_row(one) for one in uow.accounts.accesses_to(person.id, 10_000)],
        _("History"): [
            _row(replace(one, field=CHANGES.get(one.field, one.field))) for one in uow.files.history(person.id, 10_000)
        ],
    }


def _moves(uow: MissionUnitOfWork, forward: Forward) -> list[Row]:
    offer = uow.offers.get(*forward.offer.split("/", 1))
    title = f"{offer.title}, {offer.employer}" if offer else forward.offer
    return [
        _labelled(
            offer=title,
            why=forward.why,
            state=FORWARD_STATES[move.event],
            at=move.at,
            reason=reason.label if (reason := Reason.read(move.reason)) else "",
            to_candidate=move.to_candidate,
            to_guarantor=move.to_guarantor,
        )
        for move in forward.moves
    ]


def _row(value: Any, without: frozenset[str] = frozenset()) -> Row:
    names = (field.name for field in fields(value))
    return _labelled(**{name: getattr(value, name) for name in names if name not in _NOT_SHOWN | without})


def _labelled(**values: Any) -> Row:
    return {
        CHANGES.get(name) or COLUMNS[name]: value if isinstance(value, bool | int) else as_text(value)
        for name, value in values.items()
    }


def withdraw(desk: Desk, name: str, actor: str, scope: ConsentScope = ConsentScope.NETWORK) -> Withdrawal:
    """The person takes back what they agreed to. NETWORK or OFFER: they are no longer shown outside, and every dossier
    is recalled. KEEP: that, and the file is erased 30 days later unless they agree again. NotFound."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        done = withdraw_in(uow, desk, before, now)
        after = replace(before.withdraw_consent(now), state=CandidateState.WITHDRAWN)
        if scope is ConsentScope.KEEP:
            after = replace(after, readiness=None, consents=tuple(_taken_back(one, now) for one in after.consents))
        save(uow, before, after, now, actor, event(before.id, now, actor, "consent_withdrawn", CONSENT_SCOPES[scope]))
        return done


def _taken_back(consent: Consent, now: datetime) -> Consent:
    return consent if consent.withdrawn_at else replace(consent, withdrawn_at=now)


def erase(desk: Desk, name: str) -> Withdrawal:
    """Erase the person: file, documents, deposits, contacts, places, history, trail, and deposits that wait and are
    plainly the same person's; every holder of a dossier is ordered to erase. NotFound."""
    return erase_candidate(desk, name)


@dataclass(frozen=True, slots=True)
class Retention:
    """What a tick did: whom to write to now (ids of candidates), and how many people were erased."""

    noticed: tuple[str, ...]
    erased: int


def apply_retention(desk: Desk) -> Retention:
    """After 24 months without a sign of life a person is to be told; 30 days after that they are erased, and 30 days
    after having taken back the agreement to keep the CV. Somebody of whom no sign of life is known counts from now on.
    Called by the scheduler; the caller sends the notices."""
    today, now = desk.today(), desk.now()
    with desk.federation.database.read() as uow:
        silent = uow.candidates.silent_since(today - INACTIVE_AFTER)
        leaving = uow.candidates.keep_withdrawn_before(now - ERASED_AFTER_NOTICE)
        told = [line.id for line in uow.candidates.noticed(None, 100_000).rows]
    noticed: list[str] = []
    due: list[str] = list(leaving)
    for candidate in sorted({*silent, *told} - set(leaving)):
        with desk.federation.database.write() as uow:
            person = uow.candidates.get(candidate)
            if person is None:
                continue
            step = _retention_step(person, today)
            if step == "erase":
                due.append(candidate)
            elif step == "notice":
                notice = event(candidate, now, SYSTEM, "notice")
                save(uow, person, replace(person, notice_on=today), now, SYSTEM, notice)
                noticed.append(candidate)
            elif step == "begin":
                uow.candidates.save(replace(person, registered=today))
            elif step == "clear":
                uow.candidates.save(replace(person, notice_on=None))
    for candidate in due:
        erase(desk, candidate)
    return Retention(tuple(noticed), len(due))


def _retention_step(person: Candidate, today: date) -> str:
    last = person.last_sign_of_life
    if last is None:
        return "begin"
    if person.notice_on is not None and last >= person.notice_on:
        return "clear"
    if today - last <= INACTIVE_AFTER:
        return ""
    if person.notice_on is None:
        return "notice"
    return "erase" if today - person.notice_on >= ERASED_AFTER_NOTICE else ""
