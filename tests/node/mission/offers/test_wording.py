"""Help to word an offer: what it names, and what it lets pass."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.criteria import Criterion
from node.mission.offers.offer import Need
from node.mission.offers.titles import title_for_both
from node.mission.offers.wording import Unsaid, discriminating, missing
from tests.node.mission import samples


@pytest.mark.parametrize(
    ("text", "criterion", "ground"),
    [
        ("Nous recherchons un jeune motivé pour notre équipe.", Criterion.AGE, "L5321-2"),
        ("Jeune et dynamique, vous aimez le contact.", Criterion.AGE, "L5321-2"),
        ("Cherche jeune vendeur.", Criterion.AGE, "L5321-2"),
        ("Âge maximum 35 ans.", Criterion.AGE, "L5331-2"),
        ("Vous avez entre 25 et 40 ans.", Criterion.AGE, "L5331-2"),
        ("Candidat de moins de 30 ans", Criterion.AGE, "L5331-2"),
        ("Recherchons un homme pour le rayon.", Criterion.SEX, "L1142-1"),
        ("Secrétaire (féminin)", Criterion.SEX, "L1142-1"),
        ("Hôtesse de caisse, femme de préférence", Criterion.SEX, "L1142-1"),
        ("Poste masculin", Criterion.SEX, "L1142-1"),
        ("Vous êtes célibataire et mobile.", Criterion.FAMILY, "L1132-1"),
        ("Sans enfant de préférence", Criterion.FAMILY, "L1132-1"),
        ("De nationalité française.", Criterion.ORIGIN, "L1132-1"),
        ("Anglais langue maternelle", Criterion.ORIGIN, "L1132-1"),
        ("Vous devez habiter la commune.", Criterion.RESIDENCE, "L1132-1"),
        ("Habiter la commune", Criterion.RESIDENCE, "L1132-1"),
        ("Le candidat doit obligatoirement résider à Montluçon.", Criterion.RESIDENCE, "L1132-1"),
        ("En bonne santé, apte au port de charges.", Criterion.HEALTH, "L1132-1"),
        ("Non voilée", Criterion.BELIEF, "L1132-1"),
        ("Physique agréable exigé", Criterion.LOOK, "L1132-1"),
    ],
)
def test_discriminating_words_are_named_with_their_ground(text: str, criterion: Criterion, ground: str) -> None:
    found = discriminating(text)
    assert (criterion, ground) in {(one.criterion, one.ground) for one in found if one.forbids}
    assert all(one.said in " ".join(text.split()) and one.better for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "Jeune entreprise dynamique, nous grandissons vite.",
        "Garde de jeunes enfants, de 0 à 3 ans, au multi-accueil.",
        "Accompagner les jeunes de la mission locale vers l'emploi.",
        "Aide à domicile auprès de personnes âgées de plus de 75 ans.",
        "Cuisinier en maison de retraite, 60 résidents.",
        "Entreprise familiale depuis plus de 40 ans.",
        "Vous avez plus de 20 ans d'expérience ou débutez : les deux nous vont.",
        "Vous avez moins de 2 ans d'expérience ?",
        "Avoir plus de 18 ans (vente d'alcool).",
        "Vente au rayon homme et femme d'un magasin de prêt-à-porter.",
        "Femme de ménage / Homme de ménage (H/F)",
        "Robes de mariée : conseil et retouches.",
        "Agent de police municipale de nationalité française (condition statutaire).",
        "Commune de 3 000 habitants.",
        "Veilleur de nuit en résidence autonomie.",
        "Poste ouvert aux personnes en situation de handicap.",
        "Traçabilité et origine des produits, mettre l'accent sur la qualité.",
        "Animateur d'un club de seniors.",
        "Permis B exigé, 35 h, horaires de jour, 12,50 € de l'heure.",
        "Bonne présentation du rayon et des produits.",
    ],
)
def test_ordinary_offers_pass(text: str) -> None:
    assert [one.said for one in discriminating(text) if one.forbids] == []


def test_contracts_for_learners_may_speak_of_age() -> None:
    text = "Candidat de moins de 30 ans."
    assert discriminating(text) and not discriminating(text, "APP")


def test_what_is_advised_against_forbids_nothing() -> None:
    (one,) = discriminating("Excellente présentation exigée")
    assert not one.forbids and one.criterion is Criterion.LOOK


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for one in discriminating(text):
        assert one.said


def test_what_is_missing_is_what_is_not_said() -> None:
    bare = samples.offer(contract="CDD", sites=())
    assert set(missing(bare)) == set(Unsaid)
    whole = replace(
        samples.offer(contract="CDD"),
        months=6,
        hours=35 * 60,
        salary="12 €",
        description="x" * 100,
        skills=(("1", Need.WISHED),),
    )
    assert list(missing(whole)) == []
    assert Unsaid.MONTHS not in set(missing(replace(whole, contract="CDI", months=0)))


@pytest.mark.parametrize(
    ("title", "both"),
    [
        ("Vendeur", "Vendeur / Vendeuse (H/F)"),
        ("Vendeuse en boulangerie", "Vendeur / Vendeuse en boulangerie (H/F)"),
        ("Conducteur d'engins", "Conducteur / Conductrice d'engins (H/F)"),
        ("Boulanger", "Boulanger / Boulangère (H/F)"),
        ("Caissière", "Caissier / Caissière (H/F)"),
        ("Agent d'entretien", "Agent / Agente d'entretien (H/F)"),
        ("Employé de commerce", "Employé / Employée de commerce (H/F)"),
        ("Secrétaire", "Secrétaire (H/F)"),
        ("Maçon", "Maçon / Maçonne (H/F)"),
        ("Monteur en réseaux", "Monteur / Monteuse en réseaux (H/F)"),
        ("Infirmière de nuit", "Infirmier / Infirmière de nuit (H/F)"),
        ("Femme de ménage", "Employé / Employée de ménage (H/F)"),
        ("Assistante maternelle", "Assistant / Assistante maternelle (H/F)"),
        ("Vendeur (H/F)", ""),
        ("Vendeur F/H", ""),
        ("Boulanger / Boulangère", ""),
        ("Assistant(e) de direction", ""),
        ("", ""),
    ],
)
def test_a_title_is_proposed_in_both_genders(title: str, both: str) -> None:
    assert title_for_both(title) == both
    assert title_for_both(both) == ""
