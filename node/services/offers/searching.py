"""Offers of all nodes, searched: newest first."""

from node.mission.offers.offer import Offer
from node.mission.offers.published import Searched
from node.services.desk import Desk


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
