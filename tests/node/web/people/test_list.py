"""The list of people: found by what they seek, can and need; several at once are handed over, invited, downloaded."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from node.imports import read_candidates
from node.mission.accounts.roles import Role
from node.mission.accounts.trail import OpenedFor
from node.mission.people.candidate import Candidate, CandidateState, Experience
from node.mission.people.history import Occasion
from node.mission.people.partners import Eligibility, Local
from node.referential import load
from node.services.workshops import workshops
from tests.node.mission.samples import DOMERAT, FORKLIFT, MONTLUCON, WAREHOUSE, candidate
from tests.node.web.conftest import Town, Visitor, words

TABLES = load()
CACES = TABLES.skills.for_occupation(FORKLIFT)[0]


@pytest.fixture
def people(town: Town) -> list[Candidate]:
    """Ana drives a forklift at Domérat, Bob and Zoé prepare orders at Montluçon; of Bob RSA is noted."""
    ana = candidate(1, FORKLIFT, commune=DOMERAT, first_name="Ana", last_name="Abadie", skills=frozenset({CACES}))
    bob = candidate(2, first_name="Bob", last_name="Blin", phone="+33611223344", summary="=1+1")
    zoe = candidate(3, first_name="Zoé", last_name="Zola", readiness=None)
    with town.node.database.write() as uow:
        for one in (ana, bob, zoe):
            uow.candidates.add(replace(one, consents=()))
        uow.files.save_local("p2", Local(eligibilities=frozenset({Eligibility.RSA})))
    return [ana, bob, zoe]


def shown(visitor: Visitor) -> list[str]:
    page = visitor.text("/candidats")
    return [name for name in ("Ana Abadie", "Bob Blin", "Zoé Zola") if name in page]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"rome": "cariste"}, ["Ana Abadie"]),
        ({"rome": WAREHOUSE}, ["Bob Blin", "Zoé Zola"]),
        ({"commune": "domerat"}, ["Ana Abadie"]),
        ({"commune": "Montlucon", "eligibility": "rsa"}, ["Bob Blin"]),
        ({"eligibility": "qpv"}, []),
        ({"skill": CACES}, ["Ana Abadie"]),
    ],
)
def test_people_are_found_by_words(
    town: Town, people: list[Candidate], search: dict[str, Any], found: list[str]
) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    visitor.send_form("/candidats", **search)
    assert shown(visitor) == found


def test_what_was_meant_is_shown_and_can_be_sent_again(town: Town, people: list[Candidate]) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    visitor.send_form("/candidats", commune="domerat", skill=CACES, rome="cariste")
    label = TABLES.skills.label(CACES) or ""
    page = visitor.text("/candidats")
    assert f'value="{label}"' in page.replace("&#39;", "'") and 'value="Domérat (03410)"' in page
    visitor.send_form(
        "/candidats", commune="Domérat (03410)", skill=label, rome=TABLES.occupations.label(FORKLIFT) or ""
    )
    assert shown(visitor) == ["Ana Abadie"]


def test_filters_are_put_on_and_taken_off_at_one_press(town: Town, people: list[Candidate]) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)

    def pressed() -> list[str]:
        return re.findall(r'<button type="submit" name="(?:mettre|oter)" value="([^"]*)" aria-pressed="true">', page)

    page = words(visitor.send_form("/candidats", mettre="cv_state:ready"))
    assert shown(visitor) == ["Ana Abadie", "Bob Blin"] and pressed() == ["cv_state:ready"]
    page = words(visitor.send_form("/candidats", cv_state="ready", rome="cariste", commune="domerat"))
    assert shown(visitor) == ["Ana Abadie"] and pressed() == ["cv_state:ready", "rome", "commune"]
    kept: dict[str, Any] = {"cv_state": "ready", "rome": "cariste", "commune": "domerat"}
    page = words(visitor.send_form("/candidats", **kept, oter="rome"))
    assert pressed() == ["cv_state:ready", "commune"]
    page = words(visitor.send_form("/candidats", cv_state="ready", mettre="cv_state:ready"))
    assert len(shown(visitor)) == 3 and pressed() == []
    page = words(visitor.send_form("/candidats", mettre="state:anything"))
    assert len(shown(visitor)) == 3 and pressed() == [], "what no press is called is none"


def test_a_word_that_is_nothing_is_said(town: Town, people: list[Candidate]) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    answer = visitor.send_form("/candidats", skill="xyzzyqq", text="blin")
    assert "xyzzyqq" in words(answer) and shown(visitor) == ["Bob Blin"]


def test_several_are_handed_over_at_once(town: Town, people: list[Candidate]) -> None:
    visitor, head = town.signed_in(Role.COUNSELLOR), town.account(Role.HEAD)
    sent = visitor.send_form(
        "/candidats/selection", "/candidats", person=["p1", "p3", "p1"], faire="confier", to=head.id
    )
    assert "2 personnes de plus" in words(sent)
    with town.node.database.read() as uow:
        owners = {one.id: one.owner for one in uow.candidates.all()}
        assert owners == {"p1": head.id, "p2": "", "p3": head.id}
        assert [change.field for change in uow.files.history("p3", 1)] == [Occasion.HANDOVER]
    for wrong in ({"person": ["p2"], "to": "nobody"}, {"person": ["p2"]}, {"to": head.id}):
        visitor.send_form("/candidats/selection", "/candidats", faire="confier", **wrong)
    with town.node.database.read() as uow:
        kept = uow.candidates.get("p2")
        assert kept is not None and kept.owner == ""


def test_several_are_invited_and_who_cannot_be_is_said(town: Town, people: list[Candidate]) -> None:
    desk, visitor = town.node.desk, town.signed_in(Role.COUNSELLOR)
    starts = desk.now() + timedelta(days=3)
    one = workshops.plan(desk, title="CV", starts=starts, room="Salle 2", leader="Anne", seats=2)
    with town.node.database.write() as uow:
        uow.candidates.save(replace(people[0], consents=(), state=CandidateState.LIMITED))
    assert "2 places" in words(visitor.get("/candidats"))
    answer = visitor.send_form(
        "/candidats/selection", "/candidats", person=["p1", "p2", "p3"], faire="inviter", workshop=one.id
    )
    said = words(answer)
    assert "2 personnes sont invitées" in said and "1 × " in said
    invited, _lines = workshops.one_workshop(desk, one.id)
    assert {place.candidate for place in invited.places} == {"p2", "p3"}
    assert one.id not in visitor.text("/candidats"), "it is full"


def test_the_list_is_downloaded_as_it_is_filtered_and_the_trail_says_so(town: Town, people: list[Candidate]) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    visitor.send_form("/candidats", rome="préparateur de commandes")
    answer = visitor.send_form("/candidats/selection", "/candidats", faire="csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="personnes.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and "06 11 22 33 44" in lines[1] and "'=1+1" in lines[1]
    assert not any("rsa" in line.casefold() for line in lines), "what never leaves"
    with town.node.database.read() as uow:
        opened = {name: [one.what for one in uow.accounts.accesses_to(name, 9)] for name in ("p1", "p2", "p3")}
    assert opened == {"p1": [], "p2": [OpenedFor.EXPORTED], "p3": [OpenedFor.EXPORTED]}


def test_who_is_ticked_is_downloaded_and_the_list_is_taken_in_again(town: Town, people: list[Candidate]) -> None:
    visitor, desk = town.signed_in(Role.COUNSELLOR), town.node.desk
    answer = visitor.send_form("/candidats/selection", "/candidats", person=["p1"], faire="xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows()] == ["nom", "Abadie"]
    (line,) = read_candidates(answer.content, desk.referential(), desk.today())
    assert line.problem is None and line.value is not None
    assert (line.value.commune, line.value.skills) == (DOMERAT, frozenset({CACES}))
    assert line.value.occupations == (Experience(rome=FORKLIFT, months=0),)


def test_a_list_that_is_too_long_for_one_file_is_not_cut(
    town: Town, people: list[Candidate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.web.people.selection.MOST", 2)
    answer = town.signed_in(Role.COUNSELLOR).send_form("/candidats/selection", "/candidats", faire="csv")
    assert "trop pour un seul fichier" in words(answer)


def test_nothing_is_done_that_no_button_says(town: Town, people: list[Candidate]) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    answer = visitor.send_form("/candidats/selection", "/candidats", person=["p1"], faire="effacer")
    assert "Choisissez" in words(answer)
    assert MONTLUCON and shown(visitor) == ["Ana Abadie", "Bob Blin", "Zoé Zola"]


def test_cvs_that_wait_are_counted_above_the_list(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    for path in ("/candidats", "/depots", "/doublons"):
        assert visitor.text(path).count('aria-current="page"') >= 2, "the menu and the tab say where one is"
