"""« Mises en relation »: the list of a mission, what is done from it, and what it says to two colleagues."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.accounts.roles import Role
from node.mission.forwards.following import FollowGroup
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.forwards.notes import NoteKind
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, CandidateState
from node.services.agreements import erasing
from node.services.forwards import following
from node.services.people import files
from node.services.team import handover
from protocol.members import encode_members
from tests.federation.conftest import member_of, members_of
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.forwards.test_offers import person, published
from tests.node.web.markup import faults

__all__ = ["person"]

LIST = "/mises-en-relation"


@pytest.fixture
def offer(town: Town) -> Offer:
    return published(town)


@pytest.fixture
def visitor(town: Town) -> Visitor:
    return town.signed_in(Role.COUNSELLOR)


def put(town: Town, person: Candidate, offer: Offer, number: int = 1, days: int = 0, **changes: object) -> Forward:
    """Sent some days ago, as the node that got it is this one."""
    at = town.node.desk.now() - timedelta(days=days)
    made = Forward(
        id=f"f{number}", side=Side.HOME, peer=offer.node, offer=offer.key, revision=1, site="s1",
        candidate=person.id, why="Il connaît les quais.", state=ForwardState.SENT,
        moves=(Move(event=ForwardState.SENT, at=at, by=Side.HOME),), created=at,
    )  # fmt: skip
    with town.node.database.write() as uow:
        uow.forwards.add(replace(made, **changes))  # type: ignore[arg-type]
    return made


def networked(town: Town) -> None:
    """A network of this node alone: what is sealed for it can be."""
    members = encode_members(members_of([member_of(town.node.keys)]))
    with town.node.database.write() as uow:
        uow.directory.save_members_json(members, town.node.now())


def row(page: str, forward: str = "f1") -> str:
    """A forward's row, as it is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.split(f'id="f-{forward}"')[1].split("</tr>")[0]))


def state(town: Town, forward: str = "f1") -> ForwardState:
    with town.node.database.read() as uow:
        known = uow.forwards.get(forward)
        assert known is not None
        return known.state


