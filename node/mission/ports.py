"""What the domain needs to keep, shaped by its callers; `node/storage` implements it.

All hang on one unit of work (see `federation.ports`): what a counsellor decides, the journal entry that says so and
the message that carries it are written together or not at all. Repositories take and return whole domain values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from federation.ports import UnitOfWork
from protocol.messages import SheetsReleased

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    from node.mission.accounts.account import Access, Account, Attempts, KeptForm, LinkPurpose, MagicLink, Session
    from node.mission.duplicates.comparing import Identity
    from node.mission.forwards.forward import Forward, ForwardState, Side
    from node.mission.offers.offer import Offer
    from node.mission.offers.published import PeerOffer, Searched
    from node.mission.people.candidate import Candidate
    from node.mission.reception_ports import (
        AgreementEnding,
        Counted,
        Deposits,
        Documents,
        Files,
        OwnerFigures,
        RegisterFilter,
        RegisterLine,
        Workshops,
    )


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

    def all(self) -> Sequence[Candidate]:
        """Everybody, ordered by reference. A town has at most a few thousand."""
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

    def agreements_ending(self, today: date, until: date, owner: str | None, limit: int) -> Counted[AgreementEnding]:
        """Agreements in force today that end by that day, without a longer one of the same scope, soonest first."""
        ...

    def silent_since(self, day: date) -> Sequence[str]:
        """Ids of those whose last sign of life is before that day, and of those of whom none is known."""
        ...

    def keep_withdrawn_before(self, moment: datetime) -> Sequence[str]:
        """Ids of those who took back their agreement to keep the CV before that moment, and gave no other one."""
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
        """Days from registration to the first signature, of those first signed on or after that day."""
        ...


class ErasedReferences(Protocol):
    """The references of people who were erased, as a keyed hash: a reference can be asked for, and none can be read."""

    def add(self, references: Iterable[str]) -> None:
        """Keep them; those that are kept already are left as they are."""
        ...

    def among(self, references: Iterable[str]) -> frozenset[str]:
        """Those of these references that were erased."""
        ...


class Offers(Protocol):
    """All offers that this node knows, its own (node = own id) and its peers'."""

    def add(self, offer: Offer) -> None: ...

    def save(self, offer: Offer) -> None: ...

    def replace_from_peer(self, offers: Iterable[PeerOffer]) -> None:
        """Insert or replace peers' offers, many at once; a lower or equal revision than the stored one is ignored."""
        ...

    def get(self, node: str, offer_id: str) -> Offer | None: ...

    def by_reference(self, node: str, reference: str) -> Offer | None: ...

    def of_node(self, node: str) -> Sequence[Offer]: ...

    def open(self, today: date) -> Sequence[Offer]:
        """All open offers, whoever published them, ordered by (node, id)."""
        ...

    def count_open(self, today: date) -> int: ...

    def part_open(self, today: date, limit: int | None) -> Counted[Offer]:
        """At most `limit` offers of `open()` (None: no bound), and how many there are in all."""
        ...

    def part_of_node(self, node: str, limit: int | None) -> Counted[Offer]:
        """At most `limit` offers of `of_node()` (None: no bound), and how many there are in all."""
        ...

    def newest(
        self,
        limit: int,
        *,
        today: date,
        node: str | None = None,
        rome: str = "",
        wanted: Callable[[Searched], bool] | None = None,
    ) -> Sequence[Offer]:
        """The `limit` last published of the open offers (`node`: of that node's alone, closed ones too) that are wanted
        (None: all are) and whose occupation begins with `rome`; of one instant, the greatest (node, id) first."""
        ...


@dataclass(frozen=True, slots=True)
class Papers:
    """What the receiving side holds of a forward: the exact `forward.sent/1` body, the still sealed dossier, and where
    in the sender's journal (`epoch`, `index`) the message stands."""

    message: bytes
    dossier: bytes
    epoch: int
    index: int


class Forwards(Protocol):
    """Forwards of both sides, with their moves, and on the receiving side the opened dossier."""

    def add(self, forward: Forward) -> None: ...

    def save(self, forward: Forward) -> None: ...

    def get(self, forward_id: str) -> Forward | None: ...

    def all(self, side: Side | None = None) -> Sequence[Forward]:
        """Newest first."""
        ...

    def part(self, limit: int | None) -> Counted[Forward]:
        """At most `limit` forwards of `all()` (None: no bound), and how many there are in all."""
        ...

    def of_candidate(self, candidate_id: str) -> Sequence[Forward]: ...

    def of_offer(self, offer_key: str) -> Sequence[Forward]: ...

    def count_open(self, offer_key: str) -> int:
        """Forwards of that offer neither draft nor ended, on this node."""
        ...

    def by_state(self) -> Mapping[ForwardState, int]: ...

    def waiting(self, side: Side, until: datetime) -> Sequence[Forward]:
        """Those of that side that are open (node/mission/forwards/moves.py) and were made by that moment, oldest
        first."""
        ...

    def answered(self, side: Side, since: datetime) -> Sequence[Forward]:
        """Those of that side whose last word is an interview, a hire or a refusal of that moment or later, newest
        first."""
        ...

    def keep_papers(self, forward_id: str, papers: Papers) -> None: ...

    def papers(self, forward_id: str) -> Papers | None:
        """None once destroyed or never held."""
        ...

    def destroy_papers(self, forward_id: str) -> bool:
        """Destroy message and dossier for good; False when there was nothing."""
        ...


