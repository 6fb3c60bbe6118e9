"""What reception needs to keep, shaped by its callers; part of `ports.MissionUnitOfWork`.

Lists that pages show come in parts, with a count, as light values; whole values are read one at a time. Erasing a
candidate (`Candidates.remove`) erases everything here that hangs on them; `Deposits.remove` and `Documents.remove`
destroy for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from node.mission.agreements.consent import ConsentScope
    from node.mission.deposits.deposit import Deposit, DepositState, Source
    from node.mission.duplicates.comparing import Identity
    from node.mission.duplicates.merge import Merge
    from node.mission.people.candidate import CandidateState, CvState
    from node.mission.people.contacts import Contact
    from node.mission.people.documents import Document
    from node.mission.people.history import Change
    from node.mission.people.partners import Local, Partner, Referral
    from node.mission.workshops.workshop import Workshop

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counted(Generic[T]):
    """Part of a list, and how many there are in all."""

    count: int
    rows: tuple[T, ...]


class Order(StrEnum):
    """How the register is listed."""

    NAME = "name"
    OLDEST_CONTACT = "oldest_contact"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFilter:
    """Whom to list; what is None or empty lets everybody pass. `text` looks in names, reference, e-mail and telephone,
    without accents or case; `owner` "" is nobody's people; `rome` an occupation sought."""

    text: str = ""
    cv_state: CvState | None = None
    state: CandidateState | None = None
    owner: str | None = None
    rome: str = ""
    commune: str = ""
    order: Order = Order.NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """One person in a list. `rome` is the preferred occupation, empty when there is none."""

    id: str
    reference: str
    first_name: str
    last_name: str
    commune: str
    rome: str
    state: CandidateState
    cv_state: CvState
    owner: str
    last_contact: date | None
    registered: date | None
    ready_until: date | None
    notice_on: date | None

    @property
    def name(self) -> str:
        """First name, then last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementEnding:
    """An agreement that ends soon, and whose it is."""

    candidate: str
    name: str
    owner: str
    scope: ConsentScope
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFigures:
    """Of one counsellor: people who look for work, those of them whose CV waits (received, to rework or in a workshop),
    and those whose CV is ready today."""

    owner: str
    people: int
    waiting: int
    ready: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Deposits of one poster (source "" for none) by one channel in one month ("2026-11"): received, and of those
    accepted, joined to a file, or discarded. Counts alone: they outlive the people."""

    month: str
    source: str
    channel: str
    received: int = 0
    accepted: int = 0
    joined: int = 0
    discarded: int = 0


class Deposits(Protocol):
    """Deposits and the posters that they came by."""

    def add(self, deposit: Deposit) -> None: ...

    def save(self, deposit: Deposit) -> None: ...

    def get(self, deposit_id: str) -> Deposit | None: ...

    def remove(self, deposit_id: str) -> None:
        """Destroy it and its documents."""
        ...

    def page(self, state: DepositState, offset: int, limit: int, *, call_back: bool | None = None) -> Counted[Deposit]:
        """The oldest first, without their proposals (None); `call_back` chooses those who ask for a call, or not."""
        ...

    def of_candidate(self, candidate_id: str) -> Sequence[Deposit]:
        """Oldest first."""
        ...

    def identities(self) -> Sequence[Identity]:
        """Of the deposits that wait."""
        ...

    def give(self, deposit_ids: Iterable[str], candidate_id: str) -> None:
        """They hang on that person from now on."""
        ...

    def add_source(self, source: Source) -> None: ...

    def save_source(self, source: Source) -> None: ...

    def source(self, source_id: str) -> Source | None: ...

    def sources(self) -> Sequence[Source]:
        """The newest first."""
        ...

    def count_up(self, tally: Tally) -> None:
        """Add these counts to those of the same month, source and channel."""
        ...

    def tallies(self, since: str) -> Sequence[Tally]:
        """From that month on, by month, source and channel."""
        ...


