"""« Déposer mon CV » in Montluçon: what is taken, what is refused with a sentence, and that nothing typed is lost."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from PIL import Image

from node.config import load
from node.kit.memory import Room
from node.mission.deposits.deposit import Deposit, SourceKind
from node.mission.people.documents import Document
from node.reading.problems import Fault
from node.reading.shapes import ReadDocument
from node.services.deposits import deposits, reading, waiting
from node.services.desk import Desk
from node.services.network.founding import Created
from node.services.people.documents import read_document
from node.web.deposits import files as deposit_files
from node.web.deposits import handing_in
from tests.node.reading import files
from tests.node.web.conftest import Town, Visitor, town_of, words

ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
CV = files.pdf([files.pdf_text(["Zoé N'Diaye", "06 12 34 56 78", "zoe@example.fr", "2019-2023 Vendeuse"])])
TYPED: dict[str, Any] = {"first_name": "Zoé", "last_name": "N'Diaye", "phone": "06 12 34 56 78", "keep": "1"}


def hand_in(
    town: Town, visitor: Visitor, *uploads: tuple[str, bytes], path: str = "/deposer", seconds: int = 60, **typed: Any
) -> Response:
    """Send the form, as long after opening it as a person takes."""
    began = str(int((town.clock.now() - timedelta(seconds=seconds)).timestamp()))
    return visitor.post(
        path,
        data={"debut": began, **typed},
        files=[("fichier", (name, content, "application/octet-stream")) for name, content in uploads],
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )


def taken(town: Town) -> tuple[Deposit, ...]:
    return deposits.waiting_deposits(town.node.desk).rows


def pieces(answer: Response) -> list[str]:
    return re.findall(r'name="piece" value="([0-9a-f]{32})"', answer.text)


def test_a_cv_and_what_it_seems_to_say(town: Town) -> None:
    answer = hand_in(town, town.visitor(), ("cv.pdf", CV), **TYPED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/deposer/merci")
    (deposit,) = taken(town)
    assert deposit.keep is not None and deposit.network is None
    assert "zoe@example.fr" in str(deposits.one_deposit(town.node.desk, deposit.id).proposal)


def test_by_a_poster_known_or_not(town: Town) -> None:
    poster = deposits.open_source(town.node.desk, SourceKind.COMPANY, "Usine du Cher")
    assert "Usine du Cher" in town.visitor().text(f"/deposer/{poster.id}")
    hand_in(town, town.visitor(), ("cv.pdf", CV), path=f"/deposer/{poster.id}", **TYPED)
    hand_in(town, town.visitor(), path="/deposer/autrefois", call_back="1", **TYPED)
    assert sorted(one.source for one in taken(town)) == ["", poster.id]


def test_the_same_file_twice_is_one_deposit(town: Town) -> None:
    for _time in range(2):
        assert hand_in(town, town.visitor(), ("cv.pdf", CV), **TYPED).status_code == 303
    assert len(taken(town)) == 1


def test_a_letter_sent_before_the_cv_is_not_the_cv(town: Town) -> None:
    letter = files.docx(
        "".join(map(files.paragraph, ["Madame, Monsieur,", "Objet : candidature", "a@employeur.example"]))
    )
    began = str(int((town.clock.now() - timedelta(minutes=1)).timestamp()))
    sent = [("fichier", ("un.docx", letter, "")), ("fichier", ("deux.pdf", CV, "application/pdf"))]
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert town.visitor().post("/deposer", data={"debut": began, **TYPED}, files=sent, headers=headers)
    (deposit,) = taken(town)
    with town.node.database.read() as uow:
        kept = {one.id: one.name for one in uow.documents.of_deposit(deposit.id)}
    assert kept[deposit.document] == "deux.pdf" and sorted(kept.values()) == ["deux.pdf", "un.docx"]


def documents(town: Town) -> list[list[str]]:
    """The media types of each deposit's files."""
    with town.node.database.read() as uow:
        return [[one.media_type for one in uow.documents.of_deposit(deposit.id)] for deposit in taken(town)]


