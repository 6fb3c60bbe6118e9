"""People handed over from one counsellor to another, with everything that somebody has in hand."""

from dataclasses import fields
from datetime import timedelta

import sqlalchemy as sa

from node.mission.people.contacts import ContactChannel
from node.services.people import contacts
from node.services.people import files as people
from node.services.team import handover
from node.services.team.handover import Load
from node.services.workshops import workshops
from node.storage.belongings import IN_HAND
from tests.node.services.counter import ANNE, REMI, register
from tests.node.stage import Place


def told(town: Place, name: str) -> list[tuple[str, str, str]]:
    """The history, oldest first: field, before, after."""
    return [(line.field, line.before, line.after) for line in reversed(people.history(town.desk, name))]


def test_handed_over_with_the_open_steps(town: Place) -> None:
    person, day = register(town), town.desk.today()
    other = register(town, first_name="Léa")
    steps = [
        contacts.add_contact(town.desk, one.id, ContactChannel.PHONE, "", ANNE, next_step="Rappeler", next_on=day)
        for one in (person, other)
    ]
    handover.hand_over(town.desk, person.id, REMI, ANNE, "Cherche vite.")
    shown = people.person_file(town.desk, person.id)
    assert shown.person.owner == REMI
    assert {(one.text, one.next_owner) for one in shown.contacts} == {("", REMI), ("Cherche vite.", "")}
    assert people.person_file(town.desk, other.id).contacts == (steps[1],)
    assert ("owner", ANNE, REMI) in told(town, person.id)
    size = len(told(town, person.id))
    handover.hand_over(town.desk, person.id, REMI, ANNE)
    assert len(told(town, person.id)) == size
    assert handover.hand_over_all(town.desk, ANNE, REMI, "responsable") == Load(
        owner=ANNE, people=1, steps=1, workshops=0
    )
    assert people.person_file(town.desk, other.id).contacts[0].next_owner == REMI
    assert handover.hand_over_all(town.desk, ANNE, REMI, "responsable").empty


def test_whoever_leaves_leaves_nothing_behind(town: Place) -> None:
    desk, day = town.desk, town.desk.today()
    mine, theirs = register(town), register(town, first_name="Léa")
    handover.hand_over(desk, theirs.id, REMI, ANNE)
    for person in (mine, theirs):
        for _number in range(2):
            contacts.add_contact(
                desk, person.id, ContactChannel.PHONE, "", ANNE, next_step="Rappeler", next_on=day, next_owner=ANNE
            )
    ahead = workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", ANNE)
    called_off = workshops.plan(desk, desk.now() + timedelta(days=2), "Salle 2", ANNE)
    workshops.cancel(desk, called_off.id, ANNE)
    assert handover.loads(desk) == [
        Load(owner=ANNE, people=1, steps=4, workshops=1),
        Load(owner=REMI, people=1, steps=0, workshops=0),
    ]
    done = handover.hand_over_all(desk, ANNE, REMI, "responsable")
    assert done == Load(owner=ANNE, people=1, steps=4, workshops=1)
    assert handover.loads(desk) == [Load(owner=REMI, people=2, steps=4, workshops=1)]
    assert handover.load_of(desk, ANNE).empty
    assert workshops.one_workshop(desk, ahead.id)[0].leader == REMI
    assert told(town, mine.id)[-2:] == [("owner", ANNE, REMI), ("handover", "", "")]
    assert told(town, theirs.id)[-1] == ("step_owner", ANNE, REMI), "one line, however many steps"


def in_hand(town: Place, owner: str) -> dict[str, int]:
    """How many rows of each kind somebody has in hand."""
    with town.node.database.read() as uow:
        connection = uow.belongings._transaction.connection
        return {
            kind: connection.execute(sa.select(sa.func.count()).where(column == owner)).scalar_one()
            for kind, column in IN_HAND.items()
        }


def test_no_kind_of_what_somebody_has_in_hand_is_passed_by(town: Place) -> None:
    desk = town.desk
    person = register(town)
    contacts.add_contact(
        desk, person.id, ContactChannel.PHONE, "", ANNE, next_step="Rappeler", next_on=desk.today(), next_owner=ANNE
    )
    workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", ANNE)
    before = in_hand(town, ANNE)
    assert all(before.values()), "each kind is there to be handed over"
    assert {field.name for field in fields(Load)} == {"owner", *IN_HAND}
    assert handover.load_of(desk, ANNE) == Load(owner=ANNE, **before)
    assert handover.hand_over_all(desk, ANNE, REMI, "responsable") == Load(owner=ANNE, **before)
    assert (in_hand(town, ANNE), in_hand(town, REMI)) == (dict.fromkeys(IN_HAND, 0), before)
