"""What offers need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    from node.mission.offers.offer import Offer, OfferState
    from node.mission.offers.proposal import OfferProposal
    from node.mission.offers.published import PeerOffer, Searched
    from node.mission.parts import Counted


class Offers(Protocol):
    """All offers that this node knows, its own (node = own id) and its peers'."""

    def add(self, offer: Offer) -> None: ...

    def save(self, offer: Offer) -> None: ...

    def replace_from_peer(self, offers: Iterable[PeerOffer]) -> None:
        """Insert or replace peers' offers, many at once; a lower or equal revision than the stored one is ignored."""
        ...

    def get(self, node: str, offer_id: str) -> Offer | None: ...

    def by_reference(self, node: str, reference: str) -> Offer | None: ...

    def of_node(self, node: str) -> Sequence[Offer]:
        """All of that node, in whatever state."""
        ...

    def aside(self, node: str, state: OfferState) -> Sequence[Offer]:
        """Those of that node in a state that no list shows: needs, spontaneous applications, what was merged."""
        ...

    def many(self, keys: Iterable[str]) -> Mapping[str, Offer]:
        """These offers by their network names, open or not; what is unknown, or no such name, is left out."""
        ...

    def open(self, today: date, occupations: Collection[str] | None = None) -> Sequence[Offer]:
        """All open offers, whoever published them, ordered by (node, id); with `occupations`, those alone whose ROME
        code, or its domain (the first three characters), is among them."""
        ...

    def each_open(self, today: date) -> Iterator[Offer]:
        """All open offers in no order, read while they are taken: never all at once in memory."""
        ...

    def count_open(self, today: date) -> int: ...

    def part_open(self, today: date, limit: int | None) -> Counted[Offer]:
        """At most `limit` offers of `open()` (None: no bound), and how many there are in all."""
        ...

    def part_of_node(self, node: str, limit: int | None) -> Counted[Offer]:
        """At most `limit` of that node's open and closed offers (None: no bound), and how many there are in all."""
        ...

    def newest(
        self,
        limit: int,
        *,
        today: date,
        node: str | None = None,
        rome: str = "",
        wanted: Callable[[Searched], bool] | None = None,
    ) -> Sequence[Offer]:
        """The `limit` last published of the open offers (`node`: of that node's alone, open and closed) that are wanted
        (None: all are) and whose occupation begins with `rome`; of one instant, the greatest (node, id) first."""
        ...


class OfferProposals(Protocol):
    """What employers deposited, until it is dealt with."""

    def add(self, proposal: OfferProposal) -> None: ...

    def get(self, proposal_id: str) -> OfferProposal | None: ...

    def waiting(self, limit: int | None) -> Counted[OfferProposal]:
        """At most `limit` of them (None: no bound), oldest first, and how many there are in all."""
        ...

    def remove(self, proposal_id: str) -> bool:
        """Destroy it; False when there was none."""
        ...
