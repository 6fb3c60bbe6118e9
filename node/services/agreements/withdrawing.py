"""A person takes back what they agreed to, pauses their file, leaves, comes back, or asks to be erased.

Guarantees: it wins over whatever was under way, at once and together: what rested on the agreement is withdrawn, and
every holder of such a dossier is ordered to destroy it. What the person's own town does rests on its mission, so that
refusing other towns never stops it. `foresee` says beforehand, by the same rules, what would end. What is published in
sheets stays until the next weekly tick (see `mission/sheets/release.py`).

A holder to whom nothing can be sealed now (its keys in the directory have ended) never stands in the way of the person:
everything else is done, and `resume_recalls` orders the rest once it can. Read next: erasing.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from federation.erasure.orders import Reason, order_erasure
from federation.erasure.ports import Disclosure
from federation.errors import FederationError
from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import ConsentScope
from node.mission.employers.sending import holds_cv
from node.mission.forwards.after_hire import is_live
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.people.history import Occasion
from node.mission.ports import MissionUnitOfWork
from node.mission.workshops.workshop import COMING, Attendance, note_answer
from node.services.actors import SYSTEM
from node.services.desk import Desk, Refused, known_member
from node.services.forwards.answers import make_move
from node.services.forwards.asking_back import ask_back
from node.services.forwards.sending import find_forward
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


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What taking back would do: the live forwards that would end, those that go on, and how many holders of a CV would
    be told to destroy it: other towns, and each letter or mail by which an employer of this one has it. `other_towns`:
    whether the agreement to other towns stands after it, which covers employers there."""

    ending: tuple[Forward, ...]
    going_on: tuple[Forward, ...]
    recalled: int
    other_towns: bool


def foresee(desk: Desk, name: str, scope: ConsentScope | None, about: str = "") -> Foreseen:
    """What `withdraw` with the same words would end, or `pause` when `scope` is None; nothing is written. NotFound."""
    now = desk.now()
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, name)
        after = _paused(person) if scope is None else _after(person, scope, about, now)
        ends = _ends(uow, desk, after)
        live = [one for one in uow.forwards.of_candidate(person.id) if is_live(one)]
        recalled = {
            who
            for one in uow.disclosures.of_candidate(person.id)
            if not one.order and (known := uow.forwards.get(one.forward)) is not None and ends(known)
            for who in _holding(uow, desk, one, known)
        }
        return Foreseen(
            tuple(one for one in live if ends(one)),
            tuple(one for one in live if not ends(one)),
            len(recalled),
            any(one.covers(ConsentScope.NETWORK, desk.today()) for one in after.consents),
        )


def _holding(uow: MissionUnitOfWork, desk: Desk, disclosure: Disclosure, forward: Forward) -> set[str]:
    """Who has the CV: another town, or what it was sent to an employer of this one by, if it was."""
    if disclosure.holder != desk.node_id:
        return {disclosure.holder}
    return {one.id for one in uow.sendings.of_forward(forward.id) if holds_cv(one, forward)}


def withdraw(
    desk: Desk, name: str, actor: str = SYSTEM, scope: ConsentScope = ConsentScope.NETWORK, about: str = ""
) -> Withdrawal:
    """The person takes back agreements of that scope: to other towns, or to an offer or an employer (`about` names the
    one, empty: to all). KEEP: the file is to go; everything stops, and it is erased 30 days later unless the person
    comes back. Safe to call twice: the history says it once, and holders that could not be told are told now. Raises
    NotFound, Refused `no_such_agreement` (nothing that was ever agreed to is meant)."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        if about and not any(one.scope is scope and one.names(about, about) for one in before.consents):
            raise Refused("no_such_agreement", _("There is no such agreement: nothing was changed."))
        after = _after(before, scope, about, now)
        if after != before:
            if scope is ConsentScope.KEEP:
                line = history_line(before.id, now, actor, Occasion.OBJECTED)
                _free_places(uow, before.id, now)
            else:
                line = history_line(before.id, now, actor, Occasion.CONSENT_WITHDRAWN, scope.label)
            save(uow, before, after, now, actor, line)
        return _stop_and_recall(uow, desk, before.id, now, "consent_withdrawn", _ends(uow, desk, after), actor)


def pause(desk: Desk, name: str, actor: str) -> Withdrawal:
    """The person asks that nothing be done with their file while it is kept (GDPR, art. 18): what is under way stops,
    agreements stand for when they come back. Safe to call twice. Raises NotFound, Refused (they left)."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        if before.state is CandidateState.WITHDRAWN:
            raise Refused("has_left", _("The person has left already: nothing is done with this file."))
        after = _paused(before)
        if after != before:
            save(uow, before, after, now, actor, history_line(before.id, now, actor, Occasion.PAUSED))
            _free_places(uow, before.id, now)
        return _stop_and_recall(uow, desk, before.id, now, "consent_withdrawn", _ends(uow, desk, after), actor)


