"""A message taken apart: what is kept, what is said to be read, and where the words come from."""

from node.kit.limits import MAX_DOCUMENT_BYTES
from node.reading.problems import Fault
from node.reading.proposals import Remark
from node.reading.shapes import Attachment, Kind, Line, ReadDocument
from node.services.deposits.reading import MOST_FILES, take_apart
from tests.node.stage import Place

CV = ["Nadia Benali", "06 12 34 56 78", "EXPERIENCES", "2019 - 2023 Cariste"]
LETTER = ["Madame, Monsieur,", "Je souhaite vous rejoindre.", "07 98 76 54 32", "Salutations"]


def text(name: str, lines: list[str], data: bytes = b"%PDF") -> Attachment:
    return Attachment(name, data, ReadDocument(kind=Kind.PDF, lines=tuple(map(Line, lines))))


def message(*attachments: Attachment) -> ReadDocument:
    return ReadDocument(kind=Kind.EMAIL, sender="nadia@example.fr", attachments=attachments, lines=(Line("Bonjour"),))


def test_a_scan_that_nobody_could_read_says_so(town: Place) -> None:
    scan = Attachment("CV.jpg", b"", ReadDocument(kind=Kind.IMAGE, image=b"JPEG", problem=Fault.OCR_FAILED))
    found = take_apart(town.desk, message(text("lettre.pdf", LETTER), scan))
    assert found.cv is not None and found.cv.name == "CV.jpg"
    assert [one.name for one in found.others] == ["lettre.pdf"]
    assert found.reading.problem is Fault.OCR_FAILED
    assert found.reading.lines == tuple(LETTER), "what is proposed comes from there"


def test_what_is_proposed_is_in_the_lines_beside_it(town: Place) -> None:
    """A CV that is too large to be kept gives no proposal: its lines are not there to point into."""
    large = text("CV.pdf", CV, b"%PDF" + b"0" * MAX_DOCUMENT_BYTES)
    found = take_apart(town.desk, message(large, text("lettre.pdf", LETTER)))
    assert found.cv is not None and found.cv.name == "lettre.pdf"
    phone = found.reading.proposal.phone
    assert phone is not None and phone.at is not None
    line = found.reading.lines[phone.at.line]
    assert (phone.value, line[phone.at.start : phone.at.end]) == ("+33798765432", "07 98 76 54 32")


def test_the_sender_counts_where_no_file_names_an_address(town: Place) -> None:
    found = take_apart(town.desk, message(text("a.pdf", CV), text("b.pdf", LETTER)))
    assert found.reading.proposal.email is not None and found.reading.proposal.email.value == "nadia@example.fr"
    assert Remark.SEVERAL_CVS in found.reading.proposal.remarks
    assert Remark.NO_CONTACT not in found.reading.proposal.remarks


def test_a_message_without_files_is_what_it_says(town: Place) -> None:
    found = take_apart(town.desk, message(Attachment("logo.gif", b"GIF", ReadDocument(problem=Fault.UNSUPPORTED))))
    assert (found.cv, found.others, found.reading.lines) == (None, (), ("Bonjour",))


def test_no_more_files_are_kept_than_a_message_may_bring(town: Place) -> None:
    many = [text(f"piece{number}.pdf", [f"Pièce {number}"]) for number in range(MOST_FILES + 3)]
    found = take_apart(town.desk, message(*many, text("cv.pdf", CV)))
    assert found.cv is not None and found.cv.name == "cv.pdf"
    assert len(found.others) == MOST_FILES - 1
