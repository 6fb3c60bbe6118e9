"""What a hire brings along: 24 hours later, if it stands, the person's other forwards end; and the counsellor says
whether the person still looks for work.

Guarantees: only what was put forward before this node heard of the hire ends by it, so that whoever is put forward
again afterwards is; once that is done, nothing more ends by the same hire, whatever is replayed. Why so:
docs/decisions/after-a-hire.md. Read next: `node/services/forwards/after_hire.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from node.mission.forwards.forward import Forward, ForwardState
from node.mission.forwards.moves import is_open
from node.mission.forwards.saying import CORRECTED_WITHIN

FOLLOWED: Final = frozenset({ForwardState.HIRED, ForwardState.CONFIRMED, ForwardState.BROKEN_OFF})
"""States of a forward whose hire was not taken back; of these a contract that broke off ends nothing any more."""
STANDING: Final = FOLLOWED - {ForwardState.BROKEN_OFF}


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterHire:
    """`id` is the forward's, or that of a hire without one; `at` the moment of the hire, `heard` when this node learnt
    of it; `closed` when the other forwards had ended, `answered` when `by` said whether the person still looks for
    work."""

    id: str
    candidate: str
    at: datetime
    heard: datetime
    closed: datetime | None = None
    answered: datetime | None = None
    by: str = ""

    @property
    def closes_at(self) -> datetime:
        """From when on the other forwards end: the hire can be corrected no more."""
        return self.at + CORRECTED_WITHIN

    def ending(self, forwards: Iterable[Forward]) -> list[Forward]:
        """Of all forwards of the person, those that end by this hire if it stands."""
        if self.closed is not None:
            return []
        return [one for one in forwards if one.id != self.id and one.created <= self.heard and is_live(one)]


def is_live(forward: Forward) -> bool:
    """A draft, or sent and not ended: what a hire or a withdrawal stops."""
    return forward.state is ForwardState.DRAFT or is_open(forward.state)
