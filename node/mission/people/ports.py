"""What people need to keep: the register and its lists, files and documents, references of the erased. See
`node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from node.mission.parts import Counted

if TYPE_CHECKING:
    from node.mission.agreements.consent import ConsentScope
    from node.mission.people.candidate import Candidate, CandidateState, CvState
    from node.mission.people.contacts import Contact
    from node.mission.people.documents import Document
    from node.mission.people.history import Change
    from node.mission.people.identity import Identity
    from node.mission.people.partners import Eligibility, Local, Partner, Referral


class Order(StrEnum):
    """How the register is listed."""

    NAME = "name"
    OLDEST_CONTACT = "oldest_contact"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFilter:
    """Whom to list; what is None or empty lets everybody pass. `text` looks in names, reference, e-mail and telephone,
    without accents or case; `owner` "" is nobody's people; `rome` an occupation sought, `skill` the code of a skill
    held; `among` are the only people who may pass."""

    text: str = ""
    cv_state: CvState | None = None
    state: CandidateState | None = None
    owner: str | None = None
    rome: str = ""
    commune: str = ""
    skill: str = ""
    among: frozenset[str] | None = None
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

    def days_met(self, candidate_ids: Sequence[str]) -> Mapping[str, date]:
        """The day of the last meeting of each of these people; whoever was never met is left out."""
        ...

    def steps_due(self, until: date, owner: str | None, limit: int) -> Counted[Contact]:
        """Next steps due by that day and not done, oldest first; `owner`: that counsellor's and nobody's."""
        ...

    def local(self, candidate_id: str) -> Local:
        """Obstacles and eligibility; empty when nothing was written."""
        ...

    def eligible(self, eligibility: Eligibility) -> Sequence[str]:
        """The people of whom that is noted."""
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

    def hand_over_steps(self, from_owner: str, to_owner: str, candidate_id: str | None = None) -> Sequence[str]:
        """Open next steps change owner, of one person or of all; whose they are, once for each step."""
        ...

    def count_steps_by_owner(self) -> Mapping[str, int]:
        """How many open next steps each owner has who has any; owner "" for nobody's."""
        ...


class Belongings(Protocol):
    """What hangs on a person, in whichever table: the kinds of `belongings.py`."""

    def move(self, from_candidate: str, to_candidate: str) -> Mapping[str, tuple[str, ...]]:
        """All kinds that a merge moves hang on the other person from now on; what was moved, as kind -> keys."""
        ...

    def give(self, moved: Mapping[str, tuple[str, ...]], from_candidate: str, to_candidate: str) -> None:
        """What `move` said, and still hangs on the one, hangs on the other from now on; what is gone is passed by."""
        ...


class Candidates(Protocol):
    """The town's own register."""

    def add(self, candidate: Candidate) -> None:
        """Insert; the id and the reference are new (check with `by_reference` first)."""
        ...

    def save(self, candidate: Candidate) -> None:
        """Replace the whole value, consents included."""
        ...

    def get(self, candidate_id: str) -> Candidate | None: ...

    def by_reference(self, reference: str) -> Candidate | None: ...

    def many(self, candidate_ids: Sequence[str]) -> Mapping[str, Candidate]:
        """These people, whole, by id; whoever is not there is left out."""
        ...

    def all(self) -> Sequence[Candidate]:
        """Everybody, ordered by reference. A town has at most a few thousand."""
        ...

    def seeking(self, beginnings: Iterable[str]) -> Sequence[Candidate]:
        """Those of `all()` who seek an occupation whose code begins with one of these."""
        ...

    def part(self, offset: int, limit: int | None) -> Counted[Candidate]:
        """At most `limit` people of `all()` (None: no bound) after the first `offset`, and how many there are."""
        ...

    def count(self) -> int: ...

    def remove(self, candidate_id: str) -> None:
        """Erase the person and all that hangs on them: agreements, documents, deposits, contacts, places, history."""
        ...

    def next_reference(self, year: int) -> str:
        """A new number of the year, such as "2026-00042": never given before, whoever was erased since."""
        ...

    def page(self, wanted: RegisterFilter, offset: int, limit: int) -> Counted[RegisterLine]:
        """Part of the register, without loading anybody whole."""
        ...

    def lines(self, candidate_ids: Iterable[str]) -> Mapping[str, RegisterLine]:
        """These people, by id; whoever is not there is left out."""
        ...

    def identities(self) -> Sequence[Identity]:
        """What tells people apart, of everybody, by reference."""
        ...

    def not_contacted_since(self, day: date, owner: str | None, limit: int) -> Counted[RegisterLine]:
        """Those who look for work and had no contact on or after that day, the longest ago first; whoever is new since
        then is not among them. `owner`: that counsellor's people and nobody's; None: everybody's."""
        ...

    def signatures_ending(self, until: date, owner: str | None, limit: int) -> Counted[RegisterLine]:
        """Those who look for work and whose signature ends by that day, or has ended, soonest first."""
        ...

    def agreements_ending(
        self, scopes: Iterable[ConsentScope], today: date, until: date, owner: str | None, limit: int
    ) -> Counted[AgreementEnding]:
        """Agreements of these scopes in force today that end by that day, without a longer one of the same scope,
        soonest first."""
        ...

    def silent_since(self, day: date) -> Sequence[str]:
        """Ids of those whose last sign of life is before that day, and of those of whom none is known."""
        ...

    def objected_before(self, moment: datetime) -> Sequence[str]:
        """Ids of those who said before that moment that the mission is to keep their file no longer."""
        ...

    def taken_out_unasked(self) -> Sequence[str]:
        """Ids of those whom an earlier release took out of the register when they took back an agreement to be shown
        elsewhere, by reference."""
        ...

    def noticed(self, owner: str | None, limit: int) -> Counted[RegisterLine]:
        """Those who were told that their file will be erased, the earliest first."""
        ...

    def count_by_owner(self) -> Mapping[str, int]:
        """How many people each counsellor follows, in any state; owner "" for those whom nobody follows."""
        ...

    def by_owner(self, today: date) -> Sequence[OwnerFigures]:
        """Figures of each counsellor, and of those whom nobody follows (owner "")."""
        ...

    def days_to_ready(self, since: date) -> Sequence[int]:
        """Days from registration to the first signature, of those first signed on or after that day: below zero of
        whoever came from a list with a CV that was signed already."""
        ...


class ErasedReferences(Protocol):
    """The references of people who were erased, as a keyed hash: a reference can be asked for, and none can be read."""

    def add(self, references: Iterable[str]) -> None:
        """Keep them; those that are kept already are left as they are."""
        ...

    def among(self, references: Iterable[str]) -> frozenset[str]:
        """Those of these references that were erased."""
        ...
