"""What travels: one frozen struct a message kind, and the registry that finds it by name.

A kind is `<family>.<what>/<major version>`. A body is the canonical JSON (see `protocol/wire_json.py`) of its struct,
whose `kind` field is the tag. Kinds in `SEALED_KINDS` travel only inside a `sealed/1` body, so that a relay, a mirror
or a coordinator learns nothing but that two nodes spoke. Read `registry.py` next.
"""

from protocol.messages.erasures import ErasureOrder, ErasureReceipt
from protocol.messages.forwards import FormerForwardMoved, ForwardMoved, ForwardSent
from protocol.messages.journal import Opened, Receipt, Sealed, Tombstone
from protocol.messages.offers import FormerOfferPublished, OfferClosed, OfferPublished
from protocol.messages.registry import CLEAR_KINDS, KINDS, SEALED_KINDS, Message, kind_of
from protocol.messages.sheets import SheetsReleased

__all__ = [
    "CLEAR_KINDS",
    "KINDS",
    "SEALED_KINDS",
    "ErasureOrder",
    "ErasureReceipt",
    "FormerForwardMoved",
    "FormerOfferPublished",
    "ForwardMoved",
    "ForwardSent",
    "Message",
    "OfferClosed",
    "OfferPublished",
    "Opened",
    "Receipt",
    "Sealed",
    "SheetsReleased",
    "Tombstone",
    "kind_of",
]
