"""The states that golden vectors give to other implementations are those that this one finds, in any order."""

import json
from itertools import islice, permutations
from pathlib import Path

import pytest

from node.mission.forwards.forward import ForwardState as S
from node.mission.forwards.forward import Move, Side
from node.mission.forwards.saying import check_name, check_said
from node.mission.forwards.standing import state_of
from node.services.forwards.messages import read_move
from protocol.wire_json import parse_timestamp
from tests.vectors import generate
from tests.vectors.states import CASES, Said
from tests.vectors.story import FORWARD_SENT

STATES = {
    "a withdrawal wins over the hire that it crosses": S.WITHDRAWN,
    "a late answer wins over silence": S.DECLINED,
    "fulfilled, it waits for the answer": S.FULFILLED,
    "an interview after that": S.INTERVIEW,
    "an interview before the condition is no new one": S.FULFILLED,
    "an answer crosses the fulfilment": S.DECLINED,
    "a condition runs out": S.EXPIRED,
    "a condition that comes late": S.CONDITIONAL,
    "a refusal gives place to a hire": S.HIRED,
    "a refusal is taken back": S.SEEN,
    "the last of two corrections counts": S.CONDITIONAL,
    "what is fulfilled was another condition": S.CONDITIONAL,
    "a correction's own condition is fulfilled": S.FULFILLED,
    "a correction of what is not known yet": S.SENT,
    "of two answers the earlier stands": S.DECLINED,
    "a follow-up without a hire": S.DECLINED,
    "followed up, and broken off": S.BROKEN_OFF,
}


@pytest.mark.parametrize(("shows", "said"), CASES, ids=[shows for shows, _said in CASES])
def test_the_state_is_the_same_in_any_order(shows: str, said: list[Said]) -> None:
    sent = Move(event=S.SENT, at=parse_timestamp(FORWARD_SENT.sent), by=Side.HOME)
    moves = [read_move(message, side, epoch=1, index=0) for side, message in said]
    for move in moves:
        check_said(move)
        check_name(move)
    states = {state_of(order) for order in islice(permutations([sent, *moves]), 120)}
    assert len(states) == 1
    assert states == {STATES.get(shows, *states)}


def test_the_vectors_are_todays() -> None:
    kept = json.loads((Path(generate.__file__).parent / "forward_states.json").read_text(encoding="utf-8"))
    assert kept == generate.SUBJECTS["forward_states"]()
    assert STATES.keys() <= {one["shows"] for one in kept}
