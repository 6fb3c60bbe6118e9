"""The public page of the rules says what the code does, and what the code never reads."""

import re
from dataclasses import replace
from datetime import date

import pytest

from node.mission.matching import match as matching
from node.mission.matching import mobility
from node.mission.matching.match import MOST, OCCUPATION, match_pair
from node.mission.people.candidate import Diploma, Job
from node.referential import load
from tests.node.mission.samples import DOMERAT, TODAY, candidate, offer, site
from tests.node.web.conftest import Town, words

VERSION_ONE = (
    *(400, 260, 160, 200, 50, 80, 40, 40, 20, 20),
    *(150, 100, 60, 30, 30_000),
)
"""Whoever changes one of these changes what somebody scores: write the next version and its day beside it."""


def test_a_number_that_changes_is_a_new_version() -> None:
    numbers = (
        *OCCUPATION.values(),
        *(matching.REQUIRED_SKILLS, matching.WISHED_SKILLS, matching.EXPERIENCE, matching.QUALIFICATION),
        *(matching.CONTRACT, matching.LICENCE, matching.LANGUAGE),
        *(mobility.BEST_POINTS, mobility.FAR_POINTS, mobility.NEAR_MISS_POINTS, mobility.UNKNOWN_POINTS),
        mobility.TOO_FAR_M,
    )
    assert (matching.RULES_VERSION, matching.RULES_SINCE, numbers) == (1, date(2026, 11, 30), VERSION_ONE)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_has_every_number_of_the_code_and_is_for_anybody(
    town: Town, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    visitor = town.visitor(**{"Accept-Language": language})
    shown = re.findall(r'class="number" data-label="[^"]+">(\d+)<', visitor.get("/rapprochements").text)
    assert [int(one) for one in shown] == list(MOST)
    monkeypatch.setattr(matching, "RULES_VERSION", 7)
    monkeypatch.setattr(mobility, "TOO_FAR_M", 77_000)
    changed = words(visitor.get("/rapprochements"))
    assert "Version 7" in changed and changed.count("77 km") == 2


def test_it_is_linked_from_the_help_page(town: Town) -> None:
    assert 'href="/rapprochements"' in town.visitor().get("/aide").text


def test_what_never_counts_changes_nothing() -> None:
    """Nor a name, an age, a street, a photograph, what was said of somebody, who follows them."""
    referential = load()
    person = candidate(commune=DOMERAT)
    wanted = offer(sites=(site(),))
    other = replace(
        person,
        first_name="Fatoumata",
        last_name="Traoré",
        email="f@exemple.fr",
        phone="+33612345678",
        birth_date=date(1961, 1, 1),
        diplomas=(Diploma(label="CAP"),),
        jobs=(Job(title="Magasinière"),),
        words="Ponctuelle.",
        photo="p1",
        owner="anne",
        readiness=None,
        vehicle=True,
        qualities=("Calme",),
    )
    assert match_pair(other, wanted, referential, TODAY) == match_pair(person, wanted, referential, TODAY)
