"""An offer in words, for a line of a list and for its own page.

Read next: pages.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.offers.filter import SOON, Viewpoint, nearest_km
from node.mission.offers.hours import hours_text
from node.mission.offers.offer import Offer, OfferSite
from node.mission.terms import Contract
from node.referential import Referential
from node.services.my_space.my_space import member_names
from node.services.node import Node
from node.services.offers.searching import open_forwards, viewpoint


@dataclass(frozen=True, slots=True)
class OfferLine:
    """What a list says of an offer. `km` is None where the place is not known; `soon` tells that it closes soon."""

    offer: Offer
    address: str
    place: str
    elsewhere: int
    km: float | None
    contract: str
    soon: bool
    is_open: bool
    put_forward: int
    publisher: str


def address_of(offer: Offer) -> str:
    """The offer's page."""
    return f"/offres/{offer.node}/{offer.id}"


def lines_of(node: Node, offers: Sequence[Offer]) -> list[OfferLine]:
    """What the list says of these."""
    desk, tables = node.desk, node.desk.referential()
    seen, put_forward = viewpoint(desk), open_forwards(desk, offers)
    names = publishers(node)
    made = []
    for offer in offers:
        nearest = _nearest(offer, seen)
        made.append(
            OfferLine(
                offer=offer,
                address=address_of(offer),
                place=tables.communes.name(nearest.commune),
                elsewhere=len(offer.sites) - 1,
                km=nearest_km(offer, seen),
                contract=contract_text(offer),
                soon=closes_soon(offer, seen.today),
                is_open=offer.is_open(seen.today),
                put_forward=put_forward[offer.key],
                publisher=names(offer.node),
            )
        )
    return made


def _nearest(offer: Offer, seen: Viewpoint) -> OfferSite:
    return min(offer.sites, key=lambda site: km if (km := seen.km(site.commune)) is not None else float("inf"))


def closes_soon(offer: Offer, today: date) -> bool:
    """Whether it is open, and for not much longer."""
    return offer.is_open(today) and offer.closes - today <= SOON


def contract_text(offer: Offer) -> str:
    """CDD, 6 mois, 35 h."""
    months = ngettext("{count} month", "{count} months", offer.months).format(count=offer.months)
    hours = hours_text(offer.hours).replace(" ", "\N{NO-BREAK SPACE}")
    return ", ".join(filter(None, (Contract.called(offer.contract), months if offer.months else "", hours)))


def clause_text(offer: Offer) -> str:
    """That hours of insertion are due with it, and how many where that is known."""
    hours = ngettext("{count} hour", "{count} hours", offer.clause_hours).format(count=offer.clause_hours)
    return hours if offer.clause_hours else _("yes")


def contract_name(offer: Offer) -> str:
    """The contract's name in full; a code that nobody knows stands for itself."""
    known = Contract.read(offer.contract)
    return known.label if known else offer.contract


def publishers(node: Node) -> Callable[[str], str]:
    """Who published an offer, by the id of the town or employer."""
    with node.database.read() as uow:
        names: Mapping[str, str] = member_names(uow, node.desk)

    def name(node_id: str) -> str:
        return _("My town") if node_id == node.desk.node_id else names.get(node_id, node_id)

    return name


def occupation(offer: Offer, tables: Referential) -> str:
    """The occupation's label; the code where this edition does not know it."""
    return tables.occupations.label(offer.rome) or offer.rome
