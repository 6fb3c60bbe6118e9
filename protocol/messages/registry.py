"""Kind -> struct: the closed list of what version 1 of the protocol speaks."""

from typing import TypeAlias

import msgspec

from protocol.messages.erasures import ErasureOrder, ErasureReceipt
from protocol.messages.forwards import FormerForwardMoved, ForwardMoved, ForwardSent
from protocol.messages.journal import Opened, Receipt, Sealed, Tombstone
from protocol.messages.offers import FormerOfferPublished, OfferClosed, OfferPublished
from protocol.messages.sheets import SheetsReleased

ClearMessage: TypeAlias = (
    Opened | Sealed | Receipt | Tombstone | SheetsReleased | FormerOfferPublished | OfferPublished | OfferClosed
)
SealedMessage: TypeAlias = ForwardSent | FormerForwardMoved | ForwardMoved | ErasureOrder | ErasureReceipt
Message: TypeAlias = ClearMessage | SealedMessage


def kind_of(struct: type[msgspec.Struct] | msgspec.Struct) -> str:
    """The kind that a message struct (or its type) carries as its tag."""
    tag = struct.__struct_config__.tag
    assert isinstance(tag, str)
    return tag


_CLEAR: tuple[type[msgspec.Struct], ...] = (
    Opened,
    Sealed,
    Receipt,
    Tombstone,
    SheetsReleased,
    FormerOfferPublished,
    OfferPublished,
    OfferClosed,
)
_SEALED: tuple[type[msgspec.Struct], ...] = (
    ForwardSent,
    FormerForwardMoved,
    ForwardMoved,
    ErasureOrder,
    ErasureReceipt,
)

CLEAR_KINDS = frozenset(kind_of(struct) for struct in _CLEAR)
"""Kinds whose body stands in clear in an opening."""

SEALED_KINDS = frozenset(kind_of(struct) for struct in _SEALED)
"""Kinds that exist only inside a `sealed/1` body."""

KINDS: dict[str, type[msgspec.Struct]] = {kind_of(struct): struct for struct in _CLEAR + _SEALED}
