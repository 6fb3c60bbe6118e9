"""`maillon read`: what would be proposed from any file, and that nothing of it is kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from node.__main__ import run
from node.kit.errors import ExitCode
from node.services.network.founding import Created
from tests.node.cli.test_life import Said
from tests.node.reading.files import docx, mail_with_pictures, message, paragraph, tnef

Read = Callable[..., Said]
CV = (
    "Camille PETIT",
    "06 12 34 56 78 - camille.petit@example.fr",
    "03100 Montluçon",
    "Expérience professionnelle",
    "2019 - 2021 : Maçon, Bâtisseurs du Bocage",
    "Formation",
    "CAP maçon, 2018",
    "ADVF",
    "Compétences",
    "SST, travail en hauteur sur corde",
    "Permis B",
)
PEOPLE = (
    "reference;nom;prenom;telephone;commune;metiers\n"
    "P1;Petit;Camille;+33 (0)6 12 34 56 78;03185;N1103:24\n"
    "P2;Roy;Luc;061234567;03185;N1103\n"
)
OFFERS = (
    "reference;employeur;intitule;rome;contrat;commune;heures\n"
    "O1;Ville;Agent d'entretien;K2204;CDI;03185;35h30\n"
    "O2;Ville;Agent d'entretien;K2204;CDI;Nulle-Part;35h30\n"
)


def word(*lines: str) -> bytes:
    return docx("".join(map(paragraph, lines)))


@pytest.fixture
def read(capfd: pytest.CaptureFixture[str], created: Created, tmp_path: Path) -> Read:
    """Read a file of these bytes on Montluçon's node."""

    def call(name: str, data: bytes | str, *options: str) -> Said:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        code = run(["read", str(path), *options, "--config", str(created.config)])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


def test_a_cv_gives_the_fields_that_the_page_proposes(read: Read) -> None:
    said = read("cv.docx", word(*CV), "--json")
    assert said.code == ExitCode.OK and said.json["kind"] == "cv"
    assert set(said.json) == {"kind", "fields", "rows", "chosen", "unread", "remarks"}
    fields = said.json["fields"]
    assert (fields["first_name"], fields["last_name"]) == ("Camille", "PETIT")
    assert (fields["phone"], fields["email"]) == ("+33612345678", "camille.petit@example.fr")
    assert (fields["commune"], fields["licences"]) == ("03185", ["B"])
    assert (fields["jobs"][0]["start"], fields["jobs"][0]["end"]) == ("2019", "2021")
    assert fields["diplomas"][0]["level"] == 3


def test_what_became_no_field_is_told_and_is_no_failure(read: Read) -> None:
    said = read("cv.docx", word(*CV), "--json")
    assert said.code == ExitCode.OK
    assert "ADVF" in said.json["unread"]
    assert not any("example.fr" in line or "Permis" in line for line in said.json["unread"])
    assert "ADVF" in read("cv.docx", word(*CV)).out


def test_a_list_of_people_is_told_by_its_columns_whatever_its_name(read: Read) -> None:
    said = read("export.txt", PEOPLE, "--json")
    assert said.code == ExitCode.PARTIAL and said.json["kind"] == "people"
    first, second = said.json["rows"]
    assert (first["line"], first["remarks"]) == (2, []) and first["fields"]["phone"] == "+33612345678"
    assert first["fields"]["occupations"] == [{"rome": "N1103", "months": 24, "appellation": ""}]
    assert second["line"] == 3 and "telephone" in second["remarks"][0]
    assert (second["fields"]["last_name"], second["fields"]["phone"]) == ("Roy", "")


def test_a_spreadsheet_is_read_like_its_text(read: Read, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in PEOPLE.splitlines()[:2]:
        sheet.append(line.split(";"))
    book.save(tmp_path / "made.xlsx")
    said = read("personnes.xlsx", (tmp_path / "made.xlsx").read_bytes(), "--json")
    assert said.code == ExitCode.OK
    assert [row["fields"]["phone"] for row in said.json["rows"]] == ["+33612345678"]


def test_offers_are_told_from_people_in_csv_and_in_json(read: Read) -> None:
    said = read("offres.csv", OFFERS, "--json")
    assert said.code == ExitCode.PARTIAL and said.json["kind"] == "offers"
    good, bad = said.json["rows"]
    assert (good["fields"]["hours"], good["fields"]["sites"][0]["commune"]) == (2130, "03185")
    assert bad["remarks"] and (bad["fields"]["reference"], bad["fields"]["sites"][0]["commune"]) == ("O2", "")
    place = {"commune": "03185"}
    one = {"id": "J1", "intitule": "Maçon", "romeCode": "F1703", "typeContrat": "CDI", "lieuTravail": place}
    listed = read("offres", json.dumps([one]), "--json")
    assert (listed.code, listed.json["kind"]) == (ExitCode.OK, "offers")
    assert listed.json["rows"][0]["fields"]["reference"] == "J1"


def test_of_an_e_mail_the_cv_is_chosen_and_what_is_unread_is_named(read: Read) -> None:
    mail = message(
        "Camille <camille@example.fr>",
        "Candidature",
        "Bonjour, voici mon CV.",
        [
            ("cv.doc", "application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
            ("CV Camille.docx", "application/octet-stream", word(*CV)),
        ],
    )
    said = read("message.eml", mail, "--json")
    assert (said.code, said.json["kind"], said.json["chosen"]) == (ExitCode.PARTIAL, "mail", "CV Camille.docx")
    assert said.json["unread"][0] == "cv.doc" and any("cv.doc : " in line for line in said.json["remarks"])
    assert said.json["fields"]["last_name"] == "PETIT"
    assert "CV Camille.docx" in read("message.eml", mail).out


def test_logos_are_neither_the_cv_nor_unread(read: Read) -> None:
    said = read("message.eml", mail_with_pictures(word(*CV), "inline"), "--json")
    assert (said.code, said.json["chosen"]) == (ExitCode.OK, "CV.docx")
    assert not any("image" in one for one in (*said.json["unread"], *said.json["remarks"]))


def test_what_outlook_packed_is_a_mail(read: Read) -> None:
    said = read("winmail.dat", tnef([("CV~1.DOC", "CV Camille.docx", word(*CV))]), "--json")
    assert (said.code, said.json["kind"], said.json["chosen"]) == (ExitCode.OK, "mail", "CV Camille.docx")
    assert said.json["fields"]["last_name"] == "PETIT"


def test_what_nobody_can_read_says_what_to_do(read: Read) -> None:
    for name, data in (("cv.xlsx", b"PK\x03\x04 xl/ damaged"), ("cv.exe", b"MZ" + b"x" * 300), ("vide.txt", b" \n")):
        said = read(name, data, "--json")
        assert (said.code, said.json["kind"], said.json["fields"]) == (ExitCode.ERROR, "none", {})
        assert said.json["remarks"], name


def test_a_list_without_its_columns_is_refused_with_the_columns_that_lack(read: Read) -> None:
    said = read("liste.csv", "nom;prenom;telephone\nPetit;Camille;0612345678\n", "--json")
    assert (said.code, said.json["kind"]) == (ExitCode.ERROR, "people")
    assert "reference" in said.json["rows"][0]["remarks"][0]


def test_nothing_is_kept(read: Read, created: Created, capfd: pytest.CaptureFixture[str]) -> None:
    assert read("personnes.csv", PEOPLE).code == ExitCode.PARTIAL
    run(["candidate", "list", "--json", "--config", str(created.config)])
    assert '"total": 0' in capfd.readouterr().out
