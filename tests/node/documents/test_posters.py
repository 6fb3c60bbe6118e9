"""What hangs on a wall or is handed over on paper: the poster and the access code."""

from dataclasses import replace
from datetime import date

import pytest
import segno

from node.documents.poster import Poster, poster_pdf
from node.documents.printed_code import PrintedCode, printed_code_pdf
from node.documents.qr import qr_svg
from tests.node.documents.people import MONTLUCON
from tests.node.documents.reading import Document

URL = "https://emploi.montlucon.example/d/accueil"
POSTER = Poster(mission=MONTLUCON, url=URL, source="Affiche : accueil de la mairie")
CODE = PrintedCode(
    first_name="Aïcha",
    code="K7QF-2MXP-9DRT",
    url="https://emploi.montlucon.example/espace",
    mission=MONTLUCON,
    valid_until=date(2027, 5, 1),
)


def test_a_poster_can_be_read_scanned_and_typed() -> None:
    poster = Document(poster_pdf(POSTER))
    assert poster.pages == 1
    assert poster.title == "Déposer mon CV – Mission emploi de Montluçon"
    assert poster.comes_in_order("Mission emploi", "Déposer mon CV", URL, "Sans téléphone", "Affiche")
    assert [tag.alt for tag in poster.tags if tag.role == "Figure"] == [f"Code QR qui ouvre l’adresse {URL}"]


def test_posters_of_two_sources_differ_in_their_code() -> None:
    assert qr_svg(URL, "x") != qr_svg(URL.replace("accueil", "carrefour"), "x")


def test_the_code_stands_a_bad_print() -> None:
    drawn = segno.make(URL, error="q", boost_error=False, micro=False)
    width = drawn.symbol_size(border=4)[0]
    assert f'width="{width}"' in qr_svg(URL, "Déposer mon CV")
    assert "<title>Déposer mon CV</title>" in qr_svg(URL, "Déposer mon CV")


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "emploi.example", "https://" + "a" * 153])
def test_an_address_that_cannot_be_printed_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        poster_pdf(replace(POSTER, url=url))


def test_the_longest_address_and_names_stay_on_the_poster() -> None:
    long = MONTLUCON.__class__(name="Mission emploi " * 20, address="rue W" * 60, phone="0" * 90, email="W" * 200)
    poster = Document(poster_pdf(Poster(mission=long, url="https://" + "w" * 152, source="W" * 500)))
    assert poster.pages == 1


def test_a_printed_code_is_in_groups_and_says_what_it_opens_and_how_to_cancel_it() -> None:
    page = Document(printed_code_pdf(CODE))
    assert page.pages == 1
    assert page.comes_in_order(
        "Mon code d’accès",
        "Aïcha",
        "K7QF",
        "2MXP",
        "9DRT",
        CODE.url,
        "Ce que ce code ouvre",
        "Gardez ce papier",
        "annuler",
    )
    assert "04 70 00 00 00" in page.text
    assert "1er" in page.text


def test_the_code_is_neither_in_the_title_nor_in_the_picture_nor_shown_by_repr() -> None:
    page = Document(printed_code_pdf(CODE))
    assert "K7QF" not in (page.title or "")
    assert all("K7QF" not in tag.alt for tag in page.tags)
    assert "K7QF" not in repr(CODE)


@pytest.mark.parametrize("code", ["", " - ", "A" * 33])
def test_a_code_has_a_length(code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        printed_code_pdf(replace(CODE, code=code))


def test_the_longest_code_stays_on_its_page() -> None:
    assert Document(printed_code_pdf(replace(CODE, code="W" * 32, first_name="W" * 300))).pages == 1