def _free_places(uow: MissionUnitOfWork, candidate: str, now: datetime) -> None:
    """Whoever left or paused comes to no workshop, and is written to about none."""
    for workshop in uow.workshops.of_candidate(candidate):
        place = workshop.place_of(candidate)
        if workshop.starts > now and place is not None and place.attendance in COMING:
            uow.workshops.save(note_answer(workshop, candidate, Attendance.DECLINED, now))


def end_uncovered(uow: MissionUnitOfWork, desk: Desk, person: Candidate, now: datetime, actor: str) -> None:
    """End what rests on nothing of that person's any more, in the caller's unit of work: after a merge."""
    _stop_and_recall(uow, desk, person.id, now, "consent_withdrawn", _ends(uow, desk, person), actor)


def recall_forward(desk: Desk, forward_id: str) -> Withdrawal:
    """Order the erasure of one forward's dossier, withdrawing the forward when it is still live. NotFound."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        return _stop_and_recall(
            uow, desk, forward.candidate, now, "consent_withdrawn", lambda one: one.id == forward.id, SYSTEM
        )


def resume_recalls(desk: Desk) -> int:
    """Order what could not be ordered when a person took something back or was erased; how many orders were given
    now."""
    now = desk.now()
    ordered = 0
    with desk.federation.database.write() as uow:
        for candidate in {one.candidate for one in uow.disclosures.all() if not one.order}:
            person = uow.candidates.get(candidate)
            if person is None:
                ordered += len(stop_all(uow, desk, candidate, now, "erased", SYSTEM).orders)
            else:
                done = _stop_and_recall(
                    uow, desk, candidate, now, "consent_withdrawn", _ends(uow, desk, person), SYSTEM
                )
                ordered += len(done.orders)
    return ordered


def stop_all(
    uow: MissionUnitOfWork, desk: Desk, candidate: str, now: datetime, reason: Reason, actor: str
) -> Withdrawal:
    """Stop everything of that person and recall every dossier, in the caller's unit of work."""
    return _stop_and_recall(uow, desk, candidate, now, reason, lambda _forward: True, actor)


def _paused(person: Candidate) -> Candidate:
    return replace(person, state=CandidateState.LIMITED)


def _after(person: Candidate, scope: ConsentScope, about: str, now: datetime) -> Candidate:
    return person.leaving(now) if scope is ConsentScope.KEEP else person.taking_back(scope, about, now)


def _ends(uow: MissionUnitOfWork, desk: Desk, person: Candidate) -> Callable[[Forward], bool]:
    """Whether a forward of that person has lost what it rested on. It has when they left or paused; else when the
    agreement that it names, or that a draft would have named, is taken back and no other one covers the offer. What
    the own town's mission did under an agreement to other towns, before these were told apart, goes on."""
    if person.state in (CandidateState.WITHDRAWN, CandidateState.LIMITED):
        return lambda _forward: True
    today = desk.today()
    gone = {one.id: one for one in person.consents if one.withdrawn_at is not None}

    def ends(forward: Forward) -> bool:
        own = forward.peer == desk.node_id
        offer = uow.offers.get(*forward.offer.split("/", 1))
        employer = offer.employer if offer is not None else ""
        if person.consent_for(today, forward.offer, employer, own=own) is not None:
            return False
        if forward.consent:
            # By the agreement itself: an employer may call itself otherwise today.
            rested_on = gone.get(forward.consent)
            return rested_on is not None and not (own and rested_on.scope is ConsentScope.NETWORK)
        return any(
            one.names(forward.offer, employer) or (one.scope is ConsentScope.NETWORK and not own)
            for one in gone.values()
        )

    return ends


def _stop_and_recall(
    uow: MissionUnitOfWork,
    desk: Desk,
    candidate: str,
    now: datetime,
    reason: Reason,
    ends: Callable[[Forward], bool],
    actor: str,
) -> Withdrawal:
    withdrawn, orders, waiting = [], [], set()
    ended = {one.id for one in uow.forwards.of_candidate(candidate) if ends(one)}
    for forward in uow.forwards.of_candidate(candidate):
        if forward.id in ended and is_live(forward):
            if _withdraw(uow, desk, forward, now, actor):
                withdrawn.append(forward.id)
            else:
                waiting.add(forward.peer)
    for disclosure in uow.disclosures.of_candidate(candidate):
        if disclosure.order or disclosure.forward not in ended:
            continue
        ordered = _order(uow, desk, disclosure, reason, now)
        if ordered is None:
            waiting.add(disclosure.holder)
        else:
            orders.append((ordered.order, ordered.holder))
            ask_back(uow, desk, find_forward(uow, disclosure.forward), now)
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
