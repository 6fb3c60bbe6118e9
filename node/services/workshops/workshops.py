"""Workshops: planned, people invited, attendance recorded, the CV before and after.

Guarantees: a place and the state of the person's CV move together (`mission/workshops.cv_state_after`).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from node.documents.dates import french_moment
from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.happened import Event, Happened
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.people.history import Occasion
from node.mission.people.ports import RegisterLine
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.mission.workshops import workshop as rules
from node.mission.workshops.workshop import Attendance, Place, Workshop, WorkshopRefused, WorkshopState
from node.services.desk import Desk, Refused
from node.services.people.documents import Upload, keep
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, clean_line, clean_prose, history_line, save

_COMING = frozenset({Attendance.INVITED, Attendance.ACCEPTED})


def plan(
    desk: Desk,
    starts: datetime,
    room: str,
    leader: str,
    *,
    title: str = "",
    minutes: int = rules.DEFAULT_MINUTES,
    seats: int = rules.DEFAULT_SEATS,
    note: str = "",
) -> Workshop:
    """A new workshop; `starts` is aware. Raises BadFields."""
    workshop = Workshop(
        id=desk.new_id(),
        title=title or _("CV workshop"),
        starts=starts,
        minutes=minutes,
        room=room,
        leader=leader,
        seats=seats,
        note=note,
    )
    checked = _checked(workshop)
    if checked.ends <= desk.now():
        raise BadFields([FieldProblem("starts", _("This workshop would be over already: check the date."))])
    with desk.federation.database.write() as uow:
        uow.workshops.add(checked)
        return checked


def change(
    desk: Desk,
    workshop_id: str,
    *,
    starts: datetime | None = None,
    room: str | None = None,
    leader: str | None = None,
    title: str | None = None,
    minutes: int | None = None,
    seats: int | None = None,
    note: str | None = None,
    actor: str,
) -> Workshop:
    """Change what is not None. Whoever is to come and must know is `untold` from then on (`telling.py`), and finds the
    change in their history. Raises NotFound, Refused, BadFields (also for fewer seats than are taken)."""
    wanted = {
        "starts": starts,
        "room": room,
        "leader": leader,
        "title": title,
        "minutes": minutes,
        "seats": seats,
        "note": note,
    }
    with desk.federation.database.write() as uow:
        before = _find(uow, workshop_id)
        changes = {name: value for name, value in wanted.items() if value is not None}
        wished = _checked(replace(before, **changes))  # type: ignore[arg-type]
        if wished.ends <= desk.now():
            raise BadFields([FieldProblem("starts", _("This workshop would be over already: check the date."))])
        after = _moved(lambda: rules.change(before, wished, desk.now()))
        _save(uow, desk, after, actor)
        if after.revision != before.revision:
            told = {"before": _told_as(before), "after": _told_as(after)}
            uow.files.record(
                [
                    history_line(place.candidate, desk.now(), actor, Occasion.WORKSHOP, **told)
                    for place in after.coming()
                ]
            )
        return after


def _told_as(workshop: Workshop) -> str:
    return f"{workshop.title}, {french_moment(workshop.starts)}, {workshop.room}"


def _checked(workshop: Workshop) -> Workshop:
    problems = []
    if not 1 <= workshop.seats <= rules.MAX_SEATS:
        problems.append(FieldProblem("seats", _("A workshop has 1 to {limit} places.").format(limit=rules.MAX_SEATS)))
    elif workshop.seats < workshop.taken:
        problems.append(FieldProblem("seats", _("More people have a place already: free one first.")))
    if not 15 <= workshop.minutes <= rules.MAX_MINUTES:
        problems.append(FieldProblem("minutes", _("A workshop lasts 15 minutes to 8 hours.")))
    if problems:
        raise BadFields(problems)
    return replace(
        workshop,
        # Forms show minutes: a workshop that was opened and saved again must not look moved.
        starts=workshop.starts.replace(second=0, microsecond=0),
        title=clean_line("title", workshop.title, 120, required=True),
        room=clean_line("room", workshop.room, required=True),
        leader=clean_line("leader", workshop.leader),
        note=clean_prose("note", workshop.note, 2000),
    )


def one_workshop(desk: Desk, workshop_id: str) -> tuple[Workshop, dict[str, RegisterLine]]:
    """A workshop, and who has a place in it, by id. NotFound."""
    with desk.federation.database.read() as uow:
        workshop = _find(uow, workshop_id)
        return workshop, dict(uow.candidates.lines(place.candidate for place in workshop.places))


def upcoming(desk: Desk, days: int = 60) -> Sequence[Workshop]:
    """From yesterday on, by time."""
    now = desk.now()
    with desk.federation.database.read() as uow:
        return uow.workshops.between(now - timedelta(days=1), now + timedelta(days=days))


def between(desk: Desk, start: datetime, end: datetime) -> Sequence[Workshop]:
    """Those that begin in [start, end[, by time."""
    with desk.federation.database.read() as uow:
        return uow.workshops.between(start, end)


def workshops_of(desk: Desk, person: str) -> Sequence[Workshop]:
    """The workshops to which a person was asked, by their id."""
    with desk.federation.database.read() as uow:
        return uow.workshops.of_candidate(person)


def cancel(desk: Desk, workshop_id: str, actor: str) -> Workshop:
    """Raises NotFound, Refused (somebody came, or it is cancelled already). Whoever was invited waits again for a
    workshop, and is to be told (`telling.py`)."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = _find(uow, workshop_id)
        after = _moved(lambda: rules.cancel(before, now))
        _save(uow, desk, after, actor)
        for place in before.coming():
            _move_cv(uow, desk, after, place.candidate, Attendance.DECLINED, actor, WorkshopState.CANCELLED.label)
        return after


def invite(desk: Desk, workshop_id: str, name: str, actor: str, cv_before: str = "") -> Workshop:
    """Give a person a place; the CV before is the newest one on file unless told. Raises NotFound, Refused."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        workshop, person = _find(uow, workshop_id), find_candidate(uow, name)
        if person.state in (CandidateState.WITHDRAWN, CandidateState.LIMITED):
            raise Refused("not_followed", _("This person asked that nothing be done with their file: ask them first."))
        before = cv_before or _newest_cv(uow, person)
        after = _moved(lambda: rules.invite(workshop, person.id, now, before))
        _save(uow, desk, after, actor)
        _move_cv(uow, desk, after, person.id, Attendance.INVITED, actor, Attendance.INVITED.label)
        return after


def invite_some(desk: Desk, workshop_id: str, people: Sequence[str], actor: str) -> tuple[int, Counter[str]]:
    """Give several people a place, each for themselves; how many have one by it, and why the others have not, each
    sentence with how many it is said of. NotFound when there is no such workshop or person."""
    invited, refused = 0, Counter[str]()
    for name in dict.fromkeys(people):
        try:
            invite(desk, workshop_id, name, actor)
        except Refused as error:
            refused[str(error)] += 1
        else:
            invited += 1
    return invited, refused


def note_answer(desk: Desk, workshop_id: str, name: str, attendance: Attendance, actor: str) -> Workshop:
    """The person will come, or will not. Raises NotFound, Refused."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        workshop, person = _find(uow, workshop_id), find_candidate(uow, name)
        after = _moved(lambda: rules.note_answer(workshop, person.id, attendance, now))
        uow.workshops.save(after)
        _move_cv(uow, desk, after, person.id, attendance, actor, attendance.label)
        return after


def record_attendance(
    desk: Desk, workshop_id: str, name: str, present: bool, actor: str, cv_after: Upload | None = None
) -> Workshop:
    """The person came, which is a contact, or did not. Raises NotFound, Refused, BadFields."""
    now, today = desk.now(), desk.today()
    with desk.federation.database.write() as uow:
        workshop, person = _find(uow, workshop_id), find_candidate(uow, name)
        document = ""
        if cv_after is not None:
            document = keep(uow, desk, cv_after, actor, candidate=person.id)[0].id
        after = _moved(lambda: rules.attend(workshop, person.id, present, now, document))
        uow.workshops.save(after)
        outcome = Attendance.PRESENT if present else Attendance.ABSENT
        came_on = min(today, workshop.starts.date()) if present else None
        _move_cv(uow, desk, after, person.id, outcome, actor, outcome.label, came_on)
        return after


def attach_cv(desk: Desk, workshop_id: str, name: str, upload: Upload, actor: str, *, after: bool = True) -> Place:
    """The CV as it came out of the workshop, or as it went in. Raises NotFound, Refused, BadFields."""
    with desk.federation.database.write() as uow:
        workshop, person = _find(uow, workshop_id), find_candidate(uow, name)
        document, _new = keep(uow, desk, upload, actor, candidate=person.id)
        changed = {"cv_after": document.id} if after else {"cv_before": document.id}
        moved = _moved(lambda: rules.attach(workshop, person.id, **changed))
        uow.workshops.save(moved)
        place = moved.place_of(person.id)
        assert place is not None
        return place


def _move_cv(
    uow: MissionUnitOfWork,
    desk: Desk,
    workshop: Workshop,
    candidate: str,
    outcome: Attendance,
    actor: str,
    what: str,
    came_on: date | None = None,
) -> None:
    now = desk.now()
    person = uow.candidates.get(candidate)
    assert person is not None, "places go with the person"
    after = person if came_on is None else person.contacted(came_on)
    waits = _waits_elsewhere(uow, workshop, person, now)
    state = rules.cv_state_after(after.cv_state, outcome, waits_for_another=waits)
    told = f"{workshop.title}, {workshop.starts:%Y-%m-%d} : {what}"
    line = history_line(candidate, now, actor, Occasion.WORKSHOP, told)
    save(uow, person, replace(after, cv_state=state), now, actor, line)


def _waits_elsewhere(uow: MissionUnitOfWork, workshop: Workshop, person: Candidate, now: datetime) -> bool:
    for other in uow.workshops.of_candidate(person.id):
        place = other.place_of(person.id)
        planned = other.state is WorkshopState.PLANNED and other.ends > now
        if other.id != workshop.id and planned and place is not None and place.attendance in _COMING:
            return True
    return False


def _newest_cv(uow: MissionUnitOfWork, person: Candidate) -> str:
    kinds = {"cv", "cv_before", "cv_after"}
    cvs = [one for one in uow.documents.of_candidate(person.id) if one.kind.value in kinds]
    return cvs[-1].id if cvs else ""


def _save(uow: MissionUnitOfWork, desk: Desk, workshop: Workshop, actor: str) -> None:
    """Keep it, and say so when somebody does not know how it stands now."""
    uow.workshops.save(workshop)
    if workshop.untold(desk.now()):
        uow.events.add(Event(Happened.WORKSHOP_UNTOLD, workshop.id, desk.now(), {"by": actor}), instead=True)


def _moved(move: Callable[[], Workshop]) -> Workshop:
    try:
        return move()
    except WorkshopRefused as error:
        raise Refused(f"workshop_{error.code.value}", str(error)) from error


def _find(uow: MissionUnitOfWork, workshop_id: str) -> Workshop:
    found = uow.workshops.get(workshop_id)
    if found is None:
        raise NotFound(_("No workshop has that number."))
    return found
