"""What counsellors do with what people hand in: nothing typed is lost, nothing unconfirmed kept."""

import re
from io import BytesIO
from typing import Any

from httpx2 import Response
from openpyxl import Workbook
from PIL import Image

from node.mission.accounts.roles import Role
from node.mission.deposits.deposit import Channel, Deposit, DepositState
from node.mission.people.candidate import CvState
from node.reading.proposals import Remark
from node.services.deposits import deposits, reading
from node.services.deposits.deposits import Handed
from node.services.people.documents import Upload
from node.web.people.fields import GROUPS
from tests.node.reading import files
from tests.node.registering import register_person
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.markup import read as read_markup

CV = b"""Luc FABRE
Macon
luc.fabre@exemple.fr
06 11 22 33 44

Experience professionnelle
2018 - 2022 : Macon, Batiment du Cher, Bourges
- Coulage de dalles
- Coffrage
"""
MAIL = (
    b"From: Luc Fabre <luc.fabre@exemple.fr>\r\nSubject: CV\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n'
    b'--b\r\nContent-Type: text/plain; name="cv.txt"\r\nContent-Disposition: attachment; filename="cv.txt"\r\n\r\n'
    + CV
    + b"\r\n--b--\r\n"
)


def upload(visitor: Visitor, path: str, name: str, content: bytes, **fields: str) -> Response:
    """Send a form with a file."""
    csrf = visitor.get(path).text.split('name="csrf" value="')[1].split('"')[0]
    return visitor.post(
        path,
        data={"csrf": csrf} | fields,
        files={"document": (name, content, "application/octet-stream")},
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )


def only_deposit(town: Town) -> Deposit:
    (found,) = deposits.waiting_deposits(town.node.desk).rows
    return deposits.one_deposit(town.node.desk, found.id)


