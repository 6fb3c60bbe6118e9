"""« Déposer une offre »: an employer without an account, and the counsellor who makes an offer of it."""

from datetime import timedelta
from typing import Any

import pytest

from node.mission.accounts.roles import Role
from node.services.offers.proposals import waiting_proposals
from node.web.offers.handing_in import A_MINUTE
from tests.node.web.conftest import Town, words

PATH = "/deposer-une-offre"


def hand_in(town: Town, **changes: object) -> str:
    """What the page says afterwards."""
    visitor = town.visitor()
    shown = visitor.get(PATH)
    debut = shown.text.split('name="debut" value="')[1].split('"')[0]
    town.clock.moment += timedelta(seconds=10)
    fields = {
        "title": "Boulanger / Boulangère (H/F)",
        "employer": "Boulangerie Petit",
        "place": "Montluçon",
        "posts": "2",
        "description": "Pétrir, façonner, cuire, de 3 h à 10 h.",
        "contract": "CDI",
        "hours": "35",
        "contact_name": "Mme Petit",
        "contact_phone": "04 70 00 00 00",
        "debut": debut,
    }
    return words(visitor.post(PATH, data=fields | changes, headers={"Sec-Fetch-Site": "same-origin"}))


def test_an_employer_hands_in_an_offer_and_a_counsellor_publishes_it(town: Town) -> None:
    assert "Votre offre est arrivée" in hand_in(town)
    (one,) = waiting_proposals(town.node.desk).rows
    assert (one.contact.phone, one.offer.hours, one.offer.posts) == ("+33470000000", 2100, 2)
    visitor = town.signed_in(Role.COUNSELLOR)
    assert "1 offre a été déposée" in words(visitor.get("/offres"))
    assert f"/offres/nouvelle?proposition={one.id}" in visitor.get("/aujourdhui").text
    assert "Mme Petit" in words(visitor.get("/offres/recues"))
    page = f"/offres/nouvelle?proposition={one.id}"
    shown = words(visitor.get(page))
    assert "Un employeur a déposé cette offre" in shown and "Pétrir, façonner" in shown
    site = one.offer.sites[0]
    place: dict[str, Any] = {f"commune_{site.id}": site.commune, f"posts_{site.id}": "2"}
    answer = visitor.send_form(
        "/offres/nouvelle",
        page,
        proposition=one.id,
        title=one.offer.title,
        employer=one.offer.employer,
        description=one.offer.description,
        rome="D1102",
        contract="CDI",
        experience="D",
        sites=site.id,
        network="1",
        closes=f"{one.offer.closes}",
        contact_name="Mme Petit",
        enregistrer="1",
        **place,
    )
    assert "Qui convient" in words(answer)
    assert waiting_proposals(town.node.desk).count == 0
    assert visitor.get(page).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Remplissez ce champ"),
        ({"place": "Nulle-Part-sur-Rien"}, "Aucune commune de ce nom"),
        ({"description": "Cherche jeune homme."}, "aucune offre n'en a le droit"),
        ({"contact_phone": ""}, "Donnez un numéro de téléphone ou une adresse"),
        ({"hours": "trop"}, "35 ou 35h30"),
        ({"posts": "10000"}, "999"),
        ({"closes": "2020-01-01"}, "Ce jour est passé"),
        ({"site_internet": "http://robot.example"}, "Tout est juste ?"),
        ({"debut": "hier"}, "Tout est juste ?"),
    ],
)
def test_a_fault_is_said_and_nothing_is_lost_or_kept(town: Town, changes: dict[str, object], said: str) -> None:
    page = hand_in(town, **changes)
    assert said in page.replace("\u00a0", " ") and "Boulangerie Petit" in page
    assert waiting_proposals(town.node.desk).count == 0


def test_too_many_at_once_wait(town: Town) -> None:
    visitor = town.visitor()
    answers = [visitor.post(PATH, data={"title": f"Poste {number}"}) for number in range(A_MINUTE + 1)]
    assert [one.status_code for one in answers] == [422] * A_MINUTE + [429]
    assert "puis envoyez à nouveau" in words(answers[-1]) and answers[-1].headers["retry-after"]


def test_what_is_no_offer_is_destroyed(town: Town) -> None:
    hand_in(town)
    (one,) = waiting_proposals(town.node.desk).rows
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/offres/recues/{one.id}/ecarter"
    assert "est détruite" in words(visitor.send_form(path, "/offres/recues"))
    assert "Rien n'attend" in words(visitor.get("/offres/recues"))
    town.clock.moment += timedelta(minutes=1)
    assert "déjà occupé" in words(visitor.send_form(path, "/mon-compte"))
