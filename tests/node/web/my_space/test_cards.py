"""The card « Un visage pour l'emploi »: made, printed, shared for a time, taken back."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from node.mission.accounts.account import digest
from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate
from node.services.agreements import erasing, withdrawing
from node.services.people import cards, papers
from node.services.people import files as people
from tests.node.reading import files
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.my_space.test_pages import enrol

PORTRAIT = files.photograph_with_position(["Un visage"])


def save(own: Visitor, photo: bytes = b"", **typed: object) -> int:
    """Send the form of the card."""
    token = re.search(r'name="csrf" value="([^"]+)"', own.get("/mon-espace/carte").text)
    assert token is not None
    return own.post(
        "/mon-espace/carte",
        data={"csrf": token[1], **typed},
        files=[("photo", ("moi.jpg", photo, "image/jpeg"))] if photo else [],
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    ).status_code


def shared(own: Visitor, days: str = "7") -> str:
    """The path of a new link."""
    page = own.send_form("/mon-espace/carte/partager", "/mon-espace/carte", days=days).text
    found = re.search(r"http://127.0.0.1:8101(/carte/[\w-]{43})", page)
    assert found is not None
    return found[1]


def test_what_the_person_says_is_on_the_card_and_no_more(town: Town) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    chosen: dict[str, Any] = {
        "qualities": ["Calme", "Autonomie"],
        "others": "Toujours à l'heure\n\n Calme ",
        "words": "J'aime l'équipe.",
    }
    assert save(own, PORTRAIT, **chosen) == 303
    known = people.person_file(town.node.desk, person.id).person
    assert known.qualities == ("Calme", "Autonomie", "Toujours à l'heure") and known.photo
    kept = own.get("/mon-espace/carte/photo").content
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    page = words(town.visitor().get(shared(own)))
    assert "Toujours à l'heure" in page and "J'aime l'équipe." in page and "Aïcha" in page
    for secret in ("Benmansour", "0612345678", "aicha@example.fr"):
        assert secret not in page
    for path in ("/mon-espace/carte.pdf?contact=telephone", "/mon-espace/cartes.pdf"):
        assert own.get(path).content.startswith(b"%PDF")
    assert save(own, no_photo="1", **chosen) == 303
    assert not people.person_file(town.node.desk, person.id).person.photo


def skilled(town: Town, number: int = 10) -> tuple[Candidate, list[str]]:
    """Aïcha with so many skills, and their codes in the order of the alphabet."""
    person, referential = enrol(town), town.node.desk.referential()
    codes = sorted(referential.skills.codes()[:number], key=lambda code: referential.skills.label(code) or code)
    return people.amend(town.node.desk, person.id, {"skills": frozenset(codes)}, "x"), codes


def on_card(town: Town, person: Candidate) -> tuple[str, ...]:
    """The codes of the skills on the card."""
    return papers.card_skills(known(town, person), town.node.desk.referential())


def known(town: Town, person: Candidate) -> Candidate:
    return people.person_file(town.node.desk, person.id).person


def test_the_person_chooses_skills_and_their_order(town: Town) -> None:
    person, codes = skilled(town)
    own = town.signed_in(candidate=person.id)
    assert on_card(town, person) == tuple(codes[:8]), "before a choice: what there is room for"
    assert save(own, skill=codes, skill_place=[*map(str, range(1, 9)), "", ""]) == 303
    assert known(town, person).card_skills is None, "sent back as it was: nobody chose"
    assert save(own, skill=codes, skill_place=["", "3", "", "1", "", "", "", "", "2", "1"]) == 303
    chosen = (codes[3], codes[9], codes[8], codes[1])
    assert on_card(town, person) == chosen, "of two with one number, the one that stood first"
    page = own.get("/mon-espace/carte").text
    assert [page.index(f'name="skill" value="{code}"') for code in chosen] == sorted(
        page.index(f'name="skill" value="{code}"') for code in chosen
    )
    people.amend(town.node.desk, person.id, {"skills": frozenset(codes) - {codes[9]}}, "x")
    assert on_card(town, person) == (codes[3], codes[8], codes[1]), "a skill that is gone is on no card"
    assert save(own, skill=codes, skill_place=[""] * 10) == 303
    assert on_card(town, person) == ()


@pytest.mark.parametrize("places", [["9"] * 10, ["-1", "x", "²"], [str(10**30)], []])
def test_made_up_places_are_no_failure(town: Town, places: list[str]) -> None:
    person, codes = skilled(town)
    status = save(town.signed_in(candidate=person.id), skill=codes, skill_place=places)
    assert status == (422 if len(places) == 10 else 303)
    assert len(on_card(town, person)) <= 8


def test_nobody_puts_a_skill_on_the_card_that_they_do_not_have(town: Town) -> None:
    person, codes = skilled(town, 3)
    strange = town.node.desk.referential().skills.codes()[20]
    assert save(town.signed_in(candidate=person.id), skill=[strange, codes[0]], skill_place=["1", "2"]) == 303
    assert known(town, person).card_skills == (codes[0],)


def test_qualities_come_in_the_order_of_their_numbers(town: Town) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    ticked: dict[str, Any] = {"qualities": ["Calme", "Autonomie"], "others": "Curieuse"}
    assert save(own, **ticked) == 303
    placed: dict[str, Any] = {"quality": ["Calme", "Autonomie", "Curieuse"], "quality_place": ["3", "2", "1"]}
    assert save(own, **ticked | placed) == 303
    assert known(town, person).qualities == ("Curieuse", "Autonomie", "Calme")
    assert save(own, **placed | {"qualities": ["Calme", "Patience"], "others": "Curieuse"}) == 303
    assert known(town, person).qualities == ("Curieuse", "Calme", "Patience"), "taken off, and a new one last"


def test_the_counsellor_makes_the_card_with_the_person_and_it_is_told(town: Town) -> None:
    person, codes = skilled(town)
    counsellor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/carte"
    assert path in counsellor.get(f"/candidats/{person.id}/documents").text
    fields: dict[str, Any] = {"words": "J'aime l'équipe.", "skill": codes[:2], "skill_place": ["2", "1"]}
    assert counsellor.send_form(path, **fields, follow=False).status_code == 303
    assert on_card(town, person) == (codes[1], codes[0]) and known(town, person).words == "J'aime l'équipe."
    label = town.node.desk.referential().skills.label
    lines = {line.field: line for line in people.history(town.node.desk, person.id)}
    assert lines["words"].by == lines["card_skills"].by == town.account(Role.COUNSELLOR).id
    history = words(counsellor.get(f"/candidats/{person.id}/historique"))
    assert "Compétences de la carte" in history and f"{label(codes[1])}, {label(codes[0])}" in history
    told = town.signed_in(candidate=person.id).get("/mon-espace/mes-donnees.json").json()
    assert told["Mes données"][0]["Compétences de la carte"] == f"{label(codes[1])}, {label(codes[0])}"
    for query in ("", "?quatre=1"):
        assert counsellor.get(f"/candidats/{person.id}/carte.pdf{query}").content.startswith(b"%PDF")
    too_long = counsellor.send_form(path, words="x" * 601)
    assert too_long.status_code == 422 and "x" * 601 in too_long.text
    assert counsellor.get(path).status_code == 200


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_who_reads_no_files_makes_no_card(town: Town, role: Role) -> None:
    person = enrol(town)
    visitor, path = town.signed_in(role), f"/candidats/{person.id}/carte"
    assert visitor.get(path).status_code == 403
    assert visitor.send_form(path, "/mon-compte", words="x").status_code == 403


@pytest.mark.parametrize("photo", [b"GIF89a" + b"\0" * 50, b"\xff\xd8\xff broken", files.pdf([b""])])
def test_what_is_no_photograph_is_refused_and_the_words_stay(town: Town, photo: bytes) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    assert save(own, photo, words="Mes mots") == 422
    assert not people.person_file(town.node.desk, person.id).person.photo


def test_a_shared_card_is_kept_from_engines_and_caches(town: Town) -> None:
    own = town.signed_in(candidate=enrol(town).id)
    save(own, PORTRAIT)
    path = shared(own)
    for part in ("", "/photo", "/carte.pdf"):
        answer = town.visitor().get(path + part)
        assert answer.status_code == 200
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "strict-origin"
    assert 'name="robots" content="noindex' in town.visitor().get(path).text


def test_one_link_at_a_time_kept_as_a_digest(town: Town) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    first, second = shared(own), shared(own)
    assert town.visitor().get(first).status_code == 404
    assert town.visitor().get(second).status_code == 200
    token = second.removeprefix("/carte/")
    with town.node.database.read() as uow:
        assert uow.accounts.link(digest(token)) is not None and uow.accounts.link(token) is None
    assert town.visitor().get(f"/connexion/lien/{token}").status_code == 410, "a card opens no session"
    assert town.visitor().send_form(f"/connexion/lien/{token}", "/etat").status_code == 410


def test_a_card_ends_on_its_day(town: Town) -> None:
    own = town.signed_in(candidate=enrol(town).id)
    path = shared(own, "7")
    town.clock.moment += timedelta(days=6, hours=23)
    assert town.visitor().get(path).status_code == 200
    town.clock.moment += timedelta(hours=2)
    assert town.visitor().get(path).status_code == 404


@pytest.mark.parametrize("how", ["taken back", "on hold", "withdrawn", "erased"])
def test_a_card_ends_when_the_person_says_so(town: Town, how: str) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    path = shared(own)
    match how:
        case "taken back":
            own.send_form("/mon-espace/carte/reprendre", "/mon-espace/carte")
        case "on hold":
            withdrawing.pause(town.node.desk, person.id, "candidate")
        case "withdrawn":
            withdrawing.withdraw(town.node.desk, person.id, "candidate", ConsentScope.KEEP)
        case _:
            erasing.erase(town.node.desk, person.id)
    for part in ("", "/photo", "/carte.pdf"):
        assert town.visitor().get(path + part).status_code == 404


@pytest.mark.parametrize("days", [0, 366])
def test_nobody_shares_for_ever(town: Town, days: int) -> None:
    with pytest.raises(ValueError, match="365"):
        cards.share(town.node.desk, enrol(town).id, days)
    own = town.signed_in(candidate=enrol(town).id)
    assert own.send_form("/mon-espace/carte/partager", "/mon-espace/carte", days=str(days)).status_code == 422
