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
    """Only what is open is an offer to everybody. A need (no offer yet) and what a spontaneous application rests on are
    the town's alone: people are put forward for them, and no list, match or file of offers has them. What is merged is
    the same offer as another one, and hidden behind it."""

    OPEN = "open", "Ouverte"
    CLOSED = "closed", "Fermée"
    NEED = "need", "Besoin"
    SPONTANEOUS = "spontaneous", "Candidature spontanée"
    MERGED = "merged", "Réunie à une autre"


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
    NOTED = "noted", "Noté"
    MERGED = "merged", "Fusionnée : la même qu'une autre offre"
    SPLIT = "split", "Séparée de l'autre offre"


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
_TAKING: Final = (OfferState.OPEN, OfferState.NEED, OfferState.SPONTANEOUS)
UNTOLD: Final = (OfferState.NEED, OfferState.SPONTANEOUS)
"""What no other node was ever told of."""
LISTED: Final = (OfferState.OPEN, OfferState.CLOSED)
"""What lists of the town's own offers show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer, whoever published it.

    `node` is the id of the node that published it; `reference` the employer's or France Travail's own number (unique
    on the publishing node, empty for a peer's); `entry` the 66 hexadecimal digits of the journal entry of the last
    published revision, empty while `revision` is 0 (never published); `contact`, `history` (oldest first) and
    `network_on`, the day on which an offer of the town alone goes to the network, are known of this town's own offers
    alone; after `answer_days` (7 to 60) of silence a forward ends; `most_open` is the cap that the employer chose, 0
    for the usual one. Units as in `protocol.messages.offers`.

    What follows stays in the town: `clause` tells that hours of insertion are due with it, `clause_hours` how many (0:
    not said); of offers that came twice, `merged_into` is the number of the one that is kept, `merged` are those that
    are hidden behind this one, `unlike` those of which somebody said that they are not the same; of a need, `when` says
    in words when people are wanted, `ask_again` is the day on which to ask the employer again, `note` what was said,
    for the mission's eyes, also once it is an offer.
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
    clause: bool = False
    clause_hours: int = 0
    merged_into: str = ""
    merged: tuple[str, ...] = ()
    unlike: frozenset[str] = frozenset()
    when: str = ""
    note: str = ""
    ask_again: date | None = None

    @property
    def key(self) -> str:
        """The name of the offer in the whole network, "<node id>/<offer id>"."""
        return f"{self.node}/{self.id}"

    @property
    def keys(self) -> tuple[str, ...]:
        """Its name, and those of the offers that are hidden behind it: who is put forward for one is so for all."""
        return (self.key, *(f"{self.node}/{one}" for one in self.merged))

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
        """Whether it is an offer, to everybody who may see it."""
        return self.state is OfferState.OPEN and today <= self.closes

    def takes_people(self, today: date) -> bool:
        """Whether somebody may be put forward for it: an offer that is open, a need, or a spontaneous application."""
        return self.state in _TAKING and today <= self.closes
