"""Titles and phrases in people's words, and the codes that they mean."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.reading.lookups import SkillPhrases, Titles, halves, usual
from node.reading.stems import Wordings, stems
from node.referential import load

REFERENTIAL = load()
TITLES = Titles(REFERENTIAL)
SKILLS = SkillPhrases(REFERENTIAL)


@pytest.mark.parametrize(
    ("title", "rome"),
    [
        ("Caissière", "D1505"),
        ("CARISTE", "N1101"),
        ("Femme de ménage", "K1304"),
        ("Femme de chambre", "G1501"),
        ("Maçonne", "F1703"),
        ("Aide-soignant", "J1501"),
        ("aide soignante de jour", "J1501"),
        ("Préparatrice de commandes (CDI)", "N1103"),
        ("Préparatrice de comandes", "N1103"),
        ("Agent de sécurité H/F", "K2503"),
        ("Stage électricien", "F1602"),
        ("Chauffeur livreur", "N4105"),
        ("Serveur", "G1803"),
        ("Soudeur TIG", "H2916"),
        ("Éboueur", "K2303"),
    ],
)
def test_a_title_gives_its_occupation(title: str, rome: str) -> None:
    assert TITLES.best(title)[0].code == rome


@pytest.mark.parametrize("text", ["Eiffage", "Le Grand Café", "2019", "", "H/F", "Paris", "Madame Dupont"])
def test_what_names_no_occupation(text: str) -> None:
    assert TITLES.best(text) == []


class Appellations:
    """A fuller look-up, as an imported ROME gives it."""

    def search(self, text: str, limit: int) -> Sequence[tuple[str, str]]:
        return [("B1101", "Artiste à l'aérographe"), ("E1101", "Concepteur / Conceptrice de tatouages")][:limit]


def test_a_fuller_look_up_is_asked_as_well_and_weighed_alike() -> None:
    titles = Titles(REFERENTIAL, Appellations())
    assert titles.best("Artiste à l'aérographe")[0].code == "B1101"
    assert titles.best("Caissière")[0].code == "D1505"


@pytest.mark.parametrize(
    ("phrase", "skill"),
    [
        ("HACCP", "900018"),
        ("CACES R489 1, 3 et 5", "900022"),
        ("encaissement", "900013"),
        ("nettoyage des sanitaires", "900103"),
        ("tonte des pelouses", "900279"),
        ("utilisation d'une tronçonneuse", "900282"),
        ("pose de carrelage", "900197"),
        ("aide aux devoirs", "900271"),
        ("travailler en équipe", "900004"),
    ],
)
def test_a_phrase_gives_its_skill(phrase: str, skill: str) -> None:
    match = SKILLS.best(phrase, lambda code: True)
    assert match is not None and match.code == skill


@pytest.mark.parametrize("phrase", ["ponctuelle", "football", "Montluçon", "bonne humeur", "12 ans"])
def test_a_phrase_without_a_skill(phrase: str) -> None:
    assert SKILLS.best(phrase, lambda code: True) is None


def test_everyday_wordings_lead_to_codes_that_exist() -> None:
    titles, skills = usual("usual_titles.csv"), usual("usual_skills.csv")
    assert [code for _, code in titles if not REFERENTIAL.occupations.exists(code)] == []
    assert [code for _, code in skills if not REFERENTIAL.skills.exists(code)] == []
    assert all(stems(wording) for wording, _ in (*titles, *skills))
    assert len({title for title, _ in titles}) == len(titles)


def test_both_forms_of_a_name() -> None:
    assert list(halves("Conducteur / Conductrice d'engins")) == ["Conducteur d'engins", "Conductrice d'engins"]
    assert list(halves("Agent administratif / Agente administrative banque")) == [
        "Agent administratif banque",
        "Agente administrative banque",
    ]
    assert list(halves("Vigile")) == ["Vigile"]


@pytest.mark.parametrize(
    "family",
    [
        "nettoyer nettoyage nettoyeuse",
        "maçon maçonne maçonnerie",
        "caissière caisse caissiers",
        "livreur livreuse livraison",
        "cuisinier cuisine cuisinière",
        "conduire conduite conductrice conducteurs",
        "peintre peinture peindre",
        "préparer préparation préparatrice",
    ],
)
def test_words_of_one_family_share_their_stem(family: str) -> None:
    assert len(stems(family)) == 1


@given(st.text(max_size=120))
def test_any_text_is_answered_within_bounds(text: str) -> None:
    for match in TITLES.best(text):
        assert REFERENTIAL.occupations.exists(match.code) and 0.5 <= match.score <= 1.0001
    skill = SKILLS.best(text, lambda code: False)
    assert skill is None or REFERENTIAL.skills.exists(skill.code)


@given(st.lists(st.sampled_from("cariste boulanger agent caisse vente pain commande".split()), min_size=1, max_size=5))
def test_a_wording_is_nearest_to_itself(words: list[str]) -> None:
    text = " ".join(words)
    wordings = Wordings([("0", text, text), ("1", "soudeur sur tôle", "")])
    assert wordings.search(text)[0].score == pytest.approx(1.0)
    assert wordings.compare(text, text) == pytest.approx(1.0)
