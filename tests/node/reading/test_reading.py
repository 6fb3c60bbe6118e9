"""Files as towns receive them: what is read, what is refused, and that refusing costs little."""

import io
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image, ImageChops, ImageOps, ImageStat
from pypdf import PdfReader, PdfWriter
from structlog.testing import capture_logs

from node.kit.limits import MAX_DOCUMENT_BYTES, MAX_READ_BYTES, too_large
from node.reading import pictures, reading
from node.reading.problems import Fault
from node.reading.reading import read_document
from node.reading.scans import page_picture
from node.reading.shapes import Kind, ReadDocument, ReadingLimits
from node.reading.tnef import SIGNATURE, files_in
from tests.node.reading import files

NADIA = ["Nadia Benali", "06 12 34 56 78", "nadia.benali@example.org", "03100 Montluçon"]

with_tesseract = pytest.mark.skipif(
    not files.can_read_pictures(), reason="tesseract-ocr-fra is absent: pictures are kept, not read"
)


def texts(document: ReadDocument) -> list[str]:
    return [line.text for line in document.lines]


def encrypted(data: bytes, password: str, owner: str | None = None) -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(data)))
    writer.encrypt(password, owner_password=owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_is_read() -> None:
    document = read_document(files.pdf([files.pdf_text(NADIA)]), "cv.pdf")
    assert (document.kind, document.pages, document.problem) == (Kind.PDF, 1, None)
    assert texts(document) == NADIA


def test_a_word_file_is_read_with_its_header_table_and_text_box_once() -> None:
    body = files.paragraph("Maçon") + files.table([("2019-2021", "Eiffage\nDalles"), ("2018", "Léon Grosse")])
    data = files.docx(body + files.text_box(["Permis B", "CACES"]), header=files.paragraph("Nadia Benali"))
    document = read_document(data, "cv.docx")
    assert document.kind is Kind.DOCX
    assert texts(document) == [
        "Nadia Benali",
        "Maçon",
        "2019-2021\tEiffage",
        "Dalles",
        "2018\tLéon Grosse",
        "Permis B",
        "CACES",
    ]


def test_a_libreoffice_file_is_read_with_its_header_table_and_frame() -> None:
    body = files.odt_paragraph("Maçon\tLormont") + files.odt_table([("2019-2021", "Eiffage")])
    data = files.odt(body + files.odt_box(["Permis B"]), header=files.odt_paragraph("Nadia Benali"))
    document = read_document(data, "cv.odt")
    assert document.kind is Kind.ODT
    assert texts(document) == ["Nadia Benali", "Maçon\tLormont", "2019-2021\tEiffage", "Permis B"]


@pytest.mark.parametrize("edition", ["transitional", "strict"])
@pytest.mark.parametrize(
    ("main", "target"),
    [
        ("word/document2.xml", "word/document2.xml"),
        ("word/document.xml", "/word/document.xml"),
        ("corps.xml", "./corps.xml"),
        ("word/Le texte.xml", "WORD/Le%20texte.xml"),
        ("a/b/c.xml", "a/x/../b/c.xml"),
    ],
)
def test_the_parts_of_a_word_file_are_found_whatever_their_names(main: str, target: str, edition: str) -> None:
    top, bottom = files.paragraph("Nadia Benali"), files.paragraph("06 12 34 56 78")
    data = files.package(main, target, files.paragraph("Cariste"), top, bottom, edition)
    document = read_document(data, "cv")
    assert (document.kind, document.problem) == (Kind.DOCX, None)
    assert texts(document) == ["Nadia Benali", "Cariste", "06 12 34 56 78"]


def test_a_libreoffice_file_packed_again_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(files.odt(files.odt_paragraph("Cariste")))) as packed:
        members = {name: packed.read(name) for name in reversed(packed.namelist())}
    assert texts(read_document(files.archive(members), "cv.odt")) == ["Cariste"]
    del members["mimetype"]
    assert read_document(files.archive(members), "cv.odt").problem is Fault.UNSUPPORTED
    entry = (
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
    )
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    members["META-INF/manifest.xml"] = f"<manifest:manifest {space}>{entry}</manifest:manifest>".encode()
    assert texts(read_document(files.archive(members), "cv.odt")) == ["Cariste"]


def test_a_workbook_is_no_word_file() -> None:
    book = Workbook()
    out = io.BytesIO()
    book.save(out)
    assert read_document(out.getvalue(), "cv.docx").problem is Fault.UNSUPPORTED


