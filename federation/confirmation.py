"""Whether anybody confirms this node's clock.

Each visit that goes through does: requests are believed within 300 s of the peer's own time alone (signatures.py). A
clock that leaps ahead (a flat battery, a mistyped year) is confirmed by nobody from then on. What follows from a date
alone must wait meanwhile: somebody who was erased does not come back when the clock is set right.

Guarantees: no peer can hold such work up, as any visit that goes through, to whomever, is enough; a node without
peers, or that nobody has answered for `GIVEN_UP_AFTER`, believes its own clock. Read next: schedule.py, whose rows are
asked.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from federation.context import Federation
from federation.errors import NoDirectory
from federation.ports import PeerState, U

LEAP = timedelta(days=3)
"""Visits are a day apart at most: a clock that goes on by more with none in between has leapt, or the node slept."""
GIVEN_UP_AFTER = timedelta(days=7)
"""So long after the first vain visit nobody is asked any more: all peers may be gone."""


def unconfirmed_since(states: Iterable[PeerState], now: datetime) -> datetime | None:
    """When the clock was confirmed last, if it has leapt since and is to be doubted; None when it is to be believed.
    `states` are those of active peers."""
    visited = [(state.last_success, state) for state in states if state.last_success is not None]
    if not visited:
        return None
    confirmed, latest = max(visited, key=lambda one: one[0])
    tried = latest.failing_since or now
    return confirmed if tried - confirmed > LEAP and now - tried < GIVEN_UP_AFTER else None


def clock_unconfirmed(fed: Federation[U]) -> datetime | None:
    """The same of this node, now; None before it has joined a network."""
    try:
        active = {peer.id for peer in fed.peers()}
    except NoDirectory:
        return None
    with fed.database.read() as uow:
        return unconfirmed_since((state for state in uow.peers.all() if state.peer in active), fed.now())
