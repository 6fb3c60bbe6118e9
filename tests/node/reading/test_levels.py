"""Languages, licences and diplomas, each on its scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.reading import levels
from node.reading.proposing import _without_year


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Anglais : scolaire", {("en", "A2")}),
        ("Anglais courant", {("en", "C1")}),
        ("Anglais (notions)", {("en", "A1")}),
        ("Bilingue portugais", {("pt", "C2")}),
        ("Arabe : langue maternelle", {("ar", "C2")}),
        ("Espagnol B1", {("es", "B1")}),
        ("Anglais B2, espagnol notions, allemand scolaire", {("en", "B2"), ("es", "A1"), ("de", "A2")}),
        ("Turc : lu, parlé, écrit", {("tr", "C1")}),
        ("Anglaise : très bon niveau", {("en", "C1")}),
        ("Italien : bon niveau", {("it", "B2")}),
        ("Wolof", {("wo", "")}),
        ("Kabyle", {("kab", "")}),
        ("Soninké : langue maternelle", {("snk", "C2")}),
        ("Peul (courant), bambara : notions", {("ff", "C1"), ("bm", "A1")}),
        ("Ourdou B2 / Tamil C1", {("ur", "B2"), ("ta", "C1")}),
        ("Nheengatu : courant", {("Nheengatu", "C1")}),
        ("Anglais B1, klingon (notions), arabe", {("en", "B1"), ("klingon", "A1"), ("ar", "")}),
        ("TOEIC : 850, niveau B2", set()),
        ("Niveau : courant", set()),
        ("Tahitien", set()),
    ],
)
def test_languages(text: str, told: set[tuple[str, str]]) -> None:
    assert {(code, level) for code, level, _, _ in levels.languages(text, expected=True)} == told


def test_a_language_elsewhere_counts_only_with_its_level() -> None:
    assert list(levels.languages("Nheengatu : courant", expected=False)) == []
    assert list(levels.languages("Professeur d'anglais au collège Jorissen", expected=False)) == []


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Permis B", {"B"}),
        ("Titulaire du permis B, véhicule personnel", {"B"}),
        ("Permis de conduire : B", {"B"}),
        ("Permis A2, B et C", {"A2", "B", "C"}),
        ("Permis B/C/EC - FIMO", {"B", "C", "CE"}),
        ("permis VL et PL", {"B", "C"}),
        ("permis super lourd", {"CE"}),
        ("Permis poids lourd", {"C"}),
        ("Sans permis B", set()),
        ("Permis B en cours", set()),
        ("Permis cariste", set()),
        ("Bac pro", set()),
    ],
)
def test_licences(text: str, held: set[str]) -> None:
    assert {category for category, _, _ in levels.licences(text, expected=False)} == held


def test_in_the_part_about_licences_a_letter_is_enough() -> None:
    assert [category for category, _, _ in levels.licences("B, voiture", expected=True)] == ["B"]


@pytest.mark.parametrize(
    ("text", "level", "year"),
    [
        # The old numbers count down, the new ones up: both name the same diplomas.
        ("Niveau V", 3, 0),
        ("NV5", 3, 0),
        ("Diplôme de niveau IV (1998)", 4, 1998),
        ("Titre professionnel niveau III, 2004", 5, 2004),
        ("Titre professionnel de niveau 5", 5, 0),
        ("Titre professionnel niveau 3", 3, 0),
        ("Diplôme de niveau II", 6, 0),
        ("Diplôme de niveau I", 7, 0),
        # A diploma's name wins over a number beside it.
        ("CAP cuisine (niveau 5)", 3, 0),
        ("CAP Maçon 1994", 3, 1994),
        ("BEP carrières sanitaires et sociales", 3, 0),
        ("Certificat d'aptitude professionnelle", 3, 0),
        ("Bac pro commerce", 4, 0),
        ("Baccalauréat STG, 2009", 4, 2009),
        ("Brevet professionnel coiffure", 4, 0),
        ("BTS Assistant de manager", 5, 0),
        ("Brevet de technicien supérieur", 5, 0),
        ("DUT GEA", 5, 0),
        ("DEUG d'histoire", 5, 0),
        ("Bac +2", 5, 0),
        ("Bac+3", 6, 0),
        ("Licence professionnelle", 6, 0),
        ("BUT Techniques de commercialisation", 6, 0),
        ("Maîtrise de droit", 6, 0),
        ("Master 2 RH 2012-2014", 7, 2014),
        ("Diplôme d'ingénieur", 7, 0),
        ("Doctorat de chimie", 8, 0),
        ("Diplôme d'État d'aide-soignant", 4, 0),
        ("Diplôme d'État d'infirmière", 6, 0),
    ],
)
def test_diplomas(text: str, level: int, year: int) -> None:
    assert levels.diploma(text) == (level, year)


@pytest.mark.parametrize(
    "text", ["Lycée Albert Londres", "Formation SST", "Licence de soudage", "Niveau débutant", "Cap au large" * 0]
)
def test_what_is_no_diploma(text: str) -> None:
    assert levels.diploma(text) is None


@given(st.text(max_size=200))
def test_nothing_raises(text: str) -> None:
    for _, level, start, end in levels.languages(text, expected=True):
        assert level in {"", "A1", "A2", "B1", "B2", "C1", "C2"} and 0 <= start < end <= len(text)
    for _, start, end in levels.licences(text, expected=True):
        assert 0 <= start < end <= len(text)
    told = levels.diploma(text)
    assert told is None or 3 <= told[0] <= 8
    levels.vehicle(text)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("CAP Employé de vente 2014", "CAP Employé de vente"),
        ("2014 : CAP Employé de vente, CFA de Noisy", "CAP Employé de vente, CFA de Noisy"),
        ("Bac pro commerce (2014)", "Bac pro commerce"),
        ("BEP 2014 vente", "BEP 2014 vente"),
        ("2014", "2014"),
    ],
)
def test_the_year_of_a_diploma_is_told_once(told: str, words: str) -> None:
    assert _without_year(told, 2014) == words
    assert _without_year(told, 0) == told
