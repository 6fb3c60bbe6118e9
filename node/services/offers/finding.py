"""An offer by its name: the one door."""

from collections.abc import Iterable, Mapping

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.offers.offer import Offer
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk


def find_offer(uow: MissionUnitOfWork, desk: Desk, name: str, *, own: bool = False) -> Offer:
    """An offer by its network name "<node>/<offer>", or one of this node's by number or reference; `own`: none but
    this node's. References are what employers wrote, and may look like another offer's name: that name comes first.
    NotFound."""
    node, _slash, number = name.partition("/")
    if not own and (named := uow.offers.get(node, number)) is not None:
        return named
    found = _at(uow, desk.node_id, name.removeprefix(f"{desk.node_id}/"))
    if found is not None:
        return found
    if own:
        raise NotFound(_("This node has no offer of its own under that number."))
    found = _at(uow, node, number)
    if found is None:
        raise NotFound(_("No offer has that name here."))
    return found


def one_offer(desk: Desk, name: str) -> Offer:
    """As `find_offer`, in a transaction of its own."""
    with desk.federation.database.read() as uow:
        return find_offer(uow, desk, name)


def offers_named(desk: Desk, keys: Iterable[str]) -> Mapping[str, Offer]:
    """Those of these network names that are known here."""
    with desk.federation.database.read() as uow:
        return uow.offers.many(keys)


def offer_title(desk: Desk, key: str) -> str:
    """An offer by its network name, as people read it: title and employer."""
    offer = offers_named(desk, [key]).get(key)
    return f"{offer.title}, {offer.employer}" if offer is not None else _("An offer that is no longer published")


def _at(uow: MissionUnitOfWork, node: str, number: str) -> Offer | None:
    if not number:
        return None
    return uow.offers.get(node, number) or uow.offers.by_reference(node, number)
