"""CV workshops on demand, two or three people at a time, and what they do to a CV's state.

Guarantees: a person has one place in a workshop, and nobody more than its seats (a place that was declined is free
again); attendance is recorded once the workshop has begun; `cv_state_after` is the only rule by which a workshop moves
a CV, and never touches a signed one; whoever is to come and does not know how the workshop stands is `untold`, until
somebody tells them.

Read next: `node/services/workshops/workshops.py`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.people.candidate import CvState
from node.mission.terms import Term

DEFAULT_SEATS: Final = 3
MAX_SEATS: Final = 12
DEFAULT_MINUTES: Final = 120
MAX_MINUTES: Final = 480


class Attendance(Term):
    """Where an invited person stands."""

    INVITED = "invited", "Invitation envoyée"
    ACCEPTED = "accepted", "Viendra"
    DECLINED = "declined", "Ne viendra pas"
    PRESENT = "present", "Présence"
    ABSENT = "absent", "Absence"


class WorkshopState(Term):
    """Where a workshop stands."""

    PLANNED = "planned", "Prévu"
    HELD = "held", "Tenu"
    CANCELLED = "cancelled", "Annulé"


class Way(Term):
    """How somebody was told of a workshop."""

    EMAIL = "email", "message envoyé par courriel"
    SPOKEN = "spoken", "annonce faite de vive voix"


COMING: Final = frozenset({Attendance.INVITED, Attendance.ACCEPTED})
"""Whoever is expected."""
_ANSWERS: Final = frozenset({Attendance.ACCEPTED, Attendance.DECLINED})
_OUTCOMES: Final = frozenset({Attendance.PRESENT, Attendance.ABSENT})
_IN_THE_INVITATION: Final = ("title", "starts", "minutes", "room", "note")


class RefusalCode(StrEnum):
    FULL = "full"
    ALREADY_INVITED = "already_invited"
    NOT_INVITED = "not_invited"
    CANCELLED = "cancelled"
    BEGUN = "begun"
    NOT_BEGUN = "not_begun"


class WorkshopRefused(Exception):
    """A move that a workshop does not allow: a stable code, and a sentence for the counsellor."""

    def __init__(self, code: RefusalCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One person's place. The CV before and after are documents' ids, or empty; `told` is the last revision of the
    workshop that the person knows of, None before anybody told them of it."""

    candidate: str
    attendance: Attendance = Attendance.INVITED
    invited: datetime
    cv_before: str = ""
    cv_after: str = ""
    told: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """One workshop: when (aware UTC), for how many minutes, where, led by whom, for how many. `revision` goes up by one
    whenever the people who are invited must know: it is the SEQUENCE of their calendars (RFC 5545, 3.8.7.4)."""

    id: str
    title: str
    starts: datetime
    minutes: int = DEFAULT_MINUTES
    room: str
    leader: str
    seats: int = DEFAULT_SEATS
    note: str = ""
    state: WorkshopState = WorkshopState.PLANNED
    places: tuple[Place, ...] = ()
    revision: int = 0

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    @property
    def taken(self) -> int:
        """Places that are not free."""
        return sum(1 for place in self.places if place.attendance is not Attendance.DECLINED)

    def place_of(self, candidate: str) -> Place | None:
        """The person's place."""
        return next((place for place in self.places if place.candidate == candidate), None)

    def unmarked(self) -> int:
        """How many were to come and are neither present nor absent."""
        return sum(1 for place in self.places if place.attendance in COMING)

    def coming(self) -> tuple[Place, ...]:
        """Those of people who are to come, or were when it was cancelled."""
        return tuple(place for place in self.places if place.attendance in COMING)

    def overtaken(self, place: Place) -> bool:
        """Whether the person knew of it otherwise than it stands, or of one that is cancelled."""
        return place.told is not None or self.state is WorkshopState.CANCELLED

    def untold(self, now: datetime) -> tuple[Place, ...]:
        """Those of people who do not know how it stands; nobody once it is over."""
        if now >= self.ends:
            return ()
        return tuple(one for one in self.coming() if one.told is None or one.told < self.revision)


def invite(workshop: Workshop, candidate: str, now: datetime, cv_before: str = "") -> Workshop:
    """With a place for the person, who may have declined before. Raises WorkshopRefused."""
    _refuse_cancelled(workshop)
    if now >= workshop.ends:
        raise WorkshopRefused(RefusalCode.BEGUN, _("This workshop is over: choose another one."))
    known = workshop.place_of(candidate)
    if known is not None and known.attendance is not Attendance.DECLINED:
        raise WorkshopRefused(RefusalCode.ALREADY_INVITED, _("This person already has a place in this workshop."))
    if workshop.taken >= workshop.seats:
        raise WorkshopRefused(RefusalCode.FULL, _("This workshop is full: choose another one, or add a place."))
    others = tuple(place for place in workshop.places if place.candidate != candidate)
    return replace(workshop, places=(*others, Place(candidate=candidate, invited=now, cv_before=cv_before)))


