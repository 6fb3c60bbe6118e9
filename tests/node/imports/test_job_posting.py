"""JobPosting JSON-LD: as job boards write it, as this program does, and as nobody should."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.documents.job_posting import job_posting
from node.imports import read_offers
from node.imports.offers_csv import default_closing
from node.mission.offers.offer import Need, Offer
from node.referential import load
from tests.node.mission import samples
from tests.node.mission.samples import DOMERAT, MONTLUCON, TODAY, site

REFERENTIAL = load()
POSTING: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "name": "Entrepôts", "value": "PREP-7"},
    "title": "Cariste (H/F)",
    "description": "<p>Charger les camions&nbsp;:</p><ul><li>de nuit</li><li>à quai</li></ul>",
    "hiringOrganization": {"@type": "Organization", "name": "Entrepôts du Cher"},
    "validThrough": f"{TODAY + timedelta(days=20)}T23:59",
    "employmentType": ["FULL_TIME", "TEMPORARY"],
    "jobLocation": {"@type": "Place", "address": {"addressLocality": "Montluçon", "postalCode": "03100"}},
    "baseSalary": {"currency": "EUR", "value": {"minValue": 12, "maxValue": 13.5, "unitText": "HOUR"}},
    "workHours": "35 h par semaine",
    "totalJobOpenings": 3,
}


def read(*postings: object) -> list[tuple[Offer | None, str | None]]:
    content = postings[0] if len(postings) == 1 else list(postings)
    lines = read_offers(json.dumps(content).encode(), REFERENTIAL, TODAY)
    return [(line.value, line.problem) for line in lines]


def test_an_offer_of_a_job_board_is_read() -> None:
    ((offer, problem),) = read(POSTING)
    assert problem is None and offer is not None
    assert (offer.reference, offer.title, offer.employer, offer.rome) == (
        "PREP-7", "Cariste (H/F)", "Entrepôts du Cher", "N1101",
    )  # fmt: skip
    assert offer.description.replace("\u00a0", " ") == "Charger les camions :\n- de nuit\n- à quai"
    assert (offer.contract, offer.hours, offer.salary) == ("CDD", 2100, "12 à 13,5 € de l'heure")
    assert [(one.commune, one.posts) for one in offer.sites] == [(MONTLUCON, 3)]
    assert offer.closes == TODAY + timedelta(days=20)


def test_what_this_program_writes_it_reads() -> None:
    skill = REFERENTIAL.skills.for_occupation(samples.WAREHOUSE)[0]
    offer = replace(
        samples.offer(),
        description="Préparer les commandes.\n- charger",
        contract="CDD",
        hours=35 * 60 + 30,
        salary="12,50 € de l'heure",
        experience="E",
        experience_months=12,
        skills=((skill, Need.WISHED),),
        sites=(site(posts=2, identifier=MONTLUCON), site(DOMERAT, identifier=DOMERAT)),
    )
    ((back, problem),) = read(job_posting(offer, REFERENTIAL))
    assert problem is None and back == replace(offer, id="", node="", reference=offer.id)


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one], lambda one: {"@graph": [one]}])
def test_it_may_stand_alone_in_a_list_or_in_a_graph(wrap: Any) -> None:
    assert [problem for _offer, problem in read(wrap(POSTING))] == [None]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "title"),
        ({"identifier": None}, "identifier"),
        ({"title": "Zzzz"}, "occupationalCategory"),
        ({"jobLocation": {"address": {"addressLocality": "Nulle-Part-sur-Rien"}}}, "jobLocation"),
        ({"jobLocation": None}, "jobLocation"),
        ({"validThrough": "2020-01-01"}, "validThrough"),
        ({"@type": "Person"}, "offre"),
    ],
)
def test_what_cannot_be_read_is_named_and_costs_no_other(change: dict[str, Any], said: str) -> None:
    (bad, good) = read(POSTING | change, POSTING | {"identifier": "B"})
    assert bad[0] is None and said in (bad[1] or "") and good[1] is None


def test_what_is_not_said_is_not_invented() -> None:
    bare = {name: POSTING[name] for name in ("@type", "identifier", "title", "jobLocation")}
    ((offer, _problem),) = read(bare)
    assert offer is not None
    assert (offer.hours, offer.salary, offer.skills, offer.contract) == (0, "", (), "CDI")
    assert offer.closes == default_closing(TODAY)
    ((twice, _none), (_again, problem)) = read(POSTING, POSTING)
    assert twice is not None and problem


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
JSON = st.recursive(PLAIN, lambda one: st.lists(one, max_size=3))
THING = st.dictionaries(st.sampled_from(["value", "name", "address"]), JSON)


@given(st.dictionaries(st.sampled_from(sorted(POSTING)), JSON | THING))
def test_any_values_are_answered(values: dict[str, Any]) -> None:
    for offer, problem in read(POSTING | values | {"@type": "JobPosting"}):
        assert (offer is None) is bool(problem)
