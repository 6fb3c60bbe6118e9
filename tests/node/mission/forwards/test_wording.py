"""What an employer may not write to somebody of Montluçon, and what they may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.criteria import Criterion
from node.mission.forwards.wording import criterion_named


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("Candidate trop âgée pour l'équipe.", Criterion.AGE),
        ("Nous cherchons quelqu'un de moins de 35 ans.", Criterion.AGE),
        ("À 58 ans, ce sera difficile.", Criterion.AGE),
        ("Ce poste demande un homme.", Criterion.SEX),
        ("Elle est enceinte.", Criterion.SEX),
        ("Elle a des enfants en bas âge.", Criterion.FAMILY),
        ("Son accent gênerait les clients.", Criterion.ORIGIN),
        ("Il n'a pas la nationalité française.", Criterion.ORIGIN),
        ("Il habite trop loin du magasin.", Criterion.RESIDENCE),
        ("Nous évitons ce quartier.", Criterion.RESIDENCE),
        ("Sa santé ne le permet pas.", Criterion.HEALTH),
        ("Le HANDICAP n'est pas compatible.", Criterion.HEALTH),
        ("Elle porte le voile.", Criterion.BELIEF),
        ("Son apparence ne convient pas.", Criterion.LOOK),
    ],
)
def test_a_criterion_that_the_law_excludes_is_named(text: str, criterion: Criterion) -> None:
    assert criterion_named(text) is criterion
    assert criterion_named(text.upper()) is criterion


@pytest.mark.parametrize(
    "text",
    [
        "Il manque le CACES R489 et un an d'expérience en entrepôt.",
        "Nous demandons plus de 10 ans d'expérience en soudure.",
        "Le poste est pourvu, merci de votre candidature.",
        "Le travail de nuit commence à 4 h : pas de moyen de transport à cette heure.",
        "Le niveau de français écrit ne suffit pas encore pour les comptes rendus.",
        "Travail physique : port de charges toute la journée, non souhaité par la personne.",
        "Nous avons retenu une autre candidature, avec le permis C.",
        "Pas de venue à l'entretien du 12, ni de réponse au téléphone.",
        "",
    ],
)
def test_an_ordinary_refusal_passes(text: str) -> None:
    assert criterion_named(text) is None


@given(st.text(max_size=300))
def test_whatever_is_written_is_read(text: str) -> None:
    assert criterion_named(text) in {None, *Criterion}
