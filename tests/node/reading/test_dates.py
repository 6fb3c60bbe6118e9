"""Periods as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.reading.dates import Moment, length, periods

TODAY = date(2026, 11, 23)
M = Moment


@pytest.mark.parametrize(
    ("text", "start", "end", "months"),
    [
        ("mars 2019 - juin 2021", M(2019, 3), M(2021, 6), 28),
        ("De mars 2019 à juin 2021 : cariste", M(2019, 3), M(2021, 6), 28),
        ("Mars 2019 – Juin 2021", M(2019, 3), M(2021, 6), 28),
        ("févr. 2016 / déc. 2016", M(2016, 2), M(2016, 12), 11),
        ("03/2019 à ce jour", M(2019, 3), None, 93),
        ("03/2019 au 06/2021", M(2019, 3), M(2021, 6), 28),
        ("du 05/09/2018 au 30/06/2019", M(2018, 9), M(2019, 6), 10),
        ("03/19 - 06/21", M(2019, 3), M(2021, 6), 28),
        ("2015-2018", M(2015), M(2018), 36),
        ("2015-18 Maçon", M(2015), M(2018), 36),
        ("2018 à 2015", M(2015), M(2018), 36),
        ("entre 2015 et 2018", M(2015), M(2018), 36),
        ("depuis 2020", M(2020), None, 77),
        ("depuis le 1er mars 2020", M(2020, 3), None, 81),
        ("septembre 2019 - Présent", M(2019, 9), None, 87),
        ("2024 - aujourd’hui", M(2024), None, 29),
        ("mars à juin 2021", M(2021, 3), M(2021, 6), 4),
        ("novembre à mars 2021", M(2020, 11), M(2021, 3), 5),
        ("09/2026 - 06/2027", M(2026, 9), None, 3),
        ("Août 2017 → août 2017", M(2017, 8), M(2017, 8), 1),
    ],
)
def test_a_period(text: str, start: Moment, end: Moment | None, months: int) -> None:
    (period,) = periods(text, TODAY)
    assert (period.start, period.end, period.months(TODAY), period.single) == (start, end, months, False)


@pytest.mark.parametrize(
    ("text", "start"), [("2014 : CAP", M(2014)), ("BEP (juin 1998)", M(1998, 6)), ("2019-06", M(2019, 6))]
)
def test_a_lone_date(text: str, start: Moment) -> None:
    (period,) = periods(text, TODAY)
    assert period.single and period.start == start


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78",
        "03100 Montluçon",
        "75011 Paris",
        "R489 catégorie 3",
        "depuis 2031",
        "14/52",
        "mai",
        "oct. 2030 - nov. 2031",
    ],
)
def test_no_period(text: str) -> None:
    assert periods(text, TODAY) == []


def test_lengths() -> None:
    assert [length(text) for text in ("3 ans", "18 mois", "deux ans et 6 mois", "une année", "sans")] == [
        36,
        18,
        30,
        12,
        0,
    ]


@given(st.text(max_size=300) | st.text("0123456789/-. àaumrsjinvd", max_size=120))
def test_whatever_the_text_periods_hold_together(text: str) -> None:
    for period in periods(text, TODAY):
        assert 0 <= period.first < period.last <= len(text)
        assert (period.start.year, period.start.month) <= (TODAY.year, TODAY.month)
        assert 1 <= period.months(TODAY) <= 12 * 80
        if period.end is not None:
            assert (period.start.year, period.start.month) <= (period.end.year, period.end.month or 13)
    assert 0 <= length(text) <= 600


@given(st.dates(date(1960, 1, 1), TODAY), st.integers(0, 400))
def test_months_written_are_months_read(start: date, lasting: int) -> None:
    last = start.year * 12 + start.month - 1 + lasting
    if last > TODAY.year * 12 + TODAY.month - 1:
        return
    end = M(last // 12, last % 12 + 1)
    (period,) = periods(f"{start.month:02d}/{start.year} - {end.month:02d}/{end.year}", TODAY)
    assert (period.start, period.end, period.months(TODAY)) == (M(start.year, start.month), end, lasting + 1)