def test_a_row_says_who_what_how_long_and_what_comes_next(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    put(town, person, offer, days=8)
    page = visitor.text(LIST)
    assert "À faire (1)" in page and "En attente (0)" in page and "Terminées (0)" in page
    said = row(page)
    for part in ("Luc Fabre", offer.title, offer.employer, "Envoyée", "attend depuis 8 jours", "Relancer",
                 town.account(Role.COUNSELLOR).name, "Noter la réponse"):  # fmt: skip
        assert part in said, part
    assert "Fabre" not in " ".join(re.findall(r'(?:href|action)="([^"]*)"', page)), "nobody's name is an address"


def test_a_reminder_is_noted_and_leads_back_to_where_one_was(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    put(town, person, offer, days=8)
    came = visitor.send_form(
        f"{LIST}/f1", f"{LIST}?etat=sent", follow=False, event="reminder", channel="phone", retour=f"{LIST}?etat=sent"
    )
    assert came.headers["location"] == f"{LIST}?etat=sent#f-f1"
    said = row(visitor.text(LIST))
    assert "relancée le" in said and "à partir du" in said
    answer = visitor.send_form(f"{LIST}/f1", LIST, event="reminder", channel="fax", retour=LIST)
    assert "Choisissez une des propositions" in words(answer)


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/candidats/../x", ""])
def test_nobody_is_led_elsewhere(town: Town, person: Candidate, offer: Offer, visitor: Visitor, elsewhere: str) -> None:
    put(town, person, offer)
    came = visitor.send_form(f"{LIST}/f1", LIST, follow=False, event="told", channel="phone", retour=elsewhere)
    assert came.headers["location"] == f"/candidats/{person.id}/offres"


def test_a_local_employers_answer_is_noted_once(town: Town, person: Candidate, offer: Offer, visitor: Visitor) -> None:
    networked(town)
    put(town, person, offer, days=2)
    path = f"{LIST}/f1/reponse"
    form = visitor.get(path)
    assert faults(form.text) == []
    bare = visitor.send_form(path, event="declined", seen="1", retour=LIST)
    assert bare.status_code == 422 and faults(bare.text) == []
    assert "motif que l'employeur a donné" in words(bare) and "un texte que la personne puisse lire" in words(bare)
    law = visitor.send_form(path, event="declined", seen="1", reason="other", to_candidate="Trop vieux pour nous.")
    assert law.status_code == 422 and "L1132-1" in words(law)
    assert state(town) is ForwardState.SENT
    day = f"{town.node.desk.today() + timedelta(days=4)}"
    done = visitor.send_form(path, event="interview", on=day, seen="1", retour=LIST)
    assert done.url.path == LIST and "Noté : Entretien" in words(done)
    assert "entretien le" in row(words(done)) and "Préparer l'entretien" in row(words(done))
    colleague = town.signed_in(Role.HEAD)
    second = colleague.send_form(path, event="hired", seen="1", retour=LIST)
    who = town.account(Role.COUNSELLOR).name
    assert f"{who} a noté « Entretien »" in words(second) and "rien n'a été noté deux fois" in words(second)
    assert state(town) is ForwardState.INTERVIEW


def test_another_towns_answer_is_not_ours_to_note(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    put(town, person, offer, peer="bayonne.emploi.example")
    assert visitor.get(f"{LIST}/f1/reponse").status_code == 404
    assert "Noter la réponse" not in row(visitor.text(LIST))


def test_a_hire_is_noted_from_its_row(town: Town, person: Candidate, offer: Offer, visitor: Visitor) -> None:
    hired = Move(event=ForwardState.HIRED, at=town.node.desk.now(), by=Side.RECEIVER)
    sent = put(town, person, offer, number=2)
    put(town, person, offer, state=ForwardState.HIRED, moves=(*sent.moves, hired))
    assert "Noter l'embauche" in row(visitor.text(LIST))
    path = f"{LIST}/f1/embauche"
    assert f'value="{offer.employer}"' in words(visitor.get(path))
    fields: dict[str, Any] = {"employer": offer.employer, "title": offer.title, "contract": "CDI", "retour": LIST}
    for wrong, said in (
        ({"hours": "200"}, "au plus 48 heures"),
        ({"start": "9999-12-31"}, "vérifiez l'année"),
        ({"start": "2020-01-01"}, "ne peut pas être avant"),
    ):
        answer = visitor.send_form(path, **fields | wrong)
        assert answer.status_code == 422 and said in words(answer) and faults(answer.text) == []
    done = visitor.send_form(path, **fields, hours="35", start=f"{town.node.desk.today()}", placed="1")
    assert done.url.path == LIST and "Noter l'embauche" not in row(words(done))
    assert files.person_file(town.node.desk, person.id).person.state is CandidateState.PLACED
    one = visitor.get(f"{LIST}/f1")
    assert faults(one.text) == [] and "35 h" in words(one)
    assert "a déjà noté cette embauche" in words(visitor.send_form(path, **fields))


def test_a_hire_found_alone_is_noted_and_followed_in_the_file(town: Town, person: Candidate, visitor: Visitor) -> None:
    path = f"/candidats/{person.id}/embauche"
    assert f'href="{path}"' in visitor.get(f"/candidats/{person.id}/offres").text
    done = visitor.send_form(path, how="alone", employer="Mairie", title="Agent", contract="CDD", hours="17,5")
    assert "Agent, Mairie" in words(done) and "17 h 30 par semaine" in words(done)
    (hire,) = re.findall(r'action="(/embauches/\w+)"', done.text)[:1]
    assert "Dites pourquoi" in words(visitor.send_form(hire, done.url.path, event="broken_off"))
    over = visitor.send_form(hire, done.url.path, event="broken_off", end_reason="Fin de saison")
    assert "Terminé le" in words(over) and "Fin de saison" in words(over) and hire not in over.text


def test_the_board_has_each_state_with_the_same_actions(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    put(town, person, offer, days=8)
    page = visitor.get(f"{LIST}?vue=tableau")
    assert faults(page.text) == []
    columns = re.findall(r'aria-labelledby="colonne-(\w+)"', page.text)
    states = "draft sent seen interview conditional hired declined withdrawn expired"
    assert columns == states.split()
    card = page.text.split('id="f-f1"')[1].split("</li>")[0]
    assert 'value="reminder"' in card and "/f1/reponse" in card and 'value="withdrawn"' in card
    visitor.send_form(
        f"{LIST}/f1", f"{LIST}?vue=tableau", event="withdrawn", reason="unavailable", retour=f"{LIST}?vue=tableau"
    )
    assert state(town) is ForwardState.SENT, "without a network nobody can be told"
    networked(town)
    visitor.send_form(f"{LIST}/f1", f"{LIST}?vue=tableau", event="withdrawn", reason="unavailable", retour=LIST)
    assert state(town) is ForwardState.WITHDRAWN


def test_the_list_is_narrowed_by_what_its_address_says(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    put(town, person, offer, days=8)
    other = town.account(Role.HEAD).id
    for query in ("", "?qui=toutes", "?etat=sent", f"?offre={offer.key}", f"?employeur={offer.employer}", "?etat=rien"):
        page = visitor.get(LIST + query)
        assert 'id="f-f1"' in page.text and faults(page.text) == [], query
    for query in (
        "?etat=draft",
        "?offre=x/y",
        "?offre=rien",
        "?employeur=Personne",
        "?groupe=terminees",
        "?groupe=a-faire&page=2",
    ):
        assert 'id="f-f1"' not in visitor.get(LIST + query).text, query
    handover.hand_over(town.node.desk, person.id, other, other, "")
    assert 'id="f-f1"' not in visitor.get(LIST).text
    assert 'id="f-f1"' in visitor.get(f"{LIST}?qui=toutes").text


def test_a_long_group_is_shown_page_by_page(town: Town, person: Candidate, offer: Offer, visitor: Visitor) -> None:
    for number in range(30):
        put(town, person, offer, number=number + 1, state=ForwardState.EXPIRED)
    page = visitor.text(LIST)
    assert "Terminées (30)" in page and page.count('<tr id="f-') == following.FIRST[FollowGroup.DONE]
    assert 'href="/mises-en-relation?groupe=terminees"' in page
    second = visitor.text(f"{LIST}?groupe=terminees&page=2")
    assert second.count('<tr id="f-') == 5 and "Page 2 sur 2" in second


def test_whoever_was_erased_is_a_line_without_a_name(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    networked(town)
    put(town, person, offer, days=8)
    erasing.erase(town.node.desk, person.id)
    page = visitor.text(f"{LIST}?qui=toutes")
    assert "Personne effacée" in row(page) and "Fabre" not in page
    assert visitor.get(f"{LIST}/f1").status_code == 200
    assert "Fabre" not in visitor.text(f"{LIST}?qui=toutes&vue=tableau")


def test_who_was_never_put_forward_comes_with_their_offers(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    page = visitor.text(f"{LIST}/jamais-presentees")
    assert "Luc Fabre" in page and f'href="/candidats/{person.id}/offres"' in page
    put(town, person, offer, days=70)
    assert "Luc Fabre" not in visitor.text(f"{LIST}/jamais-presentees")
    assert "Luc Fabre" in visitor.text(f"{LIST}/sans-solution")


def test_an_interview_is_prepared_and_the_answer_told_from_the_row(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    came = Move(event=ForwardState.INTERVIEW, at=town.node.desk.now(), by=Side.RECEIVER)
    sent = put(town, person, offer, number=2, days=1)
    put(town, person, offer, state=ForwardState.INTERVIEW, moves=(*sent.moves, came))
    visitor.send_form(f"{LIST}/f1", LIST, event="coaching", on=f"{town.node.desk.today()}", retour=LIST)
    visitor.send_form(f"{LIST}/f1", LIST, event="told", channel="in_person", retour=LIST)
    with town.node.database.read() as uow:
        kinds = {note.kind for note in uow.following.notes_of(["f1"])["f1"]}
    assert kinds == {NoteKind.COACHING, NoteKind.TOLD}
    page = visitor.text(f"/candidats/{person.id}/suivi")
    assert f"Préparer l'entretien : {offer.title}" in page and "Réponse annoncée : Entretien" in page
    assert "Indiquez une date" in words(
        visitor.send_form(f"{LIST}/f1", LIST, event="coaching", on="demain", retour=LIST)
    )
