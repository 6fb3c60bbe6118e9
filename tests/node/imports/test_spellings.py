"""Days, lengths of time, hours, licences and languages as people write them: read whole, or not at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.imports.days import parse_day
from node.imports.languages import read_language
from node.imports.licences import read_licence
from node.imports.occupations import read_occupation
from node.imports.spans import find_months, read_months
from node.imports.working_hours import BOUNDS, find_weekly_minutes, read_weekly_minutes
from node.mission.terms import Licence
from node.referential import load

DAY = date(2025, 3, 9)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-09", "2025/3/9", "09/03/2025", "9/3/25", "9.3.2025", "09-03-2025", "9 3 2025", "9 mars 2025",
        "9 MARS 25", "dimanche 9 mars 2025", "le 9 mars 2025", "9-mars-25", "9 mar. 2025", "2025-03-09 00:00:00",
        "09/03/2025 14:30",        "09/03/2025 à 14h30", "2025-03-09T08:00:00Z", "45725", "45725.5", "9 March 2025",
    ],
)  # fmt: skip
def test_a_day_in_all_its_spellings(text: str) -> None:
    assert parse_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "bientôt", "2025", "mars 2025", "31/02/2027", "11/23/2026", "9 jui 2025", "9 brumaire 2025", "1492-01-01",
     "12345", "9 mars", "0/0/2025", "2025-03-09..", "90319"],
)  # fmt: skip
def test_what_is_no_whole_day_is_none(text: str) -> None:
    assert parse_day(text) is None


def test_the_first_of_the_month_and_its_accents() -> None:
    assert parse_day("1er août 2025") == date(2025, 8, 1)
    assert parse_day("3 déc. 2025") == date(2025, 12, 3)
    assert parse_day("4 f\u00e9vrier\u00a02025") == date(2025, 2, 4)


@given(st.dates(date(1970, 1, 1), date(2049, 12, 31)))
def test_every_day_is_read_back_from_each_spelling(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", str((day - date(1899, 12, 30)).days)):
        assert parse_day(text) == day


@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(text: str) -> None:
    assert parse_day(text) is None or parse_day(text) >= date(1900, 1, 1)  # type: ignore[operator]
    for minutes in (read_weekly_minutes(text), find_weekly_minutes(text)):
        assert minutes is None or minutes in BOUNDS
    assert (read_months(text) or 0) <= 600
    assert find_months(text) <= 600
    read_licence(text)
    read_language(text)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("18", 18), ("24 mois", 24), ("2 ans", 24), ("2 ans et demi", 30), ("2,5 ans", 30), ("1 an 6 mois", 18),
        ("1 an et 3 mois", 15), ("un an", 12), ("deux ans et demi", 30), ("6 Mois", 6), ("2 An(s)", 24),
        ("45 jours", 2), ("601", None), ("60 ans", None), ("longtemps", None), ("2 ans ou plus", None), ("", None),
    ],
)  # fmt: skip
def test_lengths_of_time(text: str, months: int | None) -> None:
    assert read_months(text) == months


WEEK = 35 * 60


@pytest.mark.parametrize(
    "text",
    [
        "35", "35h", "35 H 00", "35H00", "35,0", "35:00", "35 heures", "35 heures par semaine", "35h/semaine",
        "35h hebdo", "35 heures hebdomadaires", "151,67 h/mois", "151.67 heures par mois", "151,67 h mensuelles",
        "1607 heures par an", "1 607 h/an", "1607h annuelles", "7 h par jour", "7h/j", "35 à 39 h", "35-39h",
        "35h à 39h par semaine",        "environ 35h",
    ],
)  # fmt: skip
def test_hours_have_a_unit_and_a_period(text: str) -> None:
    assert read_weekly_minutes(text) == WEEK
    if "h" in text.lower():
        assert find_weekly_minutes(f"{text}, horaires normaux") == WEEK


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("24H30/semaine\nTravail le samedi", 1470), ("39H30 Horaires normaux", 2370), ("17,5 h", 1050),
        ("7 h par jour, 4 jours par semaine", 28 * 60), ("Horaires de 9h à 17h, 30h par semaine", 1800),
        ("7h par jour soit 33h par semaine", 33 * 60), ("20 à 24 h", 1200), ("Mensuel : 104 h", 1440),
    ],
)  # fmt: skip
def test_a_wording_that_tells_the_hours(text: str, minutes: int) -> None:
    assert find_weekly_minutes(text) == minutes


@pytest.mark.parametrize(
    "text",
    ["", "135H", "1607 heures", "151,67 h", "35h75", "temps plein", "de 9h à 17h", "2x8", "61h", "0h",
     "12 345 h par an", "123 456 789 012 h par an", "1 234 567 890 123 h/an", "24 à 20 h",
     "1607,35h12345", "de 9h30 à 17h", "24h/24", "service ouvert 24 h / 24"],
)  # fmt: skip
def test_no_fragment_of_a_number_is_hours(text: str) -> None:
    assert find_weekly_minutes(text) is None
    assert read_weekly_minutes(text) is None


@given(st.integers(61, 99_999), st.sampled_from(["h", " heures", "H00", ""]))
def test_more_hours_than_a_week_may_have_are_none(number: int, unit: str) -> None:
    assert read_weekly_minutes(f"{number}{unit}") is None
    assert find_weekly_minutes(f"{number}{unit} Horaires normaux") is None


SERVICE: dict[str, str] = {
    "AM - Cyclomoteur <= 50 cm3": "AM", "A1 - Motocyclette <=125 cm3": "A1", "A2 - Moto <= 600 cm3": "A2",
    "A - Moto": "A", "B1 - Quadricycle": "B1", "B - Véhicule léger": "B",
    "B mention 96 - VL + remorque (PTAC < 4,25 T)": "B", "EB - Véhicule léger + remorque": "BE",
    "B mention 79.06 (= EB)": "BE", "BE - Véhicule léger + remorque  (PTAC > 4,25 T)": "BE",
    "C1 - Poids lourd < 7,5 T": "C1", "C1E - Poids lourd < 7,5 T + remorque": "C1E", "C - Poids lourd": "C",
    "CE - Poids lourd + remorque  (= EC)": "CE", "EC - Poids lourd + remorque": "CE",
    "D1 - Transport de personnes <= 16 places": "D1", "D1E - Transport de personnes <= 16 P + remorque": "D1E",
    "D - Transport de personnes": "D", "DE - Transport de personnes + remorque (= ED)": "DE",
    "ED - Transport de personnes + remorque": "DE",
}  # fmt: skip
"""The service's table of licences, with what each label means."""


