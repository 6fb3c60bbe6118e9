"""A person's offers and applications: what is known of an employer before forwarding, and the answer that came home."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.after_hire import AfterHire
from node.mission.forwards.forward import ForwardState, Move, Side
from node.mission.forwards.terms import Reason
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, Experience, Met
from node.services.forwards import after_hire, sending
from node.services.offers.publishing import publish_offers
from node.services.people import files, quality
from tests.node.mission import samples
from tests.node.registering import register_person
from tests.node.web.conftest import Town, words

TEILLET_ARGENTY = "03279"
ASKED = 'name="looks" value="no"'


@pytest.fixture
def person(town: Town) -> Candidate:
    """Luc, of Montluçon, whose CV is ready."""
    desk, counsellor = town.node.desk, town.account(Role.COUNSELLOR).id
    fields = {
        "first_name": "Luc",
        "last_name": "Fabre",
        "phone": "0470000000",
        "commune": samples.MONTLUCON,
        "occupations": (Experience(rome=samples.WAREHOUSE, months=30),),
        "skills": frozenset(sorted(desk.referential().skills.for_occupation(samples.WAREHOUSE))[:3]),
    }
    agreed = {ConsentScope.KEEP: "signé au guichet", ConsentScope.NETWORK: "signé au guichet"}
    registered = register_person(desk, fields, counsellor, agreements=agreed)
    return quality.sign_ready(desk, registered.id, counsellor, met=Met.IN_PERSON)


def published(town: Town, number: int = 1, commune: str = samples.MONTLUCON, **changes: Any) -> Offer:
    """An offer of the same employer each time."""
    desk = town.node.desk
    closes = desk.today() + timedelta(days=30)
    wanted = samples.offer(number, node=desk.node_id, closes=closes, sites=(samples.site(commune),), **changes)
    with town.node.database.write() as uow:
        (offer,) = publish_offers(uow, desk, [wanted], desk.now())
    return offer


def ended(town: Town, number: int, person: Candidate, offer: Offer, *moves: Move) -> None:
    """An application with these moves."""
    made = samples.forward(number, moves[-1].event, town.node.now(), peer=offer.node, offer=offer.key)
    made = replace(made, candidate=person.id, moves=(*made.moves, *moves))
    with town.node.database.write() as uow:
        uow.forwards.add(made)


def by(side: Side, town: Town, event: ForwardState, **said: Any) -> Move:
    return Move(event=event, at=town.node.now(), by=side, **said)


def draft_page(town: Town, person: Candidate, offer: Offer) -> str:
    visitor = town.signed_in(Role.COUNSELLOR, **{"Accept-Language": "en"})
    page = words(visitor.get(f"/candidats/{person.id}/mise-en-relation", params={"offre": offer.key}))
    return page.split('id="reponses">')[1].split("</p>")[0]


def test_an_employers_reply_rate_is_seen_before_forwarding(town: Town, person: Candidate) -> None:
    asked, answered, silent, waits = (published(town, number) for number in (1, 2, 3, 4))
    assert draft_page(town, person, asked) == "The mission has sent nobody to this employer yet."
    ended(
        town,
        1,
        person,
        answered,
        by(Side.RECEIVER, town, ForwardState.INTERVIEW),
        by(Side.RECEIVER, town, ForwardState.HIRED),
    )
    ended(town, 2, person, silent, by(Side.HOME, town, ForwardState.EXPIRED, reason=Reason.NO_ANSWER))
    ended(town, 3, person, waits, by(Side.RECEIVER, town, ForwardState.RECEIVED))
    assert draft_page(town, person, asked) == (
        "Applications of the mission that this employer answered: 1 of 2. 1 still waits for an answer."
    )


def test_a_refusal_comes_home_with_its_reason_and_both_texts(town: Town, person: Candidate) -> None:
    offer = published(town)
    no = by(
        Side.RECEIVER,
        town,
        ForwardState.DECLINED,
        reason=Reason.LACKING_SKILLS,
        to_candidate="Il faut le CACES 3.",
        to_guarantor="À revoir après une formation.",
    )
    ended(town, 1, person, offer, no)
    page = town.signed_in(Role.COUNSELLOR).text(f"/candidats/{person.id}/offres")
    for said in (Reason.LACKING_SKILLS.label, "Il faut le CACES 3.", "À revoir après une formation."):
        assert said in page


@pytest.mark.parametrize(("commune", "about"), [(samples.DOMERAT, False), (TEILLET_ARGENTY, True)])
def test_a_distance_between_points_that_are_not_exact_says_about(
    town: Town, person: Candidate, commune: str, about: bool
) -> None:
    place = town.node.desk.referential().communes.get(commune)
    assert place is not None and place.approximate is about
    published(town, commune=commune)
    page = town.signed_in(Role.COUNSELLOR, **{"Accept-Language": "en"}).text(f"/candidats/{person.id}/offres")
    assert place.name in page and ("about 3.2 km, within their" in page) is about


def test_a_hire_asks_whether_the_person_still_looks(town: Town, person: Candidate) -> None:
    """On the file and on « Aujourd'hui », with what else ends in a day; one click ends it now, another one answers."""
    path, visitor, desk = f"/candidats/{person.id}/offres", town.signed_in(Role.COUNSELLOR), town.node.desk
    gone, open_one = (published(town, number, rome=rome) for number, rome in enumerate(("N1103", "K2204"), 1))
    assert ASKED not in visitor.text(path)
    demand = sending.Demand(candidate=person.id, offer=open_one.key, why="Ponctuel.", agreed="au guichet")
    other = sending.create(desk, demand).id
    ended(town, 1, person, gone, by(Side.RECEIVER, town, ForwardState.HIRED))
    with town.node.database.write() as uow:
        (hired,) = (one.id for one in uow.forwards.of_candidate(person.id) if one.id != other)
        uow.after_hires.put(AfterHire(id=hired, candidate=person.id, at=desk.now(), heard=desk.now()))
    (sequel,) = after_hire.sequels_of(desk, person.id)
    says = "si l'embauche tient"
    assert ASKED in visitor.text(path) and says in visitor.text(path)
    assert "1 autre présentation sera retirée" in words(visitor.get("/aujourdhui"))
    assert says in visitor.text("/mises-en-relation") and says in visitor.text(f"/mises-en-relation/{hired}")
    assert files.person_file(desk, person.id).person.may_be_published(desk.today()), "until somebody says so"
    stuck = published(town, 3, rome="M1602", employer="Ailleurs")
    ended(town, 3, person, stuck, by(Side.RECEIVER, town, ForwardState.SEEN))
    assert "ne peut pas être annoncé" in words(visitor.send_form(f"/embauches/{sequel.after.id}/autres", path))
    with town.node.database.write() as uow:
        (kept,) = (one for one in uow.forwards.of_candidate(person.id) if one.offer == stuck.key)
        uow.forwards.save(replace(kept, state=ForwardState.EXPIRED))
    visitor.send_form(f"/embauches/{sequel.after.id}/autres", path)
    assert sending.one_forward(desk, other).state is ForwardState.WITHDRAWN
    assert says not in visitor.text(path) and ASKED in visitor.text(path)
    question = f"/embauches/{sequel.after.id}/recherche"
    assert visitor.send_form(question, path, looks="perhaps", vers="aujourdhui", follow=False).status_code == 303
    assert question in visitor.text("/aujourdhui")
    visitor.send_form(question, path, looks="yes", vers="aujourdhui")
    assert question not in visitor.text("/aujourdhui") and ASKED not in visitor.text(path)
    assert files.person_file(desk, person.id).person.may_be_published(desk.today())
    visitor.send_form(question, path, looks="no")
    assert not files.person_file(desk, person.id).person.may_be_published(desk.today())


