"""What a person says of the offers that fit them, and what a counsellor makes of it.

Guarantees: of an offer that is not the person's to see nothing is kept, nor said that it exists; what somebody said is
no news any more (`news.py`): a no is taken out of it, a yes waits among those who are interested until somebody is put
forward, or the offer is set aside. Read next: `node/mission/matching/choices.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.forwards.room import is_spent
from node.mission.matching.choices import NotForMe, OfferChoice, newest_of
from node.mission.matching.match import Match
from node.mission.matching.news import MatchSeen, Novelty, SetAside
from node.mission.offers.offer import Offer
from node.mission.parts import Counted
from node.mission.people.candidate import Candidate
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.matching.matching import match_candidate
from node.services.matching.news import clean_reason
from node.services.matching.one import OnePair, one_pair
from node.services.matching.people import is_within
from node.services.people.finding import find_candidate

SHOWN: Final = 20
_COMPARED: Final = 60


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """One offer, as its person sees it. `match` is None where it no longer fits and the person said something of it."""

    offer: Offer
    match: Match | None
    choice: OfferChoice | None
    is_within: bool
    is_forwarded: bool


@dataclass(frozen=True, slots=True)
class OwnOffers:
    """The offers for one person: those of which nothing was said yet, within reach first, `SHOWN` at most; those that
    interest them; those that do not."""

    person: Candidate
    new: tuple[OwnOffer, ...]
    wanted: tuple[OwnOffer, ...]
    unwanted: tuple[OwnOffer, ...]


def own_offers(desk: Desk, candidate: str) -> OwnOffers:
    """What « Offres pour moi » shows. NotFound; nothing new for a person who is not looking."""
    answer = match_candidate(desk, candidate, limit=_COMPARED)
    found = {one.offer.key: one for one in (*answer.matches, *answer.to_prepare)}
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, candidate)
        said = choices_for(uow, person.id)
        others = uow.offers.many(key for key in said if key not in found)
        forwarded = {one.offer for one in uow.forwards.of_candidate(person.id) if not is_spent(one)}
    own = [
        OwnOffer(one.offer, one.match, said.get(key), is_within(one), key in forwarded) for key, one in found.items()
    ] + [
        OwnOffer(offer, one_pair(desk, person, offer).match, said[key], False, key in forwarded)
        for key, offer in others.items()
        if offer.is_open(desk.today())
    ]
    new = sorted((one for one in own if one.choice is None), key=lambda one: not one.is_within)
    chosen = sorted((one for one in own if one.choice is not None), key=lambda one: one.offer.key)
    return OwnOffers(
        person,
        tuple(new[:SHOWN]),
        tuple(one for one in chosen if one.choice is not None and one.choice.wants),
        tuple(one for one in chosen if one.choice is not None and not one.choice.wants),
    )


def choose(desk: Desk, candidate: str, offer_key: str, *, wants: bool, reason: NotForMe | None = None) -> OfferChoice:
    """The person says that the offer interests them, or does not, and may say why not. NotFound: no such person, or no
    open offer that fits them, or of which they said something."""
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, candidate)
        offer = uow.offers.get(*offer_key.split("/", 1)) if "/" in offer_key else None
        known = choices_for(uow, person.id).get(offer_key)
    gone = NotFound(_("This offer is over, or no longer for you: look at the others."))
    if offer is None or not offer.is_open(desk.today()):
        raise gone
    if known is None and one_pair(desk, person, offer).match is None:
        raise gone
    why = "" if wants or reason is None else reason.value
    with desk.federation.database.write() as uow:
        find_candidate(uow, person.id)
        uow.match_news.drop_new(candidate=person.id, offer=offer.key)
        known = choices_for(uow, person.id).get(offer.key)
        if known is not None:
            after = replace(known.said(desk.now(), wants, why), closes=offer.closes)
            uow.offer_choices.save(after)
            return after
        made = OfferChoice(
            id=desk.new_id(),
            candidate=person.id,
            offer=offer.key,
            closes=offer.closes,
            wants=wants,
            reason=why,
            at=desk.now(),
        )
        uow.offer_choices.add(made)
        return made


def choices_for(uow: MissionUnitOfWork, candidate: str) -> Mapping[str, OfferChoice]:
    """What the person said last, by offer."""
    return {offer: one for (_who, offer), one in newest_of(uow.offer_choices.of_candidate(candidate)).items()}


def choices_of_person(desk: Desk, candidate: str) -> Mapping[str, OfferChoice]:
    """What the person said last, by offer."""
    with desk.federation.database.read() as uow:
        return choices_for(uow, candidate)


def choices_about(desk: Desk, offer_key: str) -> Mapping[str, OfferChoice]:
    """What people said last of an offer, by person."""
    with desk.federation.database.read() as uow:
        return {person: one for (person, _offer), one in newest_of(uow.offer_choices.of_offer(offer_key)).items()}


def interested(desk: Desk, owner: str | None, limit: int) -> Counted[tuple[OfferChoice, OnePair]]:
    """Who said that an offer interests them, and waits to be put forward, newest first. `owner`: of that counsellor's
    people and nobody's; None: of everybody's."""
    with desk.federation.database.read() as uow:
        found = uow.offer_choices.waiting(owner, desk.today(), limit)
        pairs = [
            (one, uow.candidates.get(one.candidate), uow.offers.get(*one.offer.split("/", 1))) for one in found.rows
        ]
    shown = (
        (one, one_pair(desk, person, offer)) for one, person, offer in pairs if person is not None and offer is not None
    )
    return Counted(found.count, tuple(shown))


def set_interest_aside(desk: Desk, choice_id: str, reason: SetAside, text: str, actor: str) -> MatchSeen:
    """The person is interested, and the counsellor does not put them forward, for that reason, which they may read.
    Raises NotFound, BadInput (another reason needs a text)."""
    said = clean_reason(reason, text)
    with desk.federation.database.write() as uow:
        choice = uow.offer_choices.get(choice_id)
        if choice is None:
            raise NotFound(_("This is no news any more: the offer, the person or an application changed."))
        seen = next((one for one in uow.match_news.of_candidate(choice.candidate) if one.offer == choice.offer), None)
        if seen is not None:
            after = replace(seen, at=desk.now(), by=actor, reason=reason.value, text=said)
            uow.match_news.save(after)
            return after
        made = MatchSeen(
            id=desk.new_id(),
            candidate=choice.candidate,
            offer=choice.offer,
            because=Novelty.INTERESTED,
            found=choice.at,
            closes=choice.closes,
            at=desk.now(),
            by=actor,
            reason=reason.value,
            text=said,
        )
        uow.match_news.add(made)
        return made
