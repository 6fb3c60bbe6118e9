"""Offers looked up and corrected."""

from dataclasses import replace
from datetime import date

from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.mission.offers.offer import Offer, OfferState
from node.mission.parts import Counted
from node.services.desk import Desk, Refused
from node.services.offers.finding import find_offer
from node.services.offers.publishing import publish_offers


def known_offers(desk: Desk, *, own: bool = False) -> list[Offer]:
    """All open offers, or all of this node's own."""
    with desk.federation.database.read() as uow:
        return list(uow.offers.of_node(desk.node_id) if own else uow.offers.open(desk.today()))


def first_offers(desk: Desk, limit: int | None, *, own: bool = False) -> Counted[Offer]:
    """The first of `known_offers` (`limit` None: all of them), and how many there are in all."""
    with desk.federation.database.read() as uow:
        return uow.offers.part_of_node(desk.node_id, limit) if own else uow.offers.part_open(desk.today(), limit)


def edit_offer(
    desk: Desk,
    key: str,
    *,
    title: str | None = None,
    description: str | None = None,
    salary: str | None = None,
    closes: str | None = None,
) -> Offer:
    """The next revision of one of this node's own open offers; the same offer when nothing differs. Raises NotFound,
    BadInput, Refused."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = find_offer(uow, desk, key, own=True)
        if before.state is OfferState.CLOSED:
            raise Refused("offer_closed", _("This offer is closed: publish a new one."))
        after = replace(
            before,
            title=before.title if title is None else title.strip(),
            description=before.description if description is None else description.strip(),
            salary=before.salary if salary is None else salary.strip(),
            closes=before.closes if closes is None else _day(closes),
        )
        if not after.title:
            raise BadInput(_("An offer needs a title."))
        return before if after == before else publish_offers(uow, desk, [after], now)[0]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(_("“{text}” is no day: write YYYY-MM-DD.").format(text=text[:20])) from error
