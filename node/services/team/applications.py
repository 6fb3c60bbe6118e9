"""What waits of applications under way, on « Aujourd'hui »: answers, replies, follow-ups, and what goes to employers.

Guarantees: the database finds what is due, and no more is read than is looked at. Read next: today.py.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Final

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.employers.sending import Sending
from node.mission.forwards.following import FollowGroup, NextStep, Task, columns, due_task
from node.mission.forwards.forward import Forward, ForwardState
from node.mission.forwards.moves import ANSWERS, OPEN_STATES, answered_at, answers_left, waiting_since
from node.mission.forwards.ports import ForwardFilter
from node.mission.offers.offer import Offer
from node.mission.people.contacts import ContactChannel
from node.mission.ports import MissionUnitOfWork
from node.mission.team.today import (
    ANSWERED_WITHIN,
    ENDED_WITHIN,
    FOLLOWED,
    SHOWN,
    UNSENT_AFTER,
    Group,
    Item,
    Waiting,
)
from node.services.desk import Desk
from node.services.forwards.after_hire import sequels_in
from node.services.forwards.conditions import condition_of, thing_asked

_OPEN: Final = tuple(sorted(OPEN_STATES))
_ANSWERED: Final = (ForwardState.INTERVIEW, *sorted(ANSWERS))


def answers(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Whoever got an answer, and was not told."""
    wanted = ForwardFilter(owner=owner, states=_ANSWERED, due_since=desk.now() - ANSWERED_WITHIN)
    untold = (one for one, _task in _due(uow, desk, wanted, NextStep.TELL))
    return _of_forwards(Waiting.ANSWER, desk, uow, untold, owner, answered_at)


