"""Deposits as people hand them in, names of files, fields of a person, the history."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.kit.clean_text import is_line
from node.mission.deposits.deposit import Channel, Deposit, check_deposit
from node.mission.people.candidate import Candidate, Diploma, Experience, Hours, Job
from node.mission.people.documents import safe_name
from node.mission.people.history import SENSITIVE, as_text, changes_between, shown
from node.mission.people.labels import CHANGES
from node.mission.people.partners import Help, ObstacleKind, Partner, helpers_for
from node.mission.people.rules import EDITABLE, MAX_ITEMS, check_person
from node.referential import load
from tests.contracts.test_candidates import _person
from tests.node.mission.samples import NOW, TODAY, candidate

REFERENTIAL = load()
SKILL = REFERENTIAL.skills.codes()[0]


def deposit(**changes: Any) -> Deposit:
    fields: dict[str, Any] = {"id": "d", "received": NOW, "channel": Channel.QR, "last_name": "N'Diaye"}
    return Deposit(**fields | {"phone": "0612345678"} | changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_name": ""}, "last_name"),
        ({"last_name": "N" * 201}, "last_name"),
        ({"first_name": "a\nb"}, "first_name"),
        ({"phone": ""}, "phone"),
        ({"phone": "le soir"}, "phone"),
        ({"email": "pas d'adresse"}, "email"),
        ({"phone": "", "email": "a@b.fr", "call_back": True}, "phone"),
        ({"message": "x" * 4001}, "message"),
        ({"message": "\x00"}, "message"),
    ],
)
def test_a_deposit_that_a_person_can_mend(changes: dict[str, Any], field: str) -> None:
    (problem,) = check_deposit(deposit(**changes))
    assert problem.field == field
    assert "pas d'adresse" not in problem.sentence


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"last_name": "عبد الرحمن"},
        {"last_name": "Ngọc", "first_name": "D'Étrée-Léa"},
        {"phone": "+33 6 12.34-56 78"},
        {"phone": "", "email": "a@b.fr"},
        {"channel": Channel.MAIL, "last_name": "", "phone": ""},
    ],
)
def test_a_deposit_that_is_taken(changes: dict[str, Any]) -> None:
    assert check_deposit(deposit(**changes)) == []


@given(st.text(max_size=300))
def test_any_file_name_is_made_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert is_line(safe) and "/" not in safe and "\\" not in safe and safe.strip(". ") != ""
    assert safe_name(safe) == safe or len(name) > 100


def test_the_ending_of_a_file_name_stays() -> None:
    assert safe_name("C:\\CV\\mon cv.PDF") == "mon cv.PDF"
    assert safe_name("é" * 300 + ".pdf").endswith("é.pdf")
    assert safe_name("../..") == "document"
    assert safe_name("\u202efdp.exe") == "_fdp.exe"


FINE = candidate(skills=frozenset({SKILL}), languages=(("fr", "B2"),), places=frozenset({"03101"}))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": "x" * 201}, "first_name"),
        ({"first_name": "", "last_name": ""}, "last_name"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"commune": "99999"}, "commune"),
        ({"birth_date": TODAY + timedelta(days=1)}, "birth_date"),
        ({"birth_date": date(1890, 1, 1)}, "birth_date"),
        ({"birth_date": TODAY - timedelta(days=3000)}, "birth_date"),
        ({"occupations": (Experience(rome="Z9999", months=0),)}, "occupations"),
        ({"occupations": (Experience(rome="N1103", months=-1),)}, "occupations"),
        ({"occupations": (Experience(rome="N1103", months=0, appellation="x" * 201),)}, "occupations"),
        ({"occupations": (Experience(rome="N1103", months=0, appellation="a\nb"),)}, "occupations"),
        ({"occupations": (Experience(rome="N1103", months=0),) * 2}, "occupations"),
        ({"skills": frozenset({"none"})}, "skills"),
        ({"qualification": 12}, "qualification"),
        ({"contracts": frozenset({"XXX"})}, "contracts"),
        ({"languages": (("fr", "Z1"),)}, "languages"),
        ({"languages": (("fr", "B1"), ("fr", "B2"))}, "languages"),
        ({"mobility_km": -1}, "mobility_km"),
        ({"places": frozenset({"nowhere"})}, "places"),
        ({"licences": frozenset({"Z"})}, "licences"),
        ({"jobs": (Job(title=""),)}, "jobs"),
        ({"jobs": (Job(title="a", start="mars 2020"),)}, "jobs"),
        ({"jobs": (Job(title="a", start="2020-13"),)}, "jobs"),
        ({"jobs": (Job(title="a", start="2027"),)}, "jobs"),
        ({"jobs": (Job(title="a", start="2021-05", end="2021-04"),)}, "jobs"),
        ({"jobs": (Job(title="a", start="2022", end="2021-12"),)}, "jobs"),
        ({"diplomas": (Diploma(label=" "),)}, "diplomas"),
        ({"diplomas": (Diploma(label="CAP", level=2),)}, "diplomas"),
        ({"diplomas": (Diploma(label="CAP", year=1492),)}, "diplomas"),
        ({"qualities": ("",)}, "qualities"),
        ({"interests": ("a\nb",)}, "interests"),
        ({"summary": "x" * 2001}, "summary"),
        ({"words": "x" * 601}, "words"),
        ({"qualities": ("calme",) * (MAX_ITEMS["qualities"] + 1)}, "qualities"),
    ],
)
def test_what_cannot_be_kept_is_said_by_field(changes: dict[str, Any], field: str) -> None:
    problems = check_person(replace(FINE, **changes), REFERENTIAL, TODAY)
    assert [problem.field for problem in problems] == [field]
    assert all(problem.sentence for problem in problems)


def test_what_can_be_kept() -> None:
    jobs = (
        Job(title="Agente d'entretien", start="2021", end="2021-03"),
        Job(title="a", start="2026-11", current=True, tasks=("Ménage",)),
    )
    full = replace(FINE, jobs=jobs, diplomas=(Diploma(label="Bac pro", level=4, year=2027),), words="Oui.\nEt non.")
    assert check_person(full, REFERENTIAL, TODAY) == []
    assert check_person(replace(FINE, birth_date=date(1926, 11, 23)), REFERENTIAL, TODAY) == []


def test_every_field_of_a_person_has_a_label_and_editable_ones_exist() -> None:
    names = {field.name for field in fields(Candidate)}
    assert names >= EDITABLE
    own_lines = {"id", "consents", "readiness", "registered", "first_ready", "last_seen", "notice_on", "objected_at"}
    assert names - own_lines <= set(CHANGES)
    assert set(MAX_ITEMS) <= EDITABLE


@given(_person, _person)
def test_the_history_names_every_field_and_no_secret(before: Candidate, after: Candidate) -> None:
    lines = {line.field: line for line in changes_between(before, after, NOW, "anne")}
    for field in fields(Candidate):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name in CHANGES:
            assert (field.name in lines) is (old != new)
    for name in SENSITIVE & set(lines):
        assert (lines[name].before, lines[name].after) == ("", "")
    assert all(len(line.before) <= 300 and len(line.after) <= 300 for line in lines.values())


def test_values_are_told_in_french() -> None:
    assert as_text(True) == "oui"
    assert as_text(Hours.PART) == "Temps partiel"
    assert as_text(frozenset({"b", "a"})) == "a, b"
    assert as_text(FINE.occupations) == "N1103 (0 mois)"
    assert as_text(Experience(rome="N1103", months=6, appellation="Pickeur")) == "Pickeur (6 mois)"
    assert as_text(NOW) == "2026-11-23 09:00 UTC"
    assert shown("a\n b") == "a b"
    assert as_text(None) == ""


def test_specialists_come_before_those_who_help_with_everything() -> None:
    def partner(name: str, *helps: Help, active: bool = True) -> Partner:
        return Partner(id=name, name=name, helps=frozenset(helps), active=active)

    known = (
        partner("PLIE du bassin", Help.PLIE),
        partner("Garage", Help.MOBILITY),
        partner("Auto-école", Help.MOBILITY, Help.APEC),
        partner("Crèche", Help.CHILD_CARE),
        partner("Fermé", Help.MOBILITY, active=False),
    )
    found = helpers_for(ObstacleKind.MOBILITY, known)
    assert [one.name for one in found] == ["Auto-école", "Garage", "PLIE du bassin"]
