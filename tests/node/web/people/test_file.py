"""A person's file: every opening is in the trail, every part is saved whole or not at all."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate
from node.mission.people.contacts import ContactChannel
from node.mission.people.partners import Help, ObstacleKind
from node.services.accounts import accounts
from node.services.duplicates import merging
from node.services.people import contacts, documents, obstacles
from node.services.people import files as people
from node.web.frame.pages import templates
from tests.node.mission.samples import MONTLUCON, WAREHOUSE
from tests.node.registering import register_person
from tests.node.services.counter import CV, register
from tests.node.stage import Place
from tests.node.web.conftest import Town, words
from tests.node.web.deposits.test_treating import upload

SOON = date(2026, 11, 30)
PARTS = (
    *("", "/cv", "/offres", "/suivi", "/dossier"),
    *("/identite", "/projet", "/parcours", "/presentation", "/accords", "/documents", "/historique"),
)
"""The five parts, then pages with one task, and two addresses of old that lead to a part."""


@pytest.fixture
def person(town: Town) -> Candidate:
    """Somebody whom the counsellor has just registered."""
    fields = {"first_name": "Luc", "last_name": "Fabre", "phone": "0611223344"}
    agreed = {ConsentScope.KEEP: "signé au guichet"}
    return register_person(town.node.desk, fields, town.account(Role.COUNSELLOR).id, agreements=agreed)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0611223344", "06 11 22 33 44"), ("0692123456", "0692 12 34 56"), ("00442079460958", "+44 20 7946 0958")],
)
def test_a_number_is_shown_as_it_is_written_at_home(town: Town, person: Candidate, number: str, shown: str) -> None:
    people.amend(town.node.desk, person.id, {"phone": "0470000000"}, "anne")
    people.amend(town.node.desk, person.id, {"phone": number}, "anne")
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    page = visitor.text(base)
    assert shown in page and f'href="tel:{kept(town, person).phone}"' in page
    assert f'value="{shown}"' in visitor.text(f"{base}/identite"), "a form shows what it reads"
    history = visitor.text(f"{base}/historique")
    assert shown in history and "04 70 00 00 00" in history and "+33470000000" not in history
    own = town.signed_in(candidate=person.id)
    assert f'value="{shown}"' in own.text("/mon-espace/donnees")


def test_a_number_that_could_not_be_read_is_shown_as_it_was_typed(town: Town, person: Candidate) -> None:
    with town.node.database.write() as uow:
        uow.candidates.save(replace(kept(town, person), phone="061234567"))
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    assert "061234567" in visitor.text(base)
    form: dict[str, Any] = {"first_name": "Luc", "last_name": "Favre", "phone": "061234567"}
    visitor.send_form(f"{base}/identite", **form)
    assert kept(town, person).last_name == "Favre"
    refused = visitor.send_form(f"{base}/identite", **form | {"phone": "06 12 34 56"})
    assert refused.status_code == 422 and "Ce n&#39;est pas un numéro de téléphone" in refused.text


def kept(town: Town, person: Candidate) -> Candidate:
    return people.person_file(town.node.desk, person.id).person


def test_every_opening_is_in_the_trail(town: Town, person: Candidate) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    for number, part in enumerate(PARTS, 1):
        assert visitor.get(f"/candidats/{person.id}{part}").status_code == 200, part
        with town.node.database.read() as uow:
            trail = uow.accounts.accesses_to(person.id, 100)
        assert len(trail) == number and trail[0].account == town.account(Role.COUNSELLOR).id
    assert visitor.get("/candidats/nobody").status_code == 404


@pytest.mark.parametrize(
    "change", ["done", "later", "handed over", "state", "signed", "removed", "referral", "merged", "apart"]
)
def test_every_change_is_in_the_trail(town: Town, change: str) -> None:
    """Also those that are made from a list, without opening the file."""
    desk, who = town.node.desk, town.account(Role.COUNSELLOR).id
    place = Place(town.node)
    person, other = register(place), register(place, first_name="Paul")
    noted = contacts.add_contact(
        desk, person.id, ContactChannel.PHONE, "Bonjour", who, next_step="Rappeler", next_on=SOON
    )
    document = documents.add_document(desk, person.id, CV, who)
    partner = obstacles.save_partner(desk, "CCAS", [Help.HOUSING])
    referral = obstacles.refer(desk, person.id, partner.id, Help.HOUSING, "", who)
    colleague = accounts.open_account(desk, name="Rémi", email="remi@montlucon.fr", roles=[Role.COUNSELLOR]).id
    base = f"/candidats/{person.id}"
    if change == "apart":
        merging.merge(desk, person.id, other.id, who)
    presses: dict[str, tuple[str, dict[str, str]]] = {
        "done": (f"/contacts/{noted.id}/fait", {}),
        "later": (f"/contacts/{noted.id}/reporter", {"next_on": f"{SOON:%d/%m/%Y}"}),
        "handed over": (f"{base}/relais", {"to": colleague}),
        "state": (f"{base}/etat", {"cv_state": "to_rework"}),
        "signed": (f"{base}/pret", {"met": "in_person"}),
        "removed": (f"{base}/documents/{document.id}/supprimer", {}),
        "referral": (f"/orientations/{referral.id}", {"state": "done", "outcome": "Vu"}),
        "merged": (f"{base}/reunir", {"autre": other.id}),
        "apart": (f"{base}/separer", {}),
    }
    path, typed = presses[change]
    answer = town.signed_in(Role.COUNSELLOR).send_form(path, "/aujourdhui", follow=False, **typed)
    assert answer.status_code == 303
    with town.node.database.read() as uow:
        assert [(one.account, one.what) for one in uow.accounts.accesses_to(person.id)] == [(who, "edit")]


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_nobody_else_opens_a_file(town: Town, person: Candidate, role: Role) -> None:
    visitor = town.signed_in(role)
    for part in (*PARTS, "/freins", "/effacer", "/cv/plain.pdf", "/carte.pdf", "/cv.json"):
        assert visitor.get(f"/candidats/{person.id}{part}").status_code == 403, part
    with town.node.database.read() as uow:
        assert not uow.accounts.accesses_to(person.id, 10)


def test_what_is_missing_leads_to_its_field(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    page = visitor.text(base)
    for link in ("identite#commune", "projet#occupations", "projet#skills", "parcours#jobs", "suivi#contacts"):
        assert f'href="{base}/{link}"' in page
    assert f'class="btn btn-primary" href="{base}/identite#commune">Compléter le CV' in page
    page = visitor.text(f"{base}/cv")
    assert f'action="{base}/' in page and "/pret" not in page, "nobody can sign yet"
    assert f'href="{base}#manque"' in page


def test_an_address_writes_to_nobody_else(town: Town, person: Candidate) -> None:
    people.amend(town.node.desk, person.id, {"email": "luc?bcc=chef@mairie.fr"}, "anne")
    assert 'href="mailto:luc%3Fbcc%3Dchef@mairie.fr"' in town.signed_in(Role.COUNSELLOR).text(f"/candidats/{person.id}")


def test_from_empty_to_signed(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    visitor.send_form(
        f"{base}/identite", first_name="Luc", last_name="Fabre", phone="06 11 22 33 44", commune=MONTLUCON
    )
    skills = list(town.node.desk.referential().skills.for_occupation(WAREHOUSE))[:3]
    work: dict[str, Any] = {"occupations": WAREHOUSE, f"months_{WAREHOUSE}": "30", "skills": skills, "hours": "full"}
    visitor.send_form(f"{base}/projet", **work, mobility_km="20", licences="B", vehicle="1")
    visitor.send_form(
        f"{base}/parcours",
        job_0_title="Préparateur",
        job_0_start="03/2021",
        job_0_current="1",
        job_0_keep="1",
        diploma_0_label="CAP Vente",
        diploma_0_level="3",
        diploma_0_keep="1",
        language_0_code="ar",
        language_0_level="C1",
    )
    now = kept(town, person)
    assert (now.jobs[0].start, now.jobs[0].current, now.diplomas[0].level, now.languages) == (
        "2021-03",
        True,
        3,
        (("ar", "C1"),),
    )
    answer = visitor.send_form(f"{base}/pret", base)
    assert answer.status_code == 422, "nobody met the person"
    assert visitor.send_form(f"{base}/pret", base, met="in_person").status_code == 200
    assert kept(town, person).is_ready(town.node.desk.today())
    pdf = visitor.get(f"{base}/cv/skills_first.pdf")
    assert pdf.content.startswith(b"%PDF") and "Fabre" not in pdf.headers["content-disposition"]
    assert visitor.get(f"{base}/carte.pdf?quatre=1").content.startswith(b"%PDF")
    resume = visitor.get(f"{base}/cv.json").json()
    assert resume["work"][0]["position"] == "Préparateur" and resume["basics"]["name"] == "Luc Fabre"


def test_languages_outside_the_list_stay_as_written(town: Town, person: Candidate) -> None:
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/parcours"
    first: dict[str, Any] = {
        "language_0_code": "",
        "language_0_other": " Nheengatu  moderne ",
        "language_0_level": "C2",
    }
    second: dict[str, Any] = {"language_1_code": "", "language_1_other": "soninké", "language_1_level": "B1"}
    visitor.send_form(path, **first, **second)
    assert kept(town, person).languages == (("Nheengatu moderne", "C2"), ("snk", "B1"))
    page = words(visitor.get(path))
    assert 'value="Nheengatu moderne"' in page and '<option value="snk" selected>' in page
    visitor.send_form(path, language_0_code="", language_0_other="Nheengatu", language_0_level="")
    assert len(kept(town, person).languages) == 2, "a level is wanted"


def test_a_wrong_field_keeps_the_others_from_being_saved(town: Town, person: Candidate) -> None:
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/identite"
    answer = visitor.send_form(path, last_name="Favre", email="pas une adresse", birth_date="2099-01-01")
    assert answer.status_code == 422
    page = words(answer)
    assert 'value="Favre"' in page and 'value="pas une adresse"' in page and 'value="2099-01-01"' in page
    assert kept(town, person) == person
    answer = visitor.send_form(f"/candidats/{person.id}/parcours", job_0_title="X", job_0_start="hier", job_0_keep="1")
    assert answer.status_code == 422 and 'value="hier"' in answer.text


def test_contacts_steps_and_handover(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    assert visitor.send_form(f"{base}/suivi", channel="phone", next_step="Rappeler").status_code == 422
    visitor.send_form(f"{base}/suivi", channel="phone", text="Bon contact", next_step="Rappeler", next_on="2099-01-01")
    (contact,) = people.person_file(town.node.desk, person.id).contacts
    assert contact.is_open and contact.next_owner == town.account(Role.COUNSELLOR).id
    visitor.send_form(f"/contacts/{contact.id}/fait", f"{base}/suivi")
    assert not people.person_file(town.node.desk, person.id).contacts[0].is_open
    head = town.account(Role.HEAD).id
    visitor.send_form(f"{base}/relais", to=head, note="Je pars en congé.")
    assert kept(town, person).owner == head
    assert visitor.send_form(f"{base}/relais", to="nobody").status_code == 422


def test_agreements_are_recorded_and_withdrawn(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    assert visitor.send_form(f"{base}/accords", scope="network").status_code == 422, "how was it given?"
    visitor.send_form(f"{base}/accords", scope="network", how="au téléphone")
    today = town.node.desk.today()
    assert kept(town, person).agrees(ConsentScope.NETWORK, today)
    visitor.send_form(f"{base}/accords/retirer", scope="network")
    after = kept(town, person)
    assert not after.agrees(ConsentScope.NETWORK, today) and after.agrees(ConsentScope.KEEP, today)


def test_obstacles_have_their_own_word_in_the_trail(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    visitor.send_form(f"{base}/freins", obstacles="mobility", eligibilities="rsa")
    visitor.send_form(f"{base}/freins", obstacles="mobility", about_mobility="Sans permis", eligibilities="rsa")
    local = obstacles.read_local(town.node.desk, person.id)
    assert [(one.kind, one.note) for one in local.standing()] == [(ObstacleKind.MOBILITY, "Sans permis")]
    visitor.send_form("/partenaires", name="Auto-école solidaire", helps="mobility", active="1")
    (partner,) = obstacles.partners(town.node.desk)
    visitor.send_form(f"{base}/orienter", f"{base}/freins", partner=partner.id, help="mobility", why="Permis B")
    (referral,) = people.person_file(town.node.desk, person.id).referrals
    visitor.send_form(f"/orientations/{referral.id}", f"{base}/freins", state="done", outcome="Inscrit")
    assert people.person_file(town.node.desk, person.id).referrals[0].outcome == "Inscrit"
    with town.node.database.read() as uow:
        assert "obstacles" in {one.what for one in uow.accounts.accesses_to(person.id, 100)}


def test_documents_of_one_person_are_not_another_ones(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    upload(visitor, f"{base}/documents", "lettre.txt", b"Madame, Monsieur", kind="letter")
    (document,) = people.person_file(town.node.desk, person.id).documents
    assert visitor.get(f"{base}/documents/{document.id}").content == b"Madame, Monsieur"
    other = register_person(town.node.desk, {"last_name": "Autre"}, "anne")
    assert visitor.get(f"/candidats/{other.id}/documents/{document.id}").status_code == 404
    visitor.send_form(f"{base}/documents/{document.id}/supprimer", f"{base}/documents")
    assert not people.person_file(town.node.desk, person.id).documents


def test_erasing_asks_for_the_name(town: Town, person: Candidate) -> None:
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/effacer"
    assert visitor.send_form(path, name="Martin").status_code == 422
    assert visitor.send_form(path, name="fabre").status_code == 200
    assert visitor.get(f"/candidats/{person.id}").status_code == 404


def test_a_search_is_in_no_address(town: Town, person: Candidate) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    answer = visitor.send_form("/candidats", follow=False, text="fabre", order="name")
    assert answer.headers["location"] == "/candidats"
    assert person.id in visitor.text("/candidats")
    visitor.send_form("/candidats", text="personne")
    assert person.id not in visitor.text("/candidats")
    visitor.send_form("/candidats", tout="1")
    assert person.id in visitor.text("/candidats")


def test_the_history_has_days_as_people_write_them(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    people.amend(town.node.desk, person.id, {"availability": date(2027, 3, 1)}, "anne")
    people.amend(town.node.desk, person.id, {"summary": "Sans date : 2027-13-45."}, "anne")
    page = visitor.text(f"{base}/historique")
    assert "1er mars 2027" in page and "2027-03-01" not in page
    assert "2027-13-45" in page, "no day: left as it is"


@pytest.mark.parametrize(("value", "shown"), [(0.0, "0"), (12.5, "12,5"), (12.04, "12"), (250.0, "250")])
def test_kilometres_are_short(value: float, shown: str) -> None:
    assert templates.filters["km"](value) == shown
