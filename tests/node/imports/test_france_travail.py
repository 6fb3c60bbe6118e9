"""Offers as the national service gives them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.imports import ParsedLine, read_offers
from node.mission.offers.offer import Need, Offer
from node.mission.offers.published import offer_message
from node.referential import load
from tests.node.mission.samples import NOW

REFERENTIAL = load()
TODAY = date(2026, 11, 23)
OFFER: dict[str, Any] = {
    "id": "181KPXN",
    "intitule": "Conducteur / Conductrice de poids lourd (H/F)",
    "description": "Livraisons régionales.\nHoraires de journée.",
    "dateCreation": "2026-11-20T08:15:00.000Z",
    "dateActualisation": "2026-11-21T08:15:00.000Z",
    "lieuTravail": {
        "libelle": "03 - MONTLUCON",
        "latitude": 46.340023,
        "longitude": 2.60254,
        "codePostal": "03100",
        "commune": "03185",
    },
    "romeCode": "N4101",
    "romeLibelle": "Conducteur / Conductrice de transport de marchandises sur longue distance",
    "appellationlibelle": "Conducteur / Conductrice de poids lourd",
    "entreprise": {"nom": "Transports du Bourbonnais", "entrepriseAdaptee": False},
    "typeContrat": "CDD",
    "typeContratLibelle": "Contrat à durée déterminée - 6 Mois",
    "natureContrat": "Contrat travail",
    "experienceExige": "E",
    "experienceLibelle": "2 An(s)",
    "competences": [
        {"code": "117474", "libelle": "Arrimer un chargement", "exigence": "E"},
        {"libelle": "Travailler en équipe", "exigence": "S"},
        {"libelle": "Une tournure que personne ne connaît", "exigence": "S"},
    ],
    "langues": [{"libelle": "Anglais", "exigence": "E"}, {"libelle": "Allemand", "exigence": "S"}],
    "permis": [
        {"libelle": "C - Poids lourd", "exigence": "E"},
        {"libelle": "EC - Poids lourd + remorque", "exigence": "E"},
        {"libelle": "B - Véhicule léger", "exigence": "S"},
    ],
    "salaire": {"libelle": "Horaire de 12.50 Euros"},
    "dureeTravailLibelle": "39H30 Horaires normaux",
    "nombrePostes": 2,
    "accessibleTH": True,
    "qualificationCode": "6",
    "contact": {"nom": "Mme X", "courriel": "x@exemple.fr"},
    "origineOffre": {"origine": "1", "urlOrigine": "https://candidat.francetravail.fr/offres/recherche/detail/181KPXN"},
}


def parse(content: Any) -> list[ParsedLine[Offer]]:
    return list(read_offers(json.dumps(content).encode(), REFERENTIAL, TODAY))


def one(**changes: Any) -> Offer:
    (line,) = parse(OFFER | changes)
    assert line.value is not None, line.problem
    return line.value


def test_a_whole_offer() -> None:
    offer = one()
    assert (offer.reference, offer.employer, offer.rome) == ("181KPXN", "Transports du Bourbonnais", "N4101")
    assert (offer.contract, offer.months, offer.hours, offer.qualification) == ("CDD", 6, 2370, 6)
    assert (offer.experience, offer.experience_months) == ("E", 24)
    assert dict(offer.skills) == {"117474": Need.REQUIRED, "900004": Need.WISHED}
    assert (offer.languages, offer.licences) == ((("en", "B1"),), frozenset({"C", "CE"}))
    (site,) = offer.sites
    assert (site.id, site.commune, site.posts) == ("03185", "03185", 2)
    assert offer.salary == "Horaire de 12.50 Euros"
    assert offer.network
    assert "exemple" not in repr(offer)


@pytest.mark.parametrize("wrapped", [OFFER, [OFFER], {"resultats": [OFFER], "filtresPossibles": []}])
def test_one_a_list_or_an_answer(wrapped: Any) -> None:
    (line,) = parse(wrapped)
    assert line.value == one()


def test_only_what_the_service_always_gives() -> None:
    least = {key: OFFER[key] for key in ("id", "intitule", "romeCode", "lieuTravail", "typeContrat")}
    (line,) = parse(least | {"entreprise": {}, "salaire": None, "competences": None})
    assert line.value is not None
    assert line.value.employer
    assert (line.value.experience, line.value.posts, line.value.skills) == ("D", 1, ())


@pytest.mark.parametrize(
    ("changes", "contract", "months"),
    [
        ({"natureContrat": "Contrat apprentissage"}, "APP", 6),
        ({"natureContrat": "E2"}, "APP", 6),
        ({"natureContrat": "Cont. professionnalisation"}, "PRO", 6),
        ({"natureContrat": "FS"}, "PRO", 6),
        ({"typeContrat": "CDI", "typeContratLibelle": "CDI"}, "CDI", 0),
        ({"typeContrat": "MIS", "typeContratLibelle": "Intérim - 18 Jour(s)"}, "MIS", 1),
        ({"typeContrat": "SAI", "typeContratLibelle": "Saisonnier - 10 Semaine(s)"}, "SAI", 3),
    ],
)
def test_contracts(changes: dict[str, Any], contract: str, months: int) -> None:
    offer = one(**changes)
    assert (offer.contract, offer.months) == (contract, months)


@pytest.mark.parametrize(
    ("label", "licences"),
    [
        ("AM - Cyclomoteur <= 50 cm3", {"AM"}),
        ("EB - Véhicule léger + remorque", {"BE"}),
        ("B mention 79.06 (= EB)", {"BE"}),
        ("D1 - Transport de personnes <= 16 places", {"D1"}),
        ("FIMO", set()),
    ],
)
def test_a_required_licence_is_kept_as_the_category_it_means(label: str, licences: set[str]) -> None:
    assert one(permis=[{"libelle": label, "exigence": "E"}]).licences == licences
    assert one(permis=[{"libelle": label, "exigence": "S"}]).licences == set()


@pytest.mark.parametrize(
    ("wording", "minutes"),
    [
        ("35H/semaine\nTravail en journée", 2100), ("1607 heures par an", 2100), ("151,67 H par mois", 2100),
        ("7H par jour", 2100), ("145H Horaires normaux", 0), ("De 20 à 25H", 1200), ("Temps partiel", 0),
    ],
)  # fmt: skip
def test_hours_are_those_of_a_week_or_are_not_told(wording: str, minutes: int) -> None:
    assert one(dureeTravailLibelle=wording).hours == minutes


@pytest.mark.parametrize(
    ("place", "insee"),
    [
        ({"libelle": "03 - MONTLUCON", "codePostal": "03100"}, "03185"),
        ({"libelle": "93 - DRANCY", "codePostal": "93700"}, "93029"),
        ({"libelle": "75 - Paris 11e Arrondissement", "codePostal": "75011"}, "75111"),
        ({"libelle": "2A - AJACCIO", "codePostal": "20000"}, "2A004"),
        ({"libelle": "74 - SEYNOD", "codePostal": "74600", "commune": "74268"}, "74010"),
        ({"libelle": "74 - SEYNOD", "codePostal": "74600"}, "74010"),
        ({"codePostal": "74960"}, "74010"),
        ({"libelle": "74", "codePostal": "74960", "commune": "99999"}, "74010"),
        ({"libelle": "971 - ST BARTHELEMY", "codePostal": "97133"}, "97701"),
        ({"libelle": "971 - ST MARTIN", "codePostal": "97150", "commune": "97801"}, "97801"),
    ],
)
def test_a_place_without_its_code(place: dict[str, str], insee: str) -> None:
    assert one(lieuTravail=place).sites[0].commune == insee


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"), ({"intitule": None}, "intitule"), ({"romeCode": "N41"}, "romeCode"),
        ({"romeCode": 4}, "romeCode"), ({"typeContrat": "XXX"}, "typeContrat"), ({"nombrePostes": 0}, "nombrePostes"),
        ({"nombrePostes": "deux"}, "nombrePostes"), ({"lieuTravail": {"libelle": "03 - Allier"}}, "lieuTravail"),
        ({"lieuTravail": "Montluçon"}, "lieuTravail"),
        ({"lieuTravail": {"commune": "97123"}}, "lieuTravail"),
        ({"lieuTravail": {"codePostal": "03410"}}, "lieuTravail"), ({"competences": [3]}, "competences"),
    ],
)  # fmt: skip
def test_an_offer_that_cannot_be_read_names_the_field_and_costs_no_other(changes: dict[str, Any], field: str) -> None:
    bad, good = parse([OFFER | changes, OFFER])
    assert (bad.line, bad.value) == (1, None)
    assert field in (bad.problem or "")
    assert good.value == one()


def test_the_same_offer_twice() -> None:
    first, second = parse([OFFER, OFFER])
    assert first.value is not None
    assert second.problem is not None


def test_an_occupation_of_a_newer_edition_is_kept() -> None:
    assert one(romeCode="N9999").rome == "N9999"


def test_what_is_too_long_is_cut_and_the_wire_can_carry_it() -> None:
    offer = one(description="é" * 9000, salaire={"libelle": "x" * 500}, intitule="y" * 300)
    assert (len(offer.description), len(offer.salary), len(offer.title)) == (4000, 200, 200)
    assert offer_message(offer, NOW).description.endswith("…")


@pytest.mark.parametrize(
    "data",
    [b"{", b"[1", b'{"resultats": 3}', b"[" * 100_000, b'[{"id": "\xff"}]', b"{" + b" " * 11_000_000, b'{"a":' * 5000],
)
def test_a_file_that_is_no_list_of_offers(data: bytes) -> None:
    (line,) = read_offers(data, REFERENTIAL, TODAY)
    assert (line.line, line.value) == (1, None)
    assert line.problem


def test_entries_that_are_no_offers() -> None:
    assert [line.value for line in parse([1, "x", {}, [OFFER]])] == [None] * 4
    assert parse([]) == []


def test_the_documented_example_is_read() -> None:
    text = (Path(__file__).parents[3] / "docs" / "imports.md").read_text(encoding="utf-8")
    (line,) = read_offers(text.split("```json\n")[1].split("```")[0].encode(), REFERENTIAL, TODAY)
    assert line.value is not None


@given(
    st.dictionaries(
        st.sampled_from(sorted(OFFER)),
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2),
    )
)
def test_no_field_is_ever_too_strange(changes: dict[str, Any]) -> None:
    (line,) = parse(OFFER | changes)
    assert (line.value is None) is (line.problem is not None)
