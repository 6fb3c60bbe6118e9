"""What match-making follows of what is kept: see `node/mission/ports.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    from node.mission.happened import Events
    from node.mission.offers.ports import Offers
    from node.mission.people.ports import Candidates


class Followed(Protocol):
    """One snapshot: what happened, and how offers and people stand after it."""

    @property
    def events(self) -> Events: ...

    @property
    def offers(self) -> Offers: ...

    @property
    def candidates(self) -> Candidates: ...
