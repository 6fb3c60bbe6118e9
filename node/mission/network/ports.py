"""What the node remembers of its ends: see `node/mission/ports.py`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    pass


class ToldEnds(Protocol):
    """Of which ends people were written to, and when; it names no person. `what`, `who_acts` and `on` are those of
    `node.services.network.ends.End`, `threshold` the stage at which they were."""

    def is_told(self, what: str, who_acts: str, on: datetime, threshold: int, now: datetime) -> bool:
        """Whether they were; what was written down by a clock that was ahead of `now` does not count."""
        ...

    def remember(self, what: str, who_acts: str, on: datetime, threshold: int, now: datetime) -> None:
        """They were, now."""
        ...
