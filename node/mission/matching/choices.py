"""What a person says of an offer that fits them: it interests them, or it does not; until they change their mind.

Guarantees: saying the same thing twice changes nothing. Read next: `node/services/matching/choosing.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from node.mission.terms import Term


class NotForMe(Term):
    """Why an offer does not interest somebody, in their own words; it may be left out."""

    TOO_FAR = "too_far", "trop loin"
    HOURS = "hours", "les horaires"
    OCCUPATION = "occupation", "le métier"
    OTHER = "other", "autre raison"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferChoice:
    """What a person said of an offer, and since when. `closes` is the offer's last day; `reason` a code of `NotForMe`,
    empty of a yes and of a no that says no more."""

    id: str
    candidate: str
    offer: str
    closes: date
    wants: bool
    reason: str = ""
    at: datetime

    @property
    def why(self) -> str:
        """Why not, in words; empty where nobody said."""
        reason = NotForMe.read(self.reason)
        return "" if reason is None else reason.label

    def said(self, at: datetime, wants: bool, reason: str = "") -> "OfferChoice":
        """After that; the same thing said again is what was said first."""
        if (wants, reason) == (self.wants, self.reason):
            return self
        return replace(self, at=at, wants=wants, reason=reason)


def newest_of(choices: Iterable[OfferChoice]) -> Mapping[tuple[str, str], OfferChoice]:
    """What was said last, by person and offer: somebody whose two entries were merged may have said both."""
    last: dict[tuple[str, str], OfferChoice] = {}
    for one in sorted(choices, key=lambda one: (one.at, one.id)):
        last[one.candidate, one.offer] = one
    return last
