"""Forwards, the dossiers that go with them, and their erasure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from federation.erasure.ports import Disclosure
from node.mission.forwards.forward import Forward
from node.schemas.base import Schema

if TYPE_CHECKING:
    from node.services.agreements.withdrawing import Withdrawal


class ConditionOut(Schema):
    """What an answer « oui, si… » asks for, and the day by which."""

    kind: str
    """skill, licence, immersion or other."""
    codes: list[str]
    """Of a skill, its codes."""
    licence: str
    days: int
    """Of an immersion."""
    text: str
    """In the employer's words."""
    until: date


class MoveNameOut(Schema):
    """A move of the same forward."""

    event: str
    at: datetime


class MoveOut(Schema):
    """One move in a forward's life."""

    event: str
    at: datetime
    by: str
    """home or receiver."""
    reason: str
    to_candidate: str
    """A refusal's text for the candidate."""
    to_guarantor: str
    """A refusal's text for the home mission."""
    lacking: list[str]
    """Demands of the offer that were missing: codes of skills."""
    condition: ConditionOut | None
    about: MoveNameOut | None
    """The move that is corrected, or whose condition is fulfilled or ended."""
    instead: str | None
    """The answer that a correction put in the place of the one that it is about; null for the state before."""
    actor: str
    """Who made a move of this side: an account's number, or “maillon” for a command, a program or the node itself;
    empty for the other side's."""


class ForwardOut(Schema):
    """A forward as this side keeps it, with its whole history."""

    id: str
    side: str
    """Which end this node is: home, or receiver."""
    peer: str
    """The node at the other end."""
    offer: str
    revision: int
    site: str
    candidate: str
    """The home node's candidate; empty on the receiving side."""
    why: str
    """The counsellor's own sentence."""
    checked: list[str]
    """What the mission checked, beside what the signature on the CV implies."""
    state: str
    created: datetime
    has_dossier: bool
    """Whether this node, as receiver, still holds the dossier."""
    moves: list[MoveOut]

    @classmethod
    def of(cls, forward: Forward) -> Self:
        return cls.model_validate(forward)


class ForwardList(Schema):
    """Sent and received, newest first."""

    forwards: list[ForwardOut]

    @classmethod
    def of(cls, forwards: Iterable[Forward]) -> Self:
        return cls(forwards=[ForwardOut.of(one) for one in forwards])


class DossierOccupation(Schema):
    """An occupation sought, and the months worked in it."""

    rome: str
    months: int


class DossierSkill(Schema):
    """A skill, labelled by the home mission."""

    code: str
    label: str


class DossierLanguage(Schema):
    """ISO 639-1 code and CEFR level."""

    code: str
    level: str


class DossierOut(Schema):
    """The full CV and contacts of a person who was put forward to this node."""

    first_name: str
    last_name: str
    email: str
    phone: str
    """As the other node sent it; ours send E.164."""
    commune: str
    occupations: list[DossierOccupation]
    skills: list[DossierSkill]
    qualification: int
    licences: list[str]
    languages: list[DossierLanguage]
    contracts: list[str]
    mobility_km: int
    availability: str
    """The first day possible; empty when not said."""
    summary: str


class OrderOut(Schema):
    """An order to erase, and who was given it."""

    order: str
    holder: str


class WithdrawalOut(Schema):
    """What was stopped, and who was ordered to erase."""

    candidate: str
    withdrawn: list[str]
    """Forwards that were withdrawn."""
    orders: list[OrderOut]
    waiting: list[str]
    """Holders to whom nothing can be sent now; they are ordered as soon as it is possible."""

    @classmethod
    def of(cls, done: "Withdrawal") -> Self:
        return cls(
            candidate=done.candidate,
            withdrawn=list(done.withdrawn),
            orders=[OrderOut(order=order, holder=holder) for order, holder in done.orders],
            waiting=list(done.waiting),
        )


class ErasureOut(Schema):
    """A line of the disclosure ledger: who was given a dossier, and whether its erasure was ordered and attested."""

    forward: str
    candidate: str
    """The candidate's number, which names nobody once the person is erased."""
    holder: str
    disclosed_at: datetime
    order: str
    """Empty until an erasure is ordered."""
    ordered_at: datetime | None
    receipt_at: datetime | None

    @classmethod
    def of(cls, disclosure: Disclosure) -> Self:
        return cls.model_validate(disclosure)


class ErasureList(Schema):
    """The disclosure ledger, oldest first."""

    erasures: list[ErasureOut]

    @classmethod
    def of(cls, disclosures: Iterable[Disclosure]) -> Self:
        return cls(erasures=[ErasureOut.of(one) for one in disclosures])
