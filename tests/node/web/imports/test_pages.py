"""A counsellor looks at what a list would change before anybody is taken in."""

import re
from datetime import timedelta

import pytest

from node.mission.accounts.roles import Role
from node.mission.people.candidate import Candidate
from node.web.imports.pages import SHOWN, TEMPLATES
from tests.node.web.conftest import Town, words
from tests.node.web.deposits.test_treating import spreadsheet, upload

HEADER = "reference;nom;prenom;commune;metiers;telephone\n"
LIST = (HEADER + "A1;Petit;Camille;03185;N1103:2 ans;06 39 98 00 17\nA2;Roy;Léa;Nulle part;N1103\n").encode()
PATH = "/depots/importer"


def people(town: Town) -> list[Candidate]:
    with town.node.database.read() as uow:
        return list(uow.candidates.all())


def number_of(page: str) -> str:
    found = re.search(r'name="fichier" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_nothing_is_written_before_the_button(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    page = words(upload(visitor, PATH, "liste.csv", LIST, voir="1"))
    assert people(town) == []
    assert "Camille Petit" in page
    assert "Montluçon" in page
    assert "06 39 98 00 17" in page
    assert "Prendre cette personne" in page
    assert "Colonne commune" in page
    told = words(visitor.send_form(PATH, PATH, fichier=number_of(page)))
    assert "Colonne commune" in told
    assert [one.reference for one in people(town)] == ["A1"]
    assert visitor.send_form(PATH, PATH, fichier=number_of(page)).status_code == 422, "a file is taken once"


def test_what_is_known_is_told_as_changed_or_new(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    upload(visitor, PATH, "liste.csv", LIST)
    rows = [("reference", "nom", "prenom", "commune", "metiers"), ("A1", "Petit", "Zoé", "03185", "N1103")]
    more = spreadsheet(*rows, ("A3", "Blanc", "Max", 3185, "N1103"))
    page = words(upload(visitor, PATH, "liste.xlsx", more, voir="1"))
    assert "Zoé Petit" in page
    assert "Mis à jour" in page
    assert "Prendre ces 2 personnes" in page
    assert {one.first_name for one in people(town)} == {"Camille"}
    nothing = words(upload(visitor, PATH, "liste.csv", LIST.splitlines(keepends=True)[0], voir="1"))
    assert "Rien dans ce fichier n'est nouveau" in nothing
    assert 'name="fichier"' not in nothing


def test_a_file_that_waited_too_long_is_chosen_again(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    page = words(upload(visitor, PATH, "liste.csv", LIST, voir="1"))
    town.clock.moment += timedelta(hours=1, minutes=1)
    late = visitor.send_form(PATH, PATH, fichier=number_of(page))
    assert late.status_code == 422
    assert "Choisissez à nouveau le fichier" in words(late)
    assert people(town) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_empty_list_is_downloaded_and_read_back(town: Town, name: str) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    page_of = PATH if "personnes" in name else "/offres/importer"
    assert f"{PATH}?modele={name}" in visitor.get(page_of).text
    answer = visitor.get(f"{PATH}?modele={name}")
    assert name in answer.headers["content-disposition"]
    page = words(upload(visitor, page_of, name, answer.content, voir="1"))
    assert "Rien dans ce fichier n'est nouveau" in page
    assert "<dt>Lignes à corriger</dt><dd>0</dd>" in page


def test_of_a_long_list_the_first_lines_are_shown_and_all_are_counted(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    rows = "".join(f"A{number};Petit;Nº{number};03185;N1103;\n" for number in range(SHOWN + 5))
    page = words(upload(visitor, PATH, "liste.csv", (HEADER + rows).encode(), voir="1"))
    assert f"Prendre ces {SHOWN + 5} personnes" in page
    assert (f"Nº{SHOWN - 1} Petit" in page, f"Nº{SHOWN} Petit" in page) == (True, False)
    visitor.send_form(PATH, PATH, fichier=number_of(page))
    assert len(people(town)) == SHOWN + 5


OFFERS = """reference;employeur;intitule;rome;contrat;commune
O1;Entrepôts;Cariste;N1101;CDI;03185
O2;X;Y;N1101;CDI;Nulle part
"""


def test_offers_are_looked_at_and_taken_in_the_same_way(town: Town) -> None:
    visitor, path, desk = town.signed_in(Role.COUNSELLOR), "/offres/importer", town.node.desk
    page = words(upload(visitor, path, "offres.csv", OFFERS.encode(), voir="1"))
    assert "Cariste, Entrepôts" in page and "Colonne commune" in page
    with town.node.database.read() as uow:
        assert not uow.offers.of_node(desk.node_id)
    visitor.send_form(path, path, fichier=number_of(page))
    with town.node.database.read() as uow:
        (offer,) = uow.offers.of_node(desk.node_id)
    assert (offer.reference, offer.title) == ("O1", "Cariste")
    assert "Rien dans ce fichier n'est nouveau" in words(upload(visitor, path, "offres.csv", OFFERS.encode(), voir="1"))
    assert upload(visitor, path, "offres.json", b'{"@type": "Person"}', voir="1").status_code == 422
    assert visitor.send_form(path, path).status_code == 422
