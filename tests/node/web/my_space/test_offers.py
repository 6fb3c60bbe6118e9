"""« Offres pour moi »: read by Luc, answered, and seen by his counsellor."""

from dataclasses import replace

import pytest

from node.mission.accounts.roles import Role
from node.mission.forwards.forward import ForwardState
from node.mission.matching.choices import NotForMe
from node.mission.matching.news import SetAside
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, CandidateState
from node.services.matching import choosing
from node.services.my_space import download
from node.services.offers.publishing import publish_offers
from node.services.people import files
from tests.node.mission import samples
from tests.node.registering import register_person
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.forwards.test_offers import person, published

__all__ = ["person"]

PATH = "/mon-espace/offres"


@pytest.fixture
def posted(town: Town) -> Offer:
    known = replace(
        published(town),
        salary="1 900 € par mois",
        contract="CDD",
        months=6,
        hours=35 * 60,
        description="Équipe de jour.",
    )
    with town.node.database.write() as uow:
        (offer,) = publish_offers(uow, town.node.desk, [known], town.node.now())
    return offer


@pytest.fixture
def own(town: Town, person: Candidate) -> Visitor:
    return town.signed_in(candidate=person.id)


def say(own: Visitor, offer: Offer, answer: str, raison: str = "") -> str:
    return words(own.send_form(PATH, offre=offer.key, reponse=answer, raison=raison))


def test_an_offer_is_told_in_plain_words(town: Town, posted: Offer, own: Visitor) -> None:
    page = own.text(PATH)
    for text in (
        "Offres pour moi",
        "Près de chez vous (1)",
        "Préparateur de commandes</strong>, Entrepôts du Cher",
        "Contrat à durée déterminée, 6 mois, 35 h par semaine",
        "Salaire : 1 900 € par mois",
        "vous cherchez ce métier",
        "dans votre ville",
        "Équipe de jour.",
    ):
        assert text in page, text
    assert "Entrepôts" not in own.text("/mon-espace") and f'href="{PATH}"' in own.text("/mon-espace")


def test_a_yes_is_seen_by_the_counsellor_who_puts_them_forward_from_today(
    town: Town, person: Candidate, posted: Offer, own: Visitor
) -> None:
    page = say(own, posted, "oui")
    assert "C'est noté" in page and "Cela vous intéresse (1)" in page and "Pas de nouvelle offre" in page
    counsellor = town.signed_in(Role.COUNSELLOR)
    shown = counsellor.text("/aujourdhui")
    assert "Personnes intéressées par une offre (1)" in shown
    link = f"/candidats/{person.id}/mise-en-relation?offre={posted.key.replace('/', '%2F')}"
    assert f'href="{link}"' in shown and counsellor.get(link).status_code == 200
    for path in (f"/candidats/{person.id}/offres", f"/offres/{posted.key}/personnes", "/correspondances"):
        assert "la personne est intéressée" in counsellor.text(path), path
    with town.node.database.write() as uow:
        uow.forwards.add(
            replace(samples.forward(1, ForwardState.SENT), candidate=person.id, offer=posted.key, peer=posted.node)
        )
    assert "Personnes intéressées" not in counsellor.text("/aujourdhui")
    assert "L'employeur a déjà votre CV" in own.text(PATH) and 'name="reponse"' not in own.text(PATH)


def test_a_no_with_its_reason_and_a_change_of_mind(town: Town, person: Candidate, posted: Offer, own: Visitor) -> None:
    page = say(own, posted, "non", raison=NotForMe.HOURS.value)
    assert "changer d'avis" in page and "Vous avez dit non : les horaires" in page
    counsellor = town.signed_in(Role.COUNSELLOR)
    for path in (f"/candidats/{person.id}/offres", f"/offres/{posted.key}/personnes"):
        assert "la personne ne veut pas : les horaires" in counsellor.text(path), path
    assert "Personnes intéressées" not in counsellor.text("/aujourdhui")
    (row,) = download.everything_about(town.node.desk, person.id)["Ce que j'ai dit des offres"]
    assert row["Cela m'intéresse"] is False and row["Motif"] == "les horaires"
    assert "Cela vous intéresse (1)" in say(own, posted, "oui")
    say(own, posted, "non")
    assert "la personne ne veut pas<" in counsellor.text(f"/candidats/{person.id}/offres"), "no reason is needed"


def test_a_counsellor_sets_a_yes_aside(town: Town, person: Candidate, posted: Offer, own: Visitor) -> None:
    say(own, posted, "oui")
    ((choice, _pair),) = choosing.interested(town.node.desk, None, 9).rows
    counsellor, path = town.signed_in(Role.COUNSELLOR), f"/correspondances/interet/{choice.id}/ecarter"
    page = "/correspondances"
    assert "Choisissez pourquoi" in words(counsellor.send_form(path, page, reason="bored"))
    assert "Dites en quelques mots" in words(counsellor.send_form(path, page, reason=SetAside.OTHER.value))
    assert "Écartée" in words(counsellor.send_form(path, page, reason=SetAside.NOT_NOW.value))
    assert "Intéressées par une offre" not in counsellor.text(page)
    assert "Écartée : pas le bon moment" in counsellor.text(f"/candidats/{person.id}/offres")
    gone = f"{page}/interet/none/ecarter"
    assert "plus nouveau" in words(counsellor.send_form(gone, page, reason=SetAside.NOT_NOW.value))


def test_a_shared_telephone_names_no_employer(town: Town, person: Candidate, posted: Offer, own: Visitor) -> None:
    fields = {"first_name": "Léo", "last_name": "Martin", "phone": person.phone, "commune": samples.MONTLUCON}
    register_person(town.node.desk, fields, town.account(Role.COUNSELLOR).id)
    page = own.text(PATH)
    assert "Préparateur de commandes" in page
    assert "Entrepôts du Cher" not in page and "Équipe de jour." not in page


def test_whoever_found_work_is_told_so(town: Town, person: Candidate, posted: Offer, own: Visitor) -> None:
    files.set_state(town.node.desk, person.id, CandidateState.PLACED, "anne")
    page = own.text(PATH)
    assert "Vous ne cherchez pas de travail" in page and "Préparateur" not in page


def test_what_is_not_for_them_is_refused_kindly(town: Town, posted: Offer, own: Visitor) -> None:
    refused = words(own.send_form(PATH, offre="nobody/o1", reponse="oui"))
    assert "Cette offre est finie, ou n'est plus pour vous" in refused
    assert own.send_form(PATH, offre=posted.key, reponse="peut-être").status_code == 422
    assert town.visitor().get(PATH, follow_redirects=True).url.path == "/mon-espace/entrer"
