"""A candidate put forward for an offer elsewhere, and what becomes of it. Always sealed to one recipient."""

from typing import Annotated, Literal

from msgspec import Meta

from protocol.messages.guarantees import SignedGuarantee
from protocol.wire_types import Base64, Day, Entry, Identifier, Number, Short, SkillCode, Text, Timestamp, WireStruct

FormerEvent = Literal[
    "received", "seen", "interview", "hired", "declined", "withdrawn", "expired", "confirmed", "broken_off"
]
Event = Literal[
    "received",
    "seen",
    "interview",
    "conditional",
    "fulfilled",
    "hired",
    "declined",
    "withdrawn",
    "expired",
    "confirmed",
    "broken_off",
    "corrected",
]
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


class FormerForwardMoved(WireStruct, frozen=True, tag_field="kind", tag="forward.moved/1"):
    """One move of a forward, before answers between yes and no: still read, never written.

    `reason` says why for a decline, a withdrawal or an expiry, and is empty elsewhere; a decline also carries a text
    for the candidate and, apart, one for the guarantor.
    """

    forward: Identifier
    event: FormerEvent
    at: Timestamp
    reason: Reason
    to_candidate: Text
    to_guarantor: Text


class StatedCondition(WireStruct, frozen=True):
    """The one thing that is asked of the person, and the day by which: of `skill` at least one of `skills`, of
    `licence` the `licence`, of `immersion` the number of `days`, of `other` the `text`; fields of another kind are
    empty."""

    kind: Literal["skill", "licence", "immersion", "other"]
    skills: Annotated[list[SkillCode], Meta(max_length=10)]
    licence: Annotated[str, Meta(pattern=r"\A[A-Z0-9]{0,4}\Z")]
    days: Annotated[int, Meta(ge=0, le=90)]
    text: Short
    until: Day


class NamedMove(WireStruct, frozen=True):
    """A move of the same forward, by its event and moment: unique for the side that made it."""

    event: Event
    at: Timestamp


class ForwardMoved(WireStruct, frozen=True, tag_field="kind", tag="forward.moved/2"):
    """One move of a forward by the side that owns it.

    `reason` and both texts are those of `forward.moved/1`; `lacking` names the demands of the offer that were missing,
    for the reason `lacking_skills` alone. `condition` goes with `conditional`. `about` names the move that is
    corrected, the answer whose condition is fulfilled, or the condition that an expiry ends. `instead` is what a
    correction puts in its place, whose reason, texts and condition it then carries; empty for the state before.
    """

    forward: Identifier
    event: Event
    at: Timestamp
    reason: Reason
    lacking: Annotated[list[SkillCode], Meta(max_length=60)]
    to_candidate: Text
    to_guarantor: Text
    condition: Annotated[list[StatedCondition], Meta(max_length=1)]
    about: Annotated[list[NamedMove], Meta(max_length=1)]
    instead: Literal["", "hired", "declined", "conditional"]
