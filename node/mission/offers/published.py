"""An offer as it travels, and as the domain knows it: one value, two forms, both ways here.

Guarantees: `offer_of(PeerOffer(node, entry, offer_message(offer, at)))` is the offer again, but for what stays at home
(its reference, whom to call). Peers' offers arrive by the hundred thousand: they are kept in their wire form and made
into an `Offer` only when somebody looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

import msgspec

from node.mission.offers.offer import ANSWER_DAYS, Need, Offer, OfferSite, OfferState
from protocol import messages, wire_json
from protocol.messages.offers import Site as WireSite
from protocol.messages.offers import WantedLanguage, WantedSkill

AnyOffer: TypeAlias = messages.FormerOfferPublished | messages.OfferPublished
"""Every version ever sent; the newest is written."""


@dataclass(frozen=True, slots=True)
class PeerOffer:
    """What a peer published, proven: its node id, the 33-byte journal entry, the message."""

    node: str
    entry: bytes
    message: AnyOffer


class Searched(msgspec.Struct, frozen=True):
    """What a search looks at, read alike from an offer as this node keeps its own and from one as it travels."""

    employer: str
    title: str
    description: str
    sites: tuple["SearchedSite", ...]
    reference: str = ""


class SearchedSite(msgspec.Struct, frozen=True):
    """Where one of the posts is."""

    commune: str


def check_days(offers: Iterable[AnyOffer]) -> None:
    """Raises ValueError when a date is well formed and no day of the calendar (30 February)."""
    for offer in offers:
        date.fromisoformat(offer.closes)
        datetime.fromisoformat(offer.published)


def offer_of(published: PeerOffer, state: OfferState = OfferState.OPEN) -> Offer:
    """The domain's value; MalformedMessage or ValueError for an impossible date (see `check_days`)."""
    message = published.message
    return Offer(
        id=message.offer,
        node=published.node,
        revision=message.revision,
        entry=published.entry.hex(),
        employer=message.employer,
        title=message.title,
        rome=message.rome,
        description=message.description,
        contract=message.contract,
        months=message.months,
        hours=message.hours,
        salary=message.salary,
        experience=message.experience,
        experience_months=message.experience_months,
        qualification=message.qualification,
        skills=tuple((skill.code, Need.of(skill.need)) for skill in message.skills),
        languages=tuple((language.code, language.level) for language in message.languages),
        licences=frozenset(message.licences),
        sites=tuple(OfferSite(id=s.site, commune=s.commune, label=s.label, posts=s.posts) for s in message.sites),
        closes=date.fromisoformat(message.closes),
        published=wire_json.parse_timestamp(message.published),
        state=state,
        answer_days=message.answer_days if isinstance(message, messages.OfferPublished) else ANSWER_DAYS,
        most_open=message.cap if isinstance(message, messages.OfferPublished) else 0,
    )


def offer_message(offer: Offer, published: datetime) -> messages.OfferPublished:
    """The wire form of an offer's present revision."""
    return messages.OfferPublished(
        offer=offer.id,
        revision=offer.revision,
        employer=offer.employer,
        title=offer.title,
        rome=offer.rome,
        description=offer.description,
        contract=offer.contract,  # type: ignore[arg-type]  # writing it out checks it
        months=offer.months,
        hours=offer.hours,
        salary=offer.salary,
        experience=offer.experience,  # type: ignore[arg-type]
        experience_months=offer.experience_months,
        qualification=offer.qualification,
        skills=[WantedSkill(code=code, need=need.value) for code, need in offer.skills],  # type: ignore[arg-type]
        languages=[WantedLanguage(code=code, level=level) for code, level in offer.languages],  # type: ignore[arg-type]
        licences=sorted(offer.licences),
        sites=[WireSite(site=s.id, commune=s.commune, label=s.label, posts=s.posts) for s in offer.sites],
        published=wire_json.timestamp(published),
        closes=offer.closes.isoformat(),
        answer_days=offer.answer_days,
        cap=offer.most_open,
    )
