"""Erasure of what was disclosed about one person: orders and attestations.

The ledger (`ports.Disclosures`) says who was given which forward. An order destroys our own copy at once (with a
tombstone), and is sent, sealed and signed, to the holder; the holder destroys what it has and attests it, sealed and
signed; the ledger then holds both. All of each step is one unit of work, the caller's.

Guarantees: an order or receipt that its sender did not sign, or that names other nodes than those it passed between,
raises and changes nothing; a receipt closes only the order that it names; ordering twice does nothing the second time.
Read next: certificates.py (what can be shown of it), outbox.py (overdue holders), protocol/messages/erasures.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeVar, cast

import msgspec

from federation.context import Federation
from federation.erasure.ports import Disclosure
from federation.membership.directory import find_member
from federation.outbox import bury, send_sealed
from federation.peers.ports import Received
from federation.ports import U, UnitOfWork
from federation.serving.ports import JournalRecord
from protocol.errors import ProofMismatch
from protocol.keys import NodeKeys, Purpose, find_key_journaled, verify
from protocol.members import Member, decode_members
from protocol.messages import ErasureOrder, ErasureReceipt
from protocol.wire_json import base64, decode, encode, parse_timestamp, timestamp, unbase64

Reason = Literal["consent_withdrawn", "erased", "retention"]
Destroyed = Literal["dossier", "message", "texts", "unknown"]

S = TypeVar("S", ErasureOrder, ErasureReceipt)


def order_erasure(
    uow: UnitOfWork,
    fed: Federation[U],
    disclosure: Disclosure,
    holder: Member,
    order: str,
    reason: Reason,
    now: datetime,
) -> Disclosure:
    """Destroy our own copy of a forward that we sent, and order its holder to do so; the disclosure as kept.

    `order` is a fresh identifier. An order given before stands. Raises UnknownKey or StaleMessage when the directory
    has no valid sealing key for the holder.
    """
    if disclosure.order:
        return disclosure
    keys = fed.keys
    message = _sign(
        ErasureOrder(
            order=order,
            forward=disclosure.forward,
            home=fed.node_id,
            holder=holder.id,
            at=timestamp(now),
            reason=reason,
            key_id=keys.key_id(Purpose.GUARANTEE),
            signature="",
        ),
        keys,
    )
    sent = uow.journal.record(disclosure.sent_index)
    bury(uow, [] if sent is None else [sent], now)
    record = send_sealed(uow, fed, holder, message, now)
    ordered = replace(disclosure, order=order, ordered_at=now, order_index=record.index, order_message=encode(message))
    uow.disclosures.save(ordered)
    if holder.id == fed.node_id:
        # A forward to an offer of our own: nobody pulls from itself, and what there was is already destroyed.
        attested, receipt = _attest(uow, fed, holder, message, ["message"], now)
        ordered = _with_receipt(ordered, receipt, now, attested.index, uow.journal.epoch)
        uow.disclosures.save(ordered)
    return ordered


def check_order(fed: Federation[U], home: Member, order: ErasureOrder, journaled: datetime) -> None:
    """That this order, which a header of that time carries, is one of that home mission to this node; ProofMismatch,
    and what `verify_signed` raises."""
    if (order.home, order.holder) != (home.id, fed.node_id):
        raise ProofMismatch("the order is not one of its sender to this node")
    verify_signed(order, home, journaled)


def attest(
    uow: UnitOfWork, fed: Federation[U], home: Member, order: ErasureOrder, destroyed: Sequence[str], now: datetime
) -> JournalRecord:
    """Attest to the home mission what its order, which `check_order` proved, destroyed here; nothing destroyed is
    attested as `unknown`.

    Raises UnknownKey or StaleMessage when the directory has no sealing key for the home mission that has begun: what
    had to be destroyed is destroyed before, whatever this comes to."""
    return _attest(uow, fed, home, order, destroyed, now)[0]


def take_receipt(uow: UnitOfWork, received: Received, receipt: ErasureReceipt) -> Disclosure:
    """Close the order that a holder's receipt names; the disclosure as kept.

    Raises ProofMismatch when there is no such order to that holder for that forward, BadSignature, UnknownKey,
    StaleMessage, NotAMember.
    """
    disclosure = uow.disclosures.by_order(receipt.order)
    if disclosure is None or (disclosure.holder, disclosure.forward) != (received.peer, receipt.forward):
        raise ProofMismatch("a receipt for no order of ours to that holder")
    order = decode(disclosure.order_message, ErasureOrder)
    if (receipt.home, receipt.holder) != (order.home, order.holder):
        raise ProofMismatch("a receipt between other nodes")
    directory = uow.directory.members_json()
    assert directory is not None, "messages are taken in only from members"
    at = parse_timestamp(received.header.time)
    verify_signed(receipt, find_member(decode_members(directory), received.peer), at)
    if disclosure.receipt_at is not None:
        return disclosure
    closed = _with_receipt(disclosure, receipt, at, received.index, received.epoch)
    uow.disclosures.save(closed)
    return closed


def _attest(
    uow: UnitOfWork, fed: Federation[U], home: Member, order: ErasureOrder, destroyed: Sequence[str], now: datetime
) -> tuple[JournalRecord, ErasureReceipt]:
    keys = fed.keys
    receipt = _sign(
        ErasureReceipt(
            order=order.order,
            forward=order.forward,
            home=home.id,
            holder=fed.node_id,
            at=timestamp(now),
            destroyed=cast(list[Destroyed], list(destroyed) or ["unknown"]),
            key_id=keys.key_id(Purpose.GUARANTEE),
            signature="",
        ),
        keys,
    )
    return send_sealed(uow, fed, home, receipt, now), receipt


def _with_receipt(disclosure: Disclosure, receipt: ErasureReceipt, at: datetime, index: int, epoch: int) -> Disclosure:
    return replace(disclosure, receipt_at=at, receipt_index=index, receipt_epoch=epoch, receipt_message=encode(receipt))


def _sign(message: S, keys: NodeKeys) -> S:
    signature = keys.sign(Purpose.GUARANTEE, _signed_bytes(message))
    return msgspec.structs.replace(message, signature=base64(signature))


def verify_signed(message: ErasureOrder | ErasureReceipt, sender: Member, journaled: datetime) -> None:
    """That this member signed the order or receipt, which a header of that time carries, with a key that was valid then
    and at the moment which it states; BadSignature, UnknownKey, StaleMessage."""
    key = find_key_journaled(sender.keys, Purpose.GUARANTEE, parse_timestamp(message.at), journaled, message.key_id)
    verify(key, unbase64(message.signature), _signed_bytes(message))


def _signed_bytes(message: ErasureOrder | ErasureReceipt) -> bytes:
    """The canonical bytes with an empty signature; their `kind` keeps orders and receipts apart."""
    return b"maillon/erasure/1\x00" + encode(msgspec.structs.replace(message, signature=""))
