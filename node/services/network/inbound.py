"""What peers' messages do here: one handler a kind, called inside the sync's unit of work with proven messages.

Every handler may meet a message twice (a replay after an upgrade) and does nothing the second time. A handler that
raises makes the sync keep the message raw and refused; exception texts never quote a message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from federation.erasure import orders
from federation.peers.ports import Received
from federation.peers.visit import replay_refused
from federation.ports import Handler, StillOwed
from node.kit.i18n import gettext as _
from node.mission.forwards import moves
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.forwards.ports import Papers
from node.mission.forwards.room import NoRoom, home_share, lacks_room, share_ends
from node.mission.forwards.terms import Reason
from node.mission.offers.offer import UNTOLD, Offer, OfferState
from node.mission.offers.published import PeerOffer, check_days
from node.mission.ports import MissionUnitOfWork
from node.mission.sheets.ports import PeerRelease
from node.services.actors import SYSTEM
from node.services.desk import Desk, known_member
from node.services.forwards.answers import make_move
from node.services.forwards.hired import follow_hire
from node.services.forwards.messages import read_move
from protocol import wire_json
from protocol.errors import ProofMismatch, StaleMessage, UnknownKey
from protocol.guarantee import verify_forward
from protocol.messages import (
    ErasureOrder,
    ErasureReceipt,
    FormerForwardMoved,
    FormerOfferPublished,
    ForwardMoved,
    ForwardSent,
    OfferClosed,
    OfferPublished,
    SheetsReleased,
    kind_of,
)

RECEIPT_OWED = "receipt_owed"
"""What was destroyed on an order is still to be attested: the home's sealing key was outside its window."""
MAX_MOVES = 50
"""Of one forward, both sides' together. An ordinary life has fewer than ten; each more costs the reader time."""


