"""The index gives what the plain comparison of all pairs gives, to the last explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission import columns
from node.mission.matching.exclusion import exclusion
from node.mission.matching.index import MatchIndex, index_of
from node.mission.matching.match import Match, match_pair
from node.mission.matching.people import PeopleIndex
from node.mission.matching.seeker import Seeker
from node.mission.offers.offer import Offer, OfferState
from node.mission.people.candidate import Candidate, Experience
from node.referential import load
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import BAYONNE, MONTLUCON, TODAY, candidate, offer, site

REFERENTIAL = load()


def naive(candidates: Sequence[Candidate], offers: Sequence[Offer], top: int) -> dict[str, list[Match]]:
    answer = {}
    for person in candidates:
        pairs = (match_pair(person, each, REFERENTIAL, TODAY) for each in offers)
        matches = sorted((m for m in pairs if m is not None), key=lambda m: (-m.score, m.offer_key))
        answer[person.id] = matches[:top]
    return answer


def of(standing: Mapping[str, Offer], keys: Sequence[str]) -> Mapping[str, Offer]:
    return {key: standing[key] for key in keys}


def indexed(candidates: Sequence[Candidate], offers: Sequence[Offer], top: int) -> dict[str, list[Match]]:
    index, source = index_of(offers, REFERENTIAL)
    return {person.id: index.first(person, TODAY, top, source) for person in candidates}


@pytest.mark.parametrize(("seed", "town"), [(1, MONTLUCON), (2, "93029"), (3, BAYONNE)])
def test_the_index_equals_the_comparison_of_all_pairs(seed: int, town: str) -> None:
    commune = REFERENTIAL.communes.get(town)
    assert commune is not None
    crowd = Crowd(REFERENTIAL, seed, occupations=12, communes=300)
    candidates, offers = crowd.candidates(40, commune), crowd.offers(400)
    expected = naive(candidates, offers, 5)
    assert indexed(candidates, offers, 5) == expected
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
    assert indexed(candidates, offers, top) == naive(candidates, offers, top)


def test_no_offers_and_nobody() -> None:
    assert indexed([candidate()], [], 5) == {"p1": []}
    assert len(MatchIndex(REFERENTIAL)) == 0
    assert len(index_of([offer()], REFERENTIAL)[0]) == 1


def test_equal_scores_come_in_the_order_of_their_keys_even_at_the_cut() -> None:
    offers = [offer(n) for n in (5, 3, 9, 1, 7)]
    matches = indexed([candidate()], offers, 3)["p1"]
    assert [match.offer_key[-2:] for match in matches] == ["o1", "o3", "o5"]


def test_an_offer_closes_while_the_index_lives() -> None:
    index, source = index_of([offer(closes=TODAY)], REFERENTIAL)
    assert index.first(candidate(), TODAY, 5, source)
    assert not index.first(candidate(), TODAY + timedelta(days=1), 5, source)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_an_index_that_lives_equals_one_that_is_new(seed: int, rounds: int) -> None:
    """Offers come, are revised, close and go, round after round: of what is left both say the same."""
    crowd = Crowd(REFERENTIAL, seed, occupations=4, communes=40)
    draw, town = crowd.random, REFERENTIAL.communes.largest(1)[0]
    people = crowd.candidates(3, town, radius_km=60)
    index, standing = MatchIndex(REFERENTIAL), dict[str, Offer]()
    for _round in range(rounds):
        told = [replace(one, id=f"o{draw.randrange(30)}") for one in crowd.offers(12, campaign_sites=9)]
        gone = draw.sample(sorted(standing), min(len(standing), draw.randrange(4)))
        index.put(told)
        index.drop([*gone, "nobody/knows"])
        standing |= {one.key: one for one in told}
        standing = {key: one for key, one in standing.items() if key not in gone}
        if draw.random() < 0.3:
            index._pack()
        for person in people:
            found = index.first(person, TODAY, 5, partial(of, standing))
            assert found == naive([person], [*standing.values()], 5)[person.id]
    matched = [one for one in standing.values() if one.state is OfferState.OPEN and one.sites]
    assert len(index) == len(matched)


def test_dead_rows_go_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_DEAD_KEPT", 3)
    index = MatchIndex(REFERENTIAL)
    for revision in range(20):
        index.put([offer(1, revision=revision), offer(2)])
    assert len(index) == 2
    assert len(index._keys) <= 2 + 2 + 3
    known = {one.key: one for one in (offer(1), offer(2))}
    assert [one.offer_key for one in index.first(candidate(), TODAY, 5, lambda keys: known)] == [*known]


def test_an_offer_that_is_gone_from_where_offers_are_kept_is_passed_by() -> None:
    index, _source = index_of([offer(1), offer(2)], REFERENTIAL)
    assert [
        one.offer_key[-2:] for one in index.first(candidate(), TODAY, 1, lambda keys: {offer(2).key: offer(2)})
    ] == ["o2"]


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_people_for_an_offer_are_those_of_the_comparison_of_all_pairs(seed: int) -> None:
    crowd = Crowd(REFERENTIAL, seed, occupations=4, communes=40)
    town = crowd.random.choice(REFERENTIAL.communes.largest(200))
    offers = [*crowd.offers(8, campaign_sites=30), offer(90, sites=()), offer(91, "Z1234")]
    before, people = crowd.candidates(12, town, 60), crowd.candidates(9, town, 60)
    index = PeopleIndex(REFERENTIAL)
    index.put(before)
    index.put(people)
    index.drop([*(one.id for one in before[9:]), "nobody"])
    assert len(index) == len(people)
    for one in offers:
        pairs = {person.id: match_pair(person, one, REFERENTIAL, TODAY) for person in people}
        compared = index.compare(one, TODAY)
        assert {fit.candidate.id: fit.explained() for fit in compared.fits} == {
            name: match for name, match in pairs.items() if match is not None
        }
        assert all(fit.score == fit.explained().score for fit in compared.fits)
        related = {one.id for one in index.seeking(one.rome)}
        assert {person.id: why for person, why in compared.out} == {
            person.id: exclusion(person, one, REFERENTIAL, TODAY)
            for person in people
            if person.id in related and pairs[person.id] is None
        }


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_one_relation_is_what_all_relations_say_of_it(seed: int) -> None:
    crowd = Crowd(REFERENTIAL, seed, occupations=6, communes=10)
    seeker = Seeker(crowd.candidates(1, REFERENTIAL.communes.largest(1)[0])[0], REFERENTIAL.occupations, "")
    for rome in (*REFERENTIAL.occupations.codes(), "N9999", "Z1234"):
        assert seeker.relation_to(rome) == (seeker.relations.get(rome) or seeker.relations.get(rome[:3]))


def test_offers_that_have_closed_are_forgotten() -> None:
    index, source = index_of([offer(1, closes=TODAY), offer(2)], REFERENTIAL)
    index.forget_closed(TODAY)
    assert len(index) == 2
    index.forget_closed(TODAY + timedelta(days=1))
    assert len(index) == 1
    assert [one.offer_key for one in index.first(candidate(), TODAY, 5, source)] == [offer(2).key]
