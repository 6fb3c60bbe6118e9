"""How a message leaves: appended to our journal, in the unit of work of the decision that it tells.

The journal is the outbox: nothing is sent here, peers pull. Guarantees: what is for one recipient is sealed to it
before it is committed to, and a holder that owes us the receipt of an erasure for more than 7 days is given no new
dossier. Read next: serving/journal.py (what peers read), erasure/orders.py.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from federation.context import Federation, channel_to
from federation.errors import FederationError
from federation.ports import U, UnitOfWork
from federation.serving.ports import JournalRecord
from protocol.commitment import NETWORK
from protocol.keys import find_sealing_key
from protocol.members import Member
from protocol.messages import ForwardSent, Message, Tombstone, kind_of
from protocol.sealing import seal_message
from protocol.wire_json import encode

OVERDUE_AFTER = timedelta(days=7)


class HolderOverdue(FederationError):
    """The recipient was ordered to erase and has not attested it in time: it is given no new data."""

    problem = "erasure_overdue"


def send_sealed(
    uow: UnitOfWork, fed: Federation[U], recipient: Member, message: Message, now: datetime
) -> JournalRecord:
    """Seal a message of a sealed kind to the recipient's current key and append it to `to:<recipient>`.

    Raises HolderOverdue for a new forward to a holder that owes a receipt, UnknownKey or StaleMessage when the
    directory has no sealing key for it that has begun, MalformedMessage.
    """
    if isinstance(message, ForwardSent) and recipient.id in overdue_holders(uow, now):
        raise HolderOverdue("the recipient owes the receipt of an erasure")
    sealed = seal_message(message, fed.node_id, recipient.id, find_sealing_key(recipient.keys, now))
    return uow.journal.append(kind_of(sealed), channel_to(recipient.id), encode(sealed), now)


def publish(uow: UnitOfWork, message: Message, now: datetime) -> JournalRecord:
    """Append a message in clear to the network channel; MalformedMessage when it is not well formed."""
    return uow.journal.append(kind_of(message), NETWORK, encode(message), now)


def bury(uow: UnitOfWork, records: Iterable[JournalRecord], now: datetime) -> list[JournalRecord]:
    """Destroy the bodies of our own messages for good, each with a tombstone `erased` on its channel; those already
    destroyed are left alone. Returns the tombstones."""
    tombstones = []
    for record in records:
        if record.opening.body is None:
            continue
        tombstone = Tombstone(number=record.number, entry=record.entry.hex(), reason="erased")
        tombstones.append(uow.journal.append(kind_of(tombstone), record.channel, encode(tombstone), now))
        uow.journal.destroy_body(record.index)
    return tombstones


def overdue_holders(uow: UnitOfWork, now: datetime) -> frozenset[str]:
    """Who was ordered to erase more than 7 days ago and has not attested it."""
    return frozenset(
        one.holder
        for one in uow.disclosures.pending()
        if one.ordered_at is not None and now - one.ordered_at > OVERDUE_AFTER
    )
