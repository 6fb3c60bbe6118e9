"""An employer's answer, told to Luc by whoever follows him."""

from dataclasses import replace

import pytest

from node.mission.accounts.roles import Role
from node.mission.forwards.forward import ForwardState, Side
from node.mission.forwards.terms import Reason
from node.mission.people.candidate import Candidate
from node.services.forwards import following
from node.services.my_space.announcing import SMS_LENGTH, announcement
from tests.node.mission import samples
from tests.node.registering import register_person
from tests.node.web.conftest import Town, words
from tests.node.web.forwards.test_offers import by, ended, person, published

__all__ = ["person"]

PATH = "/mises-en-relation/f1/annoncer"
MISSION, PHONE = "Ville de Montluçon", "04 70 00 00 00"


def answered(town: Town, person: Candidate, state: ForwardState = ForwardState.DECLINED) -> None:
    move = by(Side.RECEIVER, town, state)
    if state is ForwardState.DECLINED:
        move = replace(move, reason=Reason.OTHER.value, to_candidate="Le poste est pourvu.")
    ended(town, 1, person, published(town), move)


def test_the_answer_is_ready_to_be_told_and_noted_as_told(town: Town, person: Candidate) -> None:
    answered(town, person)
    counsellor = town.signed_in(Role.COUNSELLOR)
    page = counsellor.text(PATH)
    for text in (
        "Annoncer la réponse à Luc Fabre",
        "Bonjour Luc, Préparateur de commandes, Entrepôts du Cher : l'employeur dit non.",
        "L'employeur écrit : « Le poste est pourvu. »",
        'href="sms:+33470000000?body=Bonjour%20Luc',
        'href="tel:+33470000000"',
    ):
        assert text in page, text
    assert "mailto:luc" not in page and "n'a pas d'adresse" in page
    path = PATH.removesuffix("/annoncer")
    said = words(counsellor.send_form(path, PATH, event="told", channel="sms", retour=path))
    assert "la personne connaît la réponse" in said
    assert [note.kind.value for note in following.one_followed(town.node.desk, "f1").notes] == ["told"]


@pytest.mark.parametrize("state", [ForwardState.INTERVIEW, ForwardState.HIRED, ForwardState.DECLINED])
def test_the_short_text_fits_one_sms_and_never_says_why(town: Town, person: Candidate, state: ForwardState) -> None:
    answered(town, person, state)
    desk = town.node.desk
    with town.node.database.write() as uow:
        (offer,) = uow.offers.of_node(desk.node_id)
        uow.offers.save(replace(offer, title="Préparateur de commandes " * 4))
    for mission, phone in ((MISSION, PHONE), ("Mission emploi et insertion de la communauté " * 4, "")):
        found = announcement(desk, "f1", mission, phone)
        assert len(found.short) <= SMS_LENGTH and found.short.startswith("Bonjour Luc,")
        assert "pourvu" not in found.short and mission in found.text


def test_a_shared_telephone_hears_of_neither_employer_nor_answer(town: Town, person: Candidate) -> None:
    answered(town, person)
    fields = {"first_name": "Léo", "last_name": "Martin", "phone": person.phone, "commune": samples.MONTLUCON}
    register_person(town.node.desk, fields, town.account(Role.COUNSELLOR).id)
    found = announcement(town.node.desk, "f1", MISSION, PHONE)
    assert found.is_shared and "nous avons une nouvelle pour vous" in found.short
    assert "Entrepôts" not in found.short and "non" not in found.short
    assert "Plusieurs personnes partagent" in town.signed_in(Role.COUNSELLOR).text(PATH)


def test_without_an_answer_there_is_nothing_to_tell(town: Town, person: Candidate) -> None:
    ended(town, 1, person, published(town), by(Side.RECEIVER, town, ForwardState.SEEN))
    counsellor = town.signed_in(Role.COUNSELLOR)
    assert "Aucune réponse" in words(counsellor.get(PATH, follow_redirects=True))
    assert counsellor.get("/mises-en-relation/f9/annoncer").status_code == 404
