"""How much room an offer has for people put forward: its cap, and in its first days the share of each home.

Guarantees: the home mission and the recipient ask the same function, so that nobody sends what the other turns away
(protocol/SPEC.md, `forward.sent/1`; docs/decisions/first-days-of-an-offer.md). What a node turned away by itself,
before anybody there read it, may be sent again. Read next: `drafting.py`; `node/services/network/inbound.py`.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from node.mission.forwards.forward import Forward, ForwardState
from node.mission.forwards.standing import standing
from node.mission.forwards.terms import Reason
from node.mission.offers.offer import Offer

SHARED_FOR: Final = timedelta(days=7)
"""For so long after an offer reached the network no home takes all its room."""
LEAST_SHARE: Final = 3

_SPENT: Final = frozenset({ForwardState.WITHDRAWN, ForwardState.EXPIRED})
_HERE: Final = frozenset({ForwardState.RECEIVED, ForwardState.SEEN, ForwardState.INTERVIEW})


class NoRoom(StrEnum):
    """Why one more cannot be taken now."""

    FULL = "full"
    SHARE = "share"


def home_share(cap: int) -> int:
    """How many open forwards one home has at most in the first days of an offer of that cap."""
    return max(LEAST_SHARE, cap // 2)


def share_ends(offer: Offer) -> datetime | None:
    """When the first days are over; None for an offer that was never published."""
    return None if offer.first_shared is None else offer.first_shared + SHARED_FOR


def lacks_room(offer: Offer, *, open_in_all: int, open_of_home: int, own: bool, now: datetime) -> NoRoom | None:
    """Why the offer takes no more of a home that has `open_of_home` of the `open_in_all` open forwards; None when it
    does. `own`: the home is the town whose offer it is, which needs no share."""
    if open_in_all >= offer.cap:
        return NoRoom.FULL
    ends = share_ends(offer)
    if own or ends is None or now >= ends or open_of_home < home_share(offer.cap):
        return None
    return NoRoom.SHARE


def is_spent(forward: Forward) -> bool:
    """Whether the person may be put forward for that offer again: it ended without an answer, or the recipient's node
    turned it away for want of room, before anybody read it."""
    return forward.state in _SPENT or _was_turned_away(forward)


def _was_turned_away(forward: Forward) -> bool:
    """A node says that it received what it keeps; what it declines without is its own refusal, not a person's."""
    found = standing(forward.moves)
    if found is None or found.move.event is not ForwardState.DECLINED or found.move.reason != Reason.NO_POSITION:
        return False
    return found.move.index >= 0 and not any(move.event in _HERE for move in forward.moves)