def test_what_an_apple_program_made_is_refused_with_what_to_do() -> None:
    junk = {"junk": b"Bonjour", "binary": bytes(range(256)), "broken": b"PK\x03\x04" + bytes(60)}
    for name, data in junk.items():
        assert read_document(data, f"{name}.pages").problem is Fault.PAGES, name
    packed = files.archive({"Index/Document.iwa": b"x", "preview.jpg": b"x"})
    assert read_document(packed, "cv.zip").problem is Fault.PAGES
    assert "PDF" in Fault.PAGES.sentence
    assert texts(read_document(files.pdf([files.pdf_text(NADIA)]), "cv.pages")) == NADIA


def test_two_columns_of_a_word_table_are_read_one_after_the_other() -> None:
    left, right = "Contact\n06 12 34 56 78\nDrancy\nPermis B", "Expérience\nCariste\nGeodis\n2019-2021\nManutention"
    document = read_document(files.docx(files.table([(left, right)])), "cv.docx")
    assert texts(document) == [*left.split("\n"), *right.split("\n")]


def test_what_was_deleted_in_word_is_not_read() -> None:
    deleted = (
        "<w:p><w:del><w:r><w:delText>12 ans de prison</w:delText></w:r></w:del><w:r><w:t>Cariste</w:t></w:r></w:p>"
    )
    assert texts(read_document(files.docx(deleted), "cv.docx")) == ["Cariste"]


def test_plain_text_of_an_old_computer_is_read() -> None:
    document = read_document("Hervé Lefèvre\r\nMaçon à Trélazé\r\n".encode("cp1252"), "cv.txt")
    assert (document.kind, texts(document)) == (Kind.TEXT, ["Hervé Lefèvre", "Maçon à Trélazé"])


@with_tesseract
def test_a_photograph_is_read_upright_and_loses_its_position() -> None:
    data = files.photograph_with_position(NADIA)
    assert b"Nadia" in data
    document = read_document(data, "IMG_0042.jpg")
    assert document.kind is Kind.IMAGE and document.problem is None
    assert "nadia.benali@example.org" in document.text
    with Image.open(io.BytesIO(document.image)) as kept:
        assert kept.format == "JPEG" and kept.size == (1240, 400)
        assert not kept.getexif() and "exif" not in kept.info
    assert b"Nadia" not in document.image and b"Exif" not in document.image


@with_tesseract
def test_a_scan_in_a_pdf_is_read_as_a_picture() -> None:
    out = io.BytesIO()
    files.page_image(NADIA).save(out, "PDF", resolution=150)
    document = read_document(out.getvalue(), "scan.pdf")
    assert document.kind is Kind.PDF and "nadia.benali@example.org" in document.text


LYING = Image.Transpose.ROTATE_90
W, H = 600, 400
SCANS: dict[str, tuple[Image.Transpose, files.Matrix, dict[str, Any]]] = {
    "turned by the page": (LYING, (W, 0, 0, H, 0, 0), {"rotate": 90}),
    "turned by the page's parents": (LYING, (W, 0, 0, H, 0, 0), {"inherited": 90}),
    "turned back by the page": (Image.Transpose.ROTATE_270, (W, 0, 0, H, 0, 0), {"rotate": -90, "inherited": 180}),
    "turned by its matrix": (LYING, (0, -H, W, 0, 0, H), {}),
    "the other way": (Image.Transpose.ROTATE_270, (0, H, -W, 0, W, 0), {}),
    "upside down": (Image.Transpose.ROTATE_180, (-W, 0, 0, -H, W, H), {}),
    "mirrored": (Image.Transpose.FLIP_LEFT_RIGHT, (-W, 0, 0, H, W, 0), {}),
    "from top to bottom": (Image.Transpose.FLIP_TOP_BOTTOM, (W, 0, 0, -H, 0, H), {}),
    "across": (Image.Transpose.TRANSPOSE, (0, -H, -W, 0, W, H), {}),
    "across the other way": (Image.Transpose.TRANSVERSE, (0, H, W, 0, 0, 0), {}),
    "by a form": (LYING, (W, 0, 0, H, 0, 0), {"form": (0, -1, 1, 0, 0, W)}),
    "by both": (Image.Transpose.ROTATE_180, (0, H, -W, 0, W, 0), {"rotate": 270}),
}


