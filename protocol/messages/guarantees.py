"""What a guarantee says. Signing and verifying it: `protocol/guarantee.py`."""

from typing import Annotated, Literal

from msgspec import Meta

from protocol.wire_types import (
    Base64,
    Day,
    Digest,
    Entry,
    Identifier,
    KeyId,
    NodeId,
    Number,
    Timestamp,
    WireStruct,
)

Check = Literal[
    "met_in_person",
    "met_by_phone",
    "cv_reworked",
    "identity",
    "availability",
    "mobility",
    "licence",
    "references",
]


class Checked(WireStruct, frozen=True):
    """One thing that a counsellor checked, and the day."""

    what: Check
    on: Day


class ConsentReference(WireStruct, frozen=True):
    """The person's agreement, by a reference that only the home mission can resolve."""

    reference: Identifier
    scope: Literal["offer", "network"]
    until: Day


class Guarantee(WireStruct, frozen=True):
    """What the home mission signs."""

    forward: Identifier
    offer: Identifier
    revision: Number
    offer_entry: Entry
    home: NodeId
    recipient: NodeId
    dossier_sha256: Digest
    checked: Annotated[list[Checked], Meta(min_length=1, max_length=20)]
    consent: ConsentReference
    issued: Timestamp
    expires: Timestamp


class SignedGuarantee(WireStruct, frozen=True):
    """A guarantee with the signature of the home mission's guarantee key."""

    guarantee: Guarantee
    key_id: KeyId
    signature: Base64