@dataclass(frozen=True, slots=True)
class ClassMembers:
    """Home only, never sent: who was in a class when its profile was last computed."""

    occupation: str
    members: frozenset[str]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    contracts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeerRelease:
    """The release in force of one node, and when it was made and taken in."""

    node: str
    release: SheetsReleased
    received: datetime


class Releases(Protocol):
    """Our own last release with its members, and the peers' releases in force."""

    def last(self) -> tuple[SheetsReleased, int] | None:
        """Our last release and its journal index."""
        ...

    def save(self, release: SheetsReleased, index: int, members: Sequence[ClassMembers]) -> None: ...

    def members(self) -> Sequence[ClassMembers]: ...

    def put_peer(self, release: PeerRelease) -> None:
        """Replace the node's release whole; an older number than the stored one is ignored."""
        ...

    def of_peers(self) -> Sequence[PeerRelease]: ...


class Accounts(Protocol):
    """Who works here, who is signed in, the links handed out, and the trail of who opened which person's file."""

    def add(self, account: Account) -> None:
        """Insert; the e-mail is new (check with `by_email` first)."""
        ...

    def save(self, account: Account) -> None: ...

    def get(self, account_id: str) -> Account | None: ...

    def by_email(self, email: str) -> Account | None:
        """By the folded e-mail."""
        ...

    def by_identity(self, identity: str) -> Account | None:
        """By who a sign-on provider says that they are; never by an empty one."""
        ...

    def all(self) -> Sequence[Account]:
        """Closed ones too, ordered by e-mail."""
        ...

    def any(self) -> bool:
        """Whether there is an account at all."""
        ...

    def add_session(self, session: Session) -> None: ...

    def save_session(self, session: Session) -> None: ...

    def session(self, session_id: str) -> Session | None:
        """Ended ones too, for a day: ask `is_open`."""
        ...

    def sessions(self, *, account: str = "", candidate: str = "") -> Sequence[Session]:
        """Of one account or of one candidate, newest first."""
        ...

    def end_session(self, session_id: str) -> bool: ...

    def end_sessions(self, *, account: str = "", candidate: str = "", but: str = "") -> int:
        """End all sessions of one account or of one candidate, but perhaps one; how many."""
        ...

    def add_link(self, link: MagicLink) -> None: ...

    def link(self, link_id: str) -> MagicLink | None: ...

    def links(self, purpose: LinkPurpose, subject: str) -> Sequence[MagicLink]:
        """What was handed out for that purpose to that subject, newest first; past ones too until they are purged."""
        ...

    def use_link(self, link_id: str, at: datetime) -> None: ...

    def cancel_links(self, purpose: LinkPurpose, subject: str) -> None:
        """Destroy what was handed out for that purpose to that subject."""
        ...

    def give_links(self, links: Sequence[str], subject: str) -> None:
        """These lead to that subject from now on; those that are gone are passed by."""
        ...

    def drop_links(self, links: Sequence[str]) -> None:
        """Destroy these; those that are gone are passed by."""
        ...

    def record_access(self, access: Access) -> None:
        """Add a line to the trail; in the unit of work that reads or changes the file."""
        ...

    def accesses_to(self, candidate: str, limit: int = 200) -> Sequence[Access]:
        """Who opened that person's file, newest first."""
        ...

    def accesses(self, limit: int = 200, account: str = "") -> Sequence[Access]:
        """The trail, of everybody or of one account, newest first."""
        ...

    def forget_candidate(self, candidate: str) -> None:
        """Destroy the person's sessions, links and lines of the trail."""
        ...

    def keep_form(self, form: KeptForm) -> None: ...

    def kept_form(self, form_id: str) -> KeptForm | None: ...

    def drop_form(self, form_id: str) -> None: ...

    def attempts(self, key: str) -> Attempts | None: ...

    def save_attempts(self, attempts: Attempts) -> None: ...

    def clear_attempts(self, key: str) -> None: ...

    def purge(self, now: datetime) -> None:
        """Destroy what is past its time: sessions, links, kept forms, counts of attempts, the old end of the trail."""
        ...


class ToldEnds(Protocol):
    """Of which ends people were written to, and when; it names no person. `what`, `who_acts` and `on` are those of
    `node.services.network.ends.End`, `threshold` the stage at which they were."""

    def is_told(self, what: str, who_acts: str, on: datetime, threshold: int, now: datetime) -> bool:
        """Whether they were; what was written down by a clock that was ahead of `now` does not count."""
        ...

    def remember(self, what: str, who_acts: str, on: datetime, threshold: int, now: datetime) -> None:
        """They were, now."""
        ...


class MissionUnitOfWork(UnitOfWork, Protocol):
    """One transaction over everything that the node keeps."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def candidates(self) -> Candidates: ...

    @property
    def erased(self) -> ErasedReferences: ...

    @property
    def offers(self) -> Offers: ...

    @property
    def forwards(self) -> Forwards: ...

    @property
    def releases(self) -> Releases: ...

    @property
    def deposits(self) -> Deposits: ...

    @property
    def documents(self) -> Documents: ...

    @property
    def workshops(self) -> Workshops: ...

    @property
    def files(self) -> Files: ...

    @property
    def told_ends(self) -> ToldEnds: ...