class Inbound:
    """The handlers of a node. The desk is asked for late: it needs the federation, which needs these handlers."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def by_kind(self) -> Mapping[str, Handler[MissionUnitOfWork]]:
        """Kind -> handler, for `federation.ports.Handlers`."""
        return {
            kind_of(SheetsReleased): self.sheets_released,
            kind_of(FormerOfferPublished): self.offers_published,
            kind_of(OfferPublished): self.offers_published,
            kind_of(OfferClosed): self.offers_closed,
            kind_of(ForwardSent): self.forwards_sent,
            kind_of(FormerForwardMoved): self.forwards_moved,
            kind_of(ForwardMoved): self.forwards_moved,
            kind_of(ErasureOrder): self.erasures_ordered,
            kind_of(ErasureReceipt): self.erasures_receipted,
        }

    def sheets_released(self, uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        """The peer's sheets are replaced as a whole."""
        for received in messages:
            assert isinstance(received.message, SheetsReleased)
            uow.releases.put_peer(PeerRelease(node=received.peer, release=received.message, received=now))

    def offers_published(self, uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        """Peers' offers, many at once."""
        offers = []
        for received in messages:
            assert isinstance(received.message, FormerOfferPublished | OfferPublished)
            offers.append(PeerOffer(received.peer, received.entry, received.message))
        check_days(offer.message for offer in offers)
        uow.offers.replace_from_peer(offers)

    def offers_closed(self, uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        for received in messages:
            message = received.message
            assert isinstance(message, OfferClosed)
            known = uow.offers.get(received.peer, message.offer)
            if known is not None and message.revision > known.revision:
                uow.offers.save(replace(known, revision=message.revision, state=OfferState.CLOSED))

    def forwards_sent(self, uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        """An application arrives: its guarantee is checked before anything is kept, and `received` is answered.

        Beyond the offer's cap of open applications, all homes together, or in its first days beyond the share of that
        home, it is declined at once and its papers are not kept: no node can fill this one with dossiers, and the home
        learns why. No `received` was said, so that the home knows that nobody read it and may send it again."""
        desk = self._desk()
        for received in messages:
            message = received.message
            assert isinstance(message, ForwardSent)
            if uow.forwards.get(message.forward) is not None:
                continue
            home = known_member(uow, desk, received.peer)
            journaled = wire_json.parse_timestamp(received.header.time)
            guarantee = verify_forward(message, home.keys, recipient=desk.node_id, now=now, journaled=journaled)
            offer = uow.offers.get(desk.node_id, message.offer)
            if guarantee.home != received.peer:
                raise ProofMismatch("the guarantee is another node's than the sender's")
            if offer is None or offer.state in UNTOLD or message.site not in {site.id for site in offer.sites}:
                raise ProofMismatch("this node has no such offer or site")
            lacks = lacks_room(
                offer,
                open_in_all=uow.forwards.count_open(*offer.keys),
                open_of_home=uow.forwards.count_open(*offer.keys, peer=received.peer),
                own=False,
                now=now,
            )
            sent = Move(event=ForwardState.SENT, at=wire_json.parse_timestamp(message.sent), by=Side.HOME)
            forward = Forward(
                id=message.forward,
                side=Side.RECEIVER,
                peer=received.peer,
                offer=offer.key,
                revision=message.revision,
                site=message.site,
                why="" if lacks else message.reason,
                checked=tuple(check.what for check in guarantee.checked),
                state=ForwardState.SENT,
                moves=(sent,),
                created=now,
                consent=guarantee.consent.reference,
                has_dossier=not lacks,
            )
            uow.forwards.add(forward)
            if lacks:
                uow.replica.destroy_body(received.peer, received.epoch, received.index)
                make_move(uow, desk, forward, _no_room(lacks, offer, now))
                continue
            papers = Papers(
                message=wire_json.encode(message),
                dossier=wire_json.unbase64(message.dossier),
                epoch=received.epoch,
                index=received.index,
            )
            uow.forwards.keep_papers(forward.id, papers)
            make_move(uow, desk, forward, Move(event=ForwardState.RECEIVED, at=now, by=Side.RECEIVER, actor=SYSTEM))

    def forwards_moved(self, uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        """The other side's move. A hire lets the person's other forwards end a day later."""
        for received in messages:
            message = received.message
            assert isinstance(message, FormerForwardMoved | ForwardMoved)
            forward = uow.forwards.get(message.forward)
            if forward is None and ForwardState.of(message.event) not in moves.OWNED[Side.RECEIVER]:
                # The application was recalled before we took it in: only its tombstone is left.
                continue
            if forward is None or forward.peer != received.peer or forward.state is ForwardState.DRAFT:
                raise ProofMismatch("this node has no such forward with that peer")
            other = Side.RECEIVER if forward.side is Side.HOME else Side.HOME
            move = read_move(message, other, epoch=received.epoch, index=received.index)
            moved = moves.arrive(forward, move)
            if moved is forward:
                continue
            if len(forward.moves) >= MAX_MOVES:
                raise ProofMismatch("more moves than a forward can have")
            if forward.side is Side.HOME and uow.candidates.get(forward.candidate) is None:
                # The person was erased meanwhile: what was said about them is not kept.
                moved = replace(moved, moves=(*forward.moves, move.without_texts()))
                uow.replica.destroy_body(received.peer, received.epoch, received.index)
            uow.forwards.save(moved)
            follow_hire(uow, forward, moved, now)

    def erasures_ordered(self, uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        """Destroy what we hold of that forward, and attest it. An order for what another node sent is not obeyed.

        Raises StillOwed `receipt_owed` when nothing can be sealed to the home now: all is destroyed nevertheless, and
        the receipt follows (`erasures.resume_receipts`)."""
        desk = self._desk()
        for received in messages:
            order = received.message
            assert isinstance(order, ErasureOrder)
            home = known_member(uow, desk, received.peer)
            orders.check_order(desk.federation, home, order, wire_json.parse_timestamp(received.header.time))
            forward = uow.forwards.get(order.forward)
            destroyed: list[str] = []
            if forward is not None and forward.side is Side.RECEIVER and forward.peer == received.peer:
                destroyed = _destroy(uow, forward)
            try:
                orders.attest(uow, desk.federation, home, order, destroyed, now)
            except (UnknownKey, StaleMessage):
                raise StillOwed(RECEIPT_OWED) from None

    def erasures_receipted(self, uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        """The holder attests: the ledger is closed for that order."""
        for received in messages:
            assert isinstance(received.message, ErasureReceipt)
            orders.take_receipt(uow, received, received.message)


def _no_room(lacks: NoRoom, offer: Offer, now: datetime) -> Move:
    if lacks is NoRoom.SHARE:
        return _no_share(offer, now)
    return Move(
        event=ForwardState.DECLINED,
        at=now,
        by=Side.RECEIVER,
        reason=Reason.NO_POSITION,
        to_candidate=_(
            "There are already as many applications under way for this position as it can take. Yours was not read: "
            "this says nothing about you. Your adviser can suggest other positions."
        ),
        to_guarantor=_(
            "The offer has as many open applications as it takes: this one was declined "
            "automatically and its papers were destroyed. It may be sent again once others are answered."
        ),
    )


def _no_share(offer: Offer, now: datetime) -> Move:
    ends = share_ends(offer)
    told = _(
        "In the first days of an offer each mission has a few applications under way for it, so that all have their "
        "turn: the offer has {number} of this mission, and takes more from {day} on, or once one of them is answered. "
        "This one was declined automatically and its papers were destroyed. It may be sent again then."
    )
    return Move(
        event=ForwardState.DECLINED,
        at=now,
        by=Side.RECEIVER,
        reason=Reason.NO_POSITION,
        to_candidate=_(
            "Your mission has as many applications under way for this position as it may have in its first days. Yours "
            "was not read: this says nothing about you. Your adviser can send it again later."
        ),
        to_guarantor=told.format(number=home_share(offer.cap), day=f"{ends or now:%d/%m/%Y}"),
    )


def _destroy(uow: MissionUnitOfWork, forward: Forward) -> list[str]:
    papers = uow.forwards.papers(forward.id)
    if papers is None:
        # An earlier order was obeyed, and its receipt could not be sealed; or there was no room, and nothing was kept.
        return ["dossier", "message", "texts"]
    uow.replica.destroy_body(forward.peer, papers.epoch, papers.index)
    uow.forwards.destroy_papers(forward.id)
    destroyed = ["dossier", "message"]
    bare = tuple(move.without_texts() for move in forward.moves)
    if forward.why or bare != forward.moves:
        destroyed.append("texts")
    uow.forwards.save(replace(forward, why="", moves=bare, has_dossier=False))
    return destroyed


def resume_receipts(desk: Desk) -> int:
    """Attest the erasures that were carried out while nothing could be sealed to the home mission; how many now."""
    return replay_refused(desk.federation, reason=RECEIPT_OWED)
