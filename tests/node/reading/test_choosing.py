"""Of an e-mail's files the CV is found, however long the letter is, and whoever asks."""

from datetime import date

import pytest

from node.reading.choosing import by_likelihood
from node.reading.problems import Fault
from node.reading.proposing import Proposer
from node.reading.shapes import Attachment, Kind, Line, ReadDocument
from node.referential import load

CV = [
    "Nadia Benali",
    "06 12 34 56 78",
    "EXPÉRIENCES",
    "2019 - 2023 Cariste, Entrepôts du Cher",
    "FORMATION",
    "2018 CACES 1",
]
LETTER = [
    "Nadia Benali",
    "Objet : candidature",
    "Madame, Monsieur,",
    *["Depuis toujours passionnée par la logistique, je souhaite rejoindre votre entreprise."] * 40,
    "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.",
]
CERTIFICATE = ["Attestation", *["Nous certifions que Madame Benali a suivi la session."] * 30]


def file(name: str, lines: list[str]) -> Attachment:
    document = ReadDocument(kind=Kind.PDF, lines=tuple(Line(text) for text in lines))
    return Attachment(name, b"%PDF", document)


@pytest.mark.parametrize(
    "others",
    [
        [file("lettre.pdf", LETTER)],
        [file("scan2.pdf", LETTER)],
        [file("attestation.pdf", CERTIFICATE), file("Lettre de motivation CV.pdf", LETTER)],
        [Attachment("photo.heic", b"?")],
    ],
    ids=["by its name", "by what it says", "among several", "one that was not read"],
)
@pytest.mark.parametrize("name", ["CV Benali.pdf", "scan1.pdf"])
def test_a_longer_letter_is_not_the_cv(name: str, others: list[Attachment]) -> None:
    cv = file(name, CV)
    for attachments in ([cv, *others], [*others, cv]):
        assert by_likelihood(attachments)[0] is cv


SHORT_CV = ["Camille Petit", "06 12 34 56 78", "Agent d'entretien", "Mairie de Bourges, depuis 2021", "Permis B"]
TALKING = [
    "Camille Petit, 3 rue Haute, 18000 Bourges",
    "Propreté du Cher - recrutement@proprete.example - 02 48 00 00 00",
    "Bourges, le 3 novembre 2026",
    "Objet : votre annonce d'agent d'entretien",
    "Madame, Monsieur,",
    *["Forte d'une expérience de cinq ans, en 2019 chez Nettoyage du Centre puis en 2021 à la mairie,"] * 12,
    "je me permets de vous adresser ma candidature. Dans l'attente d'un entretien, cordialement.",
]


@pytest.mark.parametrize("letter", ["Camille Petit.pdf", "scan.pdf", "Candidature Petit.pdf", "document(1).pdf"])
@pytest.mark.parametrize("cv", ["Camille Petit 2026.pdf", "scan(1).pdf", "doc.pdf"])
def test_a_letter_that_tells_of_jobs_is_not_the_cv(letter: str, cv: str) -> None:
    files = [file(letter, TALKING), file(cv, SHORT_CV)]
    assert by_likelihood(files)[0].name == by_likelihood(files[::-1])[0].name == cv


def test_a_message_without_a_file_that_can_be_read_is_read_itself() -> None:
    unread = Attachment("cv.heic", b"?", ReadDocument(problem=Fault.HEIC))
    nested = Attachment("transmis.eml", b"?", ReadDocument(kind=Kind.EMAIL, attachments=(unread,)))
    lines = (Line("Tél. 06 12 34 56 78"),)
    for attachments in ((), (unread,), (nested,), (Attachment("photo.jpg", b"?"),)):
        message = ReadDocument(kind=Kind.EMAIL, lines=lines, attachments=attachments)
        found = Proposer(load()).propose(message, date(2026, 11, 30)).phone
        assert found is not None and found.value == "+33612345678"


def test_what_nothing_tells_apart_stays_as_it_came() -> None:
    one, other = file("a.pdf", ["x"]), file("b.pdf", ["y"])
    assert by_likelihood([one, other]) == [one, other]
    assert by_likelihood([other, one]) == [other, one]


def test_the_proposal_is_the_cvs() -> None:
    message = ReadDocument(kind=Kind.EMAIL, attachments=(file("lettre.pdf", LETTER), file("cv.pdf", CV)))
    proposal = Proposer(load()).propose(message, date(2026, 11, 30))
    assert proposal.phone is not None and proposal.experiences
    written = ReadDocument(kind=Kind.EMAIL, lines=(Line("Tél. 06 12 34 56 78"),))
    assert Proposer(load()).propose(written, date(2026, 11, 30)).phone is not None
