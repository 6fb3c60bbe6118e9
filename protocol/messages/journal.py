"""Messages about the journal itself: its opening, receipts, sealed envelopes and tombstones."""

from typing import Annotated, Literal

from msgspec import Meta

from protocol.wire_types import Base64, Entry, KeyId, NodeId, Number, WireStruct


class Opened(WireStruct, frozen=True, tag_field="kind", tag="opened/1"):
    """Entry 0 of each epoch, on the network channel, so that no journal is ever empty."""

    node: NodeId
    epoch: Number
    reason: Literal["first", "recovered"]


class Sealed(WireStruct, frozen=True, tag_field="kind", tag="sealed/1"):
    """A message that only one recipient can open (HPKE, see `protocol/sealing.py`); travels on `to:<recipient>`."""

    algorithm: Literal["HPKE-X25519-SHA256-ChaCha20Poly1305"]
    key_id: KeyId
    sealed: Base64


class Receipt(WireStruct, frozen=True, tag_field="kind", tag="receipt/1"):
    """What a recipient has taken in on one channel, cumulatively. Carries no personal data: travels in clear on
    `to:<origin>`, opened to the origin and to coordinators, who reconcile both sides with it. Never receipted itself.

    `number` and `entry` name the last message (receipts not counted) taken in of `origin`'s channel `to:<sender of
    this receipt>` in `epoch`; `refused` lists the numbers, among those taken in since the receipt before, that could
    not be applied and are kept for replay.
    """

    origin: NodeId
    epoch: Number
    number: Number
    entry: Entry
    refused: Annotated[list[Number], Meta(max_length=4096)]


class Tombstone(WireStruct, frozen=True, tag_field="kind", tag="tombstone/1"):
    """The body of an earlier message of this same channel was destroyed, and why; its entry and header still stand."""

    number: Number
    entry: Entry
    reason: Literal["superseded", "erased"]
