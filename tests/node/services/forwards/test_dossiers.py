"""What the recipient of a dossier reads."""

from dataclasses import replace

from node.mission.terms import Language, language_code, travels
from node.referential import load
from node.services.forwards.dossiers import dossier_of
from protocol import wire_json
from protocol.dossier import Dossier
from tests.contracts.test_candidates import AMINA


def test_languages_that_peers_have_no_code_for_are_told_in_words() -> None:
    person = replace(AMINA, summary="Dix ans d'expérience.", languages=(("ar", "C1"), ("kab", "C2"), ("Zarma", "B1")))
    dossier = dossier_of(person, load())
    assert [(one.code, one.level) for one in dossier.languages] == [("ar", "C1")]
    assert dossier.summary == "Dix ans d'expérience.\n\nAutres langues : Kabyle (C2), Zarma (B1)"
    assert wire_json.decode(wire_json.encode(dossier), Dossier) == dossier, "what travels follows the format"


def test_without_them_the_summary_is_the_person_s_own() -> None:
    assert dossier_of(replace(AMINA, languages=(("bm", "C1"),)), load()).summary == AMINA.summary


def test_names_of_languages_lead_to_their_codes_whatever_their_spelling() -> None:
    wanted = {"bambara": "bm", "SONINKÉ": "snk", "Kabyle": "kab", "Urdu": "ur", "ourdou": "ur", "Tamil": "ta"}
    wanted |= {"tamoul": "ta", "lingala": "ln", "Peul": "ff", "pachto": "ps", "Dari": "prs", "tigrinya": "ti"}
    assert {name: language_code(name) for name in wanted} == wanted
    assert all(Language.read(language_code(name)) for name in ("créole", "wolof", "Créole haïtien"))
    assert language_code("  Nheengatu   moderne ") == "Nheengatu moderne"
    assert travels("bm") and not travels("kab") and not travels("Zarma")
