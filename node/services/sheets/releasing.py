"""What goes out to all peers: offers, one message a revision, and the weekly release of sheets.

The value kept, the journal entry and the message are written in the one unit of work of the caller or of the function.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.offers.offer import Offer, OfferState
from node.mission.offers.published import offer_message
from node.mission.ports import MissionUnitOfWork
from node.mission.sheets.release import Release, build_release, check_release
from node.services.desk import Desk, Refused
from protocol import wire_json
from protocol.errors import MalformedMessage
from protocol.messages import OfferClosed, OfferPublished, Tombstone, kind_of

NETWORK = "network"


def publish_offers(uow: MissionUnitOfWork, desk: Desk, offers: Sequence[Offer], now: datetime) -> list[Offer]:
    """Write the next revision of each of the town's own offers: to all peers when it is for the network, else here
    alone. Returns the offers as kept. An offer that the wire cannot carry raises Refused, nothing is written."""
    kept = [replace(offer, revision=offer.revision + 1, published=now) for offer in offers]
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


def own_offer(uow: MissionUnitOfWork, desk: Desk, offer_id: str) -> Offer:
    """The town's own offer by its id or its reference; NotFound."""
    offer = uow.offers.get(desk.node_id, offer_id) or uow.offers.by_reference(desk.node_id, offer_id)
    if offer is None:
        raise NotFound(_("This node has no offer of its own under that number."))
    return offer


def close_offer(desk: Desk, offer_id: str, reason: str) -> Offer:
    """Close one of the town's own offers: peers are told, and no further forward is taken. `reason` is filled,
    cancelled or expired."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        offer = own_offer(uow, desk, offer_id)
        if offer.state is OfferState.CLOSED:
            return offer
        closed = replace(offer, state=OfferState.CLOSED, revision=offer.revision + 1)
        if offer.network:
            message = OfferClosed(
                offer=offer.id,
                revision=closed.revision,
                at=wire_json.timestamp(now),
                reason=reason,  # type: ignore[arg-type]
            )
            uow.journal.append(kind_of(message), NETWORK, wire_json.encode(message), now)
        uow.offers.save(closed)
        return closed


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """A release as built, and the journal index that carries it (None after a dry run)."""

    release: Release
    index: int | None

    @property
    def published(self) -> bool:
        return self.index is not None

    @property
    def withheld(self) -> int:
        """People in groups that are too small to be shown."""
        return sum(group.count for group in self.release.withheld)


def release(desk: Desk, *, dry_run: bool = False) -> ReleaseResult:
    """Build this town's release of sheets from its register, check it against the four rules, and publish it. The
    release before it is tombstoned and its body destroyed. Raises `RuleBroken` (node.mission.sheets.release) when a
    rule does not hold, such as a second release in one week, and Refused `no_sheet` for a first release that would show
    nothing: nothing is then signed, and the week is still to be used."""
    now = desk.now()
    database = desk.federation.database
    with database.read() if dry_run else database.write() as uow:
        last, previous, candidates = uow.releases.last(), uow.releases.members(), uow.candidates.all()
        built = build_release(
            candidates,
            previous,
            desk.referential(),
            number=1 if last is None else last[0].release + 1,
            now=now,
            k=desk.k,
        )
        if dry_run:
            return ReleaseResult(built, None)
        if last is None and not built.message.sheets:
            raise Refused(
                "no_sheet",
                _(
                    "There is no sheet to publish yet: import candidates, sign their CVs and record their agreements, "
                    "then look at the preview (maillon release --dry-run). Nothing was published."
                ),
            )
        check_release(
            built.message,
            built.members,
            candidates,
            desk.referential(),
            now.date(),
            k=desk.k,
            previous=previous,
            last=None if last is None else last[0],
        )
        record = uow.journal.append(kind_of(built.message), NETWORK, wire_json.encode(built.message), now)
        if last is not None and (before := uow.journal.record(last[1])) is not None:
            tombstone = Tombstone(number=before.number, entry=before.entry.hex(), reason="superseded")
            uow.journal.append(kind_of(tombstone), NETWORK, wire_json.encode(tombstone), now)
            uow.journal.destroy_body(before.index)
        uow.releases.save(built.message, record.index, built.members)
        return ReleaseResult(built, record.index)
