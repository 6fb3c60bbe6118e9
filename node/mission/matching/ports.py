"""What matching keeps, and what it follows of what is kept: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    from node.mission.happened import Events
    from node.mission.matching.choices import OfferChoice
    from node.mission.matching.news import MatchSeen
    from node.mission.offers.ports import Offers
    from node.mission.parts import Counted
    from node.mission.people.ports import Candidates


class Followed(Protocol):
    """One snapshot: what happened, and how offers and people stand after it."""

    @property
    def events(self) -> Events: ...

    @property
    def offers(self) -> Offers: ...

    @property
    def candidates(self) -> Candidates: ...


class MatchNews(Protocol):
    """Who newly fits what, and who looked at it."""

    def followed(self) -> int | None:
        """The number of the last event that was followed (`Events`); None before the first look."""
        ...

    def follow(self, number: int) -> None:
        """All events up to that number are followed."""
        ...

    def add(self, found: MatchSeen) -> None: ...

    def save(self, known: MatchSeen) -> None: ...

    def get(self, news_id: str) -> MatchSeen | None: ...

    def of_candidate(self, candidate_id: str) -> Sequence[MatchSeen]:
        """Newest first, looked at or not."""
        ...

    def of_offer(self, offer_key: str) -> Sequence[MatchSeen]:
        """Newest first, looked at or not."""
        ...

    def waiting(self, owner: str | None, today: date, limit: int) -> Counted[MatchSeen]:
        """Those that nobody looked at, of offers that are not over, newest first. `owner`: of that counsellor's people
        and nobody's; None: of everybody's."""
        ...

    def count_waiting(self, today: date) -> Mapping[str, int]:
        """How many of them there are, by person; nobody has none."""
        ...

    def drop_new(self, *, candidate: str = "", offer: str = "") -> int:
        """Forget those of this person, of this offer, or of both, that nobody looked at; how many. What was looked at
        stays."""
        ...


class OfferChoices(Protocol):
    """What people said of offers that fit them."""

    def add(self, choice: OfferChoice) -> None: ...

    def save(self, choice: OfferChoice) -> None: ...

    def get(self, choice_id: str) -> OfferChoice | None: ...

    def of_candidate(self, candidate_id: str) -> Sequence[OfferChoice]:
        """Newest first."""
        ...

    def of_offer(self, offer_key: str) -> Sequence[OfferChoice]:
        """Newest first."""
        ...

    def waiting(self, owner: str | None, today: date, limit: int) -> Counted[OfferChoice]:
        """The offers that interest somebody, not over, for which they were not put forward and which nobody set aside
        since they said so, newest first. `owner`: of that counsellor's people and nobody's; None: of everybody's."""
        ...
