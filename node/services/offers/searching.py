"""Offers of all nodes, searched: newest first."""

from collections.abc import Iterable

from node.mission.offers.filter import Area, OfferFilter, Viewpoint, fits, km_from, newest_first
from node.mission.offers.offer import Offer
from node.mission.offers.published import Searched
from node.mission.parts import Counted
from node.services.desk import Desk

PAGE = 25
"""Offers on a page."""


def offers_page(desk: Desk, wanted: OfferFilter, home: str, page: int = 1, size: int | None = PAGE) -> Counted[Offer]:
    """One page, from page 1, of the offers that fit, `size` each (None: all on one), newest first, and how many fit in
    all; `home` is the INSEE code of the town's commune, from which distances are measured."""
    seen = viewpoint(desk, home)
    start = 0 if size is None else max(0, page - 1) * size
    with desk.federation.database.read() as uow:
        if size is not None and wanted == OfferFilter():
            # The page that is opened first each day: nobody waits for the offers that it does not show.
            newest = uow.offers.newest(start + size, today=seen.today)
            return Counted(uow.offers.count_open(seen.today), tuple(newest[start:]))
        own = wanted.area is Area.OWN
        known = list(uow.offers.of_node(desk.node_id) if own else uow.offers.open(seen.today))
        if wanted.closed and not own:
            known += [one for one in uow.offers.of_node(desk.node_id) if not one.is_open(seen.today)]
    found = sorted((one for one in known if fits(one, wanted, seen)), key=newest_first, reverse=True)
    return Counted(len(found), tuple(found[start:] if size is None else found[start : start + size]))


def viewpoint(desk: Desk, home: str) -> Viewpoint:
    """From where this town looks at offers today."""
    return Viewpoint(desk.node_id, desk.today(), km_from(desk.referential().communes, home))


def open_forwards(desk: Desk, offers: Iterable[Offer]) -> dict[str, int]:
    """How many people are put forward for each of these offers now, by its key."""
    with desk.federation.database.read() as uow:
        return {one.key: uow.forwards.count_open(one.key) for one in offers}


def search_offers(
    desk: Desk, *, own: bool = False, rome: str = "", text: str = "", commune: str = "", limit: int = 50
) -> list[Offer]:
    """Open offers of all nodes, newest first; `own`: this node's alone, closed ones too. `rome` is a code or the
    beginning of one, `commune` the INSEE code of a site's."""
    needle = text.casefold()

    def wanted(offer: Searched) -> bool:
        return (not needle or needle in f"{offer.title} {offer.employer} {offer.description}".casefold()) and (
            not commune or any(site.commune == commune for site in offer.sites)
        )

    with desk.federation.database.read() as uow:
        found = uow.offers.newest(
            limit,
            today=desk.today(),
            node=desk.node_id if own else None,
            rome=rome,
            wanted=wanted if needle or commune else None,
        )
        return list(found)
