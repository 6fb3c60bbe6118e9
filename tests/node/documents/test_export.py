"""« Télécharger toutes mes données » leaves nothing out."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.documents.export import Section, export_pdf
from node.documents.lettering import printable
from tests.node.documents.people import MONTLUCON, NOW
from tests.node.documents.reading import Document

SECTIONS: dict[str, Section] = {
    "Identité": {"Prénom": "Aïcha", "Nom": "N'Diaye", "E-mail": ""},
    "Compétences": ["Préparer des repas", "Gérer les stocks"],
    "Qui a vu mon dossier": [
        {"Date": f"{day} mars 2026", "Qui": f"Employeur {day}", "Pourquoi": "Mise en relation"} for day in range(1, 90)
    ],
    "Mot": "Première ligne.\nDeuxième ligne.",
    "Obstacles": [],
}


def test_every_section_and_value_is_there_over_many_pages() -> None:
    export = Document(export_pdf("Aïcha N'Diaye", SECTIONS, MONTLUCON, NOW))
    assert export.pages > 2
    assert export.title == "Mes données – Aïcha N'Diaye"
    assert export.comes_in_order("Mes données", "Identité", "Compétences", "Qui a vu", "Mot", "Obstacles", "Rien n’est")
    assert all(f"Employeur {day}" in export.text for day in range(1, 90))
    assert "Page 1 / " in export.text
    assert "à 10 h 05" in export.text


def test_tables_have_headers() -> None:
    roles = Document(export_pdf("Aïcha", SECTIONS, MONTLUCON, NOW)).roles
    assert roles.count("TH") == 2 + 3
    assert roles.count("H2") == len(SECTIONS)


_text = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
_section: st.SearchStrategy[Section] = st.one_of(
    _text,
    st.dictionaries(_text, _text, max_size=4),
    st.lists(_text, max_size=4),
    st.lists(st.fixed_dictionaries({"a": _text, "b": _text}), max_size=4),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(min_size=1, max_size=20), _section, max_size=5))
def test_anything_can_be_exported(sections: dict[str, Section]) -> None:
    export = Document(export_pdf("Léa", sections, MONTLUCON, NOW))
    assert export.roles.count("H2") == len(sections)


def test_a_long_word_is_whole() -> None:
    word = "x" * 400
    assert Document(export_pdf("Léa", {"Mot": word}, MONTLUCON, NOW)).text.count("x") >= len(printable(word))


def test_a_table_with_odd_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="rows"):
        export_pdf("Léa", {"x": [{"a": "1"}, {"b": "2"}]}, MONTLUCON, NOW)


def test_a_naive_date_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        export_pdf("Léa", {}, MONTLUCON, datetime(2026, 1, 1))  # noqa: DTZ001
