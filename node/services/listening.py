"""Whoever listens hears of what happened: after the commit, at least once, in order for each subject.

Guarantees: an event is taken off the list of a listener once that one has heard it, so that a process that dies in
between leaves it there: it is heard again when whoever had it in hand has had it for `HOLD`. What a listener does may
therefore be done twice, and looks at how things stand. One that fails is tried again after each of `PAUSES`, for as
long as it is worth it; later events of the same subject wait for it, those of other subjects do not. Errors are logged
by class, never by text.

Read next: `mission/happened.py` (what may happen), `node/listeners.py` (who listens).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from node.kit.errors import NodeError
from node.kit.logging import get_logger
from node.mission.happened import KEPT, Delivery, Event, Happened
from node.services.node import Listener, Node
from node.storage import LOCAL_TROUBLE

HOLD: Final = timedelta(minutes=5)
"""How long a listener may take over one event."""
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 4, 15, 60, 240, 720))
"""Between tries; the last one again and again."""
A_CALL: Final = 500
"""Events at most in one call of `deliver`."""

log = get_logger(__name__)


@dataclass(slots=True)
class Delivered:
    """What became of the events of one call: heard by their listeners, or failed and not done. `elsewhere` says that
    somebody else has one of the subject in hand."""

    heard: list[Event] = field(default_factory=list)
    failed: list[Event] = field(default_factory=list)
    elsewhere: bool = False


def deliver(node: Node, subject: str = "", stopping: Callable[[], bool] = lambda: False) -> Delivered:
    """Let everybody hear what is due; with a `subject`, what happened to it alone, and at once. Called by the
    scheduler, and by pages that show what came of it. After a failure a listener rests until the next call."""
    done, resting = Delivered(), set[str]()
    while len(done.heard) < A_CALL and not stopping():
        with node.database.read() as uow:
            # Asked often, and hardly ever anything: no writer's turn is taken for it.
            due = set(uow.events.due(node.now(), subject)) - resting
            doubted = bool(due) and node.desk.clock_unconfirmed(uow) is not None
            done.elsewhere = bool(subject) and not due and uow.events.in_hand(subject, node.now())
        if not due:
            break
        for listener in node.listeners():
            if listener.name in due and not _let_hear(node, listener, subject, doubted, done):
                resting.add(listener.name)
    return done


def deliver_now_or_never(node: Node, subject: str, kind: Happened) -> bool:
    """Whether what happened to that subject was heard just now. When it was not, nobody hears of it later: somebody is
    told so, and does it otherwise."""
    if any(one.kind is kind for one in deliver(node, subject).heard):
        return True
    with node.database.write() as uow:
        uow.events.withdraw(subject, kind)
    return False


def _let_hear(node: Node, listener: Listener, subject: str, doubted: bool, done: Delivered) -> bool:
    """Let it hear one event; False when there is none any more, or it failed. While the clock is `doubted`, nothing is
    given up for its age."""
    now = node.now()
    with node.database.write() as uow:
        taken = uow.events.take_up(listener.name, now, now + HOLD, subject)
    if taken is None:
        return False
    event = taken.event
    if event.at is not None and now - event.at > listener.lasts and not doubted:
        log.warning("event.given_up", listener=listener.name, kind=event.kind.value, tries=taken.tries)
        _put_away(node, taken)
        return True
    try:
        listener.hear(node, event)
    except Exception as error:
        problem = error.problem if isinstance(error, NodeError) else type(error).__name__
        log.warning("event.failed", listener=listener.name, kind=event.kind.value, tries=taken.tries + 1, error=problem)
        done.failed.append(event)
        _put_away(node, taken, PAUSES[min(taken.tries, len(PAUSES) - 1)])
        return False
    done.heard.append(event)
    _put_away(node, taken)
    return True


def _put_away(node: Node, taken: Delivery, pause: timedelta | None = None) -> None:
    """It was heard, or is to be tried again after that pause."""
    try:
        with node.database.write() as uow:
            if pause is None:
                uow.events.heard(taken)
            else:
                uow.events.again(taken, node.now(), node.now() + pause)
    except LOCAL_TROUBLE as error:
        # What was done is done, and nobody's page must say otherwise: it is heard once more when its time is over.
        log.warning("event.not_put_away", listener=taken.listener, error=type(error).__name__)


def forget_old(node: Node) -> int:
    """Forget what everybody has heard, but for the last `KEPT`; how many events there were."""
    with node.database.write() as uow:
        return uow.events.forget_before(uow.events.last() - KEPT + 1)
