"""A candidate put forward for an offer elsewhere, and what becomes of it. Always sealed to one recipient."""

from typing import Literal

from protocol.messages.guarantees import SignedGuarantee
from protocol.wire_types import Base64, Entry, Identifier, Number, Text, Timestamp, WireStruct

Event = Literal["received", "seen", "interview", "hired", "declined", "withdrawn", "expired", "confirmed", "broken_off"]
Reason = Literal[
    "",
    "no_position",
    "lacking_skills",
    "not_mobile",
    "not_interested",
    "did_not_come_to_interview",
    "incompatible",
    "hired_elsewhere",
    "in_training",
    "not_eligible",
    "duplicate",
    "poorly_informed",
    "unavailable",
    "consent_withdrawn",
    "no_answer",
    "other",
]


class ForwardSent(WireStruct, frozen=True, tag_field="kind", tag="forward.sent/1"):
    """The home mission puts one person forward for one site of one offer, and stands guarantor.

    `offer_entry` is the journal entry that published the offer revision that the counsellor saw; `dossier` is sealed
    on its own (see `protocol/dossier.py`), so that it can be kept sealed and destroyed apart from this message;
    `reason` is the counsellor's own sentence of why this person.
    """

    forward: Identifier
    offer: Identifier
    revision: Number
    offer_entry: Entry
    site: Identifier
    sent: Timestamp
    reason: Text
    dossier: Base64
    guarantee: SignedGuarantee


class ForwardMoved(WireStruct, frozen=True, tag_field="kind", tag="forward.moved/1"):
    """One move of a forward by the side that owns it.

    `reason` says why for a decline, a withdrawal or an expiry, and is empty elsewhere; a decline also carries a text
    for the candidate and, apart, one for the guarantor.
    """

    forward: Identifier
    event: Event
    at: Timestamp
    reason: Reason
    to_candidate: Text
    to_guarantor: Text
