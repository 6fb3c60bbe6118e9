"""« Mises en relation »: the mission's list of its forwards, what is noted on the way, and who was not placed yet.

Reads are bounded: a page asks for the forwards that it shows, then once for their people, offers and notes. Whatever
somebody notes is one unit of work. Read next: answers.py (moves), hires.py, `node/mission/forwards/following.py` (what
is to be done).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.forwards import following
from node.mission.forwards.after_hire import is_live
from node.mission.forwards.following import NOTHING_AROUND, FollowGroup, Task, WaitingReply
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.moves import answered_at, reminder_due, waiting_since
from node.mission.forwards.notes import ForwardNote, NoteKind
from node.mission.forwards.ports import ForwardFilter, Unplaced
from node.mission.offers.offer import Offer
from node.mission.parts import Counted
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.people.ports import RegisterLine
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk, Refused
from node.services.forwards.after_hire import sequels_in
from node.services.forwards.sending import find_forward
from node.services.people.contacts import write_contact
from node.services.people.saving import BadFields, clean_prose

PAGE: Final = 25
FIRST: Final[Mapping[FollowGroup, int]] = {FollowGroup.TODO: 25, FollowGroup.WAITING: 15, FollowGroup.DONE: 10}
"""How many of each group the whole list shows."""
A_COLUMN: Final = 10
"""How many forwards a column of the board shows."""
EMPLOYERS: Final = 300
WITHOUT_SOLUTION: Final = timedelta(days=60)
MAX_NOTE: Final = 1000
REMINDERS_BY: Final = (ContactChannel.PHONE, ContactChannel.MAIL, ContactChannel.LETTER)
TOLD_BY: Final = (
    ContactChannel.PHONE, ContactChannel.IN_PERSON, ContactChannel.MAIL, ContactChannel.SMS, ContactChannel.LETTER,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedForward:
    """One forward as the list shows it. `person` is None of somebody who was erased, `offer` of one that is known no
    more; `reminders` how many are owed by now; `due` is what is to be done now, `next` what comes first otherwise;
    `since` when the waiting began; `ends_on` the day on which it is withdrawn if the person's hire stands."""

    forward: Forward
    person: RegisterLine | None
    offer: Offer | None
    due: tuple[Task, ...]
    next: Task | None
    since: datetime | None
    reminders: int
    reminded: ForwardNote | None
    interview: date | None
    reply: WaitingReply | None
    notes: tuple[ForwardNote, ...]
    has_hire: bool
    ends_on: date | None
    is_local: bool
    offer_closed: bool

    def days(self, now: datetime) -> int:
        """How many days it has waited."""
        return 0 if self.since is None else max(0, (now - self.since).days)


@dataclass(frozen=True, slots=True)
class ListShown:
    """The list: how many there are in each group, and those that are shown."""

    counts: Mapping[FollowGroup, int]
    groups: Mapping[FollowGroup, Sequence[FollowedForward]]


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One column of the board: its state, how many stand in it, and those that moved last."""

    state: ForwardState
    count: int
    rows: Sequence[FollowedForward]


def listed(desk: Desk, wanted: ForwardFilter, group: FollowGroup | None = None, page: int = 1) -> ListShown:
    """The beginning of each group; of one group alone, one page."""
    now = desk.now()
    with desk.federation.database.read() as uow:
        counts = uow.following.counts(wanted, now)
        if group is None:
            found = {one: uow.following.page(wanted, one, now, 0, FIRST[one]) for one in FollowGroup}
        else:
            found = {group: uow.following.page(wanted, group, now, max(0, page - 1) * PAGE, PAGE)}
        rows = _followed(uow, desk, [one for forwards in found.values() for one in forwards])
        return ListShown(counts, {one: [rows[row.id] for row in forwards] for one, forwards in found.items()})


def in_group(desk: Desk, group: FollowGroup, limit: int | None) -> Counted[Forward]:
    """The first of one group, whoever follows their people (`limit` None: all of them), and how many there are."""
    now, everybodys = desk.now(), ForwardFilter()
    with desk.federation.database.read() as uow:
        count = uow.following.counts(everybodys, now)[group]
        return Counted(count, tuple(uow.following.page(everybodys, group, now, 0, count if limit is None else limit)))


def board(desk: Desk, wanted: ForwardFilter) -> list[BoardColumn]:
    """All columns, in the order of a forward's life."""
    with desk.federation.database.read() as uow:
        counts, found = uow.following.by_state(wanted), uow.following.board(wanted, A_COLUMN)
        rows = _followed(uow, desk, [one for forwards in found.values() for one in forwards])
        return [
            BoardColumn(state, sum(counts.get(one, 0) for one in states), [rows[one.id] for one in found[state]])
            for state, states in following.columns().items()
        ]


