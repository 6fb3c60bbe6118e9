"""Montluçon types its register into a spreadsheet."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.imports import ParsedLine, read_candidates
from node.imports.candidates_csv import COLUMNS
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, Experience, Met
from node.referential import load

REFERENTIAL = load()
TODAY = date(2026, 11, 23)
BASE = {"reference": "MTL-1", "nom": "Petit", "prenom": "Camille", "commune": "03185", "metiers": "N1103:24|N4105"}


def parse(*rows: dict[str, str]) -> list[ParsedLine[Candidate]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    data = "\n".join(";".join(line) for line in lines).encode()
    return list(read_candidates(data, REFERENTIAL, TODAY))


def one(**cells: str) -> Candidate:
    (line,) = parse(BASE | cells)
    assert line.problem is None, line.problem
    assert line.value is not None
    return line.value


def problem(**cells: str) -> str:
    (line,) = parse(BASE | cells)
    assert line.value is None
    assert line.problem is not None
    return line.problem


def test_a_language_outside_the_list_is_kept_as_written() -> None:
    person = one(langues="soninké:C2|Ourdou B1|Nheengatu moderne (A2)|kk:A1")
    assert person.languages == (("Nheengatu moderne", "A2"), ("kk", "A1"), ("snk", "C2"), ("ur", "B1"))


def test_a_whole_person() -> None:
    person = one(
        email="c.petit@exemple.fr", telephone="04 70 12 34 56",
        competences="900016|Travailler en équipe|123456", permis="B|be", qualification="6",
        langues="fr:C2|anglais : b1|Espagnol (A2)", contrats="CDI|Contrat à durée déterminée|intérim",
        mobilite_km="25 km", lieux="64102|Drancy (93700)", demenage="non", disponibilite="01/01/2027",
        resume="Dix ans d'entrepôt", accord_conservation="03/11/2026", accord_reseau="2026-11-03..2027-05-03",
        accord_recueilli="signé au guichet", pret_par="Mme Aubert", pret_le="10/11/2026",
        rencontre="en personne", rencontre_le="05/11/2026", dernier_contact="2026-11-20",
    )  # fmt: skip
    assert (person.id, person.reference, person.last_name, person.phone) == ("", "MTL-1", "Petit", "+33470123456")
    assert person.occupations == (Experience(rome="N1103", months=24), Experience(rome="N4105", months=0))
    assert person.skills == {"900016", "900004", "123456"}
    assert person.licences == {"B", "BE"}
    assert person.languages == (("en", "B1"), ("es", "A2"), ("fr", "C2"))
    assert person.contracts == {"CDI", "CDD", "MIS"}
    assert (person.mobility_km, person.relocates) == (25, False)
    assert person.places == {"64102", "93029"}
    assert person.availability == date(2027, 1, 1)
    assert person.last_contact == date(2026, 11, 20)
    keep, network = person.consents
    assert (keep.scope, keep.until, keep.how) == (ConsentScope.KEEP, date(2028, 11, 2), "signé au guichet")
    assert (network.scope, network.given_on, network.until) == (
        ConsentScope.NETWORK,
        date(2026, 11, 3),
        date(2027, 5, 3),
    )
    assert person.readiness is not None
    assert (person.readiness.met, person.readiness.met_on) == (Met.IN_PERSON, date(2026, 11, 5))
    assert person.may_be_published(TODAY)


def test_what_is_left_empty() -> None:
    person = one()
    assert (person.consents, person.readiness, person.skills, person.contracts) == ((), None, frozenset(), frozenset())
    assert (person.mobility_km, person.relocates, person.qualification) == (10, False, 0)


@pytest.mark.parametrize("empty", ["", " ", "non", "No"])
def test_an_empty_consent_is_no_consent(empty: str) -> None:
    assert one(accord_conservation=empty, accord_reseau=empty).consents == ()


@pytest.mark.parametrize("consent", ["oui", "X", "x", "d'accord", "2026", "24/11/2026", "2026-11-23..2026-11-01",
                                     "2026-01-01..2026-02-30", "2026-01-01..2026-02-01..2026-03-01"])  # fmt: skip
def test_a_consent_without_a_proper_day_is_refused_not_guessed(consent: str) -> None:
    assert "accord_reseau" in problem(accord_reseau=consent)


@pytest.mark.parametrize("span", ["2026-11-03..2027-05-03", "03/11/2026 au 03/05/2027", "2026-11-03 -> 2027-05-03",
                                  "3/11/2026 jusqu'au 3/5/2027", "2026-11-03 until 2027-05-03"])  # fmt: skip
def test_an_end_may_be_written_in_many_ways(span: str) -> None:
    (consent,) = one(accord_reseau=span).consents
    assert (consent.given_on, consent.until) == (date(2026, 11, 3), date(2027, 5, 3))


def test_an_agreement_lasts_a_year_when_no_end_is_given() -> None:
    (consent,) = one(accord_reseau="2026-11-03").consents
    assert consent.until - consent.given_on == timedelta(days=365)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("reference", ""), ("reference", "x" * 65), ("nom", ""), ("prenom", ""), ("nom", "x" * 201),
        ("email", "camille"), ("email", "a b@c.fr"), ("telephone", "12"), ("telephone", "zéro quatre"),
        ("commune", ""), ("commune", "Nullepart"), ("commune", "99999"), ("commune", "Saint-Denis"),
        ("metiers", ""), ("metiers", "N119"), ("metiers", "roi des elfes"), ("metiers", "N1103|N1103"),
        ("metiers", "N9999"),
        ("metiers", "|".join(f"N110{n}" for n in range(1, 10)) + "|N4105|N4101"),
        ("competences", "tricot quantique"), ("competences", "-1"), ("competences", "1234567890"),
        ("permis", "Z"), ("permis", "oui"), ("qualification", "10"), ("qualification", "grand chef"),
        ("langues", "anglais:D4"), ("langues", "en:B3"), ("langues", "klingon"), ("langues", "12:B1"),
        ("langues", "en:A1|anglais:B1"),
        ("contrats", "CDZ"), ("mobilite_km", "-5"), ("mobilite_km", "loin"), ("mobilite_km", "1001"),
        ("mobilite_km", "1_0"), ("lieux", "Nullepart"), ("demenage", "peut-être"), ("disponibilite", "bientôt"),
        ("disponibilite", "31/02/2027"), ("resume", "x" * 4001), ("dernier_contact", "2026-11-24"),
        ("dernier_contact", "1492-01-01"), ("competences", "|".join("9" * 1 for _ in range(61))),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_and_never_repeated(column: str, cell: str) -> None:
    sentence = problem(**{column: cell})
    assert column in sentence
    assert len(cell) < 4 or cell in {"anglais"} or cell not in sentence


def test_all_that_is_wrong_with_a_line_is_said_at_once() -> None:
    sentence = problem(permis="Z", mobilite_km="loin", accord_reseau="oui")
    assert all(column in sentence for column in ("permis", "mobilite_km", "accord_reseau"))


def test_the_place_in_a_list_is_said() -> None:
    assert "2, 4" in problem(competences="900016|x|900004|y")


@pytest.mark.parametrize(
    "cells",
    [
        {"pret_par": "Mme Aubert"},
        {"pret_par": "Mme Aubert", "pret_le": "10/11/2026", "rencontre": "en personne"},
        {"pret_par": "Mme Aubert", "pret_le": "10/11/2026", "rencontre": "visio", "rencontre_le": "05/11/2026"},
        {"pret_par": "Mme Aubert", "pret_le": "10/11/2026", "rencontre": "téléphone", "rencontre_le": "11/11/2026"},
        {"pret_par": "Mme Aubert", "pret_le": "30/11/2026", "rencontre": "téléphone", "rencontre_le": "11/11/2026"},
    ],
)
def test_a_signature_is_whole_or_refused(cells: dict[str, str]) -> None:
    assert "pret_" in problem(**cells) or "rencontre" in problem(**cells)


@pytest.mark.parametrize(
    ("cells", "insee"),
    [
        ({"commune": "03185"}, "03185"),
        ({"commune": "3185"}, "03185"),
        ({"commune": "Montluçon", "code_postal": "03100"}, "03185"),
        ({"commune": "montlucon", "code_postal": "3100"}, "03185"),
        ({"commune": "Montluçon (03100)"}, "03185"),
        ({"commune": "", "code_postal": "93700"}, "93029"),
        ({"commune": "2a004"}, "2A004"),
        ({"commune": "74268"}, "74010"),
        ({"commune": "Seynod", "code_postal": "74600"}, "74010"),
        ({"commune": "Meythet-Plaine", "code_postal": "74960"}, "74010"),
        ({"commune": "99999", "code_postal": "74960"}, "74010"),
        ({"commune": "Saint-Barth", "code_postal": "97133"}, "97701"),
        ({"commune": "St Martin", "code_postal": "97150"}, "97801"),
        ({"commune": "", "code_postal": "75011"}, "75111"),
    ],
)
def test_communes(cells: dict[str, str], insee: str) -> None:
    assert one(**cells).commune == insee


@pytest.mark.parametrize(
    "cells",
    [
        {"commune": "", "code_postal": "03410"},
        {"commune": "Rue des Usines", "code_postal": "03410"},
        {"commune": "97123"},
        {"commune": "93700"},
        {"commune": "93700", "code_postal": "03410"},
        {"commune": "Drancy", "code_postal": "64100"},
    ],
)
def test_a_doubtful_commune_is_not_guessed_and_an_unknown_code_is_no_postal_code(cells: dict[str, str]) -> None:
    assert "commune" in problem(**cells)
    assert "lieux" in problem(lieux="64102|93700")


def test_a_spreadsheet_dropped_the_first_zero() -> None:
    for typed in ("470123456", "470123456.0", "33470123456", "+33 4 70 12 34 56"):
        assert one(telephone=typed).phone == "+33470123456"


def test_codes_may_stand_between_commas_and_the_like() -> None:
    person = one(
        metiers="N1103 (2 ans et demi), N4105 - 6 mois", permis="B, C et EC", langues="français C2 / anglais courant",
        contrats="CDI, CDD,intérim",
    )  # fmt: skip
    assert [(work.rome, work.months) for work in person.occupations] == [("N1103", 30), ("N4105", 6)]
    assert person.licences == {"B", "C", "CE"}
    assert person.languages == (("en", "C1"), ("fr", "C2"))
    assert person.contracts == {"CDI", "CDD", "MIS"}
    for many in ("|".join(["B"] * 60 + ["x"]), ", ".join(["B"] * 61), "|".join(["B", *["B,B"] * 30])):
        assert "60" in problem(permis=many)


@pytest.mark.parametrize("yes", ["oui", "O", "x", "X", "vrai", "1", "yes"])
def test_a_yes_needs_no_day_where_nothing_is_agreed_to(yes: str) -> None:
    assert one(demenage=yes).relocates
    assert one(disponibilite=yes).availability is None
    said = problem(accord_reseau=yes, accord_conservation=yes)
    assert said.count("23/11/2026 au 22/11/2027") == 2, "an agreement needs its own day, and how to write it is said"


@pytest.mark.parametrize("no", ["non", "N", "faux", "0", ""])
def test_a_no_is_a_no_everywhere(no: str) -> None:
    person = one(demenage=no, accord_reseau=no, permis=no, lieux=no)
    assert not (person.relocates or person.consents or person.licences or person.places)


def test_days_as_people_write_them() -> None:
    person = one(dernier_contact="le 20 novembre 2026", disponibilite="4.1.27", accord_reseau="du 3 nov. 2026 au 46510")
    assert (person.last_contact, person.availability) == (date(2026, 11, 20), date(2027, 1, 4))
    assert (person.consents[0].given_on, person.consents[0].until) == (date(2026, 11, 3), date(2027, 5, 3))


def test_years_of_experience() -> None:
    assert one(metiers="n1103 : 2 ans|N4105:6 mois").occupations == (
        Experience(rome="N1103", months=24),
        Experience(rome="N4105", months=6),
    )


def test_immediate_availability_is_no_day() -> None:
    assert one(disponibilite="immédiate").availability is None


def test_good_lines_are_kept_beside_bad_ones_and_a_reference_stands_once() -> None:
    lines = parse(BASE, BASE | {"reference": "MTL-2", "nom": ""}, BASE | {"reference": "MTL-3"}, BASE)
    assert [(line.line, line.value is not None) for line in lines] == [(2, True), (3, False), (4, True), (5, False)]
    assert "2" in (lines[3].problem or "")


def test_english_names() -> None:
    data = (
        b"reference,last_name,first_name,town,occupations,consent_network,met,met_on,ready_by,ready_on\n"
        b"D-1,Diallo,Awa,93029,N1103,2026-11-01,phone,2026-11-02,M. Roy,2026-11-03\n"
    )
    (line,) = read_candidates(data, REFERENTIAL, TODAY)
    assert line.value is not None
    assert line.value.may_be_published(TODAY)


def test_a_file_without_a_header_is_one_problem() -> None:
    (line,) = read_candidates(b"MTL-1;Petit;Camille;03185;N1103\n", REFERENTIAL, TODAY)
    assert line.line == 1
    assert line.problem is not None
    assert "Petit" not in line.problem


def test_the_documented_example_is_read() -> None:
    text = (Path(__file__).parents[3] / "docs" / "imports.md").read_text(encoding="utf-8")
    example = text.split("```csv\n")[1].split("```")[0]
    first, second = read_candidates(example.encode(), REFERENTIAL, TODAY)
    assert first.value is not None
    assert second.value is not None
    assert first.value.may_be_published(TODAY)
    assert [consent.scope for consent in second.value.consents] == [ConsentScope.KEEP]
    documented = set(text.replace("`", " ").replace(",", " ").split())
    assert set(COLUMNS.names) <= documented


@given(st.dictionaries(st.sampled_from(sorted(COLUMNS.names)), st.text(max_size=12), min_size=4))
def test_no_cell_is_ever_too_strange(cells: dict[str, str]) -> None:
    clean = {name: cell.replace('"', "").replace(";", "") for name, cell in (BASE | cells).items()}
    for line in parse({name: " ".join(cell.split()) for name, cell in clean.items()}):
        assert (line.value is None) is (line.problem is not None)
