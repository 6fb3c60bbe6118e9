"""What waits, and for whom."""

from datetime import timedelta

from node.mission.accounts.roles import Role
from node.mission.deposits.deposit import Channel
from node.mission.people.contacts import ContactChannel
from node.mission.team.today import Waiting
from node.services.deposits import deposits
from node.services.people import contacts
from node.web.team.today import ACTIONS
from tests.node.registering import register_person
from tests.node.web.conftest import Town


def test_every_kind_of_item_has_its_action() -> None:
    assert set(ACTIONS) == set(Waiting)


def test_each_item_is_one_click_from_its_action(town: Town) -> None:
    desk, mine = town.node.desk, town.account(Role.COUNSELLOR).id
    visitor = town.signed_in(Role.COUNSELLOR)
    assert 'class="todo"' not in visitor.text("/aujourdhui")
    deposit = deposits.hand_in(desk, deposits.Handed(channel=Channel.QR, last_name="Petit", phone="0611223344"))
    person = register_person(desk, {"last_name": "Fabre"}, mine)
    step = contacts.add_contact(
        desk, person.id, ContactChannel.PHONE, "", mine, next_step="Rappeler", next_on=desk.today()
    )
    page = visitor.text("/aujourdhui")
    assert f'href="/depots/{deposit.id}"' in page and f'action="/contacts/{step.id}/fait"' in page
    answer = visitor.send_form(f"/contacts/{step.id}/fait", "/aujourdhui", follow=False, vers="aujourdhui")
    assert answer.headers["location"] == "/aujourdhui"
    town.clock.moment += timedelta(days=31)
    assert f'href="/candidats/{person.id}/suivi#contacts"' in town.signed_in(Role.COUNSELLOR).text("/aujourdhui")


def test_the_head_sees_the_team_and_counsellors_do_not(town: Town) -> None:
    desk, anne = town.node.desk, town.account(Role.COUNSELLOR)
    person = register_person(desk, {"last_name": "Fabre"}, anne.id)
    contacts.add_contact(desk, person.id, ContactChannel.PHONE, "", anne.id, next_step="Voir", next_on=desk.today())
    head = town.signed_in(Role.HEAD)
    assert "Fabre" not in head.text("/aujourdhui")
    assert "Fabre" in head.text("/aujourdhui?equipe=1")
    page = head.text("/equipe")
    assert anne.name in page and "<svg" in page and "Fabre" not in page
    counsellor = town.signed_in(Role.COUNSELLOR)
    assert counsellor.get("/equipe").status_code == 403
    assert "Fabre" in counsellor.text("/aujourdhui?equipe=1"), "their own"
