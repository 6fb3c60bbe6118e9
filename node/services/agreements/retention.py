"""What is erased by itself: people who gave no sign of life for long, and those who want to be kept no longer;
employers' contacts and words of sendings that ended two years ago.

Guarantee: `apply_retention` may be called as often as one likes: a notice is given once, and nobody is erased without
one who could have answered it. Read next: `withdrawing.py`, what an erasure does; `my_space/download.py`, the right to
see everything.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from node.mission.happened import Event, Happened
from node.mission.people.candidate import ERASED_AFTER_NOTICE, INACTIVE_AFTER, Candidate
from node.mission.people.history import Occasion
from node.services.actors import SYSTEM
from node.services.agreements.erasing import erase
from node.services.desk import Desk
from node.services.people.saving import history_line, save


class RetentionStep(Enum):
    """What is due for somebody who was silent for long."""

    NOTHING = auto()
    BEGIN = auto()
    """No sign of life is known: the time counts from now on."""
    NOTICE = auto()
    CLEAR = auto()
    """A notice was answered."""
    ERASE = auto()


@dataclass(frozen=True, slots=True)
class Retention:
    """What a tick did: who was given a notice (ids of candidates), and how many people were erased."""

    noticed: tuple[str, ...]
    erased: int


def apply_retention(desk: Desk) -> Retention:
    """After 24 months without a sign of life a person is to be told; 30 days after that they are erased, and 30 days
    after having said that the mission is to keep the CV no longer. Somebody of whom no sign of life is known counts
    from now on. Called by the scheduler."""
    today, now = desk.today(), desk.now()
    with desk.federation.database.read() as uow:
        silent = uow.candidates.silent_since(today - INACTIVE_AFTER)
        leaving = uow.candidates.objected_before(now - ERASED_AFTER_NOTICE)
        told = [line.id for line in uow.candidates.noticed(None, 100_000).rows]
    noticed: list[str] = []
    due: list[str] = list(leaving)
    for candidate in sorted({*silent, *told} - set(leaving)):
        with desk.federation.database.write() as uow:
            person = uow.candidates.get(candidate)
            if person is None:
                continue
            step = _retention_step(person, today)
            if step is RetentionStep.ERASE:
                due.append(candidate)
            elif step is RetentionStep.NOTICE:
                notice = history_line(candidate, now, SYSTEM, Occasion.NOTICE)
                save(uow, person, replace(person, notice_on=today), now, SYSTEM, notice)
                uow.events.add(Event(Happened.FILE_NOTICE, candidate, now), instead=True)
                noticed.append(candidate)
            elif step is RetentionStep.BEGIN:
                uow.candidates.save(replace(person, registered=today))
            elif step is RetentionStep.CLEAR:
                uow.candidates.save(replace(person, notice_on=None))
    for candidate in due:
        erase(desk, candidate)
    with desk.federation.database.write() as uow:
        uow.sendings.forget_before(now - INACTIVE_AFTER)
    return Retention(tuple(noticed), len(due))


def _retention_step(person: Candidate, today: date) -> RetentionStep:
    last = person.last_sign_of_life
    if last is None:
        return RetentionStep.BEGIN
    if person.notice_on is not None and last >= person.notice_on:
        return RetentionStep.CLEAR
    if today - last <= INACTIVE_AFTER:
        return RetentionStep.NOTHING
    if person.notice_on is None:
        return RetentionStep.NOTICE
    return RetentionStep.ERASE if today - person.notice_on >= ERASED_AFTER_NOTICE else RetentionStep.NOTHING
