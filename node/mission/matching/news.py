"""What newly fits: a person and an offer that a counsellor has not looked at yet, and what became of it once they have.

Guarantees: only what is worth a look is news (`is_news`); what was seen, or set aside with a reason, is news no more,
whatever changes afterwards. Read next: `node/services/matching/news.py`, which finds it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from node.mission.matching.match import Lack, Match
from node.mission.matching.seeker import Relation
from node.mission.terms import Term

MISSING_AT_MOST: Final = 1
"""How many things may be missing of what is news: one is the beginning of a training."""


class Novelty(Term):
    """What changed, so that they fit now."""

    NEW_OFFER = "new_offer", "nouvelle offre"
    CV_READY = "cv_ready", "CV prêt"
    FILE_CHANGED = "file_changed", "dossier modifié"
    INTERESTED = "interested", "la personne est intéressée"


class SetAside(Term):
    """Why this offer is not for this person, as the counsellor says."""

    NOT_NOW = "not_now", "pas le bon moment"
    NOT_INTERESTED = "not_interested", "ne l'intéresse pas"
    TOO_FAR = "too_far", "trop loin"
    OTHER = "other", "autre raison"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSeen:
    """A person and an offer that came to fit at `found`. `closes` is the offer's last day. `at` is when somebody looked
    at it, None while it is news; `by` an account; `reason` a code of `SetAside`, empty for what was seen and not set
    aside; `text` their words, which the person may read."""

    id: str
    candidate: str
    offer: str
    because: Novelty
    found: datetime
    closes: date
    at: datetime | None = None
    by: str = ""
    reason: str = ""
    text: str = ""

    @property
    def why(self) -> str:
        """Why it was set aside, in words; empty when it was not."""
        reason = SetAside.read(self.reason)
        return "" if reason is None else self.text if reason is SetAside.OTHER else reason.label

    def looked_at(self, at: datetime, by: str, reason: str = "", text: str = "") -> "MatchSeen":
        """After that; whoever set it aside first is the one who did, and whoever looked first the one who looked."""
        if self.reason or (self.at is not None and not reason):
            return self
        return replace(self, at=at, by=by, reason=reason, text=text)


def is_news(match: Match) -> bool:
    """Whether it is worth a counsellor's look unasked: an occupation that the person seeks, or a close one, within
    reach, one thing missing at most."""
    return (
        match.explanation.relation is not Relation.DOMAIN
        and Lack.DISTANCE not in match.lacks
        and len(match.lacks) <= MISSING_AT_MOST
    )
