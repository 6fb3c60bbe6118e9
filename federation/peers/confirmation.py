"""Whether anybody confirms this node's clock.

Each visit that goes through does: requests are believed within 300 s of the peer's own time alone
(transport/signatures.py). A clock that leaps ahead (a mistyped year) is confirmed by nobody from then on. What follows
from a date alone must wait meanwhile: somebody who was erased does not come back when the clock is set right.

Guarantees: no peer can hold such work up, as any visit that goes through, to whomever, is enough; a node without
peers, or that nobody has answered for a week, believes its own clock. Read next: schedule.py, whose rows are
asked.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from federation.membership.directory import ACTIVE
from federation.peers.ports import PeerState
from protocol.members import Members

LEAP = timedelta(days=3)
"""Visits are a day apart at most: a clock that goes on by more with none in between has leapt, or the node slept."""
GIVEN_UP_AFTER = timedelta(days=7)
GIVEN_UP_VISITS = 24
"""After so long, and so many visits in vain, nobody is asked any more: all peers may be gone. Of days alone the clock
would tell; between two visits in vain lie six hours at most (schedule.py)."""


def unconfirmed_since(states: Iterable[PeerState], members: Members, own: str, now: datetime) -> datetime | None:
    """When the clock of node `own` was confirmed last, if it has leapt since and is to be doubted; None when it is to
    be believed. Whoever is suspended, or no member, is not asked."""
    active = {one.id for one in members.members if one.status == ACTIVE} - {own}
    asked = ((one.last_success, one) for one in states if one.peer in active)
    visited = [(success, state) for success, state in asked if success is not None]
    if not visited:
        return None
    confirmed, latest = max(visited, key=lambda one: one[0])
    tried = latest.failing_since or now
    given_up = now - tried >= GIVEN_UP_AFTER and latest.failures >= GIVEN_UP_VISITS
    return confirmed if tried - confirmed > LEAP and not given_up else None
