"""Look-up as one types, with and without a script, for anybody."""

import pytest

from tests.node.web.conftest import Town, words


@pytest.mark.parametrize(
    ("table", "typed", "code"),
    [("metiers", "macon", "F1703"), ("communes", "montlucon", "03185"), ("communes", "03100", "03185")],
)
def test_a_script_gets_a_list_of_buttons(town: Town, table: str, typed: str, code: str) -> None:
    answer = town.visitor().get(f"/recherche/{table}?champ=places&q_places={typed}", headers={"HX-Request": "true"})
    assert f'name="ajouter" value="places:{code}"' in answer.text
    assert "<html" not in answer.text


def test_without_a_script_it_is_a_page(town: Town) -> None:
    page = words(town.visitor().get("/recherche/competences?q=chariot élévateur"))
    assert "<table" in page and "<h1>" in page


def test_nothing_typed_and_nothing_found(town: Town) -> None:
    visitor = town.visitor()
    assert "<table" not in visitor.get("/recherche/metiers").text
    assert "<table" not in visitor.get("/recherche/metiers?q=zzzzqqqq").text
    assert visitor.get("/recherche/personnes?q=a").status_code == 404
    assert visitor.get("/recherche/metiers?q=a&champ=<script>").status_code == 422
