"""What duplicates need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from node.mission.duplicates.merge import Merge


class Merges(Protocol):
    """Merges, with what is needed to undo them. They go with the person into whom they were made."""

    def add(self, merge: Merge) -> None: ...

    def of(self, candidate_id: str) -> Sequence[Merge]:
        """What was merged into this person, the last merge first."""
        ...

    def into(self, reference: str) -> str | None:
        """The id of the person into whom the entry with that number was merged; None when there is none."""
        ...

    def remove(self, merge_id: str) -> None: ...
