"""Offers: the town's own, and those that peers published. A campaign is an offer with several sites."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from node.mission.terms import Term

FORWARDS_A_POST = 5
"""An offer takes at most this many open forwards a post, unless its employer says otherwise."""

ANSWER_DAYS: Final = 30
"""After so many days of silence a forward ends, unless the offer says otherwise."""
LEAST_ANSWER_DAYS: Final = 7
MOST_ANSWER_DAYS: Final = 60
MOST_OPEN: Final = 100_000
"""The greatest cap that an offer may say; the wire bounds these three alike."""


class OfferState(Term):
    OPEN = "open", "Ouverte"
    CLOSED = "closed", "Fermée"


class Need(Term):
    """Whether a post asks for a skill (exigée) or would welcome it (souhaitée)."""

    REQUIRED = "E", "Exigée"
    WISHED = "S", "Souhaitée"


class OfferEvent(Term):
    """What was done with one of the town's own offers."""

    PUBLISHED = "published", "Publiée"
    CHANGED = "changed", "Modifiée"
    SHARED = "shared", "Ouverte au réseau"
    FILLED = "filled", "Fermée : postes pourvus"
    CANCELLED = "cancelled", "Fermée : recrutement abandonné"
    EXPIRED = "expired", "Fermée : date passée"


CLOSINGS: Final = (OfferEvent.FILLED, OfferEvent.CANCELLED, OfferEvent.EXPIRED)
"""Why an offer is closed; the codes are those of the wire."""
MOST_STEPS: Final = 50
"""Of an offer's history: the first, and the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferStep:
    """One line of an offer's history. `by` is an account, or a word of `node/services/actors.py`."""

    at: datetime
    by: str
    what: OfferEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSite:
    """A place with posts."""

    id: str
    commune: str
    label: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferContact:
    """Whom the mission writes to or calls about an offer: a person's data, which never leaves the node that typed it.
    `phone` is E.164, or as it was typed; `address` the lines of a letter."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


NO_CONTACT: Final = OfferContact()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer, whoever published it.

    `node` is the id of the node that published it; `reference` the employer's or France Travail's own number (unique
    on the publishing node, empty for a peer's); `entry` the 66 hexadecimal digits of the journal entry of the last
    published revision, empty while `revision` is 0 (never published); `contact`, `history` (oldest first) and
    `network_on`, the day on which an offer of the town alone goes to the network, are known of this town's own offers
    alone; after `answer_days` (7 to 60) of silence a forward ends; `most_open` is the cap that the employer chose, 0
    for the usual one. Units as in `protocol.messages.offers`.
    """

    id: str
    node: str
    reference: str = ""
    revision: int = 0
    entry: str = ""
    employer: str
    title: str
    rome: str
    description: str = ""
    contract: str = "CDI"
    months: int = 0
    hours: int = 0
    salary: str = ""
    experience: str = "D"
    experience_months: int = 0
    qualification: int = 0
    skills: tuple[tuple[str, Need], ...] = ()
    languages: tuple[tuple[str, str], ...] = ()
    licences: frozenset[str] = frozenset()
    sites: tuple[OfferSite, ...]
    closes: date
    published: datetime | None = None
    state: OfferState = OfferState.OPEN
    network: bool = True
    contact: OfferContact = NO_CONTACT
    network_on: date | None = None
    history: tuple[OfferStep, ...] = ()
    answer_days: int = ANSWER_DAYS
    most_open: int = 0

    @property
    def key(self) -> str:
        """The name of the offer in the whole network, "<node id>/<offer id>"."""
        return f"{self.node}/{self.id}"

    @property
    def posts(self) -> int:
        return sum(site.posts for site in self.sites)

    @property
    def cap(self) -> int:
        """How many open forwards the offer takes at most."""
        return self.most_open or self.posts * FORWARDS_A_POST

    @property
    def first_shared(self) -> datetime | None:
        """When the network first saw the offer; of a peer's, whose history is not known, when its last revision was
        published."""
        shared = [step.at for step in self.history if step.what is OfferEvent.SHARED]
        first = [step.at for step in self.history[:1] if step.what is OfferEvent.PUBLISHED]
        return next(iter((*shared, *first)), self.published)

    def after(self, step: OfferStep) -> "Offer":
        """The offer with one more line of history."""
        kept = (*self.history, step)
        return replace(self, history=kept if len(kept) <= MOST_STEPS else (kept[0], *kept[1 - MOST_STEPS :]))

    def is_open(self, today: date) -> bool:
        return self.state is OfferState.OPEN and today <= self.closes
