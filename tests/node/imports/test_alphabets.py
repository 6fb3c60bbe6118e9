"""What old spreadsheets and accounting programs write: the accents are right, or the file is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.imports import read_candidates, read_offers
from node.imports.alphabets import decode
from node.imports.lines import UnreadableFile
from tests.node.imports.test_candidates_csv import REFERENTIAL, TODAY

NAMES = """Jérémy Hélène Éric François Noël Zoé Anaïs Benoît Jérôme Loïc Gaëlle Rémi Müller Muñoz Çelik Chloé Aïcha
Mickaël André ÉLODIE BÉATRICE Théophile Léa Désiré Angèle Eugénie Valérie Gwenaël Maëlys Cédric Irène""".split()
OLD = ["cp1252", "cp850", "cp437", "mac_roman", "iso8859_15"]
SENTENCE = "nom;resume\nDésert;Élève très motivé, déjà formé à l'entrepôt où il gère les réceptions ; « sérieux »\n"


@pytest.mark.parametrize("alphabet", OLD)
def test_a_sentence_is_read_in_every_alphabet(alphabet: str) -> None:
    assert decode(SENTENCE.encode(alphabet)) == SENTENCE


@pytest.mark.parametrize("alphabet", ["cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize("name", NAMES)
def test_one_name_is_enough_to_tell(name: str, alphabet: str) -> None:
    text = f"reference;nom\nA;{name}\n"
    assert decode(text.encode(alphabet)) == text


@given(
    st.lists(st.sampled_from(NAMES), min_size=4, max_size=30),
    st.sampled_from(["cp1252", "cp850", "mac_roman"]),
    st.sampled_from("\r\n;, "),
)
def test_a_list_of_names_is_read_right(names: list[str], alphabet: str, between: str) -> None:
    text = "nom\n" + between.join(names)
    assert decode(text.encode(alphabet)) == text


def test_what_windows_writes_stays_what_it_was() -> None:
    for text in ("Škoda", "l’été – 12 €", "etc… n° 3", "Cœur “vaillant”", "½ journée"):
        assert decode(f"nom\n{text}\n".encode("cp1252")) == f"nom\n{text}\n"


@pytest.mark.parametrize(
    "data",
    [
        b"nom\nR\x81\x8d\x9dx\xa7y\xb6z",
        b"\xff\xfen\x00o\x00m",
        "nom\nЖанна Елена".encode("cp1251"),
        bytes(range(128, 256)),
    ],
)
def test_what_no_french_word_holds_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="CSV UTF-8"):
        decode(data)


@pytest.mark.parametrize("alphabet", [*OLD, "utf-16"])
def test_people_and_offers_come_in_with_their_accents(alphabet: str) -> None:
    people = "reference;nom;prenom;commune;metiers\nA1;Lefèvre;Gisèle;03185;N1103\n".encode(alphabet)
    (line,) = read_candidates(people, REFERENTIAL, TODAY)
    assert line.value is not None
    assert (line.value.last_name, line.value.first_name) == ("Lefèvre", "Gisèle")
    offers = "reference;employeur;intitule;rome;contrat;commune\nO1;Crêperie d'Évian;Employé;G1602;CDI;03185\n"
    (offer,) = read_offers(offers.encode(alphabet), REFERENTIAL, TODAY)
    assert offer.value is not None
    assert (offer.value.employer, offer.value.title) == ("Crêperie d'Évian", "Employé")


def test_one_sign_out_of_place_among_many_names_is_not_passed_over() -> None:
    """In Windows' alphabet "Lecœur" of Latin-9 is "Lec½ur": the alphabet in which all stands in its place is right."""
    text = "nom;prenom\n" + "\n".join(f"{name};Zoé" for name in NAMES * 3) + "\nLecœur;Anne\n"
    assert decode(text.encode("iso8859_15")) == text
