"""Occupations from the command line, by what people call them."""

from node.kit.errors import ExitCode
from node.services.network.founding import Created
from tests.node.cli.test_life import Maillon, maillon

__all__ = ["maillon"]


def test_a_program_reads_codes_and_labels_best_first(maillon: Maillon, created: Created) -> None:
    found = maillon("occupation", "find", "femme de menage", "--json", "--config", created.config)
    assert (found.code, found.err) == (ExitCode.OK, "")
    assert found.json[0] == {"code": "K1304", "label": "Employé familial / Employée familiale"}
    assert len(found.json) <= 8


def test_a_person_reads_a_table_and_words_need_no_quotes(maillon: Maillon) -> None:
    """Nor is a node needed: the tables are public."""
    found = maillon("occupation", "find", "technicienne", "de", "surface", "--limit", 2)
    assert found.code == ExitCode.OK
    assert "K2205" in found.out
    assert "Technicien / Technicienne de surface" in found.out


def test_nothing_found_is_said_to_a_person_and_an_empty_list_for_a_program(maillon: Maillon) -> None:
    found = maillon("occupation", "find", "qqqqq")
    assert (found.code, found.out) == (ExitCode.ERROR, "")
    assert "Aucun métier ne s'appelle ainsi" in found.err
    assert maillon("occupation", "find", "qqqqq", "--json").json == []


def test_a_configuration_that_was_named_must_be_there(maillon: Maillon) -> None:
    assert maillon("occupation", "find", "maçon", "--config", "elsewhere.toml").code == ExitCode.BAD_CONFIG
