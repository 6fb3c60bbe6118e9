"""A person takes back their agreement, or asks to be erased: it wins over whatever was under way.

At once and together: matching and forwarding stop, live forwards are withdrawn, and every holder of a dossier is
ordered to destroy it. What is published in sheets stays until the next weekly tick (see `mission/sheets/release.py`).

A holder to whom nothing can be sealed now (its keys in the directory have ended) never stands in the way of the person:
everything else is done, and `resume_recalls` orders the rest once it can.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from federation.erasure.orders import Reason, order_erasure
from federation.erasure.ports import Disclosure
from federation.errors import FederationError
from node.kit.errors import NodeError
from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.duplicates.comparing import plainly_same
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.people.history import Occasion
from node.mission.people.identity import identity_of
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM
from node.services.desk import Desk, known_member
from node.services.forwards.answers import make_move
from node.services.forwards.sending import find_forward, is_live
from node.services.people.finding import find_candidate
from node.services.people.saving import history_line, save
from protocol.errors import ProtocolError

_NOT_NOW = (FederationError, ProtocolError, NodeError)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was stopped and who was ordered to erase: ids of forwards, and (order, holder) pairs. `waiting` are holders
    that could not be told yet."""

    candidate: str
    withdrawn: tuple[str, ...]
    orders: tuple[tuple[str, str], ...]
    waiting: tuple[str, ...]


def withdraw(desk: Desk, name: str, actor: str = SYSTEM, scope: ConsentScope = ConsentScope.NETWORK) -> Withdrawal:
    """The person takes back what they agreed to. NETWORK or OFFER: they are no longer shown outside, and every dossier
    is recalled; the mission keeps the CV. KEEP: that, and the file is erased 30 days later unless they agree again.
    Safe to call twice: the history says it once, and holders that could not be told are told now. NotFound."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        after = replace(before.withdraw_consent(now), state=CandidateState.WITHDRAWN)
        if scope is ConsentScope.KEEP:
            after = replace(after, readiness=None, consents=tuple(_taken_back(one, now) for one in after.consents))
        if after != before:
            save(
                uow,
                before,
                after,
                now,
                actor,
                history_line(before.id, now, actor, Occasion.CONSENT_WITHDRAWN, scope.label),
            )
        return _stop_and_recall(uow, desk, before.id, now, "consent_withdrawn", actor=actor)


def erase(desk: Desk, name: str, actor: str = SYSTEM) -> Withdrawal:
    """Erase the person here at once: file, documents, deposits, contacts, places, history, trail, and deposits that
    wait and are plainly the same person's; order every holder of a dossier to erase. The ledger keeps identifiers
    alone, and no import takes the person's reference in again. NotFound."""
    with desk.federation.database.write() as uow:
        return _erase(uow, desk, find_candidate(uow, name), desk.now(), actor)


def _erase(uow: MissionUnitOfWork, desk: Desk, person: Candidate, now: datetime, actor: str) -> Withdrawal:
    result = _stop_and_recall(uow, desk, person.id, now, "erased", actor=actor)
    # A file imported again must bring back neither the person nor an entry that was merged into theirs.
    uow.erased.add([person.reference, *(merge.gone.reference for merge in uow.merges.of(person.id))])
    for forward in uow.forwards.of_candidate(person.id):
        bare = tuple(replace(m, to_candidate="", to_guarantor="") for m in forward.moves)
        uow.forwards.save(replace(forward, why="", moves=bare))
    for deposit in uow.deposits.identities():
        if plainly_same(identity_of(person), deposit):
            uow.deposits.remove(deposit.id)
    for known in (person.id, *(merge.gone.id for merge in uow.merges.of(person.id))):
        uow.accounts.forget_candidate(known)
    uow.candidates.remove(person.id)
    return result


def recall_forward(desk: Desk, forward_id: str) -> Withdrawal:
    """Order the erasure of one forward's dossier, withdrawing the forward when it is still live. NotFound."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        return _stop_and_recall(uow, desk, forward.candidate, now, "consent_withdrawn", only=forward.id)


def resume_recalls(desk: Desk) -> int:
    """Order what could not be ordered when a person withdrew or was erased; how many orders were given now."""
    now = desk.now()
    ordered = 0
    with desk.federation.database.write() as uow:
        for candidate in {one.candidate for one in uow.disclosures.all() if not one.order}:
            person = uow.candidates.get(candidate)
            if person is None:
                ordered += len(_stop_and_recall(uow, desk, candidate, now, "erased").orders)
            elif person.state is CandidateState.WITHDRAWN:
                ordered += len(_stop_and_recall(uow, desk, candidate, now, "consent_withdrawn").orders)
    return ordered


def _taken_back(consent: Consent, now: datetime) -> Consent:
    return consent if consent.withdrawn_at else replace(consent, withdrawn_at=now)


def _stop_and_recall(
    uow: MissionUnitOfWork,
    desk: Desk,
    candidate: str,
    now: datetime,
    reason: Reason,
    only: str = "",
    actor: str = SYSTEM,
) -> Withdrawal:
    withdrawn, orders, waiting = [], [], set()
    for forward in uow.forwards.of_candidate(candidate):
        if only in ("", forward.id) and is_live(forward):
            if _withdraw(uow, desk, forward, now, actor):
                withdrawn.append(forward.id)
            else:
                waiting.add(forward.peer)
    for disclosure in uow.disclosures.of_candidate(candidate):
        if disclosure.order or only not in ("", disclosure.forward):
            continue
        ordered = _order(uow, desk, disclosure, reason, now)
        if ordered is None:
            waiting.add(disclosure.holder)
        else:
            orders.append((ordered.order, ordered.holder))
    return Withdrawal(candidate, tuple(withdrawn), tuple(orders), tuple(sorted(waiting)))


def _withdraw(uow: MissionUnitOfWork, desk: Desk, forward: Forward, now: datetime, actor: str) -> bool:
    move = Move(event=ForwardState.WITHDRAWN, at=now, by=Side.HOME, reason="consent_withdrawn", actor=actor)
    try:
        with uow.savepoint():
            make_move(uow, desk, forward, move)
    except _NOT_NOW:
        return False
    return True


def _order(
    uow: MissionUnitOfWork, desk: Desk, disclosure: Disclosure, reason: Reason, now: datetime
) -> Disclosure | None:
    try:
        with uow.savepoint():
            holder = known_member(uow, desk, disclosure.holder)
            return order_erasure(uow, desk.federation, disclosure, holder, desk.new_id(), reason, now)
    except _NOT_NOW:
        return None
