"""Who the person is and how to reach them."""

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from node.reading import addresses, contacts, names
from node.reading.shapes import Line
from node.referential import load

TODAY = date(2026, 11, 23)
COMMUNES = load().communes


def lines(*texts: str) -> list[Line]:
    return [Line(text) for text in texts]


def name_in(*texts: str, email: str = "") -> tuple[str, str] | None:
    found = names.name(lines(*texts), range(len(texts)), email, lambda text: "cariste" in text.lower())
    return (found.first.value, found.last.value) if found else None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tél. : 06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("06-12-34-56-78 / 04 70 05 00 00", "+33612345678"),
        ("04 70 05 00 00 ou 07 12 34 56 78", "+33712345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("(+33)612345678", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("06 12 3456 78", "+33612345678"),
        ("061 234 56 78", "+33612345678"),
        ("06 12 34 56 78 03100 Montluçon", "+33612345678"),
        ("19/03/1991 – 06 12 34 56 78 07 98 76 54 32", "+33612345678"),
        ("0262 20 12 34 ou 0692 12 34 56", "+262692123456"),
        ("+212 661 23 45 67", "+212661234567"),
    ],
)
def test_telephone_numbers(text: str, number: str) -> None:
    found = contacts.phone(lines(text))
    assert found is not None and found.value == number


@pytest.mark.parametrize("text", ["2015-2018", "03100 Montluçon", "SIRET 123 456 789 00012", "1 23 45 67 89"])
def test_no_telephone_number(text: str) -> None:
    assert contacts.phone(lines(text)) is None


@pytest.mark.parametrize(
    ("texts", "address"),
    [
        (("Mail : Nadia.Benali@Example.org",), "nadia.benali@example.org"),
        (("E-mail", "nadia @ example.org"), "nadia@example.org"),
        (("marie-", "christine.boyer@example.org"), "marie-christine.boyer@example.org"),
        (("Mail : jean.dupont-moreau@courriel.", "example.fr"), "jean.dupont-moreau@courriel.example.fr"),
        (("06 12 34 56 78 | titi03_du93@example.org | Drancy",), "titi03_du93@example.org"),
        (("Mél. : nadia.d’almeida@example.org",), "nadia.d'almeida@example.org"),
        (("l'adresse o'brien@example.org.",), "o'brien@example.org"),
        (("'nadia@example.org'",), "nadia@example.org"),
        (("**nadia@example.org**",), "nadia@example.org"),
        (("<nadia@example.org>, (moi)",), "nadia@example.org"),
        (("mailto:nadia@example.org?subject=CV",), "nadia@example.org"),
        (("Mail..........nadia@example.org",), "nadia@example.org"),
        (("Courriel ____________ nadia@example.org",), "nadia@example.org"),
        (("06 12 34 56 78/nadia@example.org",), "nadia@example.org"),
        (("06.12.34.56.78|nadia@example.org|Drancy",), "nadia@example.org"),
        (("E-mail/nadia@example.org",), "nadia@example.org"),
        (("_nadia_@example.org",), "_nadia_@example.org"),
        (("rené.dupré@example.org",), "rené.dupré@example.org"),
        (("mairie@orléans.example.fr",), "mairie@orléans.example.fr"),
        (("nadia@sous.domaine.example.co.uk",), "nadia@sous.domaine.example.co.uk"),
    ],
)
def test_addresses(texts: tuple[str, ...], address: str) -> None:
    found = contacts.email(lines(*texts))
    assert found is not None and found.value == address


@pytest.mark.parametrize(
    ("texts", "insee"),
    [
        (("12 rue des Lilas", "03100 Montluçon"), "03185"),
        (("12 rue des Lilas, 93700 DRANCY",), "93029"),
        (("Bobigny (93000)",), "93008"),
        (("Anglet - 64600",), "64024"),
        (("12 rue des Lilas, 49800", "Trélazé"), "49353"),
        (("03410 Domérat",), "03101"),
        (("F-33310 Lormont",), "33249"),
        (("Drancy (93)",), "93029"),
        (("Bayonne",), "64102"),
        (("75011 Paris",), "75111"),
    ],
)
def test_communes(texts: tuple[str, ...], insee: str) -> None:
    found = contacts.commune(lines(*texts), range(len(texts)), COMMUNES)
    assert found.commune is not None and found.commune.value == insee


def test_an_unknown_postal_code_is_said() -> None:
    found = contacts.commune(lines("12 rue des Lilas, 99999 Atlantide"), [0], COMMUNES)
    assert found.commune is None and found.unknown_postal_code


LOCALS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=12), min_size=1, max_size=4
).map(".".join)


@given(
    LOCALS.filter(lambda local: len(local) <= 64),
    st.sampled_from(["{}", "Mail : {}", "({})", "écrire à {}, merci", "{} ; Drancy"]),
)
def test_an_address_is_found_whole_whatever_signs_it_holds(local: str, around: str) -> None:
    address = f"{local}@example.org"
    assume(not any(addresses.find_addresses(local)) and not re.match(r"(?:tel|mel|contact|e?-?mail)", local))
    assume(not re.search(r"[_~=-]{3}", local) and contacts.phone(lines(address)) is None)
    found = contacts.email(lines(around.format(address)))
    assert found is not None and found.value == address


@pytest.mark.parametrize(
    "text",
    [
        "nadia.@example.org",
        "nadia@@example.org",
        "nadia@example",
        "nadia@example.org@example.com",
        f"{'n' * 65}@example.org",
        "nadia@-example.org",
        "nadia@exa_mple.org",
        "écrire @ example",
    ],
)
def test_what_is_no_whole_address_is_none(text: str) -> None:
    assert contacts.email(lines(text)) is None