def one_followed(desk: Desk, forward_id: str) -> FollowedForward:
    """One of the town's own forwards. NotFound, Refused `not_ours`."""
    with desk.federation.database.read() as uow:
        forward = find_forward(uow, forward_id)
        _own(forward)
        return _followed(uow, desk, [forward])[forward.id]


def employers(desk: Desk) -> Sequence[str]:
    """The employers that the list may be filtered by."""
    with desk.federation.database.read() as uow:
        return uow.following.employers(EMPLOYERS)


def never_forwarded(desk: Desk, owner: str | None, page: int) -> Counted[tuple[RegisterLine, Unplaced]]:
    """One page of those who are ready and were put forward for nothing, ready longest first."""
    with desk.federation.database.read() as uow:
        return _people(uow, uow.following.never_forwarded(desk.today(), owner, _offset(page), PAGE))


def without_solution(desk: Desk, owner: str | None, page: int) -> Counted[tuple[RegisterLine, Unplaced]]:
    """One page of those who were put forward 60 days ago or longer, and have no solution, longest first."""
    until = desk.today() - WITHOUT_SOLUTION
    with desk.federation.database.read() as uow:
        return _people(uow, uow.following.without_solution(until, owner, _offset(page), PAGE))


def note_reminder(
    desk: Desk, forward_id: str, channel: ContactChannel, actor: str, *, on: date | None = None, text: str = ""
) -> ForwardNote:
    """The employer was reminded, today unless told. Raises NotFound, BadFields, Refused `not_ours`, `not_waiting`."""
    now, today = desk.now(), desk.today()
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        _own(forward)
        since = waiting_since(forward)
        if since is None:
            raise Refused("not_waiting", _("No answer is waited for here any more: there is nobody to remind."))
        if on is not None and not since.date() <= on <= today:
            sentence = _("A reminder lies between {day}, since when an answer is waited for, and today.")
            raise BadFields([FieldProblem("on", sentence.format(day=f"{since:%d/%m/%Y}"))])
        return _add(uow, desk, forward, NoteKind.REMINDER, now, actor, on=on or today, channel=channel, text=text)


def reminded_in(uow: MissionUnitOfWork, desk: Desk, forward: Forward, channel: ContactChannel, actor: str) -> None:
    """The employer of a forward that waits for an answer is reminded now; in the caller's unit of work."""
    if waiting_since(forward) is not None:
        _add(uow, desk, forward, NoteKind.REMINDER, desk.now(), actor, on=desk.today(), channel=channel)


