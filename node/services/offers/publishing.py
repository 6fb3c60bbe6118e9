"""What goes out of offers to all peers: one message a revision, and the word that an offer is closed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from node.kit.i18n import gettext as _
from node.mission.offers.offer import Offer, OfferEvent, OfferState, OfferStep
from node.mission.offers.published import offer_message
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM
from node.services.desk import Desk, Refused
from node.services.offers.finding import find_offer
from protocol import wire_json
from protocol.errors import MalformedMessage
from protocol.messages import OfferClosed, OfferPublished, kind_of

NETWORK = "network"


def publish_offers(
    uow: MissionUnitOfWork,
    desk: Desk,
    offers: Sequence[Offer],
    now: datetime,
    actor: str = SYSTEM,
    *,
    what: OfferEvent | None = None,
) -> list[Offer]:
    """Write the next revision of each of the town's own offers: to all peers when it is for the network, else here
    alone; `what` its history calls it, where that does not follow from what stood before. Returns the offers as kept.
    An offer that the wire cannot carry raises Refused, nothing is written."""
    kept = [
        replace(offer, revision=offer.revision + 1, published=now).after(
            OfferStep(at=now, by=actor, what=what or _what_is_done(offer))
        )
        for offer in offers
    ]
    public = [offer for offer in kept if offer.network]
    bodies = [_checked_body(offer, now) for offer in public]
    records = uow.journal.append_many(kind_of(OfferPublished), NETWORK, bodies, now)
    entries = {offer.id: record.entry.hex() for offer, record in zip(public, records, strict=True)}
    kept = [replace(offer, entry=entries.get(offer.id, "")) for offer in kept]
    for before, offer in zip(offers, kept, strict=True):
        if before.revision == 0:
            uow.offers.add(offer)
        else:
            uow.offers.save(offer)
    return kept


def _what_is_done(offer: Offer) -> OfferEvent:
    """What publishing its next revision does."""
    if not offer.revision:
        return OfferEvent.PUBLISHED
    return OfferEvent.SHARED if offer.network and not offer.entry else OfferEvent.CHANGED


def open_to_network(desk: Desk) -> int:
    """Publish to all peers the town's offers whose day has come; how many. Called twice, it does nothing more."""
    today, now = desk.today(), desk.now()
    with desk.federation.database.write() as uow:
        due = [
            replace(offer, network=True, network_on=None)
            for offer in uow.offers.of_node(desk.node_id)
            if offer.network_on is not None and offer.network_on <= today and offer.is_open(today)
        ]
        return len(publish_offers(uow, desk, due, now))


def check_publishable(offer: Offer, now: datetime) -> None:
    """Raises Refused `offer_invalid` when the wire cannot carry the offer's next revision."""
    _checked_body(replace(offer, revision=offer.revision + 1), now)


def _checked_body(offer: Offer, now: datetime) -> bytes:
    try:
        return wire_json.encode(offer_message(offer, now))
    except MalformedMessage as error:
        raise Refused(
            "offer_invalid",
            _("The offer {reference} cannot be published: a field is too long or not of the expected form.").format(
                reference=offer.reference or offer.id
            ),
        ) from error


def close_offer(desk: Desk, offer_id: str, reason: str, actor: str = SYSTEM) -> Offer:
    """Close one of the town's own offers or needs: peers are told, and no further forward is taken. `reason` is filled,
    cancelled or expired."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        offer = find_offer(uow, desk, offer_id, own=True)
        if offer.state is not OfferState.OPEN and not (
            offer.state is OfferState.NEED and offer.takes_people(desk.today())
        ):
            return offer
        return close_in(uow, offer, OfferEvent.of(reason), now, actor)


def close_in(uow: MissionUnitOfWork, offer: Offer, why: OfferEvent, now: datetime, actor: str) -> Offer:
    """As `close_offer`, in the caller's unit of work: the one door by which an open offer goes. What is merged into
    another one is given up, to peers; a need stays one, whose last day is over."""
    merged = why is OfferEvent.MERGED
    state = OfferState.MERGED if merged else OfferState.CLOSED
    closed = replace(offer, state=state, revision=offer.revision + 1)
    if offer.state is OfferState.NEED:
        closed = replace(closed, state=OfferState.NEED, closes=now.date() - timedelta(days=1), ask_again=None)
    closed = closed.after(OfferStep(at=now, by=actor, what=why))
    if offer.network:
        message = OfferClosed(
            offer=offer.id,
            revision=closed.revision,
            at=wire_json.timestamp(now),
            reason="cancelled" if merged else why.value,  # type: ignore[arg-type]
        )
        uow.journal.append(kind_of(message), NETWORK, wire_json.encode(message), now)
    uow.offers.save(closed)
    return closed