def test_a_file_brought_to_the_desk_becomes_fields(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    answer = upload(visitor, "/depots/nouveau", "cv.txt", CV)
    deposit = only_deposit(town)
    assert answer.headers["location"] == f"/depots/{deposit.id}"
    assert deposit.channel is Channel.DESK
    page = visitor.text(f"/depots/{deposit.id}")
    assert 'value="luc.fabre@exemple.fr"' in page and 'value="F1703"' in page
    served = visitor.get(f"/depots/{deposit.id}/document")
    assert served.content == CV
    assert "sandbox" in served.headers["content-security-policy"]
    assert served.headers["content-disposition"].startswith("attachment")


def test_a_job_comes_with_its_employer_its_town_and_what_was_done(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    upload(visitor, "/depots/nouveau", "cv.txt", CV)
    page = words(visitor.get(f"/depots/{only_deposit(town).id}"))
    for name, value in (("title", "Macon"), ("employer", "Batiment du Cher"), ("place", "Bourges")):
        assert re.search(f'name="job_0_{name}"[^>]*value="{value}"', page), name
    assert re.search(r'name="job_0_tasks"[^>]*>\s*Coulage de dalles\s+Coffrage\s*</textarea>', page)


def test_what_became_no_field_is_listed_beside_the_form(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    upload(visitor, "/depots/nouveau", "cv.txt", CV + "\nFormation\nADVF\nCAP maçon, 2017\nSST\n".encode())
    path = f"/depots/{only_deposit(town).id}"
    assert 'id="reste"' not in words(visitor.get(path)), "it is of no use to say who it is"
    page = words(visitor.send_form(path, ici="1", etape="2", last_name="Fabre", checked_identity="1"))
    listed = page.split('id="reste"')[1].split("</ul>")[0]
    assert re.findall(r"<li[^>]*>(.*?)</li>", listed) == ["ADVF", "SST"]
    plain = deposits.hand_in(town.node.desk, Handed(channel=Channel.DESK, last_name="Roy"))
    assert 'id="reste"' not in words(visitor.get(f"/depots/{plain.id}"))


def test_a_picture_that_nobody_can_read_raises_no_alarm_about_what_was_typed(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    grey = Image.new("RGB", (600, 400), "grey")
    grey.paste("white", (0, 0, 300, 400))
    handled = reading.handle(town.node.desk, files.encoded(grey), "photo.png")
    typed = Handed(
        channel=Channel.QR, first_name="Luc", last_name="Fabre", phone="06 11 22 33 44", upload=handled.upload
    )
    kept = deposits.hand_in(town.node.desk, typed)
    deposits.keep_proposal(town.node.desk, kept.id, handled.reading.stored())
    page = words(visitor.get(f"/depots/{kept.id}"))
    assert "Il est gardé" in page or "Elle est gardée" in page or "L'image est gardée" in page
    assert Remark.NO_CONTACT.sentence not in page and Remark.NO_NAME.sentence not in page


def test_what_the_person_typed_is_not_asked_for_again(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    bare = reading.handle(town.node.desk, "Maçon depuis 2019\nPermis B".encode(), "cv.txt")
    for phone, asked in (("06 11 22 33 44", False), ("", True)):
        handed = Handed(channel=Channel.DESK, last_name="Fabre", phone=phone, upload=bare.upload)
        kept = deposits.hand_in(town.node.desk, handed)
        deposits.keep_proposal(town.node.desk, kept.id, bare.reading.stored())
        page = words(visitor.get(f"/depots/{kept.id}"))
        assert ("ni numéro de téléphone ni adresse" in page) is asked
        assert "Le nom n'est pas sûr" not in page


def test_a_proposal_kept_before_jobs_had_employers_is_still_shown(town: Town) -> None:
    job = {"title": "Maçon", "rome": "F1703", "label": "Maçon", "start": {"year": 2018, "month": 0}, "end": None}
    fields = {"experiences": [job | {"months": 48, "confidence": 0.9, "at": {"line": 0, "start": 0, "end": 5}}]}
    handed = Handed(
        channel=Channel.MAIL,
        last_name="Fabre",
        upload=Upload("cv.txt", "text/plain", CV),
        proposal={"fields": fields, "lines": ["Maçon depuis 2018"], "problem": ""},
    )
    deposit = deposits.hand_in(town.node.desk, handed)
    page = words(town.signed_in(Role.COUNSELLOR).get(f"/depots/{deposit.id}"))
    assert re.search('name="job_0_title"[^>]*value="Maçon"', page) and "Maçon depuis 2018" in page


def test_a_cv_with_far_too_many_tasks_is_kept_without_them(town: Town) -> None:
    job = b"2015-2018 : Macon, Geodis\n- " + b"abc; " * 20 + b"\n"
    handled = reading.handle(town.node.desk, b"Luc FABRE\n06 11 22 33 44\nExperience\n" + job * 290, "cv.txt")
    assert handled.reading.proposal.experiences[0].tasks
    stored = handled.reading.stored()
    handed = Handed(channel=Channel.DESK, last_name="Fabre", upload=handled.upload, proposal=stored)
    kept = reading.reading_of(deposits.hand_in(town.node.desk, handed))
    assert kept is not None and kept.lines == () and len(kept.proposal.experiences) == 290
    assert not any(one.tasks for one in kept.proposal.experiences)


def test_nothing_is_kept_that_nobody_confirmed(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    upload(visitor, "/depots/nouveau", "cv.txt", CV)
    deposit = only_deposit(town)
    path = f"/depots/{deposit.id}"
    typed: dict[str, Any] = {
        "first_name": "Luc",
        "last_name": "Fabre",
        "phone": "0611223344",
        "occupations": "F1703",
        "hours": "any",
    }
    answer = visitor.send_form(path, **typed)
    assert answer.status_code == 422 and "fautes" in answer.text
    ticks = {f"checked_{group}": "1" for group in ("identity", "search", "background")}
    answer = visitor.send_form(path, follow=False, agrees_keep="1", how="dit au guichet", **typed | ticks)
    assert answer.status_code == 303
    with town.node.database.read() as uow:
        person = uow.candidates.get(answer.headers["location"].rpartition("/")[2])
    assert person is not None
    assert [one.rome for one in person.occupations] == ["F1703"]
    assert person.cv_state is CvState.TO_REWORK and person.owner == town.account(Role.COUNSELLOR).id
    assert [(one.scope, one.how) for one in person.consents] == [("keep", "dit au guichet")]
    assert person.jobs == () and person.email == "", "proposed, and not sent with the form"
    assert deposits.one_deposit(town.node.desk, deposit.id).state is DepositState.ACCEPTED
    assert visitor.get(path, follow_redirects=False).status_code == 303


def shown_step(page: str) -> int:
    """The number of the step that is shown: one alone, the others travel out of sight."""
    found = re.findall(r'<input type="hidden" name="ici" value="(\d)">', page)
    assert len(found) == 1 and len(re.findall(r"<div hidden>", page)) == 2
    return int(found[0])


def filled(answer: Response) -> dict[str, Any]:
    """What a browser would send of the page's form as it stands, whatever step is shown; text areas end the line with
    which they begin."""
    values: dict[str, list[str]] = {}
    inside = [
        one
        for one in read_markup(answer.text).elements
        if any(over.attributes.get("id") == "fiche" for over in one.above())
    ]
    for one in inside:
        of, name = one.attributes, one.attributes.get("name", "")
        if one.tag == "option" and "selected" in of:
            holder = next(over for over in one.above() if over.tag == "select")
            values[holder.attributes["name"]] = [of.get("value", "")]
        elif one.tag == "textarea":
            values[name] = [one.text]
        elif one.tag == "input" and name and (of.get("type") not in ("checkbox", "radio") or "checked" in of):
            values.setdefault(name, []).append(of.get("value", ""))
    return {name: sent for name, sent in values.items() if name != "csrf"}


def test_a_check_goes_in_three_steps_and_forgets_nothing(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    upload(visitor, "/depots/nouveau", "cv.txt", CV)
    deposit = only_deposit(town)
    path = f"/depots/{deposit.id}"
    seen = visitor.get(path)

    def send(**changes: str) -> Response:
        nonlocal seen
        seen = visitor.send_form(path, **filled(seen) | changes)
        return seen

    page = words(seen)
    assert shown_step(page) == 1
    for certain in ("luc.fabre@exemple.fr", "06 11 22 33 44"):
        assert re.search(rf'<details class="sure"><summary>.*<span class="value">{re.escape(certain)}</span>', page)
    assert page.index('id="birth_date"') > page.index('id="identite"'), "what is missing is open"
    assert shown_step(words(send(etape="2"))) == 1 and 'id="checked_identity-fault"' in words(seen)
    assert shown_step(words(send(etape="2", checked_identity="1", phone="06"))) == 1
    assert 'id="phone-fault"' in words(seen), "by the rules of the register, before the end"
    assert send(etape="2", phone="06 11 22 33 44", birth_date="hier", words="Mes mots.").status_code == 422
    page = words(seen)
    assert shown_step(page) == 1 and 'id="birth_date-fault"' in page
    assert page.count('<li><a href="#') == 1, "a fault of this step alone"
    assert shown_step(words(send(etape="2", birth_date="1990-05-04"))) == 2
    assert shown_step(words(send(etape="1", job_0_title="Maçonne"))) == 1, "going back asks for nothing"
    page = words(send(etape="2"))
    assert shown_step(page) == 2 and 'value="Maçonne"' in page
    page = words(send(etape="3"))
    assert shown_step(page) == 2 and page.count('class="fault"') == 2, "two parts of it are to be compared"
    page = words(send(etape="3", checked_search="1", checked_background="1"))
    assert shown_step(page) == 3 and "Mes mots." in page
    assert deposits.one_deposit(town.node.desk, deposit.id).state is DepositState.WAITING
    with town.node.database.read() as uow:
        assert not uow.candidates.all(), "nothing is kept of a check that is not over"
    page = words(send(mobility_km="loin"))
    assert shown_step(page) == 3 and 'id="mobility_km-fault"' in page
    answer = visitor.send_form(path, follow=False, **filled(seen) | {"mobility_km": "20", "agrees_network": "1"})
    assert answer.status_code == 303
    with town.node.database.read() as uow:
        (person,) = uow.candidates.all()
    assert (person.jobs[0].title, person.words, person.mobility_km) == ("Maçonne", "Mes mots.", 20)
    assert (person.email, str(person.birth_date)) == ("luc.fabre@exemple.fr", "1990-05-04")
    assert [one.scope for one in person.consents] == ["network"]


def test_somebody_who_is_known_is_chosen_in_the_first_step(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    fields = {"first_name": "Luc", "last_name": "Fabre", "phone": "0611223344"}
    known = register_person(town.node.desk, fields, "anne")
    upload(visitor, "/depots/nouveau", "cv.txt", CV)
    path = f"/depots/{only_deposit(town).id}"
    seen = visitor.get(path)
    assert f'name="joindre" value="{known.id}"' in seen.text
    seen = visitor.send_form(path, **filled(seen) | {"joindre": known.id, "checked_identity": "1"})
    page = words(seen)
    assert shown_step(page) == 2 and f"Ira dans le dossier de Luc Fabre ({known.reference})" in page
    assert 'class="fault"' not in page
    other = words(visitor.send_form(path, **filled(seen) | {"autre": "1"}))
    assert shown_step(other) == 2 and "Ira dans le dossier" not in other
    ticks = {"checked_search": "1", "checked_background": "1", "etape": "3"}
    seen = visitor.send_form(path, **filled(seen) | ticks)
    assert shown_step(words(seen)) == 3 and "Ajouter à ce dossier" in words(seen) and "agrees_network" not in seen.text
    answer = visitor.send_form(path, follow=False, **filled(seen))
    assert answer.headers["location"] == f"/candidats/{known.id}"
    with town.node.database.read() as uow:
        (person,) = uow.candidates.all()
    assert person.email == "luc.fabre@exemple.fr" and person.jobs


def test_a_button_of_the_form_loses_nothing(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    upload(visitor, "/depots/nouveau", "cv.txt", CV)
    path = f"/depots/{only_deposit(town).id}"
    typed: dict[str, Any] = {
        "last_name": "Fabre d'Églantine",
        "job_0_title": "Maçon",
        "job_0_keep": "1",
        "occupations": "F1703",
    }
    for pressed in (
        {"ajouter": "occupations:N1103"},
        {"chercher": "skills", "q_skills": "chariot"},
        {"ligne": "job"},
        {"retirer": "skills:900016"},
        {"premier": "F1703"},
        {"q_commune": "montlu"},
    ):
        page = words(visitor.send_form(path, **typed | pressed))
        assert "Fabre d'Églantine" in page and 'value="Maçon"' in page and 'value="F1703"' in page, pressed
    assert 'value="commune:03185"' in page


def test_an_email_is_its_attachment(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    upload(visitor, "/depots/nouveau", "message.eml", MAIL)
    deposit = only_deposit(town)
    assert deposit.channel is Channel.MAIL
    assert "Batiment du Cher" in words(visitor.get(f"/depots/{deposit.id}"))
    assert b"FABRE" in visitor.get(f"/depots/{deposit.id}/document").content


def test_a_document_that_was_never_read_is_read_when_it_is_shown(town: Town) -> None:
    handed = Handed(channel=Channel.MAIL, last_name="Fabre", upload=Upload("cv.txt", "text/plain", CV))
    deposit = deposits.hand_in(town.node.desk, handed)
    assert "F1703" in town.signed_in(Role.COUNSELLOR).text(f"/depots/{deposit.id}")
    assert deposits.one_deposit(town.node.desk, deposit.id).proposal is not None


def test_bad_files_and_forms_say_what_to_do(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    for name, content in (
        ("cv.pdf", b"MZ\x90" + b"\0" * 300),
        ("cv.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99),
    ):
        answer = upload(visitor, "/depots/nouveau", name, content, first_name="Amina")
        assert answer.status_code == 422 and 'value="Amina"' in answer.text
    assert visitor.send_form("/depots/nouveau").status_code == 422
    assert deposits.waiting_deposits(town.node.desk).count == 0


def test_called_back_and_discarded(town: Town) -> None:
    handed = Handed(channel=Channel.QR, last_name="Fabre", phone="0611223344", call_back=True)
    deposit = deposits.hand_in(town.node.desk, handed)
    visitor = town.signed_in(Role.COUNSELLOR)
    assert "tel:+33611223344" in visitor.text("/depots")
    visitor.send_form(f"/depots/{deposit.id}/rappele", f"/depots/{deposit.id}")
    assert not deposits.one_deposit(town.node.desk, deposit.id).call_back
    visitor.send_form(f"/depots/{deposit.id}/jeter")
    assert deposits.waiting_deposits(town.node.desk).count == 0


def spreadsheet(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_list_as_a_spreadsheet(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    content = spreadsheet(
        ("reference", "nom", "prenom", "commune", "metiers", "mobilite_km"),
        ("MTL-1", "Petit", "Camille", "03185", "N1103:24", 25),
        (None, None),
        ("MTL-2", "=1+1", "Luc", "03185", "Z9999", None),
    )
    page = words(upload(visitor, "/depots/importer", "liste.xlsx", content))
    assert "<code>" in page and "Petit" not in page
    with town.node.database.read() as uow:
        (person,) = uow.candidates.all()
    assert (person.reference, person.mobility_km, person.occupations[0].months) == ("MTL-1", 25, 24)


def test_a_list_in_latin_1_and_a_damaged_one(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    latin = "reference;nom;prenom;commune;metiers\nMTL-1;Lefèvre;Zoé;03185;N1103\n".encode("cp1252")
    assert upload(visitor, "/depots/importer", "liste.csv", latin).status_code == 200
    with town.node.database.read() as uow:
        assert [one.last_name for one in uow.candidates.all()] == ["Lefèvre"]
    assert upload(visitor, "/depots/importer", "liste.xlsx", b"PK\x03\x04" + b"x" * 100).status_code == 422


def test_a_settled_deposits_document_is_opened_from_the_persons_file(town: Town) -> None:
    desk, visitor = town.node.desk, town.signed_in(Role.COUNSELLOR)
    upload(visitor, "/depots/nouveau", "cv.txt", CV)
    deposit = only_deposit(town)
    path = f"/depots/{deposit.id}"
    typed = {"last_name": "Fabre", "phone": "0611223344", "hours": "any", "agrees_keep": "1", "how": "dit au guichet"}
    assert visitor.get(f"{path}/document").status_code == 200
    opened = visitor.send_form(path, follow=False, **typed, **{f"checked_{name}": "1" for name in GROUPS})
    person = opened.headers["location"].rpartition("/")[2]
    assert visitor.get(f"{path}/document").content == CV
    with town.node.database.read() as uow:
        assert [one.what for one in uow.accounts.accesses_to(person)] == ["document", "edit"]
    assert deposits.one_deposit(desk, deposit.id).candidate == person