def change(before: Workshop, after: Workshop, now: datetime) -> Workshop:
    """`after` is the same workshop as it is wanted, with the places of `before`. What stands in the invitation is a new
    revision; at another hour nobody has said yet that they come. Raises WorkshopRefused."""
    _refuse_cancelled(before)
    if now >= before.ends:
        raise WorkshopRefused(RefusalCode.BEGUN, _("This workshop is over: it cannot be changed any more."))
    moved = (before.starts, before.minutes) != (after.starts, after.minutes)
    if moved and any(place.attendance in _OUTCOMES for place in before.places):
        raise WorkshopRefused(RefusalCode.BEGUN, _("It is noted who came: the hour cannot be changed any more."))
    if moved:
        places = tuple(
            replace(place, attendance=Attendance.INVITED) if place.attendance in COMING else place
            for place in after.places
        )
        after = replace(after, places=places)
    known = all(getattr(before, name) == getattr(after, name) for name in _IN_THE_INVITATION)
    return after if known else replace(after, revision=before.revision + 1)


def tell(workshop: Workshop, candidate: str, revision: int) -> Workshop:
    """With the person knowing of that revision, or of the later one that they knew of; the same without a place."""
    place = workshop.place_of(candidate)
    if place is None:
        return workshop
    return _with(workshop, replace(place, told=max(revision, place.told or 0)))


def note_answer(workshop: Workshop, candidate: str, attendance: Attendance, now: datetime) -> Workshop:
    """The person, who knows of it then, says whether they will come, before it begins. Raises WorkshopRefused."""
    assert attendance in _ANSWERS
    _refuse_cancelled(workshop)
    place = _place(workshop, candidate)
    if now >= workshop.starts or place.attendance in _OUTCOMES:
        raise WorkshopRefused(RefusalCode.BEGUN, _("This workshop has begun: record who came instead."))
    returns = place.attendance is Attendance.DECLINED and attendance is Attendance.ACCEPTED
    if returns and workshop.taken >= workshop.seats:
        raise WorkshopRefused(RefusalCode.FULL, _("This workshop is full: choose another one, or add a place."))
    return _with(workshop, replace(place, attendance=attendance, told=workshop.revision))


def attend(workshop: Workshop, candidate: str, present: bool, now: datetime, cv_after: str = "") -> Workshop:
    """Record that the person came, or did not; may be corrected. Once everybody is marked the workshop is held.
    Raises WorkshopRefused."""
    _refuse_cancelled(workshop)
    place = _place(workshop, candidate)
    if now < workshop.starts:
        raise WorkshopRefused(RefusalCode.NOT_BEGUN, _("This workshop has not begun: record who came on the day."))
    outcome = Attendance.PRESENT if present else Attendance.ABSENT
    marked = _with(workshop, replace(place, attendance=outcome, cv_after=cv_after or place.cv_after))
    return replace(marked, state=WorkshopState.PLANNED if marked.unmarked() else WorkshopState.HELD)


def attach(workshop: Workshop, candidate: str, *, cv_before: str = "", cv_after: str = "") -> Workshop:
    """With the CV as it was before, or as it is after; an empty id leaves what is there. Raises WorkshopRefused."""
    place = _place(workshop, candidate)
    return _with(workshop, replace(place, cv_before=cv_before or place.cv_before, cv_after=cv_after or place.cv_after))


def cancel(workshop: Workshop, now: datetime) -> Workshop:
    """Cancelled, once; not when somebody was there. Raises WorkshopRefused."""
    _refuse_cancelled(workshop)
    if any(place.attendance is Attendance.PRESENT for place in workshop.places):
        raise WorkshopRefused(RefusalCode.BEGUN, _("Somebody came to this workshop: it cannot be cancelled."))
    return replace(workshop, state=WorkshopState.CANCELLED, revision=workshop.revision + 1)


def cv_state_after(state: CvState, attendance: Attendance, *, waits_for_another: bool) -> CvState:
    """The CV's state once the person's place stands so: in a workshop while invited or after having come, back to
    "to rework" when they do not come and no other workshop waits for them. A signed CV stays signed."""
    if state is CvState.READY:
        return state
    if attendance in COMING or attendance is Attendance.PRESENT or waits_for_another:
        return CvState.WORKSHOP
    return CvState.TO_REWORK


def _refuse_cancelled(workshop: Workshop) -> None:
    if workshop.state is WorkshopState.CANCELLED:
        raise WorkshopRefused(RefusalCode.CANCELLED, _("This workshop was cancelled: choose another one."))


def _place(workshop: Workshop, candidate: str) -> Place:
    place = workshop.place_of(candidate)
    if place is None:
        raise WorkshopRefused(RefusalCode.NOT_INVITED, _("This person has no place in this workshop: invite them."))
    return place


def _with(workshop: Workshop, changed: Place) -> Workshop:
    places = tuple(changed if place.candidate == changed.candidate else place for place in workshop.places)
    return replace(workshop, places=places)
