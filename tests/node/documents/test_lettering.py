"""What may be printed, and how French is set."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from node.documents.lettering import MISSING, de, one_line, printable, shortened, typographic, unprintable


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ("C'est l'été", "C’est l’été"),
        ("Motivée !", "Motivée\u202f!"),
        ("Vous cherchez ? Moi aussi ; merci", "Vous cherchez\u202f? Moi aussi\u202f; merci"),
        ("Permis : B", "Permis\u00a0: B"),
        ("de 9:00 à 10:30", "de 9:00 à 10:30"),
        ('"coup" « de feu »', '"coup" «\u00a0de feu\u00a0»'),
        ("«déjà»", "«\u00a0déjà\u00a0»"),
        ("12 000 € par an", "12\u202f000\u00a0€ par an"),
        ("à 30 km", "à 30\u00a0km"),
        ("5 ans, 6 mois", "5\u00a0ans, 6\u00a0mois"),
        ("etc...", "etc…"),
        ("Quoi?", "Quoi?"),
        ("06 12 34 56 78", "06 12 34 56 78"),
    ],
)
def test_french_typography(typed: str, set_as: str) -> None:
    assert typographic(typed) == set_as


@given(st.text())
def test_typography_is_settled_at_once_and_loses_no_letter(text: str) -> None:
    once = typographic(text)
    assert typographic(once) == once
    assert [c for c in once if c.isalnum()] == [c for c in text if c.isalnum()]


@given(st.text())
@example("A\x00\u0323")
@example("q\x00\u0323\x00\u0307")
def test_what_is_printable_stays_so(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert unicodedata.is_normalized("NFC", shown)
    assert not unprintable(shown)


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Œuvrard",
        "Nguyễn Thị Ánh",
        "Łukasz Żądło",
        "Ğülşen",
        "Αλέξης",
        "Володимир Їжак",
        "محمد بن علي",
        "שלום",
        "Đặng",
    ],
)
def test_names_of_people_in_france_have_their_letters(name: str) -> None:
    assert printable(name) == unicodedata.normalize("NFC", name)
    assert unprintable(name) == ""


def test_combining_marks_are_composed() -> None:
    assert printable("Zoe\u0308 Le\u0301a") == "Zoë Léa"


def test_letters_without_a_font_are_shown_as_missing_and_named() -> None:
    assert printable("王小明 Wang 😀") == MISSING * 3 + " Wang "
    assert unprintable("王小明", "王 Wang 😀") == "王小明😀"


def test_controls_and_direction_overrides_go() -> None:
    assert printable("a\x00b\x1b\u202ec\u2066d\ufeff") == "abcd"
    assert unprintable("\x00\u202e\ufeff") == ""
    assert one_line(" a\tb\r\n c\u00a0d ") == "a b c\u00a0d"


@given(st.text(), st.integers(min_value=2, max_value=80))
def test_shortened_keeps_its_length(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most
    assert short == text or short.endswith("…")


def test_shortened_cuts_between_words() -> None:
    assert shortened("Préparer des repas pour 300 convives", 25) == "Préparer des repas pour…"
    assert shortened("W" * 50, 10) == "W" * 9 + "…"


@pytest.mark.parametrize(
    ("name", "of"), [("Aïcha", "d’Aïcha"), ("Élodie", "d’Élodie"), ("Paul", "de Paul"), ("", "de ")]
)
def test_elision(name: str, of: str) -> None:
    assert de(name) == of
