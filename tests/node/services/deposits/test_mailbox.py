"""CVs that come by e-mail: the message, and the mailbox that is looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from node.config import Config
from node.kit.errors import Unavailable
from node.mission.deposits.deposit import Channel
from node.reading.problems import Fault
from node.reading.reading import read_document
from node.reading.shapes import ReadDocument
from node.services.deposits import deposits, mailbox
from tests.node.reading import files
from tests.node.stage import Place
from tests.node.web.mail_sink import Box, Encryption, certificate, imap_box

CV = files.pdf([files.pdf_text(["Zoé N'Diaye", "06 12 34 56 78", "zoe@example.fr", "2019-2023 Vendeuse"])])
MESSAGE = files.message(
    "Zoé N'Diaye <zoe@example.fr>", "Candidature", "Bonjour, voici mon CV.", [("cv.pdf", "application/pdf", CV)]
)


@pytest.fixture
def box() -> Iterator[Box]:
    """The mission's mailbox."""
    with imap_box() as opened:
        yield opened


def config(town: Place, box: Box, folder: Path, **changes: object) -> Config:
    password = folder / "imap-password"
    password.write_text(box.password + "\n")
    section = town.node.config.reception.model_copy(
        update={
            "imap_host": "127.0.0.1",
            "imap_port": box.port,
            "imap_security": "none",
            "imap_user": "emploi",
            "imap_password_file": password,
            **changes,
        }
    )
    return town.node.config.model_copy(update={"reception": section})


def test_a_message_is_a_deposit_to_which_nobody_agreed(town: Place) -> None:
    taken = mailbox.take_message(town.desk, MESSAGE)
    assert (taken.channel, taken.email, taken.phone) == (Channel.MAIL, "zoe@example.fr", "+33612345678")
    assert "Bonjour, voici mon CV." in taken.message
    assert taken.document and taken.keep is None and taken.network is None and taken.proposal is not None


def test_nested_attachments_are_found_and_programs_left_out(town: Place) -> None:
    inner = files.message("luc@example.fr", "Fwd", "ci-joint", [("cv.pdf", "application/pdf", CV)])
    outer = files.message(
        "Mairie <mairie@example.fr>",
        "TR: CV",
        "Je vous transmets.",
        [("jeu.exe", "application/octet-stream", b"MZ" + b"\0" * 500)],
        files.message("relais@example.fr", "TR", "voir", inner=inner),
    )
    taken = mailbox.take_message(town.desk, outer)
    with town.node.database.read() as uow:
        assert [one.media_type for one in uow.documents.of_deposit(taken.id)] == ["application/pdf"]
    assert taken.email == "mairie@example.fr"


def test_the_pictures_of_a_signature_are_not_kept(town: Place) -> None:
    cv = files.docx(files.paragraph("Nadia BENALI") + files.paragraph("06 12 34 56 78"))
    taken = mailbox.take_message(town.desk, b"\xef\xbb\xbf" + files.mail_with_pictures(cv, "inline"))
    with town.desk.federation.database.read() as uow:
        kept = uow.documents.of_deposit(taken.id)
    assert [one.name for one in kept] == ["CV.docx"]
    assert (taken.last_name, taken.phone) == ("BENALI", "+33612345678")


def test_a_cv_written_into_the_message(town: Place) -> None:
    text = "Bonjour,\nje cherche un poste de vendeuse.\nTél. 06 12 34 56 78"
    taken = mailbox.take_message(town.desk, files.message("Zoé N'Diaye <zoe@example.fr>", "Emploi", text))
    assert not taken.document and taken.phone == "+33612345678" and taken.last_name


def test_what_is_no_message_is_refused(town: Place) -> None:
    for content in (b"", b"%PDF-1.7", b"bonjour"):
        with pytest.raises(mailbox.NotAMessage):
            mailbox.take_message(town.desk, content)
    assert deposits.waiting_deposits(town.desk).count == 0


def test_the_mailbox_is_read_once(town: Place, box: Box, tmp_path: Path) -> None:
    asked = config(town, box, tmp_path)
    automatic = files.message("absent@example.fr", "Absence", "De retour lundi.")
    box.put(MESSAGE)
    box.put(b"Auto-Submitted: auto-replied\n" + automatic)
    box.put(MESSAGE)
    assert mailbox.look(town.desk, asked) == mailbox.Look(taken=2, passed=1)
    assert deposits.waiting_deposits(town.desk).count == 1, "the same message twice is one deposit"
    assert mailbox.look(town.desk, asked) == mailbox.Look()
    assert all(r"\Seen" in flags for flags in box.flags.values()) and len(box.messages) == 3


