"""Occupations and skills: what is known, what is not, and footprints that publication can rely on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.referential import Occupations, Skills, load
from node.referential.text import fold, fold_place

USUAL = (
    "A1203 A1208 D1102 D1106 D1202 D1214 D1401 D1505 D1507 F1302 F1602 F1603 F1604 F1606 F1608 F1619 F1702 F1703 F1704 "
    "G1203 G1501 G1602 G1603 G1605 G1607 G1703 G1803 H2105 H2902 H2909 H2913 H3302 I1203 I1304 I1309 I1604 I1606 I1629 "
    "J1301 J1304 J1305 J1308 J1501 K1302 K1303 K1304 K1305 K1306 K1308 K1310 K2201 K2202 K2204 K2205 K2303 K2501 K2503 "
    "K2504 M1203 M1501 M1601 M1602 M1607 M1609 N1101 N1102 N1103 N1105 N1110 N4101 N4102 N4103 N4104 N4105"
).split()
"""Occupations that missions meet every week; each has its starter skills and its neighbours."""


@pytest.fixture(scope="module")
def occupations() -> Occupations:
    return load().occupations


@pytest.fixture(scope="module")
def skills() -> Skills:
    return load().skills


def test_the_whole_of_rome_is_there(occupations: Occupations) -> None:
    assert len(occupations.codes()) == 1584
    assert list(occupations.codes()) == sorted(occupations.codes())
    for code in occupations.codes():
        assert re.fullmatch(r"[A-N]\d{4}", code)
        assert occupations.exists(code)
        assert occupations.label(code)
        assert occupations.domain_label(occupations.domain(code))
        assert occupations.letter_label(occupations.letter(code))


def test_a_windscreen_fitter_has_a_label_a_domain_and_a_letter(occupations: Occupations) -> None:
    assert occupations.label("I1629") == "Technicien / Technicienne de réparation et pose de vitrage des véhicules"
    assert (occupations.domain("I1629"), occupations.letter("I1629")) == ("I16", "I")
    assert occupations.domain_label("I16") == "Véhicules et engins : entretien et réparation"
    assert occupations.related("I1629")[0] == "I1606"


@given(st.text(max_size=8))
def test_unknown_codes_never_raise(code: str) -> None:
    occupations, skills = load().occupations, load().skills
    if not occupations.exists(code):
        assert occupations.label(code) is None
        assert occupations.related(code) == ()
        assert skills.for_occupation(code) == ()
    if not skills.exists(code):
        assert skills.label(code) is None
        assert skills.footprint(code) == frozenset()


def test_headings_are_asked_for_at_their_own_level(occupations: Occupations) -> None:
    assert occupations.domain_label("K") is None
    assert occupations.letter_label("K22") is None
    assert occupations.domain_label("Z99") is None


def test_moves_lead_to_other_known_occupations(occupations: Occupations) -> None:
    for code in occupations.codes():
        targets = occupations.related(code)
        assert code not in targets
        assert len(set(targets)) == len(targets)
        assert all(occupations.exists(target) for target in targets)
    assert all(len(occupations.related(code)) >= 3 for code in USUAL)
    assert occupations.related("K2204")[0] == "K2205"


def test_search_ignores_accents_and_case(occupations: Occupations) -> None:
    assert occupations.search("MACON", 1) == [("F1703", "Maçon / Maçonne")]
    assert ("I1629", occupations.label("I1629")) in occupations.search("pose vitrage véhicules", 5)
    assert [code for code, _ in occupations.search("n110", 3)] == ["N1101", "N1104", "N1105"]
    assert len(occupations.search("agent", 7)) == 7
    assert occupations.search("   ", 5) == occupations.search("cariste", 0) == []


def test_usual_occupations_have_their_skills(occupations: Occupations, skills: Skills) -> None:
    everywhere = frozenset(occupations.codes())
    for rome in USUAL:
        held = skills.for_occupation(rome)
        own = [code for code in held if skills.footprint(code) != everywhere]
        assert len(own) >= 8, rome
        sizes = [len(skills.footprint(code)) for code in held]
        assert sizes == sorted(sizes)


def test_footprints_agree_with_occupations(occupations: Occupations, skills: Skills) -> None:
    for code in skills.codes():
        assert re.fullmatch(r"9\d{5}", code)
        assert skills.label(code)
        footprint = skills.footprint(code)
        assert footprint
        assert all(code in skills.for_occupation(rome) for rome in footprint)
    for rome in occupations.codes():
        assert all(rome in skills.footprint(code) for code in skills.for_occupation(rome))


def test_skill_labels_are_distinct(skills: Skills) -> None:
    labels = [skills.label(code) for code in skills.codes()]
    assert len(set(labels)) == len(labels)


def test_neighbouring_occupations_share_skills(skills: Skills) -> None:
    shared = set(skills.for_occupation("N1103")) & set(skills.for_occupation("N1105"))
    assert len(shared) >= 10
    assert ("900022", "Conduire un chariot élévateur (CACES R489)") in skills.search("chariot elevateur")


def test_some_skills_cover_whole_domains_and_some_everything(occupations: Occupations, skills: Skills) -> None:
    """A group that climbed the tree keeps a profile only if skills stand in its whole region."""
    for region in ("K22", "N11", "G16", "F17", "M16"):
        members = {code for code in occupations.codes() if code.startswith(region)}
        assert any(members <= skills.footprint(code) for code in skills.codes()), region
    assert sum(skills.footprint(code) == frozenset(occupations.codes()) for code in skills.codes()) == 8


typed_places = st.lists(
    st.sampled_from("St Ste s/ s/s Œting Paris Lyon 01 11 1er 3ème arrondissement Cedex 9 l' - Haÿ".split()), max_size=6
).map(" ".join)


@given(st.text(max_size=60) | typed_places)
def test_folding_is_idempotent_and_plain(text: str) -> None:
    for folding in (fold, fold_place):
        folded = folding(text)
        assert folding(folded) == folded
        assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", folded)


def test_the_version_names_the_content() -> None:
    assert re.fullmatch(r"\d{4}\.\d+\+[0-9a-f]{8}", load().version)
    assert load() is load()