def test_a_photograph_and_a_file_sent_by_a_double_press_are_one_deposit(town: Town) -> None:
    picture = files.encoded(files.page_image(["Zoé N'Diaye", "Vendeuse"]))
    began = str(int((town.clock.now() - timedelta(minutes=1)).timestamp()))
    for _press in range(2):
        answer = town.visitor().post(
            "/deposer",
            data={"debut": began, **TYPED},
            files=[("photo", ("cv.png", picture, "image/png")), ("fichier", ("cv.pdf", CV, "application/pdf"))],
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=False,
        )
        assert answer.headers["location"] == "/deposer/merci"
    assert [sorted(one) for one in documents(town)] == [["application/pdf", "image/jpeg"]]


@pytest.mark.parametrize("busy", [False, True], ids=["mended", "after waiting"])
def test_a_form_with_a_file_that_waited_sent_by_a_double_press_is_one_deposit(town: Town, busy: bool) -> None:
    visitor = town.visitor()
    if busy:
        for number in range(20):
            hand_in(town, visitor, call_back="1", **TYPED | {"last_name": f"N'Diaye {number}"})
    first = hand_in(town, visitor, ("cv.pdf", CV), **TYPED | ({} if busy else {"phone": "12"}))
    town.clock.moment += timedelta(seconds=61)
    before = len(taken(town))
    again = TYPED | {"piece": pieces(first)}
    for _press in range(2):
        assert hand_in(town, visitor, **again).headers["location"] == "/deposer/merci"
    assert len(taken(town)) == before + 1
    assert documents(town)[-1] == ["application/pdf"]
    other = hand_in(town, visitor, **again | {"message": "Et je cherche aussi de nuit."})
    assert other.status_code == 422 and 'id="fichier-fault"' in other.text, "another form needs its file again"


