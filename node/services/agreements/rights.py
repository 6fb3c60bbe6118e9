"""A person's rights: take back an agreement, be erased; and what is erased by itself.

Guarantees: `erase` leaves nothing of the person on this node but unlinked counts and identifiers, destroys the bytes,
and orders every holder of a dossier to erase (see `services/consent.py`); `apply_retention` may be called as often as
one likes: a notice is given once, and nobody is erased without one who could have answered it.

Read next: `my_space/download.py`, the right to see everything.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.people.candidate import ERASED_AFTER_NOTICE, INACTIVE_AFTER, Candidate, CandidateState
from node.services.agreements.withdrawing import Withdrawal, erase_candidate, withdraw_in
from node.services.desk import Desk
from node.services.forwards.sending import find_candidate
from node.services.people.saving import SYSTEM, event, save


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
        save(uow, before, after, now, actor, event(before.id, now, actor, "consent_withdrawn", scope.label))
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