def test_who_made_each_move_is_shown(town: Town, person: Candidate) -> None:
    """The counsellor by name, a move of the node itself as its own, the other side's as theirs."""
    offer = published(town)
    visitor = town.signed_in(Role.COUNSELLOR)
    drafted = sending.create(
        town.node.desk,
        sending.Demand(candidate=person.id, offer=offer.key, why="Il connaît les quais.", agreed="au guichet"),
    )
    path, back = f"/mises-en-relation/{drafted.id}", f"/candidats/{person.id}/offres"
    visitor.send_form(path, back, event="withdrawn", reason="hired_elsewhere")
    with town.node.database.read() as uow:
        (move,) = uow.forwards.of_candidate(person.id)[0].moves
    assert move.actor == town.account(Role.COUNSELLOR).id
    page = words(visitor.get(f"/candidats/{person.id}/offres"))
    assert f"{ForwardState.WITHDRAWN.label} – {town.account(Role.COUNSELLOR).name}" in page
    ended(town, 2, person, published(town, 2), by(Side.RECEIVER, town, ForwardState.SEEN))
    page = words(visitor.get(f"/candidats/{person.id}/offres"))
    assert f"{ForwardState.SEEN.label} – {Side.RECEIVER.label}" in page


def test_somebody_is_put_forward_without_an_offer(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    assert "Candidature spontanée" in words(visitor.get(f"{base}/offres"))
    page = f"{base}/candidature-spontanee"
    typed: dict[str, Any] = {"employer": "Bâtir SARL", "why": "Cinq ans de quai.", "rome": samples.WAREHOUSE}
    refused = visitor.send_form(page, **typed)
    assert refused.status_code == 422 and "n'a pas dit oui" in words(refused) and "Cinq ans de quai." in refused.text
    assert visitor.send_form(page, employer="", why="").status_code == 422
    led = visitor.send_form(page, follow=False, **typed, agreed="au guichet")
    assert led.status_code == 303 and led.headers["location"].endswith("/envoi")
    assert "Candidature spontanée" in words(visitor.get(led.headers["location"]))
    assert "Candidature spontanée" in words(visitor.get("/mises-en-relation?qui=toutes"))
    (forward,) = sending.all_forwards(town.node.desk)
    hire = visitor.get(f"/mises-en-relation/{forward.id}/embauche").text
    assert "Bâtir SARL" in hire and "Candidature spontanée : " not in hire.partition('name="title"')[2][:200]
    shown = words(visitor.get(f"/offres/{forward.offer}"))
    assert "Présentées à cette entreprise sans offre" in shown and "/modifier" not in shown


def test_the_head_of_mission_alone_is_asked_to_pause_an_employer(town: Town, person: Candidate) -> None:
    """With the figures; while it is paused, whoever would put somebody forward reads who said so, and until when."""
    desk, open_one = town.node.desk, published(town, 1, employer="Le Silence")
    sent = desk.now() - timedelta(days=40)
    with town.node.database.write() as uow:
        for number in range(1, 12):
            silent = samples.forward(number, sent=sent, peer=open_one.node, offer=open_one.key)
            ran_out = Move(event=ForwardState.EXPIRED, at=desk.now(), by=Side.HOME, reason="no_answer")
            uow.forwards.add(replace(silent, state=ForwardState.EXPIRED, moves=(*silent.moves, ran_out)))
    head, counsellor = town.signed_in(Role.HEAD), town.signed_in(Role.COUNSELLOR)
    asks = "Mettre en pause les envois vers Le Silence"
    assert asks in words(head.get("/aujourdhui")) and asks not in words(counsellor.get("/aujourdhui"))
    assert "Sur 11 présentations" in words(head.get("/aujourdhui"))
    until = desk.today() + timedelta(days=20)

    def decide(act: str, until: str = "") -> None:
        of, employer = open_one.node, open_one.employer
        head.send_form("/employeurs/pause", "/aujourdhui", act=act, node=of, employer=employer, until=until)

    decide("pause", "hier")
    decide("pause", desk.today().isoformat())
    decide("perhaps")
    assert asks in words(head.get("/aujourdhui"))
    decide("pause", until.isoformat())
    assert asks not in words(head.get("/aujourdhui")) and "Lever la pause" in words(head.get("/aujourdhui"))
    path = f"/candidats/{person.id}/mise-en-relation?offre={open_one.key}"
    said = f"{town.account(Role.HEAD).name} a mis en pause les envois vers cet employeur jusqu'au {until:%d/%m/%Y}"
    assert said in words(counsellor.get(path)) and "Lever la pause" not in words(counsellor.get(path))
    refused = counsellor.send_form(path, path, why="Ponctuel.", agreed="au guichet", follow=False)
    assert refused.status_code == 422 and said in words(refused)
    decide("put_off")
    assert said not in words(counsellor.get(path)) and asks not in words(head.get("/aujourdhui"))
