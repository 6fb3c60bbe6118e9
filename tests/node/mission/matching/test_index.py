"""The index gives what the plain comparison of all pairs gives, to the last explanation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.matching.columns import Lists, ints, ranges
from node.mission.matching.index import MatchIndex, match_offer
from node.mission.matching.match import Match, match_pair
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, Experience
from node.referential import load
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import BAYONNE, DOMERAT, MONTLUCON, TODAY, candidate, offer, site

REFERENTIAL = load()


def naive(candidates: Sequence[Candidate], offers: Sequence[Offer], top: int) -> dict[str, list[Match]]:
    answer = {}
    for person in candidates:
        pairs = (match_pair(person, each, REFERENTIAL, TODAY) for each in offers)
        matches = sorted((m for m in pairs if m is not None), key=lambda m: (-m.score, m.offer_key))
        answer[person.id] = matches[:top]
    return answer


@pytest.mark.parametrize(("seed", "town"), [(1, MONTLUCON), (2, "93029"), (3, BAYONNE)])
def test_the_index_equals_the_comparison_of_all_pairs(seed: int, town: str) -> None:
    commune = REFERENTIAL.communes.get(town)
    assert commune is not None
    crowd = Crowd(REFERENTIAL, seed, occupations=12, communes=300)
    candidates, offers = crowd.candidates(40, commune), crowd.offers(400)
    expected = naive(candidates, offers, 5)
    assert MatchIndex(offers, REFERENTIAL).match_candidates(candidates, TODAY, top=5) == expected
    assert any(len(matches) == 5 for matches in expected.values())


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(0, 4))
def test_any_small_crowd(seed: int, top: int) -> None:
    crowd = Crowd(REFERENTIAL, seed, occupations=4, communes=40)
    town = crowd.random.choice(REFERENTIAL.communes.largest(200))
    candidates, offers = crowd.candidates(4, town, radius_km=60), crowd.offers(25, campaign_sites=30)
    strange = replace(candidates[0], id="strange", commune="99999", occupations=(Experience(rome="N9999", months=3),))
    candidates.append(strange)
    offers += [offer(101, "N9998", sites=(site("99999"), site("99998"))), offer(102, "Z1234"), offer(103, sites=())]
    index = MatchIndex(offers, REFERENTIAL)
    assert index.match_candidates(candidates, TODAY, top) == naive(candidates, offers, top)


def test_no_offers_and_nobody() -> None:
    assert MatchIndex([], REFERENTIAL).match_candidates([candidate()], TODAY) == {"p1": []}
    assert MatchIndex([offer()], REFERENTIAL).match_candidates([], TODAY) == {}
    assert len(MatchIndex([offer()], REFERENTIAL)) == 1


def test_equal_scores_come_in_the_order_of_their_keys_even_at_the_cut() -> None:
    offers = [offer(n) for n in (5, 3, 9, 1, 7)]
    matches = MatchIndex(offers, REFERENTIAL).match_candidates([candidate()], TODAY, top=3)["p1"]
    assert [match.offer_key[-2:] for match in matches] == ["o1", "o3", "o5"]


def test_at_equal_score_the_less_served_come_first() -> None:
    people = [candidate(n) for n in range(4)]
    far = replace(candidate(4), commune=DOMERAT)
    served = {"p0": 2, "p2": 1, "p4": 0}
    matches = match_offer(offer(), [far, *people], REFERENTIAL, TODAY, served=served)
    assert [match.candidate_id for match in matches] == ["p1", "p3", "p2", "p0", "p4"]
    assert [m.candidate_id for m in match_offer(offer(), people, REFERENTIAL, TODAY, top=2)] == ["p0", "p1"]


def test_an_offer_closes_while_the_index_lives() -> None:
    index = MatchIndex([offer(closes=TODAY)], REFERENTIAL)
    assert index.match_candidates([candidate()], TODAY)["p1"]
    assert not index.match_candidates([candidate()], TODAY + timedelta(days=1))["p1"]


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=6))
def test_ragged_lists(rows: list[list[str]]) -> None:
    lists = Lists(rows)
    words = list(lists.numbers)
    assert [[words[number] for number in lists.of(row)] for row in range(len(rows))] == rows
    backwards = ints(range(len(rows) - 1, -1, -1))
    flags = lists.flags(["a", "unknown"])[lists.words[lists.positions(backwards)]]
    assert lists.sum_by_row(backwards, flags).tolist() == [row.count("a") for row in reversed(rows)]
    assert ranges(ints([]), ints([])).tolist() == []
