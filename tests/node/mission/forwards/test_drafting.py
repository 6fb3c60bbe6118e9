"""What a counsellor of Montluçon needs before a forward may leave."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.drafting import ObstacleCode, check_draft
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.pauses import EmployerPause
from node.mission.offers.offer import OfferState
from node.mission.people.candidate import CandidateState
from tests.node.mission.samples import FORKLIFT, NOW, TODAY, candidate, forward, network_consent, offer, readiness

PAUSE = EmployerPause(node="employer.example", employer="X", paused=True, by="a1", at=NOW, until=TODAY)


def codes(**changes: Any) -> list[str]:
    asked: dict[str, Any] = {
        "candidate": candidate(),
        "offer": offer(),
        "site": "s1",
        "why": "Knows the cold chain.",
        "open_forwards_of_offer": 0,
        "forwards_of_candidate": [],
        "romes": {},
        "own": False,
        "now": NOW,
    }
    obstacles = check_draft(**asked | changes)
    assert all(obstacle.sentence for obstacle in obstacles)
    return [obstacle.code for obstacle in obstacles]


def test_a_ready_person_who_agreed_may_be_put_forward() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"candidate": candidate(readiness=None)}, ObstacleCode.NOT_READY),
        ({"candidate": candidate(readiness=readiness(TODAY - timedelta(days=184)))}, ObstacleCode.NOT_READY),
        ({"candidate": candidate(state=CandidateState.PLACED)}, ObstacleCode.NOT_ACTIVE),
        ({"candidate": candidate(consents=())}, ObstacleCode.NO_CONSENT),
        ({"candidate": candidate().taking_back(ConsentScope.NETWORK, "", NOW)}, ObstacleCode.NO_CONSENT),
        ({"candidate": candidate(consents=(network_consent(until=TODAY - timedelta(1)),))}, ObstacleCode.NO_CONSENT),
        ({"candidate": candidate(consents=(network_consent(scope=ConsentScope.KEEP),))}, ObstacleCode.NO_CONSENT),
        ({"offer": offer(state=OfferState.CLOSED)}, ObstacleCode.OFFER_CLOSED),
        ({"offer": offer(closes=TODAY - timedelta(days=1))}, ObstacleCode.OFFER_CLOSED),
        ({"site": "s9"}, ObstacleCode.UNKNOWN_SITE),
        ({"open_forwards_of_offer": 5}, ObstacleCode.OFFER_FULL),
        ({"offer": offer(published=NOW), "open_forwards_of_offer": 3}, ObstacleCode.HOME_SHARE),
        ({"forwards_of_candidate": [forward(state=ForwardState.SEEN)]}, ObstacleCode.ALREADY_FORWARDED),
        ({"forwards_of_candidate": [forward(state=ForwardState.DECLINED)]}, ObstacleCode.ALREADY_FORWARDED),
        ({"pause": PAUSE, "paused_by": "Mme Aubert"}, ObstacleCode.EMPLOYER_PAUSED),
        ({"why": " "}, ObstacleCode.NO_WHY),
        ({"why": "x" * 4001}, ObstacleCode.LONG_WHY),
    ],
)
def test_each_obstacle_alone(changes: dict[str, Any], code: ObstacleCode) -> None:
    assert codes(**changes) == [code]


def test_an_agreement_for_this_offer_is_enough_and_for_another_is_not() -> None:
    wanted = offer(7)
    named = network_consent(scope=ConsentScope.OFFER, offer=wanted.key)
    assert codes(candidate=candidate(consents=(named,)), offer=wanted) == []
    assert codes(candidate=candidate(consents=(named,)), offer=offer(8)) == [ObstacleCode.NO_CONSENT]


def test_what_ended_without_an_answer_may_be_tried_again() -> None:
    earlier = [forward(1, ForwardState.EXPIRED), forward(2, ForwardState.WITHDRAWN)]
    assert codes(forwards_of_candidate=earlier) == []


def test_three_open_forwards_a_line_of_work() -> None:
    others = [forward(n, offer=f"drancy.emploi.example/{n}") for n in range(3)]
    same_domain = {f.offer: FORKLIFT for f in others}
    assert codes(forwards_of_candidate=others, romes=same_domain) == [ObstacleCode.FAMILY_FULL]
    assert codes(forwards_of_candidate=others) == [ObstacleCode.FAMILY_FULL]
    assert codes(forwards_of_candidate=others, romes=same_domain | {others[0].offer: "K2204"}) == []
    answered = [replace(others[0], state=ForwardState.DECLINED), *others[1:]]
    assert codes(forwards_of_candidate=answered, romes=same_domain) == []


def test_every_obstacle_is_named_at_once() -> None:
    assert codes(candidate=candidate(readiness=None, consents=()), open_forwards_of_offer=9, why="") == [
        ObstacleCode.NOT_READY,
        ObstacleCode.NO_CONSENT,
        ObstacleCode.OFFER_FULL,
        ObstacleCode.NO_WHY,
    ]
