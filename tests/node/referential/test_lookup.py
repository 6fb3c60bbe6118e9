"""What a counsellor types finds what was meant: by its beginning, without accents, with a typing error."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.referential import Hit, Lookup, Referential, load
from node.referential.commune_files import read_communes
from node.referential.edition import compose
from node.referential.lookup import MAX_HITS
from node.referential.rome import read_rome
from node.referential.text import fold
from tests.node.referential.official import LA_POSTE, ROME_V460, archive_folder


@pytest.fixture(scope="module")
def embedded() -> Lookup:
    return load().lookup


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Referential:
    return compose(rome=read_rome(archive_folder(tmp_path_factory.mktemp("rome"))))


@pytest.fixture(scope="module")
def whole() -> Lookup:
    if not ROME_V460.exists() or not LA_POSTE.exists():
        pytest.skip("needs the official files rome-v460 and laposte_hexasmal.csv in ../shared/data")
    return compose(read_rome(ROME_V460), read_communes(LA_POSTE)).lookup


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("macon", "Maçon / Maçonne"),
        ("MAÇONNE", "Maçon / Maçonne"),
        ("boulamger", "Boulanger / Boulangère"),
        ("baulenger", "Boulanger / Boulangère"),
        ("carsite", "Cariste"),
        ("pose vitrages", "Technicien / Technicienne de réparation et pose de vitrage des véhicules"),
        ("soignant", "Aide-soignant / Aide-soignante"),
        ("F1703", "Maçon / Maçonne"),
    ],
)
def test_occupations_are_found_as_people_type_them(embedded: Lookup, typed: str, label: str) -> None:
    assert label in [hit.label for hit in embedded.occupations(typed, 3)]


@pytest.mark.parametrize(
    ("typed", "insee"),
    [
        ("drancy", "93029"),
        ("darncy", "93029"),
        ("montlucn", "03185"),
        ("MONTLUCON", "03185"),
        ("bayone", "64102"),
        ("trelaz", "49353"),
        ("lormont 33310", "33249"),
        ("st barthelemy d anjou", "49267"),
        ("ste foy l argentiere", "69201"),
        ("neuilly s/ seine", "92051"),
        ("le havre", "76351"),
        ("havre le", "76351"),
        ("paris 11", "75111"),
        ("75011", "75111"),
        ("03185", "03185"),
        ("Nanterre Cedex 09", "92050"),
        ("marsei", "13055"),
    ],
)
def test_communes_are_found_as_people_type_them(embedded: Lookup, typed: str, insee: str) -> None:
    assert embedded.communes(typed, 1)[0].code == insee


def test_homonyms_come_most_populated_first_and_their_detail_tells_them_apart(embedded: Lookup) -> None:
    found = embedded.communes("saint-denis", 4)
    assert found[0] == Hit("97411", "Saint-Denis", "97400, La Réunion")
    assert found[1] == Hit("93066", "Saint-Denis", "93200, Seine-Saint-Denis")
    assert [hit.detail for hit in embedded.communes("75011")] == ["75011, Paris", "75011, Paris"]


def test_an_unknown_postal_code_leads_nowhere_its_beginning_does(embedded: Lookup) -> None:
    assert embedded.communes("99999") == []
    assert {hit.detail for hit in embedded.communes("0341")} == {"03410, Allier"}


def test_skills_are_found_by_any_word(embedded: Lookup) -> None:
    assert embedded.skills("chariot elevateur", 1) == [Hit("900022", "Conduire un chariot élévateur (CACES R489)", "")]
    assert embedded.skills("consigens orales", 1)[0].label == "Comprendre et suivre des consignes orales"


def test_appellations_lead_to_their_occupation(small: Referential) -> None:
    lookup = small.lookup
    assert lookup.occupations("agent d entretien")[0] == Hit(
        "K2204", "Agent / Agente d'entretien d'immeuble", "Agent / Agente de nettoyage de locaux"
    )
    assert lookup.occupations("agente d'entretien d'immeuble", 1)[0].code == "K2204"
    assert lookup.occupations("Agent / Agente de nettoyage de locaux", 1)[0].detail == "Propreté d'ici"
    assert [hit.label for hit in lookup.occupations("k2204")] == [
        "Agent / Agente de nettoyage de locaux",
        "Agent / Agente d'entretien d'immeuble",
        "Frotteur / Frotteuse de parquets",
    ]


def test_official_and_starter_skills_are_searched_together(small: Referential) -> None:
    found = small.lookup.skills("nettoyer", MAX_HITS)
    codes = [hit.code for hit in found]
    assert {"100100", "100103"} < set(codes)
    assert any(code.startswith("9") for code in codes)
    assert next(hit for hit in found if hit.code == "100100").detail == "Savoir-faire"
    assert codes.index("100100") < codes.index("100103"), "more occupations have it"


@given(st.text(max_size=200), st.integers(-5, 80))
def test_any_text_is_answered_within_the_limit(text: str, limit: int) -> None:
    referential = load()
    lookup = referential.lookup
    for search in (lookup.occupations, lookup.skills, lookup.communes):
        found = search(text, limit)
        assert len(found) <= max(0, min(limit, MAX_HITS))
        assert found == search(text, limit)
        assert len({hit.code for hit in found}) == len(found)
    assert lookup.communes("  ") == lookup.occupations("'-/") == []


@given(st.sampled_from(list(load().communes.codes()[:4000])), st.data())
def test_a_commune_is_found_by_its_name_with_one_error(code: str, data: st.DataObject) -> None:
    commune = load().communes.get(code)
    assert commune is not None
    words = fold(commune.name).split()
    place = data.draw(st.integers(0, len(words) - 1))
    word = words[place]
    if len(word) < 5 or any(character.isdigit() for character in word):
        return
    at = data.draw(st.integers(0, len(word) - 2))
    wrong = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + "z" + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )
    typed = " ".join([*words[:place], wrong, *words[place + 1 :], commune.postal_codes[0]])
    assert code in [hit.code for hit in load().lookup.communes(typed, MAX_HITS)]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("boulanger", "Boulanger / Boulangère"),
        ("secretaire medical", "Secrétaire médical / Secrétaire médicale"),
        ("aide soignante", "Aide-soignant / Aide-soignante"),
        ("agent entretien espaces verts", "Agent / Agente d'entretien des espaces verts"),
        ("agente d'entretien", "Agent / Agente d'entretien du bâtiment"),
        ("chaufeur poid lour", "Chauffeur / Chauffeuse de poids lourd"),
    ],
)
def test_the_official_appellations(whole: Lookup, typed: str, label: str) -> None:
    assert whole.occupations(typed, 1)[0].label == label


def test_the_official_skills_and_communes(whole: Lookup) -> None:
    assert whole.skills("techniques de vente", 1)[0].label == "Techniques de vente"
    assert any("CACES" in hit.label for hit in whole.skills("caces chariot", 10))
    assert whole.communes("surville", 5)[2].label == "La Haye"
    assert whole.communes("terrenoire", 1)[0].label == "Saint-Étienne"


def test_the_first_search_can_be_made_ready(tmp_path: Path) -> None:
    lookup = compose(rome=read_rome(archive_folder(tmp_path))).lookup
    lookup.warm()
    assert {"_occupations", "_skills", "_communes"} <= vars(lookup).keys()