def note_told(desk: Desk, forward_id: str, channel: ContactChannel, actor: str, text: str = "") -> ForwardNote:
    """The person was told the answer: noted here, and as a contact in their file. Told twice, it is noted once. Raises
    NotFound, BadFields, Refused `not_ours`, `nothing_to_tell`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        _own(forward)
        answered = answered_at(forward)
        if answered is None:
            raise Refused("nothing_to_tell", _("No answer has come that could be told."))
        around = uow.following.around([forward]).get(forward.id, NOTHING_AROUND)
        if (told := around.last(NoteKind.TOLD, since=answered)) is not None:
            return told
        note = _add(uow, desk, forward, NoteKind.TOLD, now, actor, on=desk.today(), channel=channel, text=text)
        said = _("The answer was told: {answer}.").format(answer=forward.state.label)
        _contact(uow, desk, forward, now, actor, channel=channel, text=" ".join([said, note.text]).strip())
        return note


def plan_coaching(desk: Desk, forward_id: str, on: date, actor: str) -> ForwardNote:
    """The interview is prepared on that day: the person's next step, for whoever plans it. Raises NotFound, BadFields
    (a day in the past), Refused `not_ours`, `no_interview`."""
    now, today = desk.now(), desk.today()
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        _own(forward)
        if forward.state is not ForwardState.INTERVIEW:
            raise Refused("no_interview", _("No interview is to come: there is nothing to prepare."))
        day = following.interview_day(forward, uow.following.around([forward]).get(forward.id, NOTHING_AROUND))
        if on < today or (day is not None and on > max(day, today)):
            raise BadFields([FieldProblem("on", _("Choose a day from today on, and before the interview."))])
        offer = uow.offers.get(*forward.offer.split("/", 1))
        step = _("Prepare the interview: {title}").format(title=offer.title if offer else _("offer"))
        _contact(uow, desk, forward, now, actor, step=step[:200], on=on)
        return _add(uow, desk, forward, NoteKind.COACHING, now, actor, on=on)


def _add(
    uow: MissionUnitOfWork,
    desk: Desk,
    forward: Forward,
    kind: NoteKind,
    now: datetime,
    actor: str,
    *,
    on: date,
    channel: ContactChannel | None = None,
    text: str = "",
) -> ForwardNote:
    note = ForwardNote(
        id=desk.new_id(),
        forward=forward.id,
        kind=kind,
        at=now,
        actor=actor,
        on=on,
        channel=channel,
        text=clean_prose("text", text, MAX_NOTE),
    )
    uow.following.add_note(note)
    return note


def _contact(
    uow: MissionUnitOfWork,
    desk: Desk,
    forward: Forward,
    now: datetime,
    actor: str,
    *,
    channel: ContactChannel = ContactChannel.NOTE,
    text: str = "",
    step: str = "",
    on: date | None = None,
) -> None:
    contact = Contact(
        id=desk.new_id(),
        candidate=forward.candidate,
        written=now,
        on=now.date(),
        by=actor,
        channel=channel,
        text=text,
        next_step=step,
        next_on=on,
        next_owner=actor if step else "",
    )
    write_contact(uow, contact, now)


def _own(forward: Forward) -> None:
    if forward.side is not Side.HOME:
        raise Refused("not_ours", _("This application came from another mission, which follows it itself."))


def _offset(page: int) -> int:
    return max(0, page - 1) * PAGE


def _people(uow: MissionUnitOfWork, found: Counted[Unplaced]) -> Counted[tuple[RegisterLine, Unplaced]]:
    lines = uow.candidates.lines(one.candidate for one in found.rows)
    return Counted(found.count, tuple((lines[one.candidate], one) for one in found.rows))


def _kept_in(offer: Offer) -> str:
    """The key of the offer that stands for this one: another where the two were made one."""
    return f"{offer.node}/{offer.merged_into}" if offer.merged_into else offer.key


def _followed(uow: MissionUnitOfWork, desk: Desk, forwards: Sequence[Forward]) -> Mapping[str, FollowedForward]:
    """Five queries, or six, however many they are; a few more for whoever was hired since yesterday."""
    now, today = desk.now(), desk.today()
    people = uow.candidates.lines(one.candidate for one in forwards)
    offers = uow.offers.many({one.offer for one in forwards})
    merged = {key for one in offers.values() if (key := _kept_in(one)) != one.key}
    kept = {**offers, **uow.offers.many(merged)} if merged else offers
    around = uow.following.around(forwards)
    ending = _ending(uow, forwards)
    rows = {}
    for one in forwards:
        known = around.get(one.id, NOTHING_AROUND)
        is_here = one.id in around
        tasks = following.tasks(one, known) if is_here else ()
        offer = offers.get(one.offer)
        rows[one.id] = FollowedForward(
            forward=one,
            person=people.get(one.candidate),
            offer=offer,
            due=following.due_tasks(one, known, now) if is_here else (),
            next=next((task for task in tasks if task.since > now), None),
            since=following.waits_since(one, tasks),
            reminders=reminder_due(one, now),
            reminded=following.reminded(one, known),
            interview=following.interview_day(one, known),
            reply=known.reply,
            notes=known.notes,
            has_hire=known.hire is not None,
            ends_on=ending.get(one.id),
            is_local=one.peer == desk.node_id,
            offer_closed=offer is None or not kept.get(_kept_in(offer), offer).takes_people(today),
        )
    return rows


def _ending(uow: MissionUnitOfWork, forwards: Sequence[Forward]) -> Mapping[str, date]:
    """Those that a hire ends, and when."""
    sequels = sequels_in(uow, {one.candidate for one in forwards if one.candidate and is_live(one)})
    return {
        other.id: sequel.after.closes_at.date()
        for found in sequels.values()
        for sequel in found
        for other in sequel.others
    }
