"""Sendings to a local employer: made in one piece, mailed with a private link, printed, ended."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from node.documents.contact import contact_of
from node.kit.errors import BadInput, NotFound
from node.mission.accounts.account import digest
from node.mission.employers.codes import codes_in, shown_code
from node.mission.employers.sending import SendingContact, SendingWay
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.terms import GUARANTEE_SAYS
from node.mission.people.contacts import ContactChannel
from node.services.desk import Gone, Refused
from node.services.employers import letters, sending
from node.services.employers.sending import ToSend
from node.services.forwards import answers
from node.services.listening import deliver
from tests.node.conftest import french
from tests.node.mission import samples
from tests.node.services.employers.conftest import LETTER, MAIL, ROCHE, House


def test_a_sending_sends_its_drafts_as_ever_and_says_what_was_checked(house: House) -> None:
    made = house.send("p1", "p2")
    with house.node.database.read() as uow:
        held = [uow.disclosures.of_candidate(name)[0].forward for name in ("p1", "p2")]
        assert [one.forward for one in made.parts] == held
        assert uow.sendings.get(made.id) == made
    for number in (1, 2):
        assert house.forward_of(made, number).state is ForwardState.SENT
    assert [code for code, _day in made.parts[0].checked] == ["met_in_person", "cv_reworked", "licence"]
    assert made.until == made.made + timedelta(days=60)


def test_sending_again_is_a_reminder_once_the_first_one_left(house: House) -> None:
    desk, (first, second) = house.node.desk, (house.draft("p1").id, house.draft("p2").id)

    def reminded(forward: str) -> list[ContactChannel | None]:
        with house.node.database.read() as uow:
            return [one.channel for one in uow.following.notes_of([forward]).get(forward, ())]

    sending.prepare(desk, [first], MAIL, "anne")
    sending.prepare(desk, [first], LETTER, "anne")
    assert reminded(first) == [], "the mail had not left"
    sending.prepare(desk, [first, second], LETTER, "anne")
    assert (reminded(first), reminded(second)) == ([ContactChannel.LETTER], [])
    answers.give_answer(desk, first, ForwardState.INTERVIEW)
    answers.give_answer(desk, second, ForwardState.HIRED)
    sending.prepare(desk, [first], LETTER, "anne")
    assert len(reminded(first)) == 2


def test_nothing_is_sent_when_one_of_them_cannot_be(house: House) -> None:
    first, second = house.draft("p1"), house.draft("p2")
    with house.node.database.write() as uow:
        person = uow.candidates.get("p2")
        assert person is not None
        uow.candidates.save(replace(person, readiness=None))
    before = house.stage.montlucon.snapshot()
    with pytest.raises(Refused, match=r"signé|signed"):
        sending.prepare(house.node.desk, [first.id, second.id], MAIL, "anne")
    assert house.stage.montlucon.snapshot() == before
    assert not deliver(house.node).heard and not house.sink.mails


def test_what_makes_no_sending(house: House) -> None:
    desk, draft = house.node.desk, house.draft("p1").id
    for forwards, wanted, problem in (
        ([], MAIL, "sending_size"),
        (list("abcdef"), MAIL, "sending_size"),
        ([draft], replace(MAIL, contact=SendingContact(name="Mme Roche")), "bad_input"),
        ([draft], replace(MAIL, contact=SendingContact(email="roche")), "bad_input"),
    ):
        with pytest.raises((Refused, BadInput)) as caught:
            sending.prepare(desk, forwards, wanted, "anne")
        assert caught.value.problem == problem
    (other,) = house.stage.montlucon.post(samples.offer(2, employer="Boucherie Roche"))
    elsewhere = replace(house, offer=other).draft("p2").id
    with pytest.raises(Refused) as caught:
        sending.prepare(desk, [draft, elsewhere], MAIL, "anne")
    assert caught.value.problem == "several_offers"
    with pytest.raises(NotFound):
        sending.prepare(desk, ["nobody"], MAIL, "anne")


def test_the_mail_has_a_private_link_and_nobodys_name(house: House) -> None:
    made, token = house.mailed("p1", "p2")
    (mail,) = house.sink.mails
    body = mail.get_body()
    assert body is not None
    text = french(body.get_content())
    assert mail["To"] == ROCHE.email and mail["Reply-To"] == "emploi@montlucon.fr"
    assert codes_in(mail["Subject"]) == (made.code,)
    assert text.startswith("Bonjour Mme Roche,")
    assert "2 personnes" in text and "Boucher" in text and GUARANTEE_SAYS in text and shown_code(made.code) in text
    assert "04 70 02 55 00" in text and "répondre à ce courriel" in text
    for name in ("Amina", "Benali", "Luc", "Fabre"):
        assert name not in mail.as_string()
    assert not list(mail.iter_attachments())
    with house.node.database.read() as uow:
        known = uow.sendings.by_link(digest(token))
    assert known is not None and known.mailed is not None


def test_cvs_go_with_the_mail_when_the_counsellor_says_so(house: House) -> None:
    house.mailed("p1", "p2", with_cvs=True)
    names = [part.get_filename() for part in house.sink.mails[0].iter_attachments()]
    assert names == ["cv-1.pdf", "cv-2.pdf"]


def test_a_mail_that_was_not_taken_is_tried_again(house: House) -> None:
    house.sink.refused = {ROCHE.email}
    made = house.send("p1")
    assert len(deliver(house.node, made.id).failed) == 1
    house.sink.refused.clear()
    assert len(deliver(house.node, made.id).heard) == 1
    assert len(house.sink.mails) == 1
    assert not deliver(house.node, made.id).heard


def test_the_letter_has_the_cvs_the_guarantee_the_code_and_a_link_of_its_own(house: House) -> None:
    made, mission = house.send("p1", "p2", wanted=LETTER), contact_of(house.node.config)
    pdf = PdfReader(BytesIO(letters.print_letter(house.node.desk, made.id, mission)))
    assert len(pdf.pages) == 3
    letter = french(" ".join(pdf.pages[0].extract_text().split()))
    for said in ("Mme Roche", "3 rue de la Gare", "Amina Benali-Roy", "Luc Fabre", "A tenu ce rayon deux ans.",
                 "Rencontre en personne", shown_code(made.code)):  # fmt: skip
        assert said in letter, letter
    assert GUARANTEE_SAYS in letter.replace("’", "'")
    assert "Amina" in pdf.pages[1].extract_text() and "Luc" in pdf.pages[2].extract_text()
    letters.print_letter(house.node.desk, made.id, mission)
    assert not deliver(house.node).heard and not house.sink.mails


def test_an_ended_sending_prints_no_letter(house: House) -> None:
    made = house.send("p1", wanted=LETTER)
    assert sending.end(house.node.desk, made.id) == sending.end(house.node.desk, made.id)
    with pytest.raises(Gone):
        letters.print_letter(house.node.desk, made.id, contact_of(house.node.config))


def test_one_who_is_put_forward_already_may_be_sent_again(house: House) -> None:
    first = house.send("p1", wanted=ToSend(way=SendingWay.LETTER, contact=SendingContact()))
    again = sending.prepare(house.node.desk, [first.parts[0].forward], MAIL, "anne")
    assert again.code != first.code and again.parts == first.parts
    deliver(house.node, again.id)
    assert house.sink.mails[-1]["Subject"].startswith("Rappel")
    found = sending.sendings_of(house.node.desk, [first.parts[0].forward])
    assert {one.id for one in found[first.parts[0].forward]} == {first.id, again.id}
