"""« Mon espace » in Montluçon: ways in, who may see what, rights."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.deposits.deposit import Channel
from node.mission.forwards.forward import ForwardState, Move, Side
from node.mission.people.candidate import Candidate, Experience, Met
from node.mission.people.contacts import ContactChannel
from node.services.deposits import deposits
from node.services.my_space import download, my_space
from node.services.people import contacts, quality
from node.services.people import files as people
from node.services.people.documents import Upload, add_document
from node.services.team import handover
from node.services.workshops import workshops
from node.web.my_space.pages import section_of
from tests.node.mission import samples
from tests.node.registering import register_person
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.mail_sink import Sink, smtp_sink

PAGES = (
    "",
    "/offres",
    "/donnees",
    "/accords",
    "/accords/retirer/keep",
    "/accords/retirer/network",
    "/suivi",
    "/effacer",
    "/carte",
    "/carte.pdf",
    "/cartes.pdf",
    "/mes-donnees.json",
    "/mes-donnees.pdf",
)


def enrol(town: Town, first: str = "Aïcha", email: str = "aicha@example.fr") -> Candidate:
    return register_person(
        town.node.desk,
        {
            "first_name": first,
            "last_name": "Benmansour",
            "email": email,
            "phone": "0612345678",
            "commune": samples.MONTLUCON,
            "occupations": (Experience(rome=samples.WAREHOUSE, months=24),),
        },
        town.account(Role.COUNSELLOR).id,
        agreements={ConsentScope.KEEP: "signé au guichet", ConsentScope.NETWORK: "signé au guichet"},
    )


@pytest.fixture
def sink(town: Town) -> Iterator[Sink]:
    """A mail server that the town uses."""
    with smtp_sink() as opened:
        mail = town.node.config.mail.model_copy(
            update={"host": "127.0.0.1", "port": opened.port, "security": "none", "sender": "emploi@montlucon.example"}
        )
        town.node = replace(town.node, config=town.node.config.model_copy(update={"mail": mail}))
        yield opened


def links(sink: Sink) -> list[str]:
    return re.findall(r"http://\S+", "".join(mail.get_content() for mail in sink.mails))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_for_the_person_alone(town: Town, path: str) -> None:
    person = enrol(town)
    for visitor in (town.visitor(), town.signed_in(Role.HEAD), town.signed_in(Role.EMPLOYER)):
        answer = visitor.get("/mon-espace" + path, follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/mon-espace/entrer")
    own = town.signed_in(candidate=person.id).get("/mon-espace" + path)
    assert own.status_code == 200
    assert own.headers["cache-control"] == "no-store"


def test_a_candidate_enters_no_page_of_the_team(town: Town) -> None:
    own = town.signed_in(candidate=enrol(town).id)
    for path in ("/aujourdhui", "/comptes"):
        assert own.get(path, follow_redirects=False).headers["location"].startswith("/connexion")
    assert own.send_form("/candidats/x/acces/code", "/mon-espace", follow=False).status_code in (303, 403)


def test_a_person_reads_no_other_persons_document(town: Town) -> None:
    aicha, luc = enrol(town), enrol(town, "Luc", "luc@example.fr")
    cv = add_document(town.node.desk, luc.id, Upload("cv.pdf", "application/pdf", b"%PDF-1.7 Luc"), "x")
    assert town.signed_in(candidate=aicha.id).get(f"/mon-espace/documents/{cv.id}").status_code == 404
    own = town.signed_in(candidate=luc.id).get(f"/mon-espace/documents/{cv.id}")
    assert own.content == b"%PDF-1.7 Luc" and own.headers["content-disposition"].startswith("attachment")


def test_a_link_by_mail_works_once(town: Town, sink: Sink) -> None:
    enrol(town)
    visitor = town.visitor()
    visitor.send_form("/mon-espace/lien", "/mon-espace/entrer", email="AICHA@example.fr")
    (mail,) = sink.mails
    assert mail["To"] == "aicha@example.fr" and mail["From"].endswith("<emploi@montlucon.example>")
    (link,) = links(sink)
    assert visitor.get(link).status_code == 200, "looking at it uses nothing up"
    path = link.removeprefix(town.node.config.node.base_url)
    assert "Aïcha" in words(visitor.send_form(path))
    assert town.visitor().get(path).status_code == 410


def test_nobody_learns_whether_an_address_is_known(town: Town, sink: Sink) -> None:
    enrol(town)
    visitor = town.visitor()
    answers = [
        visitor.send_form("/mon-espace/lien", "/mon-espace/entrer", email=email)
        for email in ("aicha@example.fr", "inconnue@example.fr")
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].text == answers[1].text
    assert len(sink.mails) == 1


def test_a_family_with_one_address_gets_a_link_each(town: Town, sink: Sink) -> None:
    enrol(town), enrol(town, "Luc")
    town.visitor().send_form("/mon-espace/lien", "/mon-espace/entrer", email="aicha@example.fr")
    (mail,) = sink.mails
    assert len(links(sink)) == 2 and "Aïcha" in mail.get_content() and "Luc" in mail.get_content()


def test_one_address_is_not_flooded(town: Town, sink: Sink) -> None:
    enrol(town)
    visitor = town.visitor()
    for _time in range(12):
        answer = visitor.send_form("/mon-espace/lien", "/mon-espace/entrer", email="aicha@example.fr")
        assert answer.status_code == 200
    assert len(sink.mails) == 5


def test_without_mail_the_counsellor_hands_the_link_over(town: Town) -> None:
    person = enrol(town)
    entrance = town.visitor().get("/mon-espace/entrer").text
    assert 'name="email"' not in entrance and 'name="code"' in entrance
    counsellor = town.signed_in(Role.COUNSELLOR)
    shown = counsellor.send_form(f"/candidats/{person.id}/acces/lien", "/aujourdhui")
    (link,) = re.findall(r"http://\S+/connexion/lien/[\w-]+", shown.text)
    assert "Aïcha" in words(town.visitor().send_form(link.removeprefix(town.node.config.node.base_url)))
    with town.node.database.read() as uow:
        assert [one.what for one in uow.accounts.accesses_to(person.id)] == ["link"]


def test_a_printed_code_opens_again_until_it_is_replaced(town: Town) -> None:
    person = enrol(town)
    printed = town.signed_in(Role.COUNSELLOR).send_form(f"/candidats/{person.id}/acces/code", "/aujourdhui")
    assert printed.headers["content-type"] == "application/pdf" and printed.content.startswith(b"%PDF")
    _person, code = my_space.printed_code(town.node.desk, person.id)
    for _time in range(2):
        came = town.visitor().send_form("/mon-espace/code", "/mon-espace/entrer", code=f" {code.lower()} ")
        assert "Aïcha" in words(came)
    my_space.printed_code(town.node.desk, person.id)
    assert town.visitor().send_form("/mon-espace/code", "/mon-espace/entrer", code=code).status_code == 422


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.COORDINATOR, Role.ADMINISTRATOR, None])
def test_only_who_edits_files_makes_ways_in(town: Town, role: Role | None) -> None:
    person = enrol(town)
    visitor = town.visitor() if role is None else town.signed_in(role)
    for what in ("code", "lien"):
        answer = visitor.send_form(f"/candidats/{person.id}/acces/{what}", "/etat", follow=False)
        assert answer.status_code == (403 if role else 303)


def test_correcting_keeps_everything_typed(town: Town) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    typed: dict[str, Any] = {
        "email": "aicha",
        "phone": "0700000000",
        "commune": "Nulle-Part-sur-Mer",
        "mobility_km": "25",
        "note": "Né.",
    }
    refused = own.send_form("/mon-espace/donnees", **typed)
    assert refused.status_code == 422
    assert all(f'value="{value}"' in refused.text for value in ("aicha", "0700000000", "Nulle-Part-sur-Mer", "25"))
    assert people.person_file(town.node.desk, person.id).person.phone == "+33612345678"
    own.send_form("/mon-espace/donnees", **typed | {"email": "a@example.fr", "commune": "03410 Domérat"})
    file = people.person_file(town.node.desk, person.id)
    assert (file.person.email, file.person.commune, file.person.mobility_km) == ("a@example.fr", samples.DOMERAT, 25)
    (proposed,) = file.contacts
    assert (proposed.text, proposed.next_owner, proposed.is_open) == ("Né.", person.owner, True)
    assert "a@example.fr" in str(people.history(town.node.desk, person.id))


def test_withdrawing_in_two_clicks_and_agreeing_again(town: Town) -> None:
    person = enrol(town)
    own, desk = town.signed_in(candidate=person.id), town.node.desk
    page = own.get("/mon-espace/accords").text
    assert 'href="/mon-espace/accords/retirer/network"' in page
    own.send_form("/mon-espace/accords/retirer/network")
    known = people.person_file(desk, person.id).person
    assert not known.agrees(ConsentScope.NETWORK, desk.today()) and known.agrees(ConsentScope.KEEP, desk.today())
    own.send_form("/mon-espace/accords/donner", "/mon-espace/accords", scope="network")
    assert people.person_file(desk, person.id).person.agrees(ConsentScope.NETWORK, desk.today())
    assert own.get("/mon-espace/accords/retirer/tout").status_code in (404, 422)


def test_answers_of_employers_and_who_opened_the_file(town: Town) -> None:
    person = enrol(town)
    now = town.node.desk.now()
    declined = Move(
        event=ForwardState.DECLINED,
        at=now,
        by=Side.RECEIVER,
        reason="lacking_skills",
        to_candidate="Le permis B nous manque.",
        to_guarantor="Entre nous, trop timide.",
    )
    with town.node.database.write() as uow:
        uow.offers.add(samples.offer(node=town.node.desk.node_id))
        forward = samples.forward(candidate=person.id, state=ForwardState.DECLINED)
        uow.forwards.add(replace(forward, moves=(*forward.moves, declined)))
    page = words(town.signed_in(candidate=person.id).get("/mon-espace/suivi"))
    assert "Préparateur de commandes" in page and "Le permis B nous manque." in page
    assert "Compétences insuffisantes" in page and "timide" not in page


def test_coming_to_a_workshop_or_not(town: Town) -> None:
    person, desk = enrol(town), town.node.desk
    workshop = workshops.plan(desk, desk.now() + timedelta(days=2), "Salle 2", person.owner)
    workshops.invite(desk, workshop.id, person.id, person.owner)
    own = town.signed_in(candidate=person.id)
    own.send_form(f"/mon-espace/ateliers/{workshop.id}", "/mon-espace", reponse="oui")
    place = workshops.one_workshop(desk, workshop.id)[0].place_of(person.id)
    assert place is not None and place.attendance.value == "accepted"
    other = town.signed_in(candidate=enrol(town, "Luc", "luc@example.fr").id)
    assert other.send_form(f"/mon-espace/ateliers/{workshop.id}", "/mon-espace", reponse="oui").status_code == 409


def test_everything_to_take_along(town: Town) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    everything = json.loads(own.get("/mon-espace/mes-donnees.json").content)
    assert everything.keys() == download.everything_about(town.node.desk, person.id).keys()
    assert "Benmansour" in str(everything) and "+33612345678" in str(everything)
    assert "06 12 34 56 78" in str(download.everything_about(town.node.desk, person.id, to_print=True))
    pdf = own.get("/mon-espace/mes-donnees.pdf")
    assert pdf.content.startswith(b"%PDF") and "Benmansour" not in pdf.headers["content-disposition"]


def test_what_is_taken_along_names_people_and_no_account(town: Town) -> None:
    person, desk = enrol(town), town.node.desk
    anne, head = town.account(Role.COUNSELLOR), town.account(Role.HEAD)
    handed = deposits.hand_in(desk, deposits.Handed(channel=Channel.DESK, last_name="Benmansour", phone="0612345678"))
    deposits.join_deposit(desk, handed.id, person.id, anne.id)
    add_document(desk, person.id, Upload("cv.pdf", "application/pdf", b"%PDF-1.7"), anne.id)
    contacts.add_contact(
        desk,
        person.id,
        ContactChannel.PHONE,
        "Motivée",
        anne.id,
        next_step="Rappeler",
        next_on=desk.today(),
        next_owner=head.id,
    )
    skills = frozenset(desk.referential().skills.for_occupation(samples.WAREHOUSE)[:3])
    people.amend(desk, person.id, {"skills": skills, "languages": (("fr", "C1"),)}, anne.id)
    quality.sign_ready(desk, person.id, anne.id, met=Met.IN_PERSON)
    handover.hand_over(desk, person.id, head.id, anne.id)
    town.signed_in(Role.HEAD).get(f"/candidats/{person.id}")

    text = town.signed_in(candidate=person.id).get("/mon-espace/mes-donnees.json").text

    with town.node.database.read() as uow:
        accounts = [one.id for one in uow.accounts.all()]
    assert [one for one in (*accounts, person.id, handed.id) if one in text] == []
    everything = json.loads(text)
    assert everything["Mes données"][0]["Suivi par"] == head.name
    assert everything["Validation de mon CV"][0]["Par"] == anne.name
    (contact,) = (one for one in everything["Contacts"] if one["Prochaine étape"])
    assert (contact["Par"], contact["Confiée à"]) == (anne.name, head.name)
    assert {one["Traité par"] for one in everything["Dépôts"]} == {anne.name}
    (handed_over,) = (one for one in everything["Historique"] if one["Après"] == head.name)
    assert (handed_over["Avant"], handed_over["Par"]) == (anne.name, anne.name)
    (opened,) = everything["Qui a ouvert mon dossier"]
    assert (opened["Nom"], opened["Objet"]) == (head.name, "a consulté votre dossier")
    mine = everything["Mes données"][0]
    assert "Montluçon" in mine["Commune"] and mine["Langues"] == "Français (C1, Autonome)"


def test_sections_print_as_values_tables_or_lists() -> None:
    assert section_of([]) == []
    assert section_of([{"Nom": "A", "Permis": True}]) == {"Nom": "A", "Permis": "oui"} or section_of(
        [{"Nom": "A", "Permis": True}]
    ) == {"Nom": "A", "Permis": "yes"}
    rows = [{"a": 1, "b": "x"}, {"a": 2, "b": ""}]
    assert section_of(rows) == [{"a": "1", "b": "x"}, {"a": "2", "b": ""}]
    wide = section_of([dict.fromkeys("abcdef", "x"), dict.fromkeys("abcdef", "")])
    assert isinstance(wide, list) and all(isinstance(one, str) for one in wide)


def test_erasing_takes_two_steps_and_leaves_no_way_in(town: Town) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    assert own.send_form("/mon-espace/effacer").status_code == 422
    with town.node.database.read() as uow:
        assert uow.candidates.get(person.id) is not None
    done = own.send_form("/mon-espace/effacer", sure="1", follow=False)
    assert done.status_code == 303
    with town.node.database.read() as uow:
        assert uow.candidates.get(person.id) is None
    other_tab: Visitor = own
    assert other_tab.get("/mon-espace", follow_redirects=False).status_code == 303
