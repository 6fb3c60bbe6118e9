"""What a typed field may hold."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from node.words import is_line, is_text

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_a_line_holds_no_control_character_and_no_half_pair(text: str) -> None:
    bad = any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in text)
    assert is_line(text) is not bad


@given(ANYTHING)
def test_a_text_may_have_lines_and_tabulations_besides(text: str) -> None:
    bad = any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\t\n\r" for one in text)
    assert is_text(text) is not bad
    if is_text(text):
        assert text.encode().decode() == text


def test_french_spaces_and_apostrophes_are_welcome() -> None:
    assert is_line("06\u00a039\u00a098\u202f: l’accueil d'Angoulême")
