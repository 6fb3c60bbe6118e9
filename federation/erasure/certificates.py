"""The certificate of an erasure: the signed order, the signed receipt, and where each stands in a public log.

Guarantees: whoever has the directory can verify it offline, without asking either node. It proves that the erasure was
demanded and that the holder attested it. It does not prove that no copy exists, and its statement says so. It names a
forward, never a person. Read next: orders.py (how order and receipt come about).
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from federation.context import Federation, channel_to, journal_origin
from federation.erasure.orders import verify_signed
from federation.erasure.ports import Disclosure
from federation.errors import FederationError
from federation.membership.directory import find_member
from federation.peers.verification import SEALED, journal_keys
from federation.ports import U
from federation.serving.journal import checkpoint_of, current_checkpoint
from federation.serving.journal import inclusion_proof as own_inclusion_proof
from federation.serving.tiles_reader import RemoteTree, fetch_checkpoint, fetch_from
from protocol.checkpoint import parse_checkpoint
from protocol.commitment import Opening, open_entry
from protocol.errors import MalformedMessage, ProofMismatch
from protocol.members import Member, Members
from protocol.merkle import leaf_hash
from protocol.messages import ErasureOrder, ErasureReceipt
from protocol.note import verify_note
from protocol.proofs import inclusion_proof, verify_inclusion
from protocol.wire_json import base64, decode, encode, parse_timestamp, unbase64
from protocol.wire_types import Base64, NodeId, Number, Text, WireStruct

STATEMENT = (
    "This certificate proves that the home mission demanded the erasure, and that the holder attested it, each at the "
    "moment stated. It does not prove that no copy exists."
)


class NoCertificate(FederationError):
    """The order is unknown, or its holder has not attested it yet."""

    problem = "no_certificate"


class Logged(WireStruct, frozen=True):
    """Where a sealed message stands in its sender's journal: what opens the header, and the proof that its entry is
    under the checkpoint (a signed note)."""

    index: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
    header_salt: Base64
    header: Text
    proof: Annotated[list[Base64], msgspec.Meta(max_length=64)]
    checkpoint: Text


class Certificate(WireStruct, frozen=True, tag_field="kind", tag="erasure.certificate/1"):
    """What `verify_certificate` checks. `home_epoch` and `holder_epoch` are those of the two journals."""

    statement: Text
    home: NodeId
    home_epoch: Number
    holder: NodeId
    holder_epoch: Number
    order: ErasureOrder
    ordered: Logged
    receipt: ErasureReceipt
    attested: Logged


def certificate(fed: Federation[U], order: str, statement: str = STATEMENT) -> bytes:
    """The certificate of an erasure that was ordered here and attested; asks the holder for a proof of inclusion.

    `statement` says to people what it proves and what not, in their language. Raises NoCertificate, and what reading
    the holder's public journal raises.
    """
    with fed.database.read() as uow:
        disclosure = uow.disclosures.by_order(order)
        if disclosure is None or disclosure.receipt_at is None:
            raise NoCertificate("no order of that name was attested")
        assert disclosure.order_index is not None
        assert disclosure.receipt_index is not None
        assert disclosure.receipt_epoch is not None
        local = disclosure.holder == fed.node_id
        theirs: Opening | None = None
        if not local:
            record = uow.replica.record(disclosure.holder, disclosure.receipt_epoch, disclosure.receipt_index)
            theirs = None if record is None else record.opening
    if local:
        attested = _own_log(fed, disclosure.receipt_index)
    elif theirs is not None:
        attested = _their_log(fed, disclosure, theirs)
    else:
        raise NoCertificate("the receipt's opening is not kept here")
    return encode(
        Certificate(
            statement=statement,
            home=fed.node_id,
            home_epoch=fed.epoch,
            holder=disclosure.holder,
            holder_epoch=disclosure.receipt_epoch,
            order=decode(disclosure.order_message, ErasureOrder),
            ordered=_own_log(fed, disclosure.order_index),
            receipt=decode(disclosure.receipt_message, ErasureReceipt),
            attested=attested,
        )
    )


def verify_certificate(data: bytes, members: Members) -> Certificate:
    """The certificate in these bytes, once everything that it claims is proven; offline, by the directory alone.

    Guarantee keys count whether retired or not, for what they signed inside their windows; journal keys for checkpoints
    over what was journaled before they ended. Raises
    NotAMember, and of the protocol's errors MalformedMessage, BadSignature, UnknownKey, StaleMessage, ProofMismatch.
    """
    claimed = decode(data, Certificate)
    order, receipt = claimed.order, claimed.receipt
    pair = (claimed.home, claimed.holder)
    if (order.home, order.holder) != pair or (receipt.home, receipt.holder) != pair:
        raise ProofMismatch("certificate: order and receipt are between other nodes")
    if (order.order, order.forward) != (receipt.order, receipt.forward):
        raise ProofMismatch("certificate: the receipt is for another order")
    home, holder = find_member(members, claimed.home), find_member(members, claimed.holder)
    # `_verify_logged` proves that these moments are those of the headers.
    verify_signed(order, home, parse_timestamp(order.at))
    verify_signed(receipt, holder, parse_timestamp(receipt.at))
    _verify_logged(claimed.ordered, home, claimed.home_epoch, holder.id, order.at)
    _verify_logged(claimed.attested, holder, claimed.holder_epoch, home.id, receipt.at)
    return claimed


def _own_log(fed: Federation[U], index: int) -> Logged:
    note = current_checkpoint(fed)
    with fed.database.read() as uow:
        record = uow.journal.record(index)
        assert record is not None, "the ledger names entries of this journal"
        proof = own_inclusion_proof(fed, uow.journal, index, checkpoint_of(note).size)
    return _logged(index, record.opening, proof, note)


def _their_log(fed: Federation[U], disclosure: Disclosure, opening: Opening) -> Logged:
    index = disclosure.receipt_index
    assert index is not None
    holder = fed.member(disclosure.holder)
    if holder.epoch != disclosure.receipt_epoch:
        raise NoCertificate("the holder has opened a new journal since")
    fetch = fetch_from(fed, holder)
    note, checkpoint = fetch_checkpoint(fetch, holder, fed.now())
    if index >= checkpoint.size:
        raise ProofMismatch("the holder's journal is shorter than it was")
    proof = inclusion_proof(RemoteTree(fetch, checkpoint.size).node, index, checkpoint.size)
    entry, _header = open_entry(opening)
    verify_inclusion(index, checkpoint.size, leaf_hash(entry), proof, checkpoint.root)
    return _logged(index, opening, proof, note)


def _logged(index: int, opening: Opening, proof: Sequence[bytes], note: bytes) -> Logged:
    return Logged(
        index=index,
        header_salt=base64(opening.header_salt),
        header=opening.header.decode("ascii"),
        proof=[base64(one) for one in proof],
        checkpoint=note.decode(),
    )


def _verify_logged(logged: Logged, member: Member, epoch: int, recipient: str, at: str) -> None:
    origin = journal_origin(member.id, epoch)
    keys = journal_keys(member, origin, at)
    checkpoint = parse_checkpoint(verify_note(logged.checkpoint.encode(), keys))
    if checkpoint.origin != origin:
        raise MalformedMessage("certificate: a checkpoint of another journal")
    opening = Opening(unbase64(logged.header_salt), logged.header.encode(), None, None)
    entry, header = open_entry(opening)
    if (header.kind, header.channel, header.time) != (SEALED, channel_to(recipient), at):
        raise ProofMismatch("certificate: the entry is not that of this message")
    proof = [unbase64(one) for one in logged.proof]
    verify_inclusion(logged.index, checkpoint.size, leaf_hash(entry), proof, checkpoint.root)
