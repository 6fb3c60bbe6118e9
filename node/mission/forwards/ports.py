"""What forwards need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    from node.mission.forwards.forward import Forward, ForwardState, Side
    from node.mission.parts import Counted


@dataclass(frozen=True, slots=True)
class Papers:
    """What the receiving side holds of a forward: the exact `forward.sent/1` body, the still sealed dossier, and where
    in the sender's journal (`epoch`, `index`) the message stands."""

    message: bytes
    dossier: bytes
    epoch: int
    index: int


class Forwards(Protocol):
    """Forwards of both sides, with their moves, and on the receiving side the opened dossier."""

    def add(self, forward: Forward) -> None: ...

    def save(self, forward: Forward) -> None: ...

    def get(self, forward_id: str) -> Forward | None: ...

    def all(self, side: Side | None = None) -> Sequence[Forward]:
        """Newest first."""
        ...

    def part(self, limit: int | None) -> Counted[Forward]:
        """At most `limit` forwards of `all()` (None: no bound), and how many there are in all."""
        ...

    def of_candidate(self, candidate_id: str) -> Sequence[Forward]: ...

    def of_offer(self, offer_key: str) -> Sequence[Forward]: ...

    def count_open(self, offer_key: str) -> int:
        """Forwards of that offer neither draft nor ended, on this node."""
        ...

    def by_state(self) -> Mapping[ForwardState, int]: ...

    def waiting(self, side: Side, until: datetime) -> Sequence[Forward]:
        """Those of that side that are open (node/mission/forwards/moves.py) and were made by that moment, oldest
        first."""
        ...

    def taken_back(self, since: datetime) -> Sequence[Forward]:
        """Those of this town's people that ended since then because the person took their agreement back, newest
        first."""
        ...

    def answered(self, side: Side, since: datetime) -> Sequence[Forward]:
        """Those of that side whose last word is an interview, « oui, si… », a hire or a refusal of that moment or
        later, newest first."""
        ...

    def keep_papers(self, forward_id: str, papers: Papers) -> None: ...

    def papers(self, forward_id: str) -> Papers | None:
        """None once destroyed or never held."""
        ...

    def destroy_papers(self, forward_id: str) -> bool:
        """Destroy message and dossier for good; False when there was nothing."""
        ...
