"""People handed over from one counsellor to another: one person, or all when somebody leaves.

Guarantees: open next steps go along with whoever they are about; workshops that are still to be held go along when all
is handed over; each person's history says so, written in the same unit of work.

Read next: `people/contacts.py`, `node/web/team/handover.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from node.mission.people.candidate import Candidate
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.people.history import Occasion
from node.mission.people.ports import Order, RegisterFilter
from node.mission.ports import MissionUnitOfWork
from node.mission.workshops.workshop import MAX_MINUTES, Workshop, WorkshopState
from node.services.desk import Desk
from node.services.people.finding import find_candidate
from node.services.people.saving import clean_line, clean_prose, history_line, save

_EVER: Final = timedelta(days=3650)
_EVERYBODY: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one counsellor has in hand: people in any state, open next steps, workshops still to be held. `owner` is an
    account's id, empty for what is nobody's, or a name that came with an imported file."""

    owner: str
    people: int
    steps: int
    workshops: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to hand over."""
        return not (self.people or self.steps or self.workshops)


def loads(desk: Desk) -> Sequence[Load]:
    """What everybody has in hand who has something, by owner."""
    with desk.federation.database.read() as uow:
        people, steps = uow.candidates.count_by_owner(), uow.files.count_steps_by_owner()
        ahead = [one.leader for one in _ahead(uow, desk)]
    return [
        Load(owner=owner, people=people.get(owner, 0), steps=steps.get(owner, 0), workshops=ahead.count(owner))
        for owner in sorted({*people, *steps, *ahead})
    ]


def load_of(desk: Desk, owner: str) -> Load:
    """What one of them has in hand."""
    found = (one for one in loads(desk) if one.owner == owner)
    return next(found, Load(owner=owner, people=0, steps=0, workshops=0))


def hand_over(desk: Desk, name: str, to: str, actor: str, note: str = "") -> Candidate:
    """Another counsellor follows the person from now on, with the open next steps. Raises NotFound, BadFields."""
    with desk.federation.database.write() as uow:
        return _hand_over(
            uow, desk, find_candidate(uow, name), clean_line("to", to), actor, clean_prose("note", note, 2000)
        )


def hand_over_some(desk: Desk, chosen: Sequence[str], to: str, actor: str) -> int:
    """The same of several people at once; how many go to somebody else by it. Raises NotFound, BadFields."""
    new = clean_line("to", to)
    with desk.federation.database.write() as uow:
        people = [find_candidate(uow, name) for name in dict.fromkeys(chosen)]
        for person in people:
            _hand_over(uow, desk, person, new, actor, "")
        return sum(person.owner != new for person in people)


def hand_over_all(desk: Desk, owner: str, to: str, actor: str) -> Load:
    """All people of one counsellor, all their open next steps and the workshops that they were to lead; what went over.
    BadFields."""
    new = clean_line("to", to)
    with desk.federation.database.write() as uow:
        wanted = RegisterFilter(owner=owner, order=Order.NAME)
        people = uow.candidates.page(wanted, 0, _EVERYBODY).rows
        steps = uow.files.count_steps_by_owner().get(owner, 0)
        for one in people:
            person = uow.candidates.get(one.id)
            assert person is not None, "one transaction sees one register"
            _hand_over(uow, desk, person, new, actor, "")
        elsewhere = uow.files.hand_over_steps(owner, new)
        uow.files.record(
            [
                history_line(name, desk.now(), actor, Occasion.STEP_OWNER, new, owner)
                for name in dict.fromkeys(elsewhere)
            ]
        )
        ahead = [one for one in _ahead(uow, desk) if one.leader == owner]
        for workshop in ahead:
            uow.workshops.save(replace(workshop, leader=new))
        return Load(owner=owner, people=len(people), steps=steps, workshops=len(ahead))


def _ahead(uow: MissionUnitOfWork, desk: Desk) -> Sequence[Workshop]:
    """Workshops that are still to be held, or where it is still to be noted who came."""
    now = desk.now()
    found = uow.workshops.between(now - timedelta(minutes=MAX_MINUTES), now + _EVER)
    coming = {one.id: one for one in found if one.state is WorkshopState.PLANNED}
    return list((coming | {one.id: one for one in uow.workshops.unmarked(now)}).values())


def _hand_over(uow: MissionUnitOfWork, desk: Desk, before: Candidate, to: str, actor: str, note: str) -> Candidate:
    now = desk.now()
    if before.owner == to:
        return before
    uow.files.hand_over_steps(before.owner, to, before.id)
    if note:
        uow.files.add_contact(
            Contact(
                id=desk.new_id(),
                candidate=before.id,
                written=now,
                on=desk.today(),
                by=actor,
                channel=ContactChannel.NOTE,
                text=note,
            )
        )
    return save(
        uow, before, replace(before, owner=to), now, actor, history_line(before.id, now, actor, Occasion.HANDOVER)
    )
