"""What pages say is so, in words that their readers have: towns, not nodes; people, not points between letters."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

import node
from federation.erasure.ports import Disclosure
from node.config import load
from node.mission.accounts.roles import Role
from node.mission.accounts.trail import OpenedFor
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import ForwardState, Move, Side
from node.mission.people.candidate import Candidate, CandidateState, CvState
from node.mission.team.today import Waiting
from node.services.agreements import erasing, withdrawing
from node.services.network import membership
from node.services.network.founding import Created
from node.services.people import files
from node.services.team import today
from node.services.workshops import workshops
from tests.node.registering import register_person
from tests.node.web.conftest import PASSWORD, Town, town_of, words
from tests.node.web.forwards.test_offers import by, ended, person, published

__all__ = ["person"]

NOBODYS_WORDS = re.compile(r"\b(nœuds?|pairs?|époques?|checkpoint|candidathèque|maillon [a-z]+)\b", re.IGNORECASE)
ROOT = Path(node.__file__).parent


def test_no_french_word_has_a_point_in_its_middle() -> None:
    """Whatever is read: labels of codes, the catalogue, texts and templates."""
    read = [*ROOT.rglob("*.py"), *ROOT.rglob("*.html"), *ROOT.rglob("*.po"), *ROOT.rglob("*.typ")]
    assert len(read) > 300
    found = [path.name for path in read if re.search(r"[a-zà-ÿ]·[a-zà-ÿ]", path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("path", ["/", "/etat", "/aide", "/deposer", "/connexion", "/donnees-personnelles"])
def test_public_pages_speak_of_towns_and_missions(town: Town, path: str) -> None:
    page = town.visitor().get(path).text
    shown = re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")])
    assert not NOBODYS_WORDS.search(shown), NOBODYS_WORDS.search(shown)
    assert town.node.config.node.id not in shown


def test_the_home_page_says_where_when_and_how_to_come(created: Created) -> None:
    config = load(created.config)
    told = {"address": "3 rue de la Mairie", "phone": "0470000000", "hours": "du lundi au jeudi, 9 h - 12 h"}
    config = config.model_copy(update={"reception": config.reception.model_copy(update=told)})
    with town_of(config) as town:
        said = words(town.visitor().get("/"))
    assert all(part in said for part in ("3 rue de la Mairie", "04 70 00 00 00", "du lundi au jeudi, 9 h - 12 h"))


def test_somebody_in_work_is_told_so_and_not_that_the_cv_is_unsigned(town: Town, person: Candidate) -> None:
    files.set_state(town.node.desk, person.id, CandidateState.PLACED, "anne")
    page = words(town.signed_in(Role.COUNSELLOR).get(f"/candidats/{person.id}/offres"))
    assert "n'est pas en recherche en ce moment" in page and "n'est pas signé" not in page


def test_a_workshop_is_a_step_of_whoever_was_asked_to_one(town: Town, person: Candidate) -> None:
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/cv"
    step = f'<li class="done">{CvState.WORKSHOP.label}'
    assert step not in visitor.get(path).text
    desk = town.node.desk
    workshop = workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", "anne", seats=2)
    workshops.invite(desk, workshop.id, person.id, "anne")
    assert step in visitor.get(path).text


def test_the_button_to_sign_goes_once_signed_and_comes_back_before_it_lapses(town: Town, person: Candidate) -> None:
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    assert f"{path}/pret" not in visitor.get(f"{path}/cv").text
    town.clock.moment += timedelta(days=160)
    visitor = town.signed_in(Role.COUNSELLOR)
    assert f"{path}/pret" in visitor.get(f"{path}/cv").text
    assert f'class="btn btn-primary" href="{path}/cv#pret">Signer le CV' in visitor.get(path).text


def test_whoever_was_never_contacted_is_without_contact(town: Town) -> None:
    never = register_person(town.node.desk, {"first_name": "Léa", "last_name": "Roy"}, "anne")
    (group,) = (one for one in today.today(town.node.desk, "anne").groups if one.kind is Waiting.CONTACT)
    assert [(one.id, one.on) for one in group.items] == [(never.id, None)]


def test_my_space_says_what_may_be_done_with_a_cv_that_is_ready(town: Town, person: Candidate) -> None:
    own, desk = town.signed_in(candidate=person.id), town.node.desk
    assert "peut être présenté" in words(own.get("/mon-espace"))
    withdrawing.withdraw(desk, person.id)
    said = words(own.get("/mon-espace"))
    assert "peut être présenté" not in said and "un employeur de votre ville, quand vous dites oui" in said
    withdrawing.withdraw(desk, person.id, scope=ConsentScope.KEEP)
    said = words(own.get("/mon-espace"))
    assert "quand vous dites oui" not in said and "n'est montré à personne" in said


def test_a_follow_up_has_its_day_and_a_hire_no_reason_that_it_answered(town: Town, person: Candidate) -> None:
    offer = published(town)
    ended(town, 1, person, offer, by(Side.RECEIVER, town, ForwardState.HIRED))
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/offres"
    page = words(visitor.get(path))
    assert "à un mois (23/12/2026)" in page
    assert 'value="not_mobile"' not in page and 'value="in_training"' in page
    with town.node.database.write() as uow:
        (made,) = uow.forwards.of_candidate(person.id)
        confirmed = Move(event=ForwardState.CONFIRMED, at=town.node.now(), by=Side.HOME)
        uow.forwards.save(replace(made, state=ForwardState.CONFIRMED, moves=(*made.moves, confirmed)))
    assert "à six mois (23/05/2027)" in words(visitor.get(path))


def test_the_page_of_an_erased_person_says_so(town: Town, person: Candidate) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    erasing.erase(town.node.desk, person.id, "anne")
    for name in (person.id, person.reference):
        answer = visitor.get(f"/candidats/{name}")
        assert answer.status_code == 404 and "Cette personne a été effacée" in words(answer)
    assert "Personne n'a ce numéro ici" in words(visitor.get("/candidats/2026-99999"))


def test_who_saw_what_folds_what_was_done_again_the_same_day(town: Town, person: Candidate) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    for _time in range(3):
        visitor.get(f"/candidats/{person.id}")
    page = words(town.signed_in(candidate=person.id).get("/mon-espace/suivi"))
    assert page.count("a consulté votre dossier") == 1 and "(3 fois ce jour-là)" in page
    with town.node.database.read() as uow:
        lines = uow.accounts.accesses_to(person.id)
    assert [one.what for one in lines].count(OpenedFor.READ) == 3, "the trail itself keeps all"


def test_what_was_typed_survives_a_session_that_was_closed_elsewhere(town: Town, person: Candidate) -> None:
    here, there = town.signed_in(Role.COUNSELLOR), town.signed_in(Role.COUNSELLOR)
    path = f"/candidats/{person.id}/suivi"
    here.get(path)
    there.send_form("/mon-compte/sessions", "/mon-compte")
    answer = here.send_form(path, path, channel="phone", text="Elle a le permis.")
    assert answer.url.path == "/connexion" and "Ce que vous avez tapé est gardé" in words(answer)
    account = town.account(Role.COUNSELLOR)
    shown = here.send_form("/connexion", email=account.email, password=PASSWORD)
    assert "Elle a le permis." in words(shown)


def test_whoever_came_by_a_link_is_told_how_to_come_again(town: Town, person: Candidate) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    assert "Pas encore de mot de passe" not in words(visitor.get("/aujourdhui"))
    with town.node.database.write() as uow:
        account = uow.accounts.get(town.account(Role.COUNSELLOR).id)
        assert account is not None
        uow.accounts.save(replace(account, password=""))
    assert "Pas encore de mot de passe" in words(visitor.get("/aujourdhui"))
    visitor.send_form("/mon-compte/mot-de-passe", "/mon-compte", new_password=PASSWORD, new_password_again=PASSWORD)
    assert "Pas encore de mot de passe" not in words(visitor.get("/aujourdhui"))
    assert "code imprimé" in words(town.signed_in(candidate=person.id).get("/mon-espace"))


def test_a_refusal_that_may_discriminate_is_kept_as_a_proof_with_where_to_turn(town: Town, person: Candidate) -> None:
    offer = published(town)
    said = Move(
        event=ForwardState.DECLINED,
        at=town.node.now(),
        by=Side.RECEIVER,
        reason="other",
        to_candidate="Trop âgé pour l'équipe.",
        epoch=1,
        index=41,
    )
    ended(town, 1, person, offer, said)
    visitor = town.signed_in(Role.COUNSELLOR)
    assert "/mises-en-relation/f1/signaler" in visitor.get(f"/candidats/{person.id}/offres").text
    page = words(visitor.get("/mises-en-relation/f1/signaler"))
    assert "parle de l'âge" in page and "39 28" in page and "1/41" in page and "Trop âgé pour l'équipe." in page
    ended(town, 2, person, published(town, 2), by(Side.RECEIVER, town, ForwardState.HIRED))
    assert visitor.get("/mises-en-relation/f2/signaler").status_code == 404


def test_nothing_is_said_to_be_sealed_for_an_employer_of_the_own_town(town: Town, person: Candidate) -> None:
    offer, visitor = published(town), town.signed_in(Role.COUNSELLOR)
    page = f"/candidats/{person.id}/mise-en-relation?offre={offer.key}"
    said = words(visitor.get(page))
    assert "un courriel avec un lien privé, ou une lettre" in said and "scellé" not in said
    assert "Suite : courriel ou lettre" in said and "Envoyer" not in said
    after = words(visitor.send_form(page, why="Deux ans d'entrepôt.", agreed="au guichet", site=offer.sites[0].id))
    assert "Envoyer à l'employeur" in after and "est envoyée" not in after
    with town.node.database.write() as uow:
        (made,) = uow.forwards.of_candidate(person.id)
        uow.disclosures.add(Disclosure(made.id, person.id, town.node.desk.node_id, town.node.now(), sent_index=1))
    path = f"/candidats/{person.id}/accords/retirer?portee=pause"
    said = words(visitor.get(path))
    assert "Cette candidature s'arrête" in said and "l'ordre de le détruire" not in said
    after = words(visitor.send_form(path, f"/candidats/{person.id}/accords/retirer", scope="pause"))
    assert "1 candidature est arrêtée" in after and "l'ordre de le détruire" not in after


def test_the_answers_of_an_employer_are_counted_not_only_shared(town: Town, person: Candidate) -> None:
    offer = published(town)
    ended(town, 1, person, offer, by(Side.RECEIVER, town, ForwardState.HIRED))
    page = f"/candidats/{person.id}/mise-en-relation?offre={published(town, 2).key}"
    assert "a répondu : 1 sur 1." in words(town.signed_in(Role.COUNSELLOR).get(page)).replace("\u00a0", " ")


def test_my_space_speaks_to_whoever_paused_or_left(town: Town, person: Candidate) -> None:
    own, desk = town.signed_in(candidate=person.id), town.node.desk
    withdrawing.pause(desk, person.id, "")
    for path in ("/mon-espace", "/mon-espace/accords"):
        assert "En pause, à votre demande" in words(own.get(path))
    withdrawing.withdraw(desk, person.id, scope=ConsentScope.KEEP)
    for path in ("/mon-espace", "/mon-espace/accords"):
        said = words(own.get(path))
        assert "Suivi arrêté, à votre demande" in said and "à sa demande" not in said


def test_the_first_of_a_month_is_written_as_french_does(town: Town) -> None:
    town.clock.moment = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert "Mardi 1er décembre 2026" in words(town.signed_in(Role.COUNSELLOR).get("/aujourdhui"))
    town.clock.moment += timedelta(days=10)
    assert "Vendredi 11 décembre 2026" in words(town.signed_in(Role.COUNSELLOR).get("/aujourdhui"))


def test_the_page_of_lists_names_no_command(town: Town) -> None:
    said = words(town.signed_in(Role.COUNSELLOR).get("/depots/importer"))
    assert not NOBODYS_WORDS.search(said) and "Importer une liste d'offres" in said
    assert "metiers (en mots, ou codes ROME)" in said


def test_the_state_of_the_network_does_not_take_every_site_for_a_mission(town: Town) -> None:
    said = words(town.visitor().get("/etat"))
    assert "cette mission" not in said and "Qui est dans le réseau" in said


def test_the_deposit_names_towns_and_employers_and_the_notice_names_the_coordinator_too(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [SimpleNamespace(id=role, name=f"Chez {role}", role=role) for role in ("town", "employer", "coordinator")]
    monkeypatch.setattr(membership, "members", lambda _federation: known)
    deposit, notice = words(town.visitor().get("/deposer")), words(town.visitor().get("/donnees-personnelles"))
    assert "Chez employer, Chez town" in deposit and "Chez coordinator" not in deposit
    assert "Chez coordinator, Chez employer, Chez town" in notice
