"""What Luc asks his mission for from « Mon espace », and who sees it."""

from dataclasses import replace

from node.mission.accounts.roles import Role
from node.mission.people.candidate import Candidate
from node.services.actors import BY_PERSON
from node.services.my_space import asking
from node.services.people import contacts, files
from tests.node.web.conftest import Town, words
from tests.node.web.forwards.test_offers import person

__all__ = ["person"]

ASK = "/mon-espace/demande-atelier"
STEP = "Inviter à un atelier CV"


def test_a_workshop_is_asked_for_once_at_a_time(town: Town, person: Candidate) -> None:
    own, desk = town.signed_in(candidate=person.id), town.node.desk
    assert "Je voudrais un atelier CV" in own.text("/mon-espace")
    page = words(own.send_form(ASK, "/mon-espace"))
    assert "C'est noté" in page and "Vous avez demandé un atelier CV" in page and ASK not in page
    own.send_form(ASK, "/mon-espace")
    assert asking.ask_workshop(desk, person.id, "fr").by == BY_PERSON
    (asked,) = (one for one in files.person_file(desk, person.id).contacts if one.is_open)
    assert asked.next_owner == person.owner
    assert STEP in town.signed_in(Role.COUNSELLOR).text("/aujourdhui")
    contacts.complete_step(desk, asked.id, "anne")
    assert "Je voudrais un atelier CV" in own.text("/mon-espace"), "and then once more"


def test_what_nobodys_person_asks_for_is_for_everybody_to_see(town: Town, person: Candidate) -> None:
    with town.node.database.write() as uow:
        uow.candidates.save(replace(person, owner=""))
    own = town.signed_in(candidate=person.id)
    own.send_form(ASK, "/mon-espace")
    asking.propose_correction(town.node.desk, person.id, "Mon nom s'écrit Fabré.")
    known = files.person_file(town.node.desk, person.id).contacts
    steps = {one.next_step: one.next_owner for one in known if one.is_open}
    assert len(steps) == 2 and set(steps.values()) == {""}, steps
    today = town.signed_in(Role.COUNSELLOR).text("/aujourdhui")
    assert STEP in today and "Corriger le dossier" in today
