"""What forms send, read field by field; whatever comes, a fault or a value."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.kit.clean_text import is_line, is_text
from node.kit.i18n import set_language
from node.mission.people.candidate import Hours
from node.mission.terms import Cefr
from node.web.frame.forms import Form, labelled


@pytest.fixture(autouse=True, scope="module")
def _french() -> None:
    set_language("fr")


@given(st.text())
def test_a_line_is_one_clean_line_or_a_fault(text: str) -> None:
    form = Form(values={"name": [text]})
    line = form.line("name", longest=50)
    assert not form.ok or (is_line(line) and len(line) <= 50 and line == line.strip())


@given(st.text())
def test_a_text_is_clean_or_a_fault(text: str) -> None:
    form = Form(values={"note": [text]})
    note = form.text("note", longest=50)
    assert not form.ok or (is_text(note) and "\r" not in note and len(note) <= 50)


@given(st.text() | st.integers().map(str))
def test_a_number_is_whole_and_within_bounds_or_a_fault(text: str) -> None:
    form = Form(values={"km": [text]})
    number = form.whole("km", least=0, most=200)
    assert number is None or 0 <= number <= 200


@given(st.text() | st.dates().map(date.isoformat))
def test_a_day_is_one_or_a_fault(text: str) -> None:
    form = Form(values={"day": [text]})
    day = form.day("day")
    assert (day is not None) or not form.ok or not text.strip()


@pytest.mark.parametrize(
    "typed", ["2026-11-23", "23/11/2026", "23.11.2026", "23-11-2026", "23 11 2026", " 23/11/2026 "]
)
def test_days_as_people_type_them(typed: str) -> None:
    assert Form(values={"day": [typed]}).day("day") == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["31/02/2026", "2026-13-01", "23/11/26", "demain", "0000-01-01", "1/1/1_000"])
def test_days_that_are_none(typed: str) -> None:
    form = Form(values={"day": [typed]})
    assert form.day("day") is None
    assert form.errors == {"day": "Indiquez une date telle que 23/11/2026."}
    assert form.raw("day") == typed


def test_days_out_of_bounds() -> None:
    form = Form(values={"a": ["2020-01-01"], "b": ["2030-01-01"]})
    form.day("a", earliest=date(2026, 1, 1))
    form.day("b", latest=date(2026, 12, 31))
    assert set(form.errors) == {"a", "b"}


@pytest.mark.parametrize("typed", ["1_0", "٣", "1e3", "0x10", "1.5", "--1", "9" * 30])
def test_numbers_that_are_none(typed: str) -> None:
    form = Form(values={"km": [typed]})
    assert form.whole("km") is None
    assert not form.ok


def test_numbers_may_have_spaces() -> None:
    assert Form(values={"pay": ["1\u202f850"]}).whole("pay") == 1850


def test_what_is_required_is_asked_for() -> None:
    form = Form()
    form.line("name", required=True)
    form.whole("km", required=True)
    form.day("day", required=True)
    form.choice("role", ["a"], required=True)
    form.choices("roles", ["a"], required=True)
    assert set(form.errors) == {"name", "km", "day", "role", "roles"}
    assert Form().line("name") == ""
    assert Form().whole("km") is None


def test_choices_are_among_the_proposals() -> None:
    form = Form(values={"role": ["z"], "roles": ["a", "z", ""]})
    assert form.choice("role", ["a"]) == ""
    assert form.choices("roles", ["a", "b"]) == {"a"}
    assert set(form.errors) == {"role", "roles"}


def test_first_values() -> None:
    form = Form.of(name="Amina", none=None, yes=True, no=False, day=date(2026, 11, 23), many=["a", "b"], km=5)
    assert (form.raw("name"), form.raw("none"), form.flag("yes"), form.flag("no")) == ("Amina", "", True, False)
    assert (form.raw("day"), list(form.all("many")), form.has("many", "b"), form.raw("km")) == (
        "2026-11-23",
        ["a", "b"],
        True,
        "5",
    )


def test_the_first_fault_of_a_field_is_the_one_shown() -> None:
    form = Form(values={"name": ["x" * 300 + "\x00"]})
    form.line("name")
    form.error("name", "un autre")
    assert form.errors["name"].startswith("Ce champ contient un caractère")


def test_secrets_are_not_kept() -> None:
    form = Form(
        values={"csrf": ["t"], "password": ["s"], "new_password_again": ["s"], "name": ["Amina"], "a": ["1", "2"]}
    )
    assert form.kept() == (("name", "Amina"), ("a", "1"), ("a", "2"))


def test_a_code_goes_with_its_label_and_an_empty_one_is_any() -> None:
    assert labelled(Hours)[:2] == [("any", "Temps plein ou partiel"), ("full", "Temps plein")]
    assert labelled([Cefr.B1], coded=True) == [("B1", "B1 – Seuil")]
