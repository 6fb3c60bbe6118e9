"""Orders to erase what was disclosed about one person, and the holders' receipts. Always sealed.

They prove the demand and the attestation, not the absence of copies. An order names a forward, never a person, and
never expires. Both are signed with their sender's guarantee key, over the label `maillon/erasure/1`, a zero byte and
the canonical bytes with an empty `signature`, so that whoever is shown one later can verify it with the directory
alone, although the journals hold it sealed.
"""

from typing import Annotated, Literal

from msgspec import Meta

from protocol.wire_types import Base64, Identifier, KeyId, NodeId, Timestamp, WireStruct


class ErasureOrder(WireStruct, frozen=True, tag_field="kind", tag="erasure.order/1"):
    """The home mission `home` orders `holder` to destroy the dossier of one forward."""

    order: Identifier
    forward: Identifier
    home: NodeId
    holder: NodeId
    at: Timestamp
    reason: Literal["consent_withdrawn", "erased", "retention"]
    key_id: KeyId
    signature: Base64


class ErasureReceipt(WireStruct, frozen=True, tag_field="kind", tag="erasure.receipt/1"):
    """The holder attests what it destroyed; `unknown` when it held nothing under that forward."""

    order: Identifier
    forward: Identifier
    home: NodeId
    holder: NodeId
    at: Timestamp
    destroyed: Annotated[list[Literal["dossier", "message", "texts", "unknown"]], Meta(min_length=1, max_length=4)]
    key_id: KeyId
    signature: Base64
