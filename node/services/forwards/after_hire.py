"""24 hours after a hire that stands the person's other forwards are withdrawn; and whether the person still looks for
work, and stays in the next publication of sheets, is asked of the mission.

Guarantees: nothing ends while the hire can still be corrected, unless a counsellor says so; what cannot be told to its
recipient now stays open and is tried again, and keeps no other from ending; each hire does it once. Read next:
`node/mission/forwards/after_hire.py` (the rule), hired.py (how it begins).
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from federation.errors import FederationError
from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.forwards.after_hire import FOLLOWED, STANDING, AfterHire
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.forwards.terms import Reason
from node.mission.people.candidate import CandidateState
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM
from node.services.desk import Desk, Refused
from node.services.forwards.answers import make_move
from node.services.people.files import write_state
from node.services.people.finding import find_candidate
from protocol.errors import ProtocolError


@dataclass(frozen=True, slots=True)
class HireSequel:
    """What one hire brings along for its person: the forwards that end at `after.closes_at` if it stands; whether it is
    asked if they still look for work."""

    after: AfterHire
    others: tuple[Forward, ...]
    asks: bool


def sequels_of(desk: Desk, candidate: str) -> tuple[HireSequel, ...]:
    """What is still to come of this person's hires."""
    with desk.federation.database.read() as uow:
        return sequels_in(uow, [candidate]).get(candidate, ())


def sequels_in(uow: MissionUnitOfWork, candidates: Iterable[str]) -> Mapping[str, tuple[HireSequel, ...]]:
    """The same of several people, by their id; whoever has none is left out. Five queries, however many they are, and
    one more for each hire without a forward."""
    afters = uow.after_hires.of_candidates(candidates)
    people = uow.candidates.lines(one.candidate for one in afters)
    hired = uow.forwards.some(one.id for one in afters)
    live = uow.forwards.live_of(one.candidate for one in afters if one.closed is None)
    found: dict[str, tuple[HireSequel, ...]] = {}
    for after in afters:
        person = people.get(after.candidate)
        if person is None or not _stands(uow, after, hired.get(after.id), person.state):
            continue
        others = tuple(after.ending(live.get(after.candidate, ())))
        asks = after.answered is None and person.state is CandidateState.ACTIVE
        if others or asks:
            found[after.candidate] = (*found.get(after.candidate, ()), HireSequel(after, others, asks))
    return found


def close_after_hires(desk: Desk) -> list[Forward]:
    """Withdraw what hires of more than 24 hours end; called by the scheduler, safe to call twice."""
    now = desk.now()
    closed = []
    with desk.federation.database.write() as uow:
        for after in uow.after_hires.due(now):
            if _still_stands(uow, after):
                closed += _close(uow, desk, after, now, SYSTEM)
            elif not _may_come_back(uow, after):
                uow.after_hires.drop(after.id)
    return closed


def person_of(desk: Desk, hire: str) -> str:
    """Whose hire it is. NotFound."""
    with desk.federation.database.read() as uow:
        return _find(uow, hire).candidate


def close_now(desk: Desk, hire: str, actor: str) -> list[Forward]:
    """A counsellor does not wait for the 24 hours. Raises NotFound, Refused `not_hired` (the hire was taken back, or
    ended). What cannot be told to its recipient now is tried again by itself."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        after = _find(uow, hire)
        if not _still_stands(uow, after):
            raise Refused("not_hired", _("This hire no longer stands: nothing was withdrawn."))
        return _close(uow, desk, after, now, actor)


def say_whether_looking(desk: Desk, hire: str, looks: bool, actor: str) -> None:
    """Whether the person still looks for work, and so stays in the next publication. Said twice, the last word counts
    for the person. Raises NotFound, BadFields (an agreement is to be asked for first)."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        after = _find(uow, hire)
        person = find_candidate(uow, after.candidate)
        wanted = CandidateState.ACTIVE if looks else CandidateState.PLACED
        if person.state in (CandidateState.ACTIVE, CandidateState.PLACED) and person.state is not wanted:
            write_state(uow, desk, person, wanted, actor)
        uow.after_hires.put(replace(after, answered=now, by=actor))


def _find(uow: MissionUnitOfWork, hire: str) -> AfterHire:
    after = uow.after_hires.get(hire)
    if after is None:
        raise NotFound(_("No hire has that number here."))
    return after


def _still_stands(uow: MissionUnitOfWork, after: AfterHire) -> bool:
    person = uow.candidates.get(after.candidate)
    return person is not None and _stands(uow, after, uow.forwards.get(after.id), person.state)


def _stands(uow: MissionUnitOfWork, after: AfterHire, forward: Forward | None, person: CandidateState) -> bool:
    """Of a hire without a forward: it did not end, and the person looks for work no more."""
    if forward is not None:
        return forward.state in STANDING
    hire = uow.hires.get(after.id)
    return hire is not None and hire.ended_on is None and person is CandidateState.PLACED


def _may_come_back(uow: MissionUnitOfWork, after: AfterHire) -> bool:
    """That a contract broke off can be corrected, and the person may look for work again."""
    forward = uow.forwards.get(after.id)
    return forward is not None and forward.state in FOLLOWED


def _close(uow: MissionUnitOfWork, desk: Desk, after: AfterHire, now: datetime, actor: str) -> list[Forward]:
    """Withdraw them by the one door. One that cannot be told to its recipient stays open: it must not stand in the way
    of the others."""
    closed, ending = [], after.ending(uow.forwards.live_of([after.candidate]).get(after.candidate, ()))
    for forward in ending:
        move = Move(event=ForwardState.WITHDRAWN, at=now, by=Side.HOME, reason=Reason.HIRED_ELSEWHERE, actor=actor)
        with suppress(FederationError, ProtocolError, Refused), uow.savepoint():
            closed.append(make_move(uow, desk, forward, move))
    uow.after_hires.put(replace(after, closed=now if len(closed) == len(ending) else None))
    return closed
