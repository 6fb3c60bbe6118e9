"""What forwards need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    from node.mission.forwards.after_hire import AfterHire
    from node.mission.forwards.following import Around, FollowGroup
    from node.mission.forwards.forward import Forward, ForwardState, Side
    from node.mission.forwards.hire import Hire
    from node.mission.forwards.notes import ForwardNote
    from node.mission.forwards.pauses import EmployerPause
    from node.mission.parts import Counted


@dataclass(frozen=True, slots=True)
class Papers:
    """What the receiving side holds of a forward: the exact `forward.sent/1` body, the still sealed dossier, and where
    in the sender's journal (`epoch`, `index`) the message stands."""

    message: bytes
    dossier: bytes
    epoch: int
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardFilter:
    """Which forwards of the town's people to list; what is None or empty lets all pass. `owner` is a counsellor, whose
    people and nobody's are meant; `states` any of these; `offer` a key; `due_since` a moment since when it is due."""

    owner: str | None = None
    states: tuple[ForwardState, ...] = ()
    employer: str = ""
    offer: str = ""
    due_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Somebody ready for whom nothing was found yet: since when, and for how many offers they were put forward."""

    candidate: str
    since: date
    forwards: int


class Following(Protocol):
    """The list of the town's own forwards: its groups, its board, its notes. Everything is counted and cut by the
    database."""

    def counts(self, wanted: ForwardFilter, now: datetime) -> Mapping[FollowGroup, int]:
        """How many there are in each group."""
        ...

    def page(
        self, wanted: ForwardFilter, group: FollowGroup, now: datetime, offset: int, limit: int
    ) -> Sequence[Forward]:
        """Part of a group: what is longest due or soonest due first, of the ended ones those that moved last."""
        ...

    def by_state(self, wanted: ForwardFilter) -> Mapping[ForwardState, int]: ...

    def board(self, wanted: ForwardFilter, limit: int) -> Mapping[ForwardState, Sequence[Forward]]:
        """Column (`following.columns`) -> the `limit` forwards in it that moved last."""
        ...

    def employers(self, limit: int) -> Sequence[str]:
        """Names of the employers of offers that people were put forward for, in order."""
        ...

    def around(self, forwards: Sequence[Forward]) -> Mapping[str, Around]:
        """What is known beside each, by its id; those of people who were erased are left out."""
        ...

    def add_note(self, note: ForwardNote) -> None: ...

    def notes_of(self, forward_ids: Iterable[str]) -> Mapping[str, Sequence[ForwardNote]]:
        """By forward, oldest first."""
        ...

    def forget_notes(self, forward_id: str) -> None: ...

    def refresh(self, candidate_id: str) -> None:
        """What is to be done about this person's forwards is told anew: they were spoken with, or are gone."""
        ...

    def never_forwarded(self, today: date, owner: str | None, offset: int, limit: int) -> Counted[Unplaced]:
        """Those who look for work, have a ready CV, and were put forward for nothing yet: ready longest first."""
        ...

    def without_solution(self, until: date, owner: str | None, offset: int, limit: int) -> Counted[Unplaced]:
        """Those who look for work, were first put forward on that day or before, and have neither an interview nor a
        hire: longest first."""
        ...


class Hires(Protocol):
    """Hires, with a forward or without."""

    def add(self, hire: Hire) -> None: ...

    def save(self, hire: Hire) -> None: ...

    def get(self, hire_id: str) -> Hire | None: ...

    def of_candidate(self, candidate_id: str) -> Sequence[Hire]:
        """Newest first."""
        ...

    def of_forward(self, forward_id: str) -> Hire | None: ...

    def to_follow(self, until: date, owner: str | None, limit: int) -> Counted[Hire]:
        """Those without a forward whose next follow-up is due by that day, the earliest first; `owner`: of that
        counsellor's people and nobody's."""
        ...


class AfterHires(Protocol):
    """What hires bring along, by the hire's number; oldest first."""

    def put(self, after: AfterHire) -> None:
        """In the place of what was known of that hire."""
        ...

    def drop(self, hire: str) -> None: ...

    def get(self, hire: str) -> AfterHire | None: ...

    def of_candidates(self, candidates: Iterable[str]) -> Sequence[AfterHire]: ...

    def due(self, now: datetime) -> Sequence[AfterHire]:
        """Those that can be corrected no more, and by which the other forwards have not ended yet."""
        ...

    def asking(self, owner: str | None, limit: int) -> Counted[AfterHire]:
        """Those of people who are said to look for work still, and of whom nobody said whether they do; `owner`: of
        that counsellor's people and nobody's."""
        ...


class EmployerPauses(Protocol):
    """What was decided on employers who do not answer: the last word on each."""

    def put(self, pause: EmployerPause) -> None: ...

    def get(self, node: str, employer: str) -> EmployerPause | None: ...

    def holding(self, today: date) -> Sequence[EmployerPause]:
        """Those in force, the first to end first."""
        ...

    def silent(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Employers, as pairs (node, name), of whom as many applications ended without an answer, within the time that
        a pause looks back (`pauses.py`), as it takes to propose one; those first whose silence outweighs their answers
        most."""
        ...


class Forwards(Protocol):
    """Forwards of both sides, with their moves, and on the receiving side the opened dossier."""

    def add(self, forward: Forward) -> None: ...

    def save(self, forward: Forward) -> None: ...

    def get(self, forward_id: str) -> Forward | None: ...

    def some(self, forward_ids: Iterable[str]) -> Mapping[str, Forward]:
        """These, by id; what is not there is left out."""
        ...

    def all(self, side: Side | None = None) -> Sequence[Forward]:
        """Newest first."""
        ...

    def part(self, limit: int | None) -> Counted[Forward]:
        """At most `limit` forwards of `all()` (None: no bound), and how many there are in all."""
        ...

    def of_candidate(self, candidate_id: str) -> Sequence[Forward]: ...

    def live_of(self, candidate_ids: Iterable[str]) -> Mapping[str, Sequence[Forward]]:
        """Drafts, and what was sent and has not ended, of each of these people who has any."""
        ...

    def of_offer(self, *offer_keys: str) -> Sequence[Forward]:
        """Those of these offers, newest first."""
        ...

    def to_employer(self, node: str, employer: str, since: datetime | None = None) -> Sequence[Forward]:
        """What this town sent to an employer of that node, by the name that it had in the offer, since then; newest
        first."""
        ...

    def count_open(self, *offer_keys: str, peer: str = "") -> int:
        """Forwards of these offers neither draft nor ended, on this node; of that `peer`'s alone where one is named."""
        ...

    def times_sent(self, candidate_ids: Sequence[str] | None = None) -> Mapping[str, int]:
        """How often this town's people (None: all of them) were put forward, whatever became of it; whoever never was
        is left out."""
        ...

    def by_state(self) -> Mapping[ForwardState, int]: ...

    def waiting(self, side: Side, until: datetime) -> Sequence[Forward]:
        """Those of that side that are open (node/mission/forwards/moves.py) and were made by that moment, oldest
        first."""
        ...

    def taken_back(self, since: datetime) -> Sequence[Forward]:
        """Those of this town's people that ended since then because the person took their agreement back, newest
        first."""
        ...

    def keep_papers(self, forward_id: str, papers: Papers) -> None: ...

    def papers(self, forward_id: str) -> Papers | None:
        """None once destroyed or never held."""
        ...

    def destroy_papers(self, forward_id: str) -> bool:
        """Destroy message and dossier for good; False when there was nothing."""
        ...
