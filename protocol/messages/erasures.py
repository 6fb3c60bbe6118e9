"""Orders to erase what was disclosed about one person, and the holders' receipts. Always sealed.

They prove the demand and the attestation, not the absence of copies. An order names a forward, never a person, and
never expires.
"""

from typing import Annotated, Literal

from msgspec import Meta

from protocol.wire_types import Identifier, Timestamp, WireStruct


class ErasureOrder(WireStruct, frozen=True, tag_field="kind", tag="erasure.order/1"):
    """The home mission orders a holder to destroy the dossier of one forward."""

    order: Identifier
    forward: Identifier
    at: Timestamp
    reason: Literal["consent_withdrawn", "erased", "retention"]


class ErasureReceipt(WireStruct, frozen=True, tag_field="kind", tag="erasure.receipt/1"):
    """The holder attests what it destroyed; `unknown` when it held nothing under that forward."""

    order: Identifier
    forward: Identifier
    at: Timestamp
    destroyed: Annotated[
        list[Literal["dossier", "message", "texts", "unknown"]], Meta(min_length=1, max_length=4)
    ]