def notes(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """What employers answered to a mail, on each application that still takes an answer, late ones too; on the sending
    where none does."""
    items: list[Item] = []
    for word in uow.sendings.unsettled(desk.now() - ANSWERED_WITHIN):
        sending = uow.sendings.get(word.sending)
        assert sending is not None, "words hang on their sending"
        forwards = [found for part in sending.parts if (found := uow.forwards.get(part.forward)) is not None]
        offer = uow.offers.many({sending.offer}).get(sending.offer)
        answerable = [one for one in forwards if answers_left(one.state)]
        people = uow.candidates.lines(one.candidate for one in answerable)
        on_each = [
            Item(
                kind=Waiting.NOTE,
                id=sending.id,
                title=person.name,
                on=word.at.date(),
                candidate=person.id,
                owner=person.owner,
                detail=_told(desk, offer, one, Waiting.NOTE),
            )
            for one in answerable
            if (person := people.get(one.candidate)) is not None
        ]
        items += on_each or [_of_sending(Waiting.NOTE, uow, sending, word.at.date())]
    mine = [one for one in items if owner is None or one.owner in (owner, "")]
    return Group(Waiting.NOTE, len(mine), tuple(mine[:SHOWN]))


def unsent(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Mails to employers that have not left."""
    found = uow.sendings.unmailed(desk.now() - UNSENT_AFTER, desk.now())
    mine = [one for one in found if owner is None or one.by in (owner, "")]
    items = [_of_sending(Waiting.UNSENT, uow, one, one.made.date()) for one in mine[:SHOWN]]
    return Group(Waiting.UNSENT, len(mine), tuple(items))


def destructions(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """CVs that an employer has on paper, or by a mail that asked for nothing yet, of people who are withdrawn."""
    found = uow.sendings.asking_back()
    items = []
    for one in found[:SHOWN]:
        since = min(part.asked_back.date() for part in one.parts if part.is_to_be_told and part.asked_back)
        items.append(_of_sending(Waiting.DESTRUCTION, uow, one, since))
    return Group(Waiting.DESTRUCTION, len(found), tuple(items))


def _of_sending(kind: Waiting, uow: MissionUnitOfWork, sending: Sending, on: date) -> Item:
    offer = uow.offers.get(*sending.offer.split("/", 1))
    employer, title = (offer.employer, offer.title) if offer is not None else ("", "")
    return Item(kind=kind, id=sending.id, title=employer, on=on, owner=sending.by, detail=title)


def ended(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """What people's withdrawals ended: whoever follows them, and the employer of a local offer, are to know."""
    found = uow.forwards.taken_back(desk.now() - ENDED_WITHIN)
    untold = (one for one in found if not _spoken_since(uow, one.candidate, one.moves[-1].at))
    return _of_forwards(Waiting.ENDED, desk, uow, untold, owner, lambda one: one.moves[-1].at)


def replies(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Whose employer is to be reminded."""
    late = (one for one, _task in _due(uow, desk, ForwardFilter(owner=owner, states=_OPEN), NextStep.REMIND))
    return _of_forwards(Waiting.REPLY, desk, uow, late, owner, waiting_since)


def _due(uow: MissionUnitOfWork, desk: Desk, wanted: ForwardFilter, step: NextStep) -> Iterator[tuple[Forward, Task]]:
    """Forwards where that is to be done now, of the `FOLLOWED` that are due longest."""
    now = desk.now()
    forwards = uow.following.page(wanted, FollowGroup.TODO, now, 0, FOLLOWED)
    around = uow.following.around(forwards)
    for one in forwards:
        if (task := due_task(step, one, around[one.id], now)) is not None:
            yield one, task


def follow_ups(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Hires to be followed up by now: those from a forward, and those without one."""
    wanted = ForwardFilter(owner=owner, states=columns()[ForwardState.HIRED])
    due = [
        (task.day, one.id, one.candidate, "")
        for one, task in _due(uow, desk, wanted, NextStep.FOLLOW_UP)
        if task.day is not None
    ]
    alone = uow.hires.to_follow(desk.today(), owner, SHOWN)
    due += [
        (asked[1], "", one.candidate, f"{one.title}, {one.employer}")
        for one in alone.rows
        if (asked := one.follow_up) is not None
    ]
    count = len(due) + alone.count - len(alone.rows)
    people = uow.candidates.lines(person for _day, _id, person, _detail in due)
    shown = sorted(due)[:SHOWN]
    forwards = uow.forwards.some(number for _day, number, _person, _detail in shown)
    offers = uow.offers.many({one.offer for one in forwards.values()})
    items = (
        Item(
            kind=Waiting.FOLLOW_UP,
            id=number,
            title=people[person].name,
            on=day,
            candidate=person,
            owner=people[person].owner,
            detail=detail or _told(desk, offers.get(forwards[number].offer), forwards[number], Waiting.FOLLOW_UP),
        )
        for day, number, person, detail in shown
    )
    return Group(Waiting.FOLLOW_UP, count, tuple(items))


def after_hires(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Whoever was hired: whether they still look for work, and what ends if the hire stands."""
    found = uow.after_hires.asking(owner, SHOWN)
    people = uow.candidates.lines(one.candidate for one in found.rows)
    ending = {
        sequel.after.id: len(sequel.others)
        for sequels in sequels_in(uow, {one.candidate for one in found.rows if one.closed is None}).values()
        for sequel in sequels
    }
    items = (
        Item(
            kind=Waiting.AFTER_HIRE,
            id=one.id,
            title=people[one.candidate].name,
            on=one.at.date(),
            candidate=one.candidate,
            owner=people[one.candidate].owner,
            detail=say_ending(ending.get(one.id, 0), one.closes_at.date()),
        )
        for one in found.rows
    )
    return Group(Waiting.AFTER_HIRE, found.count, tuple(items))


def say_ending(count: int, day: date) -> str:
    """What ends, and when; empty where nothing does."""
    if not count:
        return ""
    said = ngettext(
        "{count} other application will be withdrawn on {day} if the hire stands",
        "{count} other applications will be withdrawn on {day} if the hire stands",
        count,
    )
    return said.format(count=count, day=f"{day:%d/%m/%Y}")


def _of_forwards(
    kind: Waiting,
    desk: Desk,
    uow: MissionUnitOfWork,
    found: Iterable[Forward],
    owner: str | None,
    moment: Callable[[Forward], datetime | None],
) -> Group:
    """Those of the owner's people and of nobody's, oldest first; with the answer where there is one, and the offer."""
    dated = [(at, one) for one in found if (at := moment(one)) is not None]
    people = uow.candidates.lines(one.candidate for _at, one in dated)
    mine = [
        (at, one, person)
        for at, one in dated
        if (person := people.get(one.candidate)) is not None and (owner is None or person.owner in (owner, ""))
    ]
    mine.sort(key=lambda row: (row[0], row[1].id))
    offers = uow.offers.many({one.offer for _at, one, _person in mine[:SHOWN]})
    items = (
        Item(
            kind=kind,
            id=one.id,
            title=person.name,
            on=at.date(),
            candidate=person.id,
            owner=person.owner,
            detail=_told(desk, offers.get(one.offer), one, kind),
        )
        for at, one, person in mine[:SHOWN]
    )
    return Group(kind, len(mine), tuple(items))


def _told(desk: Desk, offer: Offer | None, forward: Forward, kind: Waiting) -> str:
    words = [forward.state.label] if kind is Waiting.ANSWER else []
    condition = condition_of(forward) if kind is Waiting.ANSWER and forward.state is ForwardState.CONDITIONAL else None
    if condition is not None:
        thing = thing_asked(condition, desk.referential())
        words = [_("Yes, if: {thing} by {day}").format(thing=thing, day=f"{condition.until:%d/%m/%Y}")]
    return " · ".join([*words, *([offer.title] if offer is not None else [])])


def _spoken_since(uow: MissionUnitOfWork, person: str, moment: datetime | None) -> bool:
    contacts = uow.files.contacts_of(person)
    return any(
        moment is not None and one.written >= moment and one.channel is not ContactChannel.NOTE for one in contacts
    )
