"""Tables for people: whatever the width of the terminal, a key stands there whole, to be copied."""

import sys

import pytest

from node.cli.output import say_table

KEY = "grands-moulins.emploi.example/0198f2ac-7d1e-7cc3-9a55-30f1c2d4e5b6"
ROW = (KEY, "Préparateur de commandes, équipes du matin et de l'après-midi", "Les Grands Moulins", "ouverte")


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_no_word_is_cut(width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    say_table(("Offre", "Titre", "Employeur", "État"), [ROW], title="Offres")
    said = capsys.readouterr().out
    assert KEY in said
    assert "…" not in said
    assert all(word in said for cell in ROW for word in cell.split())


def test_a_program_that_reads_a_table_gets_whole_words_too(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(("Offre", "Titre"), [(KEY * 4, "Titre")])
    assert KEY * 4 in capsys.readouterr().out
