"""Forwards of both sides, and the papers of the receiving one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Move, MoveName, Side
from node.mission.forwards.moves import is_open
from node.mission.forwards.ports import Papers
from node.mission.parts import Counted
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import BAYONNE, MONTLUCON, NOW

OFFER = f"{BAYONNE}/o-boucher"
DRAFT = Forward(
    id="f1",
    side=Side.HOME,
    peer=BAYONNE,
    offer=OFFER,
    revision=2,
    site="s1",
    candidate="c-amina",
    why="Elle a tenu ce rayon deux ans.",
    checked=("references", "licence"),
    state=ForwardState.DRAFT,
    created=NOW,
    consent="k1",
)
DECLINED = replace(
    DRAFT,
    state=ForwardState.DECLINED,
    moves=(
        Move(event=ForwardState.SENT, at=NOW, by=Side.HOME),
        Move(
            event=ForwardState.DECLINED,
            at=NOW + timedelta(days=2),
            by=Side.RECEIVER,
            reason="lacking_skills",
            to_candidate="Merci, le poste demande la découpe.",
            to_guarantor="Une formation courte suffirait.",
        ),
    ),
)


YES_IF = Condition(
    kind=ConditionKind.SKILL, codes=("300424", "121396"), text="CACES R489", until=(NOW + timedelta(days=90)).date()
)
CORRECTED = replace(
    DECLINED,
    state=ForwardState.CONDITIONAL,
    moves=(
        DECLINED.moves[0],
        replace(DECLINED.moves[1], lacking=("300424",)),
        Move(
            event=ForwardState.CORRECTED,
            at=NOW + timedelta(days=2, hours=1),
            by=Side.RECEIVER,
            condition=YES_IF,
            about=MoveName(ForwardState.DECLINED, NOW + timedelta(days=2)),
            instead=ForwardState.CONDITIONAL,
        ),
    ),
)


def _forward(number: int, **changes: object) -> Forward:
    return replace(DRAFT, id=f"g{number}", created=NOW + timedelta(hours=number), **changes)  # type: ignore[arg-type]


def test_a_forward_is_kept_whole_from_draft_to_answer(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.forwards.add(DRAFT)
        assert uow.forwards.get("f1") == DRAFT
    for value in (replace(DECLINED, state=ForwardState.SENT, moves=DECLINED.moves[:1]), DECLINED, CORRECTED):
        with database.write() as uow:
            uow.forwards.save(value)
            assert uow.forwards.get("f1") == value
        with database.read() as uow:
            assert uow.forwards.all() == [value]
    with database.read() as uow:
        assert uow.forwards.get("f9") is None


def test_what_is_not_there_is_not_saved_and_what_is_there_not_added(database: SqlDatabase) -> None:
    with pytest.raises(Missing), database.write() as uow:
        uow.forwards.save(DRAFT)
    with database.write() as uow:
        uow.forwards.add(DRAFT)
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.forwards.add(DECLINED)
    with database.read() as uow:
        assert uow.forwards.all() == [DRAFT]


def test_lists_are_newest_first(database: SqlDatabase) -> None:
    received = _forward(2, side=Side.RECEIVER, candidate="", peer=MONTLUCON, offer="drancy.emploi.example/o1")
    other = _forward(3, candidate="c-bruno")
    with database.write() as uow:
        for one in (other, DRAFT, received, _forward(1)):
            uow.forwards.add(one)
    with database.read() as uow:
        assert uow.forwards.all() == [other, received, _forward(1), DRAFT]
        assert uow.forwards.part(2) == Counted(4, (other, received))
        assert uow.forwards.part(None) == Counted(4, (other, received, _forward(1), DRAFT))
        assert uow.forwards.all(Side.RECEIVER) == [received]
        assert uow.forwards.of_candidate("c-amina") == [_forward(1), DRAFT]
        assert uow.forwards.of_candidate("") == []
        assert uow.forwards.of_offer(OFFER) == [other, _forward(1), DRAFT]


def test_counts_by_state_and_of_the_open_ones(database: SqlDatabase) -> None:
    with database.write() as uow:
        for number, state in enumerate(ForwardState):
            uow.forwards.add(_forward(number, state=state))
        uow.forwards.add(_forward(99, state=ForwardState.SENT, offer="elsewhere.example/o1"))
    with database.read() as uow:
        assert uow.forwards.count_open(OFFER) == sum(is_open(state) for state in ForwardState)
        assert uow.forwards.count_open("elsewhere.example/o1") == 1
        assert uow.forwards.by_state() == dict.fromkeys(ForwardState, 1) | {ForwardState.SENT: 2}


def test_answers_since_a_moment(database: SqlDatabase) -> None:
    later = replace(DECLINED, id="f2", created=NOW + timedelta(hours=1), side=Side.RECEIVER)
    withdrawn = replace(DECLINED, id="f3", state=ForwardState.WITHDRAWN)
    answered_at = NOW + timedelta(days=2)
    with database.write() as uow:
        for one in (DECLINED, later, withdrawn, _forward(4, state=ForwardState.SENT, moves=DECLINED.moves[:1])):
            uow.forwards.add(one)
    with database.read() as uow:
        assert uow.forwards.answered(Side.HOME, NOW) == [DECLINED]
        assert uow.forwards.answered(Side.HOME, answered_at) == [DECLINED]
        assert uow.forwards.answered(Side.HOME, answered_at + timedelta(seconds=1)) == []
        assert uow.forwards.answered(Side.RECEIVER, NOW) == [later]


def test_an_answer_that_a_correction_brought_is_one(database: SqlDatabase) -> None:
    asked = replace(CORRECTED, moves=(CORRECTED.moves[0], *_conditional(NOW + timedelta(days=1))), id="f2")
    taken_back = replace(CORRECTED, id="f3", state=ForwardState.SENT)
    with database.write() as uow:
        for one in (CORRECTED, asked, taken_back):
            uow.forwards.add(one)
    with database.read() as uow:
        assert [one.id for one in uow.forwards.answered(Side.HOME, NOW)] == ["f2", "f1"]
        assert uow.forwards.answered(Side.HOME, NOW + timedelta(days=2, minutes=1)) == [CORRECTED]


def _conditional(at: datetime) -> tuple[Move, ...]:
    return (Move(event=ForwardState.CONDITIONAL, at=at, by=Side.RECEIVER, condition=YES_IF),)


def test_papers_are_held_until_they_are_destroyed(database: SqlDatabase) -> None:
    papers = Papers(message=b'{"kind":"forward.sent/1"}', dossier=bytes(range(256)), epoch=1, index=12)
    with database.write() as uow:
        assert uow.forwards.papers("f1") is None
        uow.forwards.keep_papers("f1", papers)
    with database.write() as uow:
        assert uow.forwards.papers("f1") == papers
        uow.forwards.keep_papers("f1", replace(papers, index=15))
    with database.write() as uow:
        assert uow.forwards.papers("f1") == replace(papers, index=15)
        assert uow.forwards.destroy_papers("f1")
        assert not uow.forwards.destroy_papers("f1")
        assert uow.forwards.papers("f1") is None
    with database.read() as uow:
        assert uow.forwards.papers("f1") is None
