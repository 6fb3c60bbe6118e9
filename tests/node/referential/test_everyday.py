"""What people call occupations leads to the right ones, however they write it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.referential import Lookup, Referential, load
from node.referential.edition import compose
from node.referential.everyday import everyday_words, said_whole
from node.referential.lookup import MAX_HITS
from node.referential.rome import read_rome
from node.referential.text import fold
from tests.node.referential.official import archive_folder

HELD_OUT = Path(__file__).with_name("everyday_words.tsv")


@pytest.fixture(scope="module")
def lookup() -> Lookup:
    return load().lookup


def codes(lookup: Lookup, text: str, limit: int = 3) -> list[str]:
    return [hit.code for hit in lookup.occupations(text, limit)]


def test_of_the_words_held_apart_nineteen_in_twenty_are_among_the_first_three(lookup: Lookup) -> None:
    lines = [line for line in HELD_OUT.read_text("utf-8").splitlines() if not line.startswith("#")]
    missed = [line for line in lines if set(codes(lookup, line.split("\t")[0])).isdisjoint(line.split("\t")[1].split())]
    assert len(lines) >= 200
    assert len(missed) <= len(lines) // 20, missed


def test_the_table_names_codes_that_exist_and_each_wording_once() -> None:
    occupations = load().occupations
    words = everyday_words()
    assert len(words) > 3000
    assert [one for one in words if not one.codes or not all(map(occupations.exists, one.codes))] == []
    folded = [fold(one.wording) for one in words]
    assert len(set(folded)) == len(folded)
    assert [one for one in words if one.wording != one.wording.strip() or len(one.wording) > 100] == []


def test_each_wording_of_the_table_finds_one_of_its_occupations(lookup: Lookup) -> None:
    for one in everyday_words()[::7]:
        said = one.wording.rpartition(" / ")[2]
        assert not set(codes(lookup, said)).isdisjoint(one.codes), said


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("nounous", "K1310"),
        ("FEMMES DE MENAGE", "K1304"),
        ("femme menage", "K1304"),
        ("vigyle", "K2503"),
        ("eboueurs", "K2303"),
        ("éducs spés", "K1207"),
        ("AES", "K1306"),
        ("serveuse chez Paul", "G1803"),
        ("plaquiste zzz", "F1604"),
        ("vendeuse xx chaussures", "D1214"),
    ],
)
def test_plurals_little_words_errors_and_words_too_many(lookup: Lookup, typed: str, code: str) -> None:
    assert codes(lookup, typed)[0] == code


def test_the_answer_says_by_which_words_it_was_found(lookup: Lookup) -> None:
    hit = lookup.occupations("vigile", 1)[0]
    assert hit.label == "Agent / Agente de prévention et de sécurité"
    assert hit.detail == "Vigile"


def test_an_official_name_typed_in_full_comes_before_everyday_words(lookup: Lookup) -> None:
    assert [hit.label for hit in lookup.occupations("peintre en bâtiment", 1)] == ["Peintre en bâtiment"]
    assert codes(lookup, "aide-soignant")[0] == "J1501"
    found = lookup.occupations("boulangère", MAX_HITS)
    assert found[0].label == "Boulanger / Boulangère"
    assert len({hit.code for hit in found}) == len(found), "no code twice, by whichever words"


def test_words_lead_only_to_occupations_of_the_edition_in_force(tmp_path: Path) -> None:
    small: Referential = compose(rome=read_rome(archive_folder(tmp_path)))
    assert set(codes(small.lookup, "technicienne de surface")) == {"K2204", "K2205"}
    assert small.lookup.occupations("vigile") == []
    assert small.version.startswith(load().version), "the words are no part of what two towns compare"


def test_nothing_is_found_where_nothing_is_meant(lookup: Lookup) -> None:
    for text in ("", "  ", "qqq zzz", "de la"):
        assert lookup.occupations(text, 3) == [] or text == "de la"


def test_a_text_is_a_wording_only_from_its_first_word_to_its_last() -> None:
    assert said_whole("Femme de ménage") is not None
    assert said_whole("femmes de ménage") == said_whole("Femme de ménage")
    assert said_whole("femme de") is None
    assert said_whole("") is None


@given(st.text(max_size=100))
def test_any_text_is_answered(text: str) -> None:
    said_whole(text)
    assert len(load().lookup.occupations(text, 3)) <= 3
