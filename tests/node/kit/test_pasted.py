"""What people paste stays readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.kit.clean_text import is_text
from node.kit.pasted import plain_text


@pytest.mark.parametrize(
    ("pasted", "plain"),
    [
        ("•\tCharger les camions\r\n•\tRanger", "- Charger les camions\n- Ranger"),
        ("\uf0b7 Accueil\n\uf0a7 Caisse", "- Accueil\n- Caisse"),
        ("o\tNettoyage", "- Nettoyage"),
        ("prépa\u00adration de com\u00admandes", "préparation de commandes"),
        ("« L’équipe » – dès 6 h…", "« L’équipe » – dès 6 h…"),
        ("l\x92atelier \x96 35 h, 12 \x80", "l’atelier – 35 h, 12 €"),
        ("Poste\x0bde nuit", "Poste\nde nuit"),
        ("un\tdeux", "un deux"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("ouvrier qualifié", "ouvrier qualifié"),
        ("\ufeffTitre", "Titre"),
    ],
)
def test_a_text_from_a_word_processor_is_made_plain(pasted: str, plain: str) -> None:
    assert plain_text(pasted) == plain


@given(st.text(st.sampled_from("a\t\r\n\x0b\x0c•o -\u00ad\uf0b7\x92\x80\u2028’\x00\ud800·"), max_size=30) | st.text())
def test_the_result_is_clean_and_doing_it_again_changes_nothing(text: str) -> None:
    plain = plain_text(text)
    assert is_text(plain) and plain_text(plain) == plain
