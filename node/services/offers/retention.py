"""Whom to call about an offer is a person: forgotten two years after the offer has ended, as candidates' files are; so
is what was noted of a talk with them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from node.mission.offers.offer import NO_CONTACT, Offer, OfferState
from node.services.desk import Desk

FORGOTTEN_AFTER: Final = timedelta(days=730)


def forget_contacts(desk: Desk) -> int:
    """Erase the contacts of the town's offers that ended that long ago; how many. Other towns hear nothing of it."""
    until = desk.today() - FORGOTTEN_AFTER
    with desk.federation.database.read() as uow:
        telling = (one for one in uow.offers.of_node(desk.node_id) if one.contact != NO_CONTACT or one.note)
        old = [one for one in telling if _ended(one) < until]
    if not old:
        return 0
    with desk.federation.database.write() as uow:
        for offer in old:
            now = uow.offers.get(offer.node, offer.id)
            if now is not None:
                uow.offers.save(replace(now, contact=NO_CONTACT, note=""))
    return len(old)


def _ended(offer: Offer) -> date:
    """The day of its closing, else its last day."""
    if offer.state is OfferState.CLOSED and offer.history:
        return min(offer.closes, offer.history[-1].at.date())
    return offer.closes
