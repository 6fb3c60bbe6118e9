"""One box finds people, offers and employers."""

from datetime import timedelta

import pytest

from node.mission.accounts.roles import Role
from node.mission.parts import Counted
from node.services.at_hand import tend
from node.services.offers.searching import employers_named
from tests.node.mission.samples import candidate
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.offers.test_pages import post

PATH = "/chercher"


def register(town: Town, *names: tuple[str, str]) -> None:
    with town.node.database.write() as uow:
        for number, (first, last) in enumerate(names, 1):
            uow.candidates.add(candidate(number, first_name=first, last_name=last, consents=()))


def search(visitor: Visitor, text: str) -> str:
    answer = visitor.send_form(PATH, PATH, mots=text)
    assert text not in str(answer.url), "a name is nobody's address"
    return words(answer)


def test_people_offers_and_employers_are_found_at_once(town: Town) -> None:
    register(town, ("Camille", "Petit"))
    post(town)
    post(town, title="Boulanger", reference="b")
    post(town, title="Soudeur", employer="Forge Martin", reference="s")
    visitor = town.signed_in(Role.COUNSELLOR)
    said = search(visitor, "petit")
    assert "Camille Petit" in said
    assert "Vendeur" in said
    assert "Soudeur" not in said
    assert "Boulangerie Petit" in said
    assert "2 offres" in said
    assert "Rien ne correspond" in search(visitor, "Zzyzx")
    assert "Écrivez au moins deux lettres" in search(visitor, "é!")
    page = visitor.get("/aujourdhui").text
    assert f'action="{PATH}"' in page, "the box is at the head of every page"


def test_what_a_browser_kept_may_be_anything(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    search(visitor, "petit")
    name = next(name for name in visitor.cookies if name.endswith("-recherche"))
    for value in ("%%%", "_w==", "a"):
        visitor.cookies.set(name, value)
        assert visitor.get(PATH).status_code == 200
    assert visitor.get(PATH).url.query == b""


def test_what_is_long_is_cut_and_goes_on_in_its_list(town: Town) -> None:
    register(town, *((f"Zoé{number}", "Durand") for number in range(10)))
    for number in range(10):
        post(town, title=f"Peintre {number}", reference=f"p{number}")
    visitor = town.signed_in(Role.COUNSELLOR)
    assert "8 sur 10" in search(visitor, "durand")
    everybody = visitor.send_form("/candidats", PATH, text="durand")
    assert "10 personnes" in words(everybody)
    search(visitor, "peintre")
    assert "/offres?texte=peintre" in visitor.get(PATH).text


@pytest.mark.parametrize("is_served", [False, True])
def test_employers_are_those_of_open_offers_by_how_many(town: Town, is_served: bool) -> None:
    desk = town.node.desk
    post(town, employer="Forge Martin", reference="1")
    post(town, employer="Hôtel Martin", reference="2")
    post(town, employer="HOTEL martin", reference="3")
    post(town, employer="Martin passé", reference="4", closes=desk.today() + timedelta(days=1))
    town.clock.moment += timedelta(days=2)
    if is_served:
        tend(desk)
    found = employers_named(desk, "martin", ["Garage Martin", "FORGE martin", "Autre"], 2)
    assert found.count == 3 and [count for _name, count in found.rows] == [2, 1]
    assert found.rows[1][0] == "FORGE martin", "as it is known"
    assert employers_named(desk, "garage", ["Garage Martin"]).rows == (("Garage Martin", 0),)
    assert employers_named(desk, "zzyzx") == Counted(0, ())
