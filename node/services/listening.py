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
from node.mission.happened import Delivery, Event, Happened
from node.services.node import Listener, Node

HOLD: Final = timedelta(minutes=5)
"""How long a listener may take over one event."""
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 4, 15, 60, 240, 720))
"""Between tries; the last one again and again."""
KEPT: Final = 50_000
"""Events that stay for those who follow by themselves; whoever is farther behind looks at everything anew."""
A_CALL: Final = 500
"""Events at most in one call of `deliver`."""

log = get_logger(__name__)


@dataclass(slots=True)
class Delivered:
    """What became of the events of one call: heard by their listeners, or failed and not done."""

    heard: list[Event] = field(default_factory=list)
    failed: list[Event] = field(default_factory=list)

    def of(self, kind: Happened) -> bool:
        """Whether one of that kind was heard."""
        return any(one.kind is kind for one in self.heard)


def deliver(node: Node, subject: str = "", stopping: Callable[[], bool] = lambda: False) -> Delivered:
    """Let everybody hear what is due; with a `subject`, what happened to it alone, and at once. Called by the
    scheduler, and by pages that show what came of it. After a failure a listener rests until the next call."""
    done = Delivered()
    with node.database.read() as uow:
        # Asked often, and hardly ever anything: no writer's turn is taken for it.
        if not subject and not uow.events.is_due(node.now()):
            return done
    active = list(node.listeners())
    while active and len(done.heard) < A_CALL and not stopping():
        active = [one for one in active if _next(node, one, subject, done)]
    return done


def _next(node: Node, listener: Listener, subject: str, done: Delivered) -> bool:
    """Let it hear one event; False when there is none, or it failed."""
    now = node.now()
    with node.database.write() as uow:
        taken = uow.events.take_up(listener.name, now, now + HOLD, subject)
    if taken is None:
        return False
    event = taken.event
    if event.at is not None and now - event.at > listener.lasts:
        log.warning("event.given_up", listener=listener.name, kind=event.kind.value, tries=taken.tries)
        _put_away(node, taken)
        return True
    try:
        listener.hear(node, event)
    except Exception as error:
        problem = error.problem if isinstance(error, NodeError) else type(error).__name__
        log.warning("event.failed", listener=listener.name, kind=event.kind.value, tries=taken.tries + 1, error=problem)
        done.failed.append(event)
        if event.kind in listener.once:
            _put_away(node, taken)
        else:
            with node.database.write() as uow:
                uow.events.again(taken, node.now() + PAUSES[min(taken.tries, len(PAUSES) - 1)])
        return False
    _put_away(node, taken)
    done.heard.append(event)
    return True


def _put_away(node: Node, taken: Delivery) -> None:
    with node.database.write() as uow:
        uow.events.heard(taken)


def forget_old(node: Node) -> int:
    """Forget what everybody has heard, but for the last `KEPT`; how many events there were."""
    with node.database.write() as uow:
        return uow.events.forget_before(uow.events.last() - KEPT + 1)