def test_birth_dates() -> None:
    for text in ("Née le 12/03/1991", "né le 12 mars 1991 à Oran", "Date de naissance : 12.03.1991"):
        born, impossible = contacts.birth_date(lines(text), TODAY)
        assert born is not None and born.value == date(1991, 3, 12) and not impossible
    for text in ("Née le 12/03/2031", "né le 31/02/1990"):
        assert contacts.birth_date(lines(text), TODAY) == (None, True)


@pytest.mark.parametrize(
    ("texts", "first", "last"),
    [
        (("Nadia Benali",), "Nadia", "Benali"),
        (("BENALI Nadia",), "Nadia", "BENALI"),
        (("Benali Nadia",), "Nadia", "Benali"),
        (("NADIA BENALI",), "NADIA", "BENALI"),
        (("Curriculum vitae", "Aïcha N’Diaye-Martin"), "Aïcha", "N'Diaye-Martin"),
        (("Marie-Christine D'ANGELO",), "Marie-Christine", "D'ANGELO"),
        (("Jean-Luc de La Tour",), "Jean-Luc", "de La Tour"),
        (("El Amrani Siham",), "Siham", "El Amrani"),
        (("CV de Mamadou Ba", "Cariste"), "Mamadou", "Ba"),
        (("Nom : O'Brien", "Prénom : Maëlle Anne"), "Maëlle Anne", "O'Brien"),
        (("Nom et prénom : Chevallier Hervé",), "Hervé", "Chevallier"),
        (("Mme Thérèse Etcheverry",), "Thérèse", "Etcheverry"),
        (("Mme Camille Petit",), "Camille", "Petit"),
        (("MME PETIT Camille",), "Camille", "PETIT"),
        (("M. Petit Camille",), "Camille", "Petit"),
        (("M Luc ROY",), "Luc", "ROY"),
        (("Monsieur le Docteur", "Dr. Camille Petit"), "Camille", "Petit"),
        (("Docteure Camille Petit, PhD",), "Camille", "Petit"),
        (("Camille Petit Ph.D. MBA",), "Camille", "Petit"),
        (("CV de Mme Camille Petit",), "Camille", "Petit"),
        (("Mlle. Xhemile Berisha",), "Xhemile", "Berisha"),
        (("Nom et prénom : Mme Petit Camille",), "Camille", "Petit"),
        (("Nom : Mme Petit", "Prénom : Camille"), "Camille", "Petit"),
        (("JP Martin",), "JP", "Martin"),
        (("Martin JP",), "JP", "Martin"),
        (("J.-P. MARTIN",), "J.-P.", "MARTIN"),
        (("MARTIN J.P.",), "J.P.", "MARTIN"),
        (("JM Kowalczyk",), "JM", "Kowalczyk"),
        (("BA Mamadou",), "Mamadou", "BA"),
        (("LY Aminata",), "Aminata", "LY"),
        (("NG Jean",), "Jean", "NG"),
        (("Jean d'Almeida",), "Jean", "d'Almeida"),
        (("Jean d’Almeida",), "Jean", "d'Almeida"),
        (("d’Almeida Jean",), "Jean", "d'Almeida"),
        (("d'ALMEIDA Kossi",), "Kossi", "d'ALMEIDA"),
        (("Kossi d'Almeida",), "Kossi", "d'Almeida"),
        (("Camille P.",), "Camille", "P."),
        (("M'Barek Ouali",), "M'Barek", "Ouali"),
        (("Zoe\u0308 Mu\u0308ller",), "Zoe\u0308", "Mu\u0308ller"),
        (("محمد العلي",), "محمد", "العلي"),
        (("משה כהן",), "משה", "כהן"),
        (("Nguyễn Thị Minh",), "Thị Minh", "Nguyễn"),
        (("12 rue des Lilas", "06 12 34 56 78", "Olena Kowalczyk | Cariste"), "Olena", "Kowalczyk"),
    ],
)
def test_names(texts: tuple[str, ...], first: str, last: str) -> None:
    assert name_in(*texts) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Mme Camille Petit", "Camille", "Petit"),
        ("Petit Camille", "Camille", "Petit"),
        ("JP Martin", "JP", "Martin"),
        ("Dr Jean d’Almeida, PhD", "Jean", "d'Almeida"),
        ("camille petit", "camille", "petit"),
        ("Jean-Luc de La Tour", "Jean-Luc", "de La Tour"),
        ("Petit", "", "Petit"),
        ("Mme", "", "Mme"),
        ("", "", ""),
    ],
)
def test_a_text_that_is_a_name_is_taken_apart_like_any_other(text: str, first: str, last: str) -> None:
    assert names.apart(text) == (first, last)


def test_the_address_tells_which_is_the_first_name() -> None:
    assert name_in("Xhemali Berisha", email="berisha.xhemali@example.org") == ("Berisha", "Xhemali")


@pytest.mark.parametrize(
    "text", ["Cariste Expérimenté", "12 rue des Lilas", "Permis B", "Centres d'intérêt", "Lecture, marche"]
)
def test_what_is_no_name(text: str) -> None:
    assert name_in(text) is None


@given(st.lists(st.text(max_size=60), max_size=8))
def test_nothing_raises_and_every_place_lies_in_its_line(texts: list[str]) -> None:
    said = lines(*texts)
    found = names.name(said, range(len(said)), "", lambda text: False)
    places = [found.first.at, found.last.at] if found else []
    for proposed in (contacts.email(said), contacts.phone(said), contacts.birth_date(said, TODAY)[0]):
        places += [proposed.at] if proposed else []
    for at in places:
        assert at is not None and 0 <= at.start <= at.end <= len(texts[at.line])