@pytest.mark.parametrize("name", SCANS)
def test_a_scan_is_seen_as_the_page_shows_it(name: str) -> None:
    turn, matrix, page = SCANS[name]
    data = files.pdf_scan([(files.page_image(NADIA).transpose(turn), matrix)], **page)
    seen = page_picture(PdfReader(io.BytesIO(data)).pages[0], ReadingLimits())
    assert seen is not None and alike(seen, files.page_image(NADIA))


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures show the same, whatever a JPEG lost."""
    size = (124, 62)
    apart = ImageChops.difference(one.convert("L").resize(size), other.convert("L").resize(size))
    return float(ImageStat.Stat(apart).mean[0]) < 3


def test_strips_of_a_scan_are_one_picture() -> None:
    whole = files.page_image(NADIA)
    cut = whole.height // 2 + 7
    upper, lower = whole.crop((0, 0, whole.width, cut)), whole.crop((0, cut, whole.width, whole.height))
    share = H * lower.height / whole.height
    strips: list[tuple[Image.Image, files.Matrix]] = [
        (lower, (W, 0, 0, share, 0, 0)),
        (upper, (W, 0, 0, H - share, 0, share)),
    ]
    for rotate in (0, 180):
        page = PdfReader(io.BytesIO(files.pdf_scan(strips, rotate=rotate))).pages[0]
        seen = page_picture(page, ReadingLimits())
        assert seen is not None and alike(seen.rotate(rotate), whole)


@with_tesseract
def test_a_scan_that_lies_is_read_line_by_line() -> None:
    data = files.pdf_scan([(files.page_image(NADIA).transpose(LYING), (W, 0, 0, H, 0, 0))], inherited=90)
    document = read_document(data, "scan.pdf")
    assert [line.replace(" ", "") for line in texts(document)] == [line.replace(" ", "") for line in NADIA]
    assert document.problem is None


@with_tesseract
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_photograph_that_does_not_say_how_it_was_held_is_turned(angle: int) -> None:
    document = read_document(files.encoded(files.page_image(NADIA).rotate(angle, expand=True)), "photo.png")
    assert "".join(texts(document)).replace(" ", "") == "".join(NADIA).replace(" ", "")
    assert alike(Image.open(io.BytesIO(document.image)), files.page_image(NADIA))


@with_tesseract
def test_signs_that_are_no_words_are_no_text_and_this_is_said() -> None:
    mirrored = files.page_image([*NADIA, "Cariste à l'entrepôt du Cher"]).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    document = read_document(files.encoded(mirrored), "photo.png")
    assert (texts(document), document.problem) == ([], Fault.NO_WORDS)
    assert not Fault.NO_WORDS.refuses and document.image
    scanned = read_document(files.pdf_scan([(mirrored, (W, 0, 0, H, 0, 0))]), "scan.pdf")
    assert (texts(scanned), scanned.problem) == ([], Fault.NO_WORDS)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_kept_upright_however_the_camera_was_held(orientation: int, kind: str) -> None:
    upright = files.page_image(NADIA)
    # What the camera stores: the first row and column that EXIF names for each orientation.
    stored = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_270],
        8: [Image.Transpose.ROTATE_270],
    }
    picture = upright
    for turn in stored.get(orientation, []):
        picture = picture.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = files.encoded(picture, kind, exif=exif)
    assert alike(ImageOps.exif_transpose(Image.open(io.BytesIO(data))), upright)
    kept = Image.open(io.BytesIO(pictures.read(data, ReadingLimits(), "").image))
    assert alike(kept, upright) and 0x0112 not in kept.getexif()


def test_without_tesseract_the_image_is_kept_and_a_person_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    document = read_document(files.encoded(files.page_image(NADIA)), "cv.png")
    assert document.problem is Fault.NO_OCR and not document.problem.refuses
    assert document.image and document.problem.sentence


@pytest.mark.parametrize("name", ["cv.png", "scan.pdf"])
@pytest.mark.parametrize(
    ("program", "fault"), [("#!/bin/sh\nexit 3\n", "exit status 3"), ("#!/nowhere/interpreter\n", "FileNotFoundError")]
)
def test_a_tesseract_that_fails_is_told_to_the_counsellor_and_to_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, fault: str, name: str
) -> None:
    (tmp_path / "tesseract").write_text(program)
    (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    out = io.BytesIO()
    files.page_image(NADIA).save(out, name[-3:].upper())
    with capture_logs() as logs:
        document = read_document(out.getvalue(), name)
    assert document.problem is Fault.OCR_FAILED and not document.problem.refuses
    assert "administrat" in document.problem.sentence
    assert logs == [{"event": "document_ocr_failed", "log_level": "warning", "fault": fault}]


def test_every_problem_has_a_sentence_that_says_what_to_do() -> None:
    sentences = {problem.sentence for problem in Fault}
    assert len(sentences) == len(Fault) and all(len(sentence) > 40 for sentence in sentences)


def test_sentences_and_limits_say_the_same() -> None:
    limits = ReadingLimits()
    assert Fault.TOO_LARGE.sentence == too_large() and str(MAX_DOCUMENT_BYTES >> 20) in too_large()
    assert limits.size == MAX_READ_BYTES >= MAX_DOCUMENT_BYTES
    assert f"{limits.pages} pages" in Fault.TOO_MANY_PAGES.sentence
    assert limits.pixels == 40_000_000


def test_when_too_many_files_come_at_once_the_last_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_seats", threading.BoundedSemaphore(1))
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    reading._seats.acquire()
    assert read_document(b"Nadia", "cv.txt").problem is Fault.BUSY
    reading._seats.release()
    assert read_document(b"Nadia", "cv.txt").problem is None


def test_files_that_wait_hold_few_threads_and_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_seats", threading.BoundedSemaphore(1))
    monkeypatch.setattr(reading, "LINE", 2)
    monkeypatch.setattr(reading, "LINE_BYTES", 10)
    reading._seats.acquire()
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(read_document, b"Nadia", "cv.txt")
        while not reading._line:
            time.sleep(0.001)
        assert read_document(b"Nadia B", "cv.txt").problem is Fault.BUSY, "ten bytes in all"
        reading._line.append(1)
        assert read_document(b"N", "cv.txt").problem is Fault.BUSY, "two files in all"
        reading._line.remove(1)
        reading._seats.release()
        assert waits.result(60).problem is None
    assert reading._line == []


def test_a_worker_that_dies_is_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BOOT", "import os; os.abort()")
    assert read_document(b"Nadia", "cv.txt").problem is Fault.UNREADABLE


def test_a_worker_that_talks_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_ANSWER", 1_000)
    monkeypatch.setattr(reading, "_BOOT", "import sys\nwhile True: sys.stdout.write('x' * 9999)")
    assert read_document(b"Nadia", "cv.txt").problem is Fault.EXPANDS_TOO_MUCH


def test_bad_files_are_refused_with_their_reason() -> None:
    one_page = files.pdf([files.pdf_text(NADIA)])
    bomb = files.pdf_bomb()
    assert len(bomb) < 2_900
    entity = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    laughs = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    blank = Image.new("RGB", (800, 600), "white")
    cases = {
        "empty": (b"", Fault.EMPTY),
        "spaces": (b"  \n\t ", Fault.EMPTY),
        "100 MB": (bytes(100 * 1024 * 1024), Fault.TOO_LARGE),
        "300 pages": (files.pdf([b"BT ET"] * 300), Fault.TOO_MANY_PAGES),
        "encrypted": (encrypted(one_page, "secret"), Fault.ENCRYPTED),
        "program": (b"MZ\x90\0" + bytes(60) + b"%PDF-1.4", Fault.EXECUTABLE),
        "script": (b"#!/bin/sh\nrm -rf /\n", Fault.EXECUTABLE),
        "elf": (b"\x7fELF" + bytes(64), Fault.EXECUTABLE),
        "pdf bomb": (bomb, Fault.EXPANDS_TOO_MUCH),
        "zip bomb": (files.archive({"word/document.xml": bytes(60_000_000)}), Fault.EXPANDS_TOO_MUCH),
        "many members": (
            files.archive({f"word/{n}.xml": b"" for n in range(2001)} | {"word/document.xml": b""}),
            Fault.EXPANDS_TOO_MUCH,
        ),
        "external entity": (
            files.docx("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", prologue=entity),
            Fault.EXPANDS_TOO_MUCH,
        ),
        "billion laughs": (
            files.docx("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", prologue=laughs),
            Fault.EXPANDS_TOO_MUCH,
        ),
        "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Fault.OLD_WORD),
        "protected word": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            Fault.ENCRYPTED,
        ),
        "old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), Fault.UNSUPPORTED),
        "outlook message": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__substg1.0_0037001F".encode("utf-16-le"),
            Fault.OUTLOOK,
        ),
        "iphone": (b"\0\0\0\x18ftypheic" + bytes(32), Fault.HEIC),
        "archive": (files.archive({"notes.txt": "bonjour"}), Fault.UNSUPPORTED),
        "rtf": (b"{\\rtf1\\ansi Nadia}", Fault.UNSUPPORTED),
        "noise": (bytes(range(256)) * 40, Fault.UNSUPPORTED),
        "empty image": (files.encoded(blank), Fault.BLANK_IMAGE),
        "broken image": (files.encoded(blank)[:60], Fault.UNREADABLE),
        "huge image": (files.encoded(Image.new("1", (8200, 5000), "white")), Fault.IMAGE_TOO_LARGE),
        "broken pdf": (b"%PDF-1.7\n1 0 obj\n<<", Fault.UNREADABLE),
        "broken word": (files.archive({"word/document.xml": b"<w:document"}), Fault.UNREADABLE),
    }
    found = {name: read_document(data, "cv.pdf").problem for name, (data, _) in cases.items()}
    assert found == {name: problem for name, (_, problem) in cases.items()}
    assert all(problem.refuses for problem in found.values() if problem)


def test_a_pdf_that_only_forbids_copying_is_read() -> None:
    document = read_document(encrypted(files.pdf([files.pdf_text(NADIA)]), "", owner="town"), "cv.pdf")
    assert texts(document) == NADIA


def test_a_name_that_lies_changes_nothing() -> None:
    assert read_document(files.docx(files.paragraph("Cariste")), "cv.pdf").kind is Kind.DOCX
    assert read_document(files.pdf([files.pdf_text(NADIA)]), "cv.docx").kind is Kind.PDF


def test_an_email_gives_its_files_each_read_and_safely_named() -> None:
    deep = files.message(
        "b@example.org", "Tr", "plus bas", [("cv2.docx", "application/zip", files.docx(files.paragraph("Deux")))]
    )
    mail = files.message(
        "Nadia Benali <nadia@example.org>",
        "Mon CV",
        "Bonjour,\nvoici mon CV.",
        [
            ("../../etc/cv\x01.pdf", "application/pdf", files.pdf([files.pdf_text(NADIA)])),
            ("photo.exe", "application/octet-stream", b"MZ" + bytes(100)),
        ],
        deep,
    )
    document = read_document(mail, "message.eml")
    assert (document.kind, document.sender, document.subject) == (Kind.EMAIL, "nadia@example.org", "Mon CV")
    assert texts(document)[:2] == ["Bonjour,", "voici mon CV."]
    read = {attachment.name: attachment.document for attachment in document.attachments}
    assert all("/" not in name and not name.startswith(".") for name in read)
    kinds = [(found.kind, found.problem) for found in read.values() if found]
    assert kinds == [(Kind.PDF, None), (Kind.UNKNOWN, Fault.EXECUTABLE), (Kind.DOCX, None)]


def test_an_email_within_emails_without_end_is_flattened_to_a_depth() -> None:
    data = files.message(
        "a@example.org", "0", "niveau 0", [("cv.txt", "application/octet-stream", b"Maurice, cariste")]
    )
    for level in range(1, 9):
        data = files.message("a@example.org", str(level), f"niveau {level}", inner=data)
    document = read_document(data, "message.eml")
    assert texts(document) == ["niveau 8", "niveau 7", "niveau 6", "niveau 5"]
    assert document.attachments == ()


def test_attachments_are_counted() -> None:
    many = [(f"{n}.txt", "application/octet-stream", b"x") for n in range(40)]
    document = read_document(files.message("a@example.org", "CV", "tout", many), "m.eml", ReadingLimits(attachments=3))
    assert len(document.attachments) == 3


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"From nadia@example.org Mon Nov  2 10:00:00 2026\r\n", b"\r\n\n"])
@pytest.mark.parametrize("name", ["message.eml", "fichier"])
def test_a_message_is_one_whatever_a_program_wrote_before_it(before: bytes, name: str) -> None:
    data = files.message("Nadia <nadia@example.org>", "CV", "Bonjour", [("cv.txt", "text/plain", b"Cariste")])
    document = read_document(before + data, name)
    assert (document.kind, document.sender, texts(document)) == (Kind.EMAIL, "nadia@example.org", ["Bonjour"])
    assert [one.name for one in document.attachments] == ["cv.txt"]


def test_the_line_of_a_mailbox_tells_a_message_of_two_headers() -> None:
    short = b"From nadia@example.org Mon Nov  2 10:00:00 2026\nFrom: nadia@example.org\nSubject: CV\n\nBonjour\n"
    assert read_document(short, "fichier").kind is Kind.EMAIL


def test_a_cv_that_speaks_of_where_it_comes_from_is_no_message() -> None:
    assert read_document(b"From Marseille with love\nCariste depuis 2019\n", "cv.txt").kind is Kind.TEXT


CV_FILE = files.docx(files.paragraph("Cariste"))


@pytest.mark.parametrize(("disposition", "cid"), [("inline", True), ("inline", False), ("attachment", False)])
def test_pictures_of_a_signature_never_push_the_cv_out(disposition: str, cid: bool) -> None:
    document = read_document(
        files.mail_with_pictures(CV_FILE, disposition, cid=cid), "message.eml", ReadingLimits(attachments=2)
    )
    assert [one.name for one in document.attachments] == ["CV.docx", "image0.png"]
    assert [one.inline for one in document.attachments] == [False, True]


def test_of_pictures_in_the_text_the_largest_are_looked_at() -> None:
    document = read_document(
        files.mail_with_pictures(CV_FILE, "inline", photographs=1), "message.eml", ReadingLimits(attachments=2)
    )
    assert [one.name for one in document.attachments] == ["CV.docx", "IMG_12.jpg"]


def test_what_outlook_packed_is_unpacked() -> None:
    cv = files.docx(files.paragraph("Cariste"))
    packed = files.tnef([("CV~1.DOC", "CV de Nadia é.docx", cv), ("note.txt", "", b"Bonjour")])
    for data in (
        packed,
        files.message("a@b.fr", "CV", "Bonjour", [("winmail.dat", "application/ms-tnef", packed)]),
        files.message("a@b.fr", "CV", "Bonjour", [("piece", "application/octet-stream", packed)]),
    ):
        document = read_document(data, "message.eml")
        assert document.kind is Kind.EMAIL
        assert [one.name for one in document.attachments] == ["CV de Nadia é.docx", "note.txt"]
        assert document.attachments[0].document is not None and texts(document.attachments[0].document) == ["Cariste"]


def test_what_outlook_packed_badly_says_that_the_cv_is_inside() -> None:
    broken = files.tnef([("cv.docx", "", b"x" * 500)])[:300]
    assert read_document(broken, "winmail.dat").problem is Fault.OUTLOOK
    mail = files.message("a@b.fr", "CV", "Bonjour", [("winmail.dat", "application/ms-tnef", broken)])
    (inside,) = read_document(mail, "message.eml").attachments
    assert inside.name == "winmail.dat" and inside.document is not None and inside.document.problem is Fault.OUTLOOK


@given(st.binary(max_size=400), st.integers(0, 400), st.integers(0, 255))
def test_whatever_outlook_packed_nothing_raises(data: bytes, position: int, value: int) -> None:
    packed = bytearray(files.tnef([("cv.docx", "CV.docx", data)]))
    packed[position % len(packed)] = value
    assert all(len(content) <= len(packed) for _, content in files_in(bytes(packed), 5))
    assert len(files_in(SIGNATURE + data, 3)) <= 3


def test_an_html_email_is_read_without_its_scripts() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "a@example.org", "CV", "Mon, 23 Nov 2026 10:00:00 +0100"
    mail.set_content("<html><script>alert(1)</script><p>Nadia</p><p>Cariste</p></html>", subtype="html")
    assert texts(read_document(mail.as_bytes(), "m.eml")) == ["Nadia", "Cariste"]


def test_a_file_that_takes_too_long_is_given_up() -> None:
    start = time.monotonic()
    document = read_document(files.pdf([files.pdf_text(NADIA)]), "cv.pdf", ReadingLimits(wall_seconds=0.02))
    assert document.problem is Fault.TOO_SLOW
    assert time.monotonic() - start < 30


def test_reading_leaves_nothing_of_the_text_to_command_characters() -> None:
    document = read_document(("Na\u202edia \u0007Benali\u200b\n" + "Cariste" * 30).encode(), "cv.txt")
    assert texts(document) == ["Nadia Benali", "Cariste" * 30]


@pytest.mark.sockets
def test_the_worker_stays_under_300_megabytes() -> None:
    """Measured from a small process, for a child's peak counts its parent's pages until it starts."""
    program = """
import resource, subprocess, sys
from node.reading import pictures, reading
reading.read_document(sys.stdin.buffer.read(), "x")
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
    pixels = Image.effect_mandelbrot((8000, 4990), (-2, -1, 1, 1), 10).convert("RGBA")
    for data in (files.pdf_bomb(), files.encoded(pixels, "PNG", compress_level=1)):
        answer = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, check=True)
        assert 10 < int(answer.stdout.split()[-1]) < 300
