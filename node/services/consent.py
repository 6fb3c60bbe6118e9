"""A person takes back their agreement, or asks to be erased: it wins over whatever was under way.

At once and together: matching and forwarding stop, live forwards are withdrawn, and every holder of a dossier is
ordered to destroy it. What is published in sheets stays until the next weekly tick (see `mission/publication.py`).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from federation.erasure import order_erasure
from node.mission.candidates import Candidate, CandidateState
from node.mission.forwards import ForwardState, Move, Side
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.forwards import find_candidate, find_forward, is_live, known_member, make_move


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was stopped and who was ordered to erase: ids of forwards, and (order, holder) pairs."""

    candidate: str
    withdrawn: tuple[str, ...]
    orders: tuple[tuple[str, str], ...]


def withdraw_consent(desk: Desk, candidate: str) -> Withdrawal:
    """The person is no longer shown outside; the mission keeps the CV. Safe to call twice."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, candidate)
        uow.candidates.save(replace(person.withdraw_consent(now), state=CandidateState.WITHDRAWN))
        return _stop_and_recall(uow, desk, person, now, "consent_withdrawn")


def erase_candidate(desk: Desk, candidate: str) -> Withdrawal:
    """Erase the person here at once, and order every holder to erase. The ledger keeps identifiers alone."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, candidate)
        result = _stop_and_recall(uow, desk, person, now, "erased")
        for forward in uow.forwards.of_candidate(person.id):
            bare = tuple(replace(m, to_candidate="", to_guarantor="") for m in forward.moves)
            uow.forwards.save(replace(forward, why="", moves=bare))
        uow.candidates.remove(person.id)
        return result


def recall_forward(desk: Desk, forward_id: str) -> Withdrawal:
    """Order the erasure of one forward's dossier, withdrawing the forward when it is still live."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        person = find_candidate(uow, forward.candidate)
        return _stop_and_recall(uow, desk, person, now, "consent_withdrawn", only=forward.id)


def _stop_and_recall(
    uow: MissionUnitOfWork, desk: Desk, person: Candidate, now: datetime, reason: str, only: str = ""
) -> Withdrawal:
    withdrawn = []
    for forward in uow.forwards.of_candidate(person.id):
        if only in ("", forward.id) and is_live(forward):
            move = Move(event=ForwardState.WITHDRAWN, at=now, by=Side.HOME, reason="consent_withdrawn")
            make_move(uow, desk, forward, move)
            withdrawn.append(forward.id)
    orders = []
    for disclosure in uow.disclosures.of_candidate(person.id):
        if disclosure.order or only not in ("", disclosure.forward):
            continue
        holder = known_member(uow, desk, disclosure.holder)
        ordered = order_erasure(uow, desk.federation, disclosure, holder, desk.new_id(), reason, now)
        orders.append((ordered.order, ordered.holder))
    return Withdrawal(person.id, tuple(withdrawn), tuple(orders))
