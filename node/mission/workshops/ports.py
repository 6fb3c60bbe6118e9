"""What workshops need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from node.mission.workshops.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopFigures:
    """Workshops that were not cancelled and began in a time, and their places."""

    workshops: int
    seats: int
    invited: int
    present: int
    absent: int


class Workshops(Protocol):
    """Workshops with their places."""

    def add(self, workshop: Workshop) -> None: ...

    def save(self, workshop: Workshop) -> None: ...

    def get(self, workshop_id: str) -> Workshop | None: ...

    def between(self, start: datetime, end: datetime) -> Sequence[Workshop]:
        """Those that begin in [start, end[, by time, cancelled ones too."""
        ...

    def of_candidate(self, candidate_id: str) -> Sequence[Workshop]:
        """Newest first."""
        ...

    def unmarked(self, before: datetime) -> Sequence[Workshop]:
        """Those planned, begun before that moment, and still without everybody's attendance, oldest first."""
        ...

    def figures(self, start: datetime, end: datetime) -> WorkshopFigures: ...