def test_taken_messages_may_be_deleted(town: Place, box: Box, tmp_path: Path) -> None:
    box.put(MESSAGE)
    assert mailbox.look(town.desk, config(town, box, tmp_path, imap_delete=True)).taken == 1
    assert box.messages == {}


def test_what_cannot_be_taken_in_is_left_for_a_person(town: Place, box: Box, tmp_path: Path) -> None:
    box.put(b"x\n\nno message")
    assert mailbox.look(town.desk, config(town, box, tmp_path)).refused == 1
    assert r"\Flagged" in box.flags[1]


@pytest.mark.parametrize("attached", [False, True], ids=["message", "attachment"])
def test_what_cannot_be_read_just_now_stays_unread(
    town: Place, box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attached: bool
) -> None:
    box.put(MESSAGE)
    asked = config(town, box, tmp_path, imap_delete=True)

    def busy(data: bytes, name: str) -> ReadDocument:
        nothing = ReadDocument(problem=Fault.BUSY)
        read = read_document(data, name)
        kept = tuple(structs.replace(one, document=nothing) for one in read.attachments)
        return structs.replace(read, attachments=kept) if attached else nothing

    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "read_document", busy)
        assert mailbox.look(town.desk, asked) == mailbox.Look()
        assert deposits.waiting_deposits(town.desk).count == 0
    assert mailbox.look(town.desk, asked).taken == 1


def test_a_cv_that_cannot_be_read_just_now_is_not_lost_among_other_files(
    town: Place, box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six certificates are read, the CV alone is not: the message stays, and is taken in whole later."""
    papers = [(f"attestation{n}.txt", "text/plain", f"Attestation {n} de formation".encode()) for n in range(6)]
    attached = [("CV.txt", "text/plain", b"Nadia Benali\nEXPERIENCES\n2019 - 2023 Cariste"), *papers]
    box.put(files.message("nadia@example.fr", "CV", "Ci-joint.", attached))
    asked = config(town, box, tmp_path, imap_delete=True)

    def busy(data: bytes, name: str) -> ReadDocument:
        read = read_document(data, name)
        nothing = ReadDocument(problem=Fault.BUSY)
        kept = [structs.replace(one, document=nothing) if one.name == "CV.txt" else one for one in read.attachments]
        return structs.replace(read, attachments=tuple(kept))

    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "read_document", busy)
        assert mailbox.look(town.desk, asked) == mailbox.Look()
    assert len(box.messages) == 1 and deposits.waiting_deposits(town.desk).count == 0
    assert mailbox.look(town.desk, asked).taken == 1
    (waiting,) = deposits.waiting_deposits(town.desk).rows
    with town.node.database.read() as uow:
        kept = {one.id: one.name for one in uow.documents.of_deposit(waiting.id)}
    assert kept[waiting.document] == "CV.txt"


@pytest.mark.parametrize("fault", ["password", "port"])
def test_a_mailbox_that_cannot_be_read(town: Place, box: Box, tmp_path: Path, fault: str) -> None:
    asked = config(town, box, tmp_path, **({"imap_port": 9} if fault == "port" else {}))
    if fault == "password":
        asked.reception.imap_password_file.write_text("wrong")
    with pytest.raises(Unavailable):
        mailbox.look(town.desk, asked)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mailbox_is_read_on_a_server_that_is_who_it_says(
    town: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    vouched = certificate(tmp_path)
    with imap_box(Encryption.of(vouched, security)) as box:
        box.put(MESSAGE)
        over = config(town, box, tmp_path, imap_security=security)
        with pytest.raises(Unavailable):
            mailbox.look(town.desk, over)
        assert box.flags == {1: set()}, "nobody vouches for this server"
        monkeypatch.setenv("SSL_CERT_FILE", str(vouched))
        assert mailbox.look(town.desk, over).taken == 1


def test_the_letter_is_kept_beside_the_cv(town: Place) -> None:
    letter = "\n".join(["Madame, Monsieur,", *["Je souhaite rejoindre votre équipe."] * 60, "Salutations distinguées."])
    cv = "Zoé N'Diaye\nEXPÉRIENCES\n2019 - 2023 Vendeuse, Boutique\nFORMATION\n2018 CAP Vente"
    mail = files.message(
        "Zoé N'Diaye <zoe@example.fr>",
        "Candidature",
        "Ci-joint.",
        [("lettre.txt", "text/plain", letter.encode()), ("moi.txt", "text/plain", cv.encode())],
    )
    taken = mailbox.take_message(town.desk, mail)
    with town.node.database.read() as uow:
        kept = {one.id: one.name for one in uow.documents.of_deposit(taken.id)}
    assert sorted(kept.values()) == ["lettre.txt", "moi.txt"]
    assert kept[taken.document] == "moi.txt"
