"""All that a counsellor has in hand goes to a colleague: from the team's page, and when an account is closed."""

from datetime import timedelta
from typing import Any

from node.mission.accounts.roles import Role
from node.services.accounts import accounts
from node.services.people import files
from node.services.team import handover
from node.services.workshops import workshops
from tests.node.registering import register_person
from tests.node.web.conftest import Town, Visitor, words


def enrol(town: Town, owner: str, last_name: str = "Fabre") -> str:
    return register_person(town.node.desk, {"first_name": "Luc", "last_name": last_name}, owner).id


def leave(visitor: Visitor, **fields: Any) -> str:
    return words(visitor.send_form("/equipe/relais", **fields))


def test_the_head_sees_what_moves_and_moves_it(town: Town) -> None:
    desk, head, leaves = town.node.desk, town.signed_in(Role.HEAD), town.account(Role.COUNSELLOR)
    person, takes_over = enrol(town, leaves.id), town.account(Role.HEAD).id
    workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", leaves.id)
    assert 'href="/equipe/relais"' in head.get("/equipe").text
    shown = head.text(f"/equipe/relais?de={leaves.id}")
    assert f'<option value="{leaves.id}" selected>' in shown
    assert "(1 personne, 0 prochaine étape, 1 atelier)" in shown
    unsure = leave(head, owner=leaves.id, to=takes_over)
    assert "Cochez cette case" in unsure and handover.load_of(desk, leaves.id).people == 1
    assert "Choisissez une autre personne" in leave(head, owner=leaves.id, to=leaves.id, sure="1")
    assert "Choisissez une des propositions." in leave(head, owner="inconnue", to=takes_over, sure="1")
    done = leave(head, owner=leaves.id, to=takes_over, sure="1")
    assert "Camille Responsable a maintenant en plus : 1 personne, 0 prochaine étape, 1 atelier." in done
    assert files.person_file(desk, person).person.owner == takes_over
    assert handover.load_of(desk, leaves.id).empty
    history = [(line.field, line.by) for line in files.history(desk, person)]
    assert ("owner", takes_over) in history


def test_what_is_nobodys_and_what_came_with_a_file_is_handed_over_too(town: Town) -> None:
    desk, head, to = town.node.desk, town.signed_in(Role.HEAD), town.account(Role.HEAD).id
    nobodys, imported = enrol(town, ""), enrol(town, "Mme Aubert", "Petit")
    shown = head.text("/equipe/relais")
    assert "à confier" in shown and "sans compte ouvert" in shown
    leave(head, owner="-", to=to, sure="1")
    leave(head, owner="Mme Aubert", to=to, sure="1")
    assert {files.person_file(desk, one).person.owner for one in (nobodys, imported)} == {to}


def test_nobody_takes_over_with_a_closed_account(town: Town) -> None:
    head, leaves = town.signed_in(Role.HEAD), town.account(Role.COUNSELLOR)
    enrol(town, town.account(Role.HEAD).id)
    accounts.close_account(town.node.desk, leaves.id)
    page = leave(head, owner=town.account(Role.HEAD).id, to=leaves.id, sure="1")
    assert "Choisissez une des propositions." in page


def test_closing_an_account_leads_to_handing_over(town: Town) -> None:
    head, leaves = town.signed_in(Role.HEAD), town.account(Role.COUNSELLOR)
    account = f"/comptes/{leaves.id}"
    assert "/equipe/relais" not in head.get(account).text
    enrol(town, leaves.id)
    assert f"/equipe/relais?de={leaves.id}" in head.get(account).text
    closed = head.send_form(f"{account}/fermer", account, follow=False)
    assert closed.headers["location"] == f"/equipe/relais?de={leaves.id}"
    assert f'<option value="{leaves.id}" selected>' in head.get(closed.headers["location"]).text
    assert f"/equipe/relais?de={leaves.id}" in head.get(account).text


def test_an_administrator_sees_that_there_is_something_and_hands_nothing_over(town: Town) -> None:
    visitor, leaves = town.signed_in(Role.ADMINISTRATOR), town.account(Role.COUNSELLOR)
    enrol(town, leaves.id)
    closed = visitor.send_form(f"/comptes/{leaves.id}/fermer", f"/comptes/{leaves.id}")
    assert closed.url.path == f"/comptes/{leaves.id}"
    assert "1 personne" in words(closed) and "/equipe/relais" not in closed.text


def test_closing_the_account_of_somebody_with_empty_hands(town: Town) -> None:
    head, leaves = town.signed_in(Role.HEAD), town.account(Role.COUNSELLOR)
    closed = head.send_form(f"/comptes/{leaves.id}/fermer", f"/comptes/{leaves.id}")
    assert closed.url.path == "/comptes"