def test_a_file_that_waited_too_long_is_asked_for_again(town: Town) -> None:
    visitor = town.visitor()
    for faults in ({}, {"phone": "12"}):
        (piece,) = pieces(hand_in(town, visitor, ("cv.pdf", CV), **TYPED | {"phone": "12"}))
        town.clock.moment += timedelta(minutes=61)
        answer = hand_in(town, visitor, piece=piece, **TYPED | faults)
        assert answer.status_code == 422 and 'id="fichier-fault"' in answer.text
        assert pieces(answer) == [] and taken(town) == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bombe.pdf", files.pdf_bomb),
        ("bombe.docx", lambda: files.archive({"word/document.xml": b"\0" * 90_000_000})),
        ("programme.pdf", lambda: b"MZ\x90\0" + b"\0" * 2000),
        ("long.pdf", lambda: files.pdf([files.pdf_text([str(n)]) for n in range(300)])),
        ("blanche.png", lambda: files.encoded(Image.new("RGB", (600, 800), "white"))),
        ("entites.docx", lambda: files.docx("<w:p/>", prologue=ENTITY)),
        ("vide.pdf", bytes),
        ("ancien.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("trop.pdf", lambda: CV + b"\n" + b"%" * (11 * 1024 * 1024)),
        ("cent.pdf", lambda: CV + b"\n" + bytes(100 * 1024 * 1024)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_kept_is_answered_by_a_sentence_and_nothing_is_lost(
    town: Town, name: str, content: Callable[[], bytes]
) -> None:
    answer = hand_in(town, town.visitor(), (name, content()), network="1", **TYPED)
    assert answer.status_code == 422
    assert 'id="fichier-fault"' in answer.text
    said = words(answer)
    assert 'value="N\'Diaye"' in said and "06 12 34 56 78" in said
    assert re.search(r'name="network"[^>]*checked', answer.text)
    assert taken(town) == () and "/etc/passwd" not in said and "root:" not in said


def test_a_good_file_is_kept_while_the_form_is_mended(town: Town) -> None:
    visitor = town.visitor()
    first = hand_in(town, visitor, ("cv.pdf", CV), **TYPED | {"phone": "12"})
    assert first.status_code == 422 and "phone-fault" in first.text
    (piece,) = pieces(first)
    again = hand_in(town, visitor, piece=piece, **TYPED)
    assert again.status_code == 303
    (deposit,) = taken(town)
    assert deposit.document
    assert waiting.take_waiting(town.node.desk, piece) is None, "it is the deposit's now"
    assert waiting.take_waiting(town.node.desk, deposit.document) is None, "nobody takes another's document"


def test_a_file_that_waits_is_destroyed_after_an_hour(town: Town) -> None:
    (piece,) = pieces(hand_in(town, town.visitor(), ("cv.pdf", CV), first_name="Zoé"))
    town.clock.moment += timedelta(minutes=61)
    assert waiting.take_waiting(town.node.desk, piece) is None
    assert waiting.purge_waiting(town.node.desk) == 1
    assert waiting.purge_waiting(town.node.desk) == 0


@pytest.fixture
def asking(created: Created) -> Iterator[Town]:
    """A town whose data protection officer has it keep files on people's agreement."""
    config = load(created.config)
    with town_of(
        config.model_copy(update={"reception": config.reception.model_copy(update={"keeping": "agreement"})})
    ) as opened:
        yield opened


def test_a_file_may_be_taken_off_again(asking: Town) -> None:
    town, visitor = asking, asking.visitor()
    (piece,) = pieces(hand_in(town, visitor, ("cv.pdf", CV), **TYPED | {"keep": ""}))
    answer = hand_in(town, visitor, piece=piece, oter=piece, call_back="1", **TYPED | {"keep": ""})
    assert answer.status_code == 303
    assert [one.document for one in taken(town)] == [""]


def test_a_photograph_loses_its_position(town: Town) -> None:
    picture = files.photograph_with_position(["Zoé N'Diaye", "Vendeuse depuis 2019", "06 12 34 56 78"])
    assert hand_in(town, town.visitor(), ("cv.jpg", picture), **TYPED).status_code == 303
    with town.node.database.read() as uow:
        content = uow.documents.content(taken(town)[0].document)
    assert content is not None and dict(Image.open(io.BytesIO(content)).getexif()) == {}


@pytest.mark.parametrize(
    ("first", "last"),
    [("Zoé-Aïcha", "N'Diaye d'Œuvre"), ("فاطمة", "الزهراء"), ("Zoe\u0301", "Nguye\u0302\u0303n")],
)
def test_every_name_is_taken_as_it_is_written(town: Town, first: str, last: str) -> None:
    typed = TYPED | {"first_name": first, "last_name": last, "call_back": "1"}
    assert hand_in(town, town.visitor(), **typed).status_code == 303
    (deposit,) = taken(town)
    assert (deposit.first_name, deposit.last_name) == tuple(unicodedata.normalize("NFC", one) for one in (first, last))


def test_thirty_deposits_a_minute_wait_and_lose_nothing(town: Town) -> None:
    visitor = town.visitor()
    answers = [hand_in(town, visitor, call_back="1", **TYPED | {"last_name": f"N'Diaye {n}"}) for n in range(30)]
    assert [one.status_code for one in answers] == [303] * 20 + [429] * 10
    refused = hand_in(town, visitor, ("cv.pdf", CV), **TYPED)
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0
    assert 'value="N\'Diaye"' in words(refused)
    (piece,) = pieces(refused)
    town.clock.moment += timedelta(seconds=61)
    assert hand_in(town, visitor, piece=piece, **TYPED).status_code == 303
    assert len(taken(town)) == 21
    with town.node.database.read() as uow:
        document = uow.documents.get(next(one.document for one in taken(town) if one.document))
    assert document is not None and (document.media_type, document.kind.value) == ("application/pdf", "cv")


def test_a_form_that_names_one_waiting_file_many_times_shows_it_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, looked, read = town.visitor(), [], []

    def look(desk: Desk, number: str) -> Document | None:
        looked.append(number)
        return waiting.look_at_waiting(desk, number)

    (piece,) = pieces(hand_in(town, visitor, ("cv.pdf", CV), **TYPED | {"phone": "12"}))
    for _number in range(19):
        hand_in(town, visitor, call_back="1", **TYPED | {"phone": "12"})
    monkeypatch.setattr(deposit_files, "look_at_waiting", look)
    monkeypatch.setattr(deposit_files, "take_waiting", lambda _desk, number: read.append(number))
    refused = hand_in(town, visitor, **TYPED | {"piece": [piece] * 400 + [f"{n:032x}" for n in range(90)]})
    assert refused.status_code == 429 and pieces(refused) == [piece]
    assert (len(looked), looked[0], read) == (deposit_files.MOST_FILES, piece, [])


def test_a_file_that_cannot_be_read_just_now_is_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = town.visitor()
    with monkeypatch.context() as patch:
        patch.setattr(reading, "read_document", lambda _content, _name: ReadDocument(problem=Fault.BUSY))
        answers = [hand_in(town, visitor, ("cv.pdf", CV), **TYPED)]
        answers.append(hand_in(town, visitor, piece=pieces(answers[0]), **TYPED))
    for answer in answers:
        assert answer.status_code == 422 and Fault.BUSY.sentence in words(answer)
    assert taken(town) == () and pieces(answers[0]) != pieces(answers[1])
    assert hand_in(town, visitor, piece=pieces(answers[1]), **TYPED).status_code == 303
    (deposit,) = taken(town)
    kept, content = read_document(town.node.desk, deposit.document)
    assert (kept.media_type, content) == ("application/pdf", CV)
    with town.node.database.read() as uow:
        assert uow.documents.unclaimed() == []


def test_a_file_for_which_there_is_no_room_just_now_is_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor, room = town.visitor(), Room(2 * len(CV), patience=0.01)
    monkeypatch.setattr(handing_in, "_room", room)
    with room.take(len(CV) + 1):
        answer = hand_in(town, visitor, ("cv.pdf", CV), **TYPED)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
        assert hand_in(town, visitor, piece=pieces(answer), **TYPED).status_code == 429, "it weighs as much as it did"
        assert hand_in(town, visitor, call_back="1", **TYPED | {"last_name": "Fabre"}).status_code == 303
    assert hand_in(town, visitor, piece=pieces(answer), **TYPED).status_code == 303
    assert len(taken(town)) == 2


def test_robots_are_asked_again_and_people_pass(town: Town) -> None:
    visitor = town.visitor()
    trapped = hand_in(town, visitor, call_back="1", site_internet="http://spam.example", **TYPED)
    hasty = hand_in(town, visitor, seconds=1, call_back="1", **TYPED)
    assert (trapped.status_code, hasty.status_code) == (422, 422)
    assert 'value="N\'Diaye"' in words(hasty) and "spam.example" not in trapped.text
    assert taken(town) == ()
    assert hand_in(town, visitor, call_back="1", **TYPED).status_code == 303


def test_what_is_missing_is_said_field_by_field(town: Town) -> None:
    answer = hand_in(town, town.visitor(), last_name="N'Diaye")
    assert all(f'id="{field}-fault"' in answer.text for field in ("phone", "fichier"))


def test_on_what_a_cv_is_kept_is_said_and_asked_only_where_it_is_asked(town: Town, asking: Town) -> None:
    """Who gets what, until when, and when sheets change."""
    said = words(town.visitor().get("/deposer"))
    assert "mission de service public" in said and 'name="keep"' not in said
    assert "23 novembre 2027" in said and "employeurs d'autres villes" in said and "que le lundi" in said
    assert hand_in(town, town.visitor(), ("cv.pdf", CV), **TYPED | {"keep": ""}).status_code == 303
    asked = hand_in(asking, asking.visitor(), ("cv.pdf", CV), **TYPED | {"keep": ""})
    assert 'id="keep-fault"' in asked.text and "mission de service public" not in words(asked)


def test_nothing_of_a_person_is_in_addresses_or_logs(town: Town, everything_told: Callable[[], str]) -> None:
    answer = hand_in(town, town.visitor(), ("cv-ndiaye.pdf", CV), **TYPED)
    said = everything_told()
    assert "deposit.taken" in said
    for secret in ("Diaye", "ndiaye", "0612345678", "zoe@"):
        assert secret not in str(answer.url) + answer.headers["location"]
        assert secret not in said


def test_another_site_hands_nothing_in(town: Town) -> None:
    answer = town.visitor().post("/deposer", data=TYPED, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and taken(town) == ()
