"""A person's file in five parts: each has its own things, the head says where the person stands, old addresses lead
on."""

import re
from datetime import date, timedelta

from node.mission.accounts.roles import Role
from node.mission.forwards.following import NextStep
from node.mission.forwards.stage import FileStep, Stage, Stands
from node.mission.people.candidate import Met
from node.mission.people.contacts import ContactChannel
from node.services.people import contacts, documents, quality
from node.services.workshops import workshops
from node.web.frame.pages import templates
from node.web.people.file_frame import STEP_AT
from tests.node.mission.samples import candidate
from tests.node.registering import register_person
from tests.node.services.counter import CV, register
from tests.node.stage import Place
from tests.node.web.conftest import Town

PARTS = {"": "Résumé", "/cv": "CV", "/offres": "Offres et candidatures", "/suivi": "Suivi", "/dossier": "Dossier"}
ONLY = {
    "": ("Ce qui attend", "Ce qui manque", "Ce que la personne cherche"),
    "/cv": ("Le CV est-il prêt ?", "Ce que dit le CV", "Imprimer", "Documents", "État du CV"),
    "/offres": ("Offres qui conviennent",),
    "/suivi": (
        "Contacts",
        "Noter un contact",
        "Dernières modifications du dossier",
        "Freins et partenaires",
        "Ateliers",
    ),
    "/dossier": ("Identité et coordonnées", "Accords", "Enregistrer un accord", "Mon espace", "Le dossier entier"),
}
"""The titles of each part's cards, which no other part has."""


def titles(page: str) -> list[str]:
    return [re.sub(r"<[^>]*>", "", one).strip() for one in re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)]


def main_action(page: str) -> str:
    found = re.search(r'<div class="page-head">.*?<a class="btn btn-primary" href="([^"]*)">([^<]*)', page, re.DOTALL)
    return f"{found[2].strip()} -> {found[1]}" if found else ""


def test_five_parts_hold_what_they_say_and_nothing_twice(town: Town) -> None:
    desk, who = town.node.desk, town.account(Role.COUNSELLOR).id
    person = register(Place(town.node))
    contacts.add_contact(
        desk, person.id, ContactChannel.PHONE, "Bonjour", who, next_step="Rappeler", next_on=desk.today() + timedelta(3)
    )
    documents.add_document(desk, person.id, CV, who)
    workshop = workshops.plan(desk, desk.now() + timedelta(days=2), "Salle 2", who)
    workshops.invite(desk, workshop.id, person.id, who)
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    pages = {part: visitor.text(base + part) for part in PARTS}
    for part, page in pages.items():
        tabs = re.findall(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)</a>', page.split('class="tabs"')[1])[:5]
        assert [(path, said) for path, _here, said in tabs] == [(base + one, said) for one, said in PARTS.items()]
        assert [path for path, here, _said in tabs if here] == [base + part]
        assert "Zoulikha Benmansour" in page and page.count('<p class="lead stage') == 1
        others = {title for other, found in ONLY.items() if other != part for title in found}
        assert not others & set(titles(page)), part
        assert set(ONLY[part]) - set(titles(page)) <= {"Offres qui conviennent"}, (part, titles(page))
    assert "Rappeler" in pages[""] and "Préparatrice de commandes" in pages["/cv"] and "cv.pdf" in pages["/cv"]
    assert "Salle 2" not in pages["/suivi"] and f'href="/ateliers/{workshop.id}"' in pages["/suivi"]
    for gone in ("identite", "accords/retirer?portee=pause", "relais", "doublons", "effacer", "cv.json"):
        assert f'href="{base}/{gone}"' in pages["/dossier"], gone
    for gone in ("parcours", "presentation", "carte", "cv/plain.pdf"):
        assert f'href="{base}/{gone}"' in pages["/cv"], gone
    assert f'href="{base}/projet"' in pages[""] and f'href="{base}/historique"' in pages["/suivi"]
    for task, part in {"identite": "/dossier", "projet": "", "carte": "/cv", "freins": "/suivi"}.items():
        assert f'<a href="{base}{part}" aria-current="true">' in visitor.text(f"{base}/{task}"), task


def test_the_head_says_where_the_person_stands_and_what_to_do(town: Town) -> None:
    desk, who = town.node.desk, town.account(Role.COUNSELLOR).id
    person = register_person(desk, {"first_name": "Luc", "last_name": "Fabre"}, who)
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    page = visitor.text(base)
    assert "CV à compléter : il manque 5 points" in page
    assert main_action(page) == f"Compléter le CV -> {base}/identite#phone"
    other = register(Place(town.node))
    base = f"/candidats/{other.id}"
    page = visitor.text(base)
    assert "CV à valider, après une rencontre" in page
    assert main_action(page) == f"Rencontrer la personne, puis signer -> {base}/cv#pret"
    assert main_action(town.signed_in(Role.HEAD).text(base)) != ""
    quality.sign_ready(desk, other.id, who, met=Met.IN_PERSON)
    page = visitor.text(f"{base}/suivi")
    assert "Prête à être présentée" in page and main_action(page) == f"Proposer une offre -> {base}/offres#offres"


def test_old_addresses_lead_to_where_it_stands_now(town: Town) -> None:
    person = register(Place(town.node))
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    for old, new in {
        "documents": "cv",
        "accords": "dossier",
        "accords?offre=montlucon/o1": "dossier?offre=montlucon%2Fo1",
    }.items():
        answer = visitor.get(f"{base}/{old}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{base}/{new}")
        assert visitor.get(f"{base}/{old}").status_code == 200
    with town.node.database.read() as uow:
        assert len(uow.accounts.accesses_to(person.id, 100)) == 3, "only what was shown is an opening"
    assert visitor.get("/candidats/nobody/documents").status_code == 404


def test_each_step_has_its_place_and_each_standing_its_sentence(town: Town) -> None:
    due = {step.value for step in NextStep}
    assert {step for step in FileStep if step.value not in due} == set(STEP_AT)
    line = templates.get_template("people/stage.html").make_module().__dict__["line"]
    said = [line(Stage(stands=one, count=2, day=date(2026, 12, 4)), candidate()).strip() for one in Stands]
    assert all(said) and len(set(said)) == len(Stands) - 1, "whoever is away or in work is told by their situation"
