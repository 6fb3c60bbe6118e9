"""One offer that came twice, made one and taken apart again (docs/decisions/same-offer-twice.md).

Guarantees: only the town's own offers are merged; another town's is told as alike, no more. What is merged is closed by
the one door that closes offers, and keeps everything of its own: its reference, so that no file makes it again, and its
applications, whose guarantees name it; they count with the offer that is kept. `unmerge` puts back what was. Nobody is
put forward for both.

Read next: `node/mission/offers/likeness.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from node.kit.i18n import gettext as _
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.moves import is_open
from node.mission.offers.filter import OfferFilter
from node.mission.offers.likeness import Alike, likeness, pairs
from node.mission.offers.offer import Offer, OfferEvent, OfferState, OfferStep
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk, Refused
from node.services.offers.finding import find_offer
from node.services.offers.publishing import close_in, publish_offers
from node.services.offers.searching import offers_page

_COMPARED = 200
"""Offers of one employer that are compared."""
_PAIRS = 1000
"""Nobody looks through more at once; what is merged makes room for others."""


@dataclass(frozen=True, slots=True)
class LikeOffer:
    """Another open offer that may be the same; `is_own` tells that the two may be merged."""

    offer: Offer
    how: Alike
    is_own: bool


def offers_like(desk: Desk, offer: Offer) -> list[LikeOffer]:
    """What may be the same as an open offer of the town's own, the town's first."""
    if offer.node != desk.node_id or not offer.is_open(desk.today()):
        return []
    found = offers_page(desk, OfferFilter(employer=offer.employer), size=_COMPARED).rows
    like = (LikeOffer(one, how, one.node == desk.node_id) for one in found if (how := likeness(offer, one)))
    return sorted(like, key=lambda one: (not one.is_own, one.how is Alike.NEAR, one.offer.key))


def hidden_behind(desk: Desk, offer: Offer) -> Sequence[Offer]:
    """The offers that are merged into this one."""
    with desk.federation.database.read() as uow:
        known = uow.offers.many(offer.keys[1:])
    return [known[key] for key in offer.keys[1:] if key in known]


def all_like(desk: Desk) -> list[tuple[Offer, Offer, Alike]]:
    """Pairs of the town's own open offers that may be the same, those of the same words first; `_PAIRS` at most."""
    today = desk.today()
    with desk.federation.database.read() as uow:
        own = [one for one in uow.offers.of_node(desk.node_id) if one.is_open(today)]
    return sorted(islice(pairs(own), _PAIRS), key=lambda pair: (pair[2] is Alike.NEAR, pair[0].key, pair[1].key))


def merge_offers(desk: Desk, kept: str, gone: str, actor: str) -> Offer:
    """The two are the same: `gone` is hidden behind `kept`, and peers hear that it is closed. Raises NotFound, Refused:
    `same_offer`, `offer_closed`, `merged_before`, `draft_left`, `both_forwarded`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        mine, theirs = find_offer(uow, desk, kept, own=True), find_offer(uow, desk, gone, own=True)
        if mine.id == theirs.id:
            raise Refused("same_offer", _("This is one offer already."))
        if not mine.is_open(desk.today()) or theirs.state is not OfferState.OPEN:
            raise Refused("offer_closed", _("Only open offers are merged: one of the two is closed."))
        if theirs.merged:
            raise Refused(
                "merged_before", _("Another offer is merged into that one: keep that one, or take the two apart first.")
            )
        _refuse_people(uow, mine, theirs)
        close_in(uow, replace(theirs, merged_into=mine.id), OfferEvent.MERGED, now, actor)
        whole = replace(mine, merged=(*mine.merged, theirs.id), unlike=mine.unlike - {theirs.id})
        uow.offers.save(whole)
        return whole


def _refuse_people(uow: MissionUnitOfWork, mine: Offer, theirs: Offer) -> None:
    there = uow.forwards.of_offer(theirs.key)
    if any(one.state is ForwardState.DRAFT for one in there):
        raise Refused(
            "draft_left", _("A draft waits for the other offer: send it or withdraw it first, or keep the other offer.")
        )
    here = {one.candidate for one in uow.forwards.of_offer(*mine.keys) if one.candidate and _is_live(one.state)}
    if here & {one.candidate for one in there if _is_live(one.state)}:
        raise Refused("both_forwarded", _("Somebody is put forward for both offers: withdraw one of the two first."))


def _is_live(state: ForwardState) -> bool:
    return state is ForwardState.DRAFT or is_open(state)


def unmerge_offer(desk: Desk, name: str, actor: str) -> Offer:
    """The two are not the same after all: the offer that was hidden is open again, as it was, and goes to the network
    again if it was there; it is not proposed again as the same. Raises NotFound, Refused `not_merged`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        gone = find_offer(uow, desk, name, own=True)
        kept = uow.offers.get(desk.node_id, gone.merged_into) if gone.merged_into else None
        if gone.state is not OfferState.MERGED or kept is None:
            raise Refused("not_merged", _("This offer is not merged into another one."))
        uow.offers.save(replace(kept, merged=tuple(one for one in kept.merged if one != gone.id)))
        back = replace(gone, state=OfferState.OPEN, merged_into="", unlike=gone.unlike | {kept.id})
        if back.network:
            return publish_offers(uow, desk, [back], now, actor, what=OfferEvent.SPLIT)[0]
        back = back.after(OfferStep(at=now, by=actor, what=OfferEvent.SPLIT))
        uow.offers.save(back)
        return back


def keep_apart(desk: Desk, one: str, other: str) -> None:
    """Somebody looked: they are two offers, and are not proposed as the same any more. NotFound."""
    with desk.federation.database.write() as uow:
        mine, theirs = find_offer(uow, desk, one, own=True), find_offer(uow, desk, other, own=True)
        uow.offers.save(replace(mine, unlike=mine.unlike | {theirs.id}))