@pytest.mark.parametrize(("label", "category"), SERVICE.items())
def test_every_label_of_the_service_is_a_category(label: str, category: str) -> None:
    assert read_licence(label) == category
    assert read_licence(label.upper()) == category


@pytest.mark.parametrize("licence", Licence)
def test_every_category_is_read_by_its_code_and_its_label(licence: Licence) -> None:
    for text in (
        licence.value,
        licence.value.lower(),
        f"Permis {licence.value}",
        licence.label,
        f"{licence} - Libellé",
    ):
        assert read_licence(text) is licence


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("BSR", "AM"), ("AM/BSR", "AM"), ("AM - Cyclomoteur", "AM"), ("E(B)", "BE"), ("E (C)", "CE"), ("B+E", "BE"),
        ("C1 E", "C1E"), ("B79", "BE"), ("B96", "B"), ("B78", "B"), ("B 79.06", "BE"), ("PL", "C"), ("SPL", "CE"),
        ("VL", "B"), ("Permis de conduire B", "B"), ("catégorie C", "C"), ("E(D)", "DE"),
    ],
)  # fmt: skip
def test_names_that_people_give_to_licences(text: str, category: str) -> None:
    assert read_licence(text) == category


@pytest.mark.parametrize(
    "text", ["", "FIMO", "FCO", "CACES 1", "oui", "voiture", "Z", "B en cours", "B (en cours)",
             "B - à passer",
             "B (suspension)", "A la recherche du permis", "pas de permis", "code obtenu", "Bac pro", "B suspendu",
             "B, C", "B - C", "B et C", "B/C"],
)  # fmt: skip
def test_what_is_no_licence(text: str) -> None:
    assert read_licence(text) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("en:B1", ("en", "B1")), ("Français (B2)", ("fr", "B2")), ("anglais B1", ("en", "B1")),
        ("FRANCAIS C2", ("fr", "C2")), ("espagnol courant", ("es", "C1")), ("arabe (langue maternelle)", ("ar", "C2")),
        ("anglais : notions", ("en", "A1")),
        ("anglais", ("en", "A1")), ("klingon B1", ("klingon", "B1")), ("klingon", None),
        ("soninké courant", ("snk", "C1")), ("Ourdou", ("ur", "A1")), ("anglais B3", None),
        ("anglais magnifique", None), ("", None),
    ],
)  # fmt: skip
def test_languages(text: str, read: tuple[str, str] | None) -> None:
    assert read_language(text) == read


def test_the_serial_of_a_spreadsheet_is_a_day() -> None:
    assert parse_day("25569") == date(1970, 1, 1)
    assert parse_day("46023") == date(2026, 1, 1)
    assert parse_day(str((DAY + timedelta(days=1) - date(1899, 12, 30)).days)) == DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("N1103:24", ("N1103", 24)), ("n1103 (2 ans et demi)", ("N1103", 30)), ("N1103", ("N1103", 0)),
        ("caissière", ("D1505", 0)), ("Caissière : 2 ans", ("D1505", 24)), ("femme de ménage (6 mois)", ("K1304", 6)),
        ("cariste 18 mois", ("N1101", 18)),
        ("Z9999", None), ("roi des elfes", None), ("cariste: beaucoup", None), ("", None),
        ("12", None), ("N11033", None),
    ],
)  # fmt: skip
def test_occupations(text: str, read: tuple[str, int] | None) -> None:
    assert read_occupation(load(), text) == read


def test_a_long_cell_is_no_occupation_and_costs_nothing() -> None:
    assert read_occupation(load(), "a" * 100_000 + "1x)") is None


def test_hours_of_a_year_that_are_few_are_those_of_its_weeks() -> None:
    assert find_weekly_minutes("35 heures annualisées") == 35 * 60
    assert find_weekly_minutes("1607 heures annualisées") == 35 * 60
