"""What a typed field may hold."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.kit.clean_text import is_email, is_line, is_text

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


@pytest.mark.parametrize(
    "address",
    [
        "zoe@exemple.fr",
        "a@b.fr",
        "prenom.nom@ville-de-drancy.fr",
        "o'neil+cv@mairie.exemple.fr",
        "zoé@mél.fr",
        f"{'a' * 64}@b.fr",
    ],
)
def test_an_address_is_one(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "text",
    [
        "", "@b.fr", "a@b.fr\n", "zoe", "zoe@exemple", "zoe@exemple.fr,", "paul,zoe@exemple.fr",
        "zoe@exemple.fr;paul@exemple.fr", "zoe@@a.fr",
        "Zoé <zoe@exemple.fr>", '"zoe"@exemple.fr', "zoe(maison)@exemple.fr", "amis:zoe@exemple.fr;",
        "zoe@[1.2.3.4]",
        "zoe@exemple..fr", "zoe @exemple.fr", "zoe@exemple.fr\nBcc: paul@exemple.fr", "\ud800@exemple.fr",
        f"{'a' * 65}@b.fr", f"zoe@{'a' * 250}.fr",
    ],
)  # fmt: skip
def test_what_a_mail_program_would_read_otherwise_is_no_address(text: str) -> None:
    assert not is_email(text)
