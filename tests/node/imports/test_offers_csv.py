"""Employers' offers as a town types them: one line an offer, several for a campaign."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.imports import ParsedLine, read_offers
from node.imports.offers_csv import COLUMNS, default_closing
from node.mission.offers.offer import Need, Offer
from node.referential import load

REFERENTIAL = load()
TODAY = date(2026, 11, 23)
BASE = {
    "reference": "O-1",
    "employeur": "Entrepôts du Cher",
    "intitule": "Cariste",
    "rome": "N1101",
    "contrat": "CDI",
    "commune": "03185",
}


def parse(*rows: dict[str, str]) -> list[ParsedLine[Offer]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return list(read_offers("\n".join(";".join(line) for line in lines).encode(), REFERENTIAL, TODAY))


def one(**cells: str) -> Offer:
    (line,) = parse(BASE | cells)
    assert line.problem is None, line.problem
    assert line.value is not None
    return line.value


def outcome(*rows: dict[str, str]) -> list[tuple[int, bool]]:
    return [(line.line, line.value is not None) for line in parse(*rows)]


def test_a_whole_offer() -> None:
    offer = one(
        description="Quai nord", contrat="Contrat à durée déterminée", duree_mois="6 mois", heures="35h30",
        salaire="12,50 € de l'heure", experience="exigée", experience_mois="12", qualification="6",
        competences="900016|117474", competences_souhaitees="Travailler en équipe|900016", langues="anglais:A2",
        permis="B", site="Quai nord", postes="3", cloture="31/01/2027", reseau="non", reponse_jours="21 jours",
        candidatures_max="4", clause="oui", clause_heures="300 h",
    )  # fmt: skip
    assert (offer.id, offer.node, offer.reference, offer.revision) == ("", "", "O-1", 0)
    assert (offer.contract, offer.months, offer.hours, offer.qualification) == ("CDD", 6, 2130, 6)
    assert (offer.experience, offer.experience_months) == ("E", 12)
    assert dict(offer.skills) == {"900016": Need.REQUIRED, "117474": Need.REQUIRED, "900004": Need.WISHED}
    assert (offer.languages, offer.licences, offer.network) == ((("en", "A2"),), frozenset({"B"}), False)
    (site,) = offer.sites
    assert (site.id, site.commune, site.label, site.posts) == ("03185", "03185", "Quai nord", 3)
    assert offer.closes == date(2027, 1, 31)
    assert (offer.answer_days, offer.most_open, offer.cap) == (21, 4, 4)
    assert (offer.clause, offer.clause_hours) == (True, 300)


def test_a_clause_is_said_by_its_hours_and_not_denied_beside_them() -> None:
    assert (one(clause="x").clause, one(clause_heures="120").clause, one(clause="non").clause) == (True, True, False)
    for cells in ({"clause": "non", "clause_heures": "120"}, {"clause": "peut-être"}, {"clause_heures": "beaucoup"}):
        (line,) = parse(BASE | cells)
        assert line.value is None and "lause" in str(line.problem)


@pytest.mark.parametrize("cell", ["6", "61", "trois semaines", "0", "-7", "999 jours"])
def test_an_employer_takes_from_a_week_to_two_months_to_answer(cell: str) -> None:
    (line,) = parse(BASE | {"reponse_jours": cell})
    assert line.value is None and "de 7 à 60" in str(line.problem)


def test_what_is_left_empty() -> None:
    offer = one()
    assert (offer.answer_days, offer.most_open, offer.cap) == (30, 0, 5)
    assert (offer.experience, offer.skills, offer.hours, offer.network, offer.posts) == ("D", (), 0, True, 1)
    assert (offer.clause, offer.clause_hours) == (False, 0)
    assert offer.closes == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("today", "closes"),
    [
        (date(2026, 11, 1), date(2027, 1, 31)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 5), date(2028, 2, 29)),
    ],
)
def test_an_offer_without_an_end_closes_at_the_end_of_the_second_month(today: date, closes: date) -> None:
    assert default_closing(today) == closes


def test_a_campaign_over_three_towns() -> None:
    site = {"reference": "O-1"}
    (line,) = parse(
        BASE | {"postes": "12"},
        site | {"commune": "64102", "postes": "8"},
        BASE | {"commune": "Drancy (93700)", "postes": "20"},
    )
    assert line.value is not None
    assert line.line == 2
    assert [(s.id, s.commune, s.posts) for s in line.value.sites] == [
        ("03185", "03185", 12),
        ("64102", "64102", 8),
        ("93029", "93029", 20),
    ]


def test_two_sites_in_one_commune_have_names_and_ids_that_stay() -> None:
    (line,) = parse(BASE | {"site": "Nord"}, BASE | {"site": "Sud"})
    assert line.value is not None
    assert [site.id for site in line.value.sites] == ["03185", "03185-2"]
    assert outcome(BASE, BASE) == [(2, True), (3, False)]


def test_a_bad_site_costs_itself_alone() -> None:
    assert outcome(BASE, BASE | {"commune": "Nullepart"}, BASE | {"commune": "64102"}) == [(2, True), (3, False)]
    lines = parse(BASE | {"commune": "Nullepart"}, {"reference": "O-1", "commune": "64102"})
    assert [(line.line, bool(line.value), bool(line.problem)) for line in lines] == [(2, True, False), (2, False, True)]
    offers = [line.value for line in lines if line.value]
    assert [site.commune for site in offers[0].sites] == ["64102"]


def test_a_later_line_may_not_say_otherwise() -> None:
    first, second = parse(BASE, BASE | {"commune": "64102", "contrat": "CDD"})
    assert first.value is not None
    assert len(first.value.sites) == 1
    assert second.problem is not None
    assert "contrat" in second.problem


def test_the_line_that_describes_the_offer_may_come_later_or_again() -> None:
    site = {"reference": "O-1", "commune": "64102"}
    (line,) = parse(site, BASE)
    assert line.value is not None
    assert [s.commune for s in line.value.sites] == ["64102", "03185"]
    assert outcome(BASE | {"rome": "x"}, BASE, site) == [(2, False), (3, True)]


def test_sites_of_an_offer_that_cannot_be_read_are_sent_to_its_line() -> None:
    first, second = parse(BASE | {"rome": "x"}, {"reference": "O-1", "commune": "64102"})
    assert "rome" in (first.problem or "")
    assert "2" in (second.problem or "")
    (alone,) = parse(
        {"reference": "O-1", "commune": "64102"} | {name: "" for name in BASE if name not in {"commune", "reference"}}
    )
    assert "employeur" in (alone.problem or "")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("reference", ""), ("employeur", ""), ("rome", ""), ("rome", "N1101|N1103"), ("rome", "A0000"),
        ("contrat", ""), ("contrat", "CDX"), ("contrat", "CDI|CDD"), ("commune", "Nullepart"),
        ("postes", "0"), ("postes", "beaucoup"), ("cloture", "22/11/2026"), ("cloture", "demain"),
        ("heures", "169h"), ("heures", "35h75"), ("heures", "temps plein"), ("experience", "beaucoup"),
        ("experience_mois", "601"), ("qualification", "0"), ("competences", "soudure magique"),
        ("langues", "anglais:D4"), ("langues", "kabyle:B1"), ("langues", "nheengatu:B1"),
        ("permis", "voiture"), ("reseau", "bof"), ("description", "x" * 4001), ("site", "x" * 201),
        ("competences", "|".join(str(n) for n in range(61))),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named(column: str, cell: str) -> None:
    (line,) = parse(BASE | {column: cell})
    assert line.value is None
    assert column in (line.problem or "")


def test_a_skill_list_over_two_columns_has_one_cap() -> None:
    skills = {
        "competences": "|".join(str(n) for n in range(40)),
        "competences_souhaitees": "|".join(str(n) for n in range(90, 130)),
    }
    (line,) = parse(BASE | skills)
    assert "competences" in (line.problem or "")


def test_a_broken_line_and_a_broken_file() -> None:
    header = ";".join(BASE)
    good = ";".join(BASE.values())
    lines = read_offers(f'{header}\n"O-2;x\n{good}\n'.encode(), REFERENTIAL, TODAY)
    assert [(line.line, line.value is not None) for line in lines] == [(2, False), (3, True)]
    (line,) = read_offers(b"O-1;Cariste\n", REFERENTIAL, TODAY)
    assert (line.line, line.value) == (1, None)


def test_a_campaign_has_at_most_a_thousand_sites() -> None:
    lines = parse(*(BASE | {"site": f"Agence {n}"} for n in range(1001)))
    assert [(line.line, line.value is not None) for line in lines] == [(2, True), (1002, False)]


@pytest.mark.parametrize(
    ("cell", "minutes"), [("35", 2100), ("35h", 2100), ("35 h 30", 2130), ("17,5", 1050), ("20.25", 1215)]
)
def test_hours(cell: str, minutes: int) -> None:
    assert one(heures=cell).hours == minutes


def test_the_documented_example_is_read() -> None:
    text = (Path(__file__).parents[3] / "docs" / "imports.md").read_text(encoding="utf-8")
    (line,) = read_offers(text.split("```csv\n")[2].split("```")[0].encode(), REFERENTIAL, TODAY)
    assert line.value is not None
    assert [site.posts for site in line.value.sites] == [12, 8, 20]
    assert set(COLUMNS.names) <= set(text.replace("`", " ").replace(",", " ").split())


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(sorted(COLUMNS.names)), st.sampled_from(["", "1", "N1101", "CDI", "03185", "x"])
        ),
        min_size=1,
        max_size=5,
    )
)
def test_every_line_is_accounted_for(rows: list[dict[str, str]]) -> None:
    """Each line is a value's, a site of a value, or a problem."""
    whole = [BASE | row for row in rows]
    lines = parse(*whole)
    sites = sum(len(line.value.sites) for line in lines if line.value)
    assert sites + sum(line.problem is not None for line in lines) == len(whole)
