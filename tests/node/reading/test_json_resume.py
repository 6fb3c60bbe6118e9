"""JSON Resume in and out."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.kit.clean_text import is_line
from node.mission.people.candidate import Candidate, Experience
from node.mission.people.rules import MAX_LINE
from node.reading.blocks import MOST_TASKS
from node.reading.dates import Moment
from node.reading.json_resume import write_resume
from node.reading.problems import Fault
from node.reading.proposals import Proposal, Remark
from node.reading.proposing import Proposer
from node.reading.reading import read_document
from node.reading.shapes import Kind, ReadDocument
from node.referential import load
from node.services.deposits.proposed import job_of

TODAY = date(2026, 11, 23)
REFERENTIAL = load()
PROPOSER = Proposer(REFERENTIAL)

NADIA: dict[str, Any] = {
    "basics": {
        "name": "Nadia Ben Salah",
        "label": "Cariste",
        "email": "nadia@example.org",
        "phone": "+33 6 12 34 56 78",
        "location": {"postalCode": "33310", "city": "Lormont"},
    },
    "work": [
        {
            "name": "Geodis",
            "position": "Cariste",
            "startDate": "2019-03-04",
            "endDate": "2021-06",
            "location": "Bègles",
            "highlights": ["HACCP"],
        },
        {
            "company": "Amazon",
            "position": "Préparatrice de commandes",
            "startDate": "2016",
            "summary": "Préparation au scan\nInventaires\nMe joindre : nadia@example.org",
        },
        {"name": "sans poste"},
    ],
    "education": [{"studyType": "BTS", "area": "Logistique", "endDate": "2014-06"}],
    "skills": [{"name": "Logistique", "keywords": ["CACES 1, 3, 5", "inventaire"]}],
    "languages": [{"language": "Arabe", "fluency": "Langue maternelle"}, {"language": "Anglais", "fluency": "B1"}],
    "certificates": [{"name": "Permis B"}],
}


def propose(resume: dict[str, Any]) -> Proposal:
    return PROPOSER.propose(ReadDocument(kind=Kind.JSON_RESUME, resume=resume), TODAY)


def test_a_resume_is_read() -> None:
    document = read_document(json.dumps(NADIA).encode(), "cv.json")
    assert document.kind is Kind.JSON_RESUME and "Nadia Ben Salah" in document.text
    found = PROPOSER.propose(document, TODAY)
    assert found.first_name and found.last_name and found.commune and found.phone
    assert (found.first_name.value, found.last_name.value) == ("Nadia", "Ben Salah")
    assert (found.commune.value, found.phone.value) == ("33249", "+33612345678")
    assert [(one.rome, one.start, one.end) for one in found.experiences] == [
        ("N1101", Moment(2019, 3), Moment(2021, 6)),
        ("N1103", Moment(2016), None),
    ]
    assert [
        (one.employer and one.employer.value, one.place and one.place.value, [task.value for task in one.tasks])
        for one in found.experiences
    ] == [("Geodis", "Bègles", ["HACCP"]), ("Amazon", None, ["Préparation au scan", "Inventaires"])]
    assert found.occupations[0].rome == "N1101"
    assert {"900022", "900016", "900018"} <= {skill.value for skill in found.skills}
    assert {(one.code, one.level) for one in found.languages} == {("ar", "C2"), ("en", "B1")}
    assert [(one.level, one.year) for one in found.diplomas] == [(5, 2014)]
    assert [one.value for one in found.licences] == ["B"]
    assert found.remarks == ()


def test_a_candidate_goes_out_and_comes_back() -> None:
    candidate = Candidate(
        id="1",
        reference="M-1",
        first_name="Jean-Luc",
        last_name="de La Tour",
        email="jl@example.org",
        phone="+33612345678",
        commune="93029",
        occupations=(Experience(rome="N1101", months=52), Experience(rome="M1607", months=0)),
        skills=frozenset({"900022", "900016"}),
        licences=frozenset({"B", "CE"}),
        languages=(("en", "B1"), ("wo", "C2")),
        summary="Ponctuel.",
    )
    resume = write_resume(candidate, REFERENTIAL)
    assert resume["basics"]["location"] == {"postalCode": "93700", "city": "Drancy", "countryCode": "FR"}
    found = PROPOSER.propose(read_document(json.dumps(resume).encode(), "cv.json"), TODAY)
    assert found.first_name and found.last_name and found.email and found.phone and found.commune
    assert (found.first_name.value, found.last_name.value) == ("Jean-Luc", "de La Tour")
    assert (found.email.value, found.phone.value) == (candidate.email, candidate.phone)
    assert found.commune.value == candidate.commune
    assert [(one.rome, one.months) for one in found.occupations] == [("N1101", 52), ("M1607", 0)]
    assert {skill.value for skill in found.skills} == candidate.skills
    assert {one.value for one in found.licences} == candidate.licences
    assert {(one.code, one.level) for one in found.languages} == set(candidate.languages)


def jobs_of(*work: dict[str, Any]) -> Proposal:
    return propose({"basics": {"name": "Nadia Benali"}, "work": list(work)})


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2021-06", Moment(2021, 6)),
        ("2005-06", Moment(2005, 6)),
        ("2021-06-30", Moment(2021, 6)),
        ("2021-06-30T00:00:00.000Z", Moment(2021, 6)),
        ("juin 2021", Moment(2021, 6)),
        ("Juin 2021", Moment(2021, 6)),
        ("06/2021", Moment(2021, 6)),
        ("6/2021", Moment(2021, 6)),
        ("30/06/2021", Moment(2021, 6)),
        ("fin juin 2021", Moment(2021, 6)),
        ("déc. 2021", Moment(2021, 12)),
        ("2021", Moment(2021)),
        (2021, Moment(2021)),
    ],
)
def test_a_date_is_read_as_in_a_cv(told: object, moment: Moment) -> None:
    (job,) = jobs_of({"position": "Maçon", "startDate": "2004-02", "endDate": told}).experiences
    assert (job.start, job.end, job_of(job).current) == (Moment(2004, 2), moment, False)
    (job,) = jobs_of({"position": "Maçon", "startDate": told, "endDate": "2022-03"}).experiences
    assert (job.start, job.end) == (moment, Moment(2022, 3))


@pytest.mark.parametrize(
    "told",
    ["présent", "Present", "aujourd'hui", "aujourd’hui", "à ce jour", "en cours", "now", "actuellement", "", None],
)
def test_what_lasts_says_so_or_nothing(told: object) -> None:
    proposal = jobs_of({"position": "Maçon", "startDate": "juin 2021", "endDate": told})
    (job,) = proposal.experiences
    assert (job.end, job.end_unread, job_of(job).current) == (None, False, True)
    assert proposal.occupations[0].months == job.months > 12


def test_a_start_that_says_how_long_is_believed() -> None:
    since, both = jobs_of(
        {"position": "Maçon", "startDate": "depuis 2020"}, {"position": "Cariste", "startDate": "2015 - 2018"}
    ).experiences
    assert (since.start, job_of(since).current) == (Moment(2020), True)
    assert (both.start, both.end, both.months) == (Moment(2015), Moment(2018), 36)


UNREAD = ("l'an dernier", "31/31", "bientôt", "2021-13", "XXXX", {"year": 2021}, [2021], 12.5, True)


@pytest.mark.parametrize("told", UNREAD)
def test_an_end_that_cannot_be_read_is_not_now(told: object) -> None:
    proposal = jobs_of(
        {"position": "Maçon", "startDate": "2010-01", "endDate": told},
        {"position": "Cariste", "startDate": "2019-01", "endDate": "2019-12"},
    )
    mason, driver = proposal.experiences
    assert (mason.start, mason.end, mason.months, job_of(mason).current) == (Moment(2010, 1), None, 0, False)
    assert (driver.months, job_of(driver).current) == (12, False)
    # Months stand with their own occupation, and what is over is not the latest.
    assert [(one.label, one.months) for one in proposal.occupations] == [(driver.label, 12), (mason.label, 0)]


def test_a_start_that_cannot_be_read_makes_no_job_that_lasts() -> None:
    (job,) = jobs_of({"position": "Maçon", "startDate": "il y a longtemps"}).experiences
    assert (job.start, job.end, job.months, job_of(job).current) == (None, None, 0, False)
    (job,) = jobs_of({"position": "Maçon", "startDate": "?", "endDate": "06/2021"}).experiences
    assert (job.start, job_of(job).end, job_of(job).current) == (None, "2021-06", False)


@pytest.mark.parametrize(
    "location",
    [
        {"postalCode": "03100", "city": "Montluçon"},
        {"postalCode": 3100, "city": "Montluçon"},
        {"postalCode": 3100},
        {"postalCode": "03100"},
        {"address": "12 rue des Lilas, 03100 Montluçon"},
        {"address": "12 rue des Lilas\n03100", "city": "Montluçon"},
        {"address": "12 rue des Lilas", "city": "Montluçon"},
        {"address": "03100 Montluçon", "countryCode": "FR"},
    ],
)
def test_a_postal_code_is_read_wherever_it_stands(location: dict[str, Any]) -> None:
    proposal = propose({"basics": {"name": "Nadia Benali", "location": location}})
    assert proposal.commune is not None and proposal.commune.value == "03185"
    assert Remark.UNKNOWN_POSTAL_CODE not in proposal.remarks


@pytest.mark.parametrize(
    "location", [{"postalCode": 99999}, {"postalCode": "00000"}, {"address": "3 rue Haute 99999 Ici"}]
)
def test_a_postal_code_that_nobody_knows_is_said(location: dict[str, Any]) -> None:
    proposal = propose({"basics": {"name": "Nadia Benali", "location": location}})
    assert proposal.commune is None and Remark.UNKNOWN_POSTAL_CODE in proposal.remarks


def test_what_a_resume_says_that_became_no_field_is_told() -> None:
    resume = {
        "basics": {"name": "Nadia Benali"},
        "skills": [{"name": "Travailler en équipe"}, {"name": "Danse sur glace"}],
        "certificates": [{"name": "Permis B"}, {"name": "SST"}],
        "education": [{"studyType": "ADVF"}, {"studyType": "CAP", "area": "maçon"}],
    }
    assert propose(resume).unread == ("Danse sur glace", "SST", "ADVF")


def test_nothing_but_a_name() -> None:
    found = propose({"basics": {"name": "Nadia"}})
    assert found.last_name and found.last_name.value == "Nadia"
    assert set(found.remarks) == {Remark.NO_CONTACT, Remark.NO_NAME}


def test_what_is_no_resume_is_refused() -> None:
    for text in ('{"basics": 3}', '{"basics": {', '{"basics": {"a": NaN}}', '{"basics": {}, "x": ' + "[" * 5000):
        assert read_document(text.encode(), "cv.json").problem is Fault.UNREADABLE


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
keys = st.sampled_from(["basics", "work", "education", "skills", "languages", "certificates", "x-maillon"])
entries = st.dictionaries(
    st.sampled_from(
        "name company position location summary startDate endDate highlights keywords language fluency rome months "
        "skills".split()
    ),
    values | st.just("2019-03") | st.just("Cariste"),
)


@given(st.dictionaries(keys, values | st.lists(entries, max_size=4) | entries))
def test_whatever_the_object_nothing_raises(resume: dict[str, Any]) -> None:
    for job in propose(resume).experiences:
        for one in (job.employer, job.place, *job.tasks):
            assert one is None or (0 < len(one.value) <= MAX_LINE and is_line(one.value))
        assert len(job.tasks) <= MOST_TASKS
