"""Montluçon matches the campaign against its register; nothing of it leaves the town."""

import pytest

from node.kit.errors import NotFound
from node.mission.offers.offer import Need
from node.mission.people.candidate import CandidateState, Experience
from node.services.forwards import sending
from node.services.matching.matching import MatchAnswer, match_candidate, match_offer
from node.services.offers import publishing
from tests.node.mission.samples import BAYONNE, candidate, network_consent, offer, site
from tests.node.stage import Place, Stage, campaign, put_forward


def own(number: int) -> tuple[object, ...]:
    return (network_consent(id=f"c{number}"),)


def ids(answer: MatchAnswer) -> list[str]:
    return [found.candidate.id for found in answer.matches]


def test_who_is_ready_and_who_waits_for_a_signature(stage: Stage) -> None:
    town = stage.montlucon
    town.enrol(
        candidate(1, consents=own(1)),
        candidate(2, consents=own(2), readiness=None),
        candidate(3, consents=()),
        candidate(4, consents=own(4), state=CandidateState.PLACED),
        candidate(5, consents=own(5), state=CandidateState.WITHDRAWN),
        candidate(6, "G1602", consents=own(6)),
        candidate(7, commune=BAYONNE, consents=own(7)),
    )
    (published,) = stage.moulins.post(campaign(sites=(site(),)))
    stage.sync()
    size = town.size()

    answer = match_offer(town.desk, published.key)

    assert ids(answer) == ["p1"]
    assert [(found.candidate.id, found.ready) for found in answer.to_prepare] == [("p2", False)]
    assert town.size() == size


def test_the_best_come_first_and_at_equal_score_those_less_served(town: Place) -> None:
    (one, two) = town.post(
        offer(1, reference="O1", skills=(("121396", Need.REQUIRED),)),
        offer(2, reference="O2", employer="Autre enseigne"),
    )
    town.enrol(
        candidate(1, consents=own(1)),
        candidate(2, consents=own(2)),
        candidate(3, consents=own(3), skills=frozenset({"121396"})),
    )
    assert ids(match_offer(town.desk, "O1")) == ["p3", "p1", "p2"]
    put_forward(town, "p1", two.key, site="s1")
    answer = match_offer(town.desk, one.key)
    assert ids(answer) == ["p3", "p2", "p1"]
    assert [found.served for found in answer.matches] == [0, 0, 1]


def test_a_forward_to_the_very_offer_is_shown_drafts_included(town: Place) -> None:
    (published,) = town.post(offer(1, reference="O1"))
    town.enrol(candidate(1, consents=own(1)))
    why = "Ponctuelle, habile de ses mains."
    draft = sending.create(town.desk, sending.Demand(candidate="p1", offer=published.key, why=why, agreed="oui"))
    (found,) = match_offer(town.desk, "O1").matches
    assert (found.forward, found.served) == (draft.id, 0)
    (found,) = match_candidate(town.desk, "p1").matches
    assert (found.forward, found.served) == (draft.id, 0)


def test_the_limit_counts_those_who_are_ready_and_those_who_are_not_apart(town: Place) -> None:
    town.post(offer(1, reference="O1"))
    town.enrol(*(candidate(n, consents=own(n), **({"readiness": None} if n % 2 else {})) for n in range(1, 9)))
    answer = match_offer(town.desk, "O1", limit=3)
    assert (len(answer.matches), len(answer.to_prepare)) == (3, 3)


def test_a_closed_offer_matches_nobody(town: Place) -> None:
    town.post(offer(1, reference="O1"))
    town.enrol(candidate(1))
    publishing.close_offer(town.desk, "O1", "filled")
    assert match_offer(town.desk, "O1") == MatchAnswer((), ())


def test_both_ways_give_the_same_match(stage: Stage) -> None:
    town = stage.montlucon
    town.enrol(candidate(1, consents=own(1), occupations=(Experience(rome="N1103", months=30),)))
    (published,) = stage.moulins.post(campaign())
    stage.sync()
    (by_offer,) = match_offer(town.desk, published.key).matches
    (by_person,) = match_candidate(town.desk, "MTL-0001").matches
    assert by_offer == by_person
    assert by_offer.match.site_id == "montlucon"


def test_offers_of_all_nodes_for_one_person_best_first(stage: Stage) -> None:
    stage.moulins.post(campaign())
    stage.drancy.post(offer(9, "N1101", reference="CAR-9"))
    stage.sync()
    stage.montlucon.enrol(candidate(1), candidate(2, readiness=None, consents=own(2)))
    answer = match_candidate(stage.montlucon.desk, "p1")
    assert [found.offer.rome for found in answer.matches] == ["N1103", "N1101"]
    assert [found.match.score for found in answer.matches] == sorted(
        (found.match.score for found in answer.matches), reverse=True
    )
    waiting = match_candidate(stage.montlucon.desk, "p2")
    assert (waiting.matches, len(waiting.to_prepare)) == ((), 2)
    assert len(match_candidate(stage.montlucon.desk, "p1", limit=1).matches) == 1


def test_the_unknown_is_said_so(town: Place) -> None:
    with pytest.raises(NotFound):
        match_offer(town.desk, "drancy.emploi.example/none")
    with pytest.raises(NotFound):
        match_offer(town.desk, "none")
    with pytest.raises(NotFound):
        match_candidate(town.desk, "none")
