"""A hire as it is typed: hours of a week, a first day that can be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.forwards.hire import check_hire, in_force, months_after, read_hours, show_hours
from tests.node.mission.forwards.test_following import hire
from tests.node.mission.samples import TODAY


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("", 0), ("35", 2100), ("35 h", 2100), ("35h30", 2130), ("17,5", 1050), ("17.25", 1035), ("200", 12000),
     ("24 heures", 1440), ("beaucoup", None), ("-3", None), ("35h75", None)],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(text: str, minutes: int | None) -> None:
    assert read_hours(text) == minutes


@given(st.integers(1, 48 * 60))
def test_hours_are_shown_as_they_are_read(minutes: int) -> None:
    assert read_hours(show_hours(minutes)) == minutes


@pytest.mark.parametrize(
    ("start", "sent", "field"),
    [
        (date(9999, 12, 31), None, "start"),
        (TODAY - timedelta(days=3 * 366), None, "start"),
        (TODAY - timedelta(days=2), TODAY, "start"),
        (TODAY, TODAY, ""),
        (None, TODAY, ""),
        (TODAY + timedelta(days=90), TODAY, ""),
    ],
)
def test_a_first_day_that_cannot_be_is_said(start: date | None, sent: date | None, field: str) -> None:
    problems = check_hire(hire(start=start), 2100, TODAY, sent)
    assert [one.field for one in problems] == ([field] if field else [])
    assert all(one.sentence for one in problems)


def test_every_fault_is_named_at_once() -> None:
    problems = check_hire(hire(employer="", title="", start=date(9999, 1, 1)), 200 * 60, TODAY)
    assert {one.field for one in problems} == {"employer", "title", "hours", "start"}
    assert [one.field for one in check_hire(hire(), None, TODAY)] == ["hours"]


def test_a_month_that_is_shorter_ends_on_its_last_day() -> None:
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)


def test_a_hire_without_a_forward_is_followed_up_twice_and_then_left() -> None:
    alone = hire(forward="", start=date(2026, 12, 1))
    assert alone.follow_up == (1, date(2027, 1, 1))
    once = hire(forward="", start=date(2026, 12, 1), month_on=date(2027, 1, 4))
    assert once.follow_up == (6, date(2027, 6, 1))
    assert hire(forward="", half_on=date(2027, 6, 1)).follow_up is None
    assert hire(forward="", ended_on=TODAY).follow_up is None
    assert hire(start=TODAY).follow_up is None, "the forward's own moves say it"
    assert in_force([hire(), hire(ended_on=TODAY)]) == [hire()]