class Documents(Protocol):
    """Files with their bytes."""

    def add(self, document: Document, content: bytes) -> None: ...

    def save(self, document: Document) -> None:
        """Replace what is known of it; its bytes stay."""
        ...

    def get(self, document_id: str) -> Document | None: ...

    def content(self, document_id: str) -> bytes | None: ...

    def remove(self, document_id: str) -> bool:
        """Destroy it and its bytes; False when there was nothing."""
        ...

    def of_candidate(self, candidate_id: str) -> Sequence[Document]:
        """Oldest first."""
        ...

    def of_deposit(self, deposit_id: str) -> Sequence[Document]: ...

    def give(self, document_ids: Iterable[str], candidate_id: str) -> None:
        """They belong to that person from now on, and to no deposit."""
        ...

    def unclaimed(self) -> Sequence[Document]:
        """Those that belong to nobody: they wait for a form to be mended. Oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopFigures:
    """Workshops that were not cancelled and began in a time, and their places."""

    workshops: int
    seats: int
    invited: int
    present: int
    absent: int


class Workshops(Protocol):
    """Workshops with their places."""

    def add(self, workshop: Workshop) -> None: ...

    def save(self, workshop: Workshop) -> None: ...

    def get(self, workshop_id: str) -> Workshop | None: ...

    def between(self, start: datetime, end: datetime) -> Sequence[Workshop]:
        """Those that begin in [start, end[, by time, cancelled ones too."""
        ...

    def of_candidate(self, candidate_id: str) -> Sequence[Workshop]:
        """Newest first."""
        ...

    def unmarked(self, before: datetime) -> Sequence[Workshop]:
        """Those planned, begun before that moment, and still without everybody's attendance, oldest first."""
        ...

    def figures(self, start: datetime, end: datetime) -> WorkshopFigures: ...


class Files(Protocol):
    """What a person's file holds beside the CV."""

    def add_contact(self, contact: Contact) -> None: ...

    def save_contact(self, contact: Contact) -> None: ...

    def contact(self, contact_id: str) -> Contact | None: ...

    def contacts_of(self, candidate_id: str) -> Sequence[Contact]:
        """Newest first."""
        ...

    def last_met(self, candidate_id: str) -> Contact | None:
        """The last meeting, in person or by telephone."""
        ...

    def steps_due(self, until: date, owner: str | None, limit: int) -> Counted[Contact]:
        """Next steps due by that day and not done, oldest first; `owner`: that counsellor's and nobody's."""
        ...

    def local(self, candidate_id: str) -> Local:
        """Obstacles and eligibility; empty when nothing was written."""
        ...

    def save_local(self, candidate_id: str, local: Local) -> None: ...

    def save_partner(self, partner: Partner) -> None:
        """Insert or replace."""
        ...

    def partner(self, partner_id: str) -> Partner | None: ...

    def partners(self) -> Sequence[Partner]:
        """By name, inactive ones too."""
        ...

    def add_referral(self, referral: Referral) -> None: ...

    def save_referral(self, referral: Referral) -> None: ...

    def referral(self, referral_id: str) -> Referral | None: ...

    def referrals_of(self, candidate_id: str) -> Sequence[Referral]:
        """Newest first."""
        ...

    def referrals_due(self, until: date, by: str | None, limit: int) -> Counted[Referral]:
        """Open ones to follow up by that day, oldest first."""
        ...

    def record(self, changes: Iterable[Change]) -> None:
        """Add lines to the history, in this order."""
        ...

    def history(self, candidate_id: str, limit: int = 500) -> Sequence[Change]:
        """Newest first."""
        ...

    def move_all(self, from_candidate: str, to_candidate: str) -> Mapping[str, tuple[str, ...]]:
        """Contacts, referrals, history and earlier merges hang on the other person from now on; what was moved, as
        kind -> ids."""
        ...

    def give(self, moved: Mapping[str, tuple[str, ...]], candidate_id: str) -> None:
        """What `move_all` said hangs on that person from now on."""
        ...

    def add_merge(self, merge: Merge) -> None: ...

    def merges_of(self, candidate_id: str) -> Sequence[Merge]:
        """What was merged into this person, the last merge first."""
        ...

    def merged_into(self, reference: str) -> str | None:
        """The id of the person into whom the entry with that number was merged; None when there is none."""
        ...

    def remove_merge(self, merge_id: str) -> None: ...

    def hand_over_steps(self, from_owner: str, to_owner: str, candidate_id: str | None = None) -> Sequence[str]:
        """Open next steps change owner, of one person or of all; whose they are, once for each step."""
        ...

    def count_steps_by_owner(self) -> Mapping[str, int]:
        """How many open next steps each owner has who has any; owner "" for nobody's."""
        ...
