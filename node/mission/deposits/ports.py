"""What deposits need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from node.mission.parts import Counted

if TYPE_CHECKING:
    from node.mission.deposits.deposit import Deposit, DepositState, Source
    from node.mission.people.identity import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Deposits of one poster (source "" for none) by one channel in one month ("2026-11"): received, and of those
    accepted, joined to a file, or discarded. Counts alone: they outlive the people."""

    month: str
    source: str
    channel: str
    received: int = 0
    accepted: int = 0
    joined: int = 0
    discarded: int = 0


class Deposits(Protocol):
    """Deposits and the posters that they came by."""

    def add(self, deposit: Deposit) -> None: ...

    def save(self, deposit: Deposit) -> None: ...

    def get(self, deposit_id: str) -> Deposit | None: ...

    def remove(self, deposit_id: str) -> None:
        """Destroy it and its documents."""
        ...

    def page(self, state: DepositState, offset: int, limit: int, *, call_back: bool | None = None) -> Counted[Deposit]:
        """The oldest first, without their proposals (None); `call_back` chooses those who ask for a call, or not."""
        ...

    def of_candidate(self, candidate_id: str) -> Sequence[Deposit]:
        """Oldest first."""
        ...

    def identities(self) -> Sequence[Identity]:
        """Of the deposits that wait."""
        ...

    def add_source(self, source: Source) -> None: ...

    def save_source(self, source: Source) -> None: ...

    def source(self, source_id: str) -> Source | None: ...

    def sources(self) -> Sequence[Source]:
        """The newest first."""
        ...

    def count_up(self, tally: Tally) -> None:
        """Add these counts to those of the same month, source and channel."""
        ...

    def tallies(self, since: str) -> Sequence[Tally]:
        """From that month on, by month, source and channel."""
        ...
