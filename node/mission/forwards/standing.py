"""Where a forward stands, from its moves alone, in whatever order they came.

Guarantees: the answer depends on the set of moves and on nothing else, so both sides agree once each knows all of
them, however they were delayed or crossed (a test plays every interleaving). Moments are compared only with moments of
the same side's clock. The same rules for a second implementation: protocol/SPEC.md, 5.4; why these and no others:
docs/decisions/state-from-moves.md. Read next: `moves.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, NamedTuple

from node.mission.forwards.forward import ForwardState, Move, MoveName

S = ForwardState

_FIRST_ROUND: Final = datetime.min.replace(tzinfo=UTC)
_RANKS: Final = (S.DRAFT, S.SENT, S.RECEIVED, S.SEEN, S.CONDITIONAL, S.FULFILLED, S.INTERVIEW, S.EXPIRED)
"""Which move of one round stands above which."""


class StandingMove(NamedTuple):
    """A move that stands, under the name by which others refer to it: of an answer put in by a correction, that of the
    correction."""

    name: MoveName
    move: Move


def carried_out(moves: Iterable[Move]) -> list[StandingMove]:
    """The moves as corrections leave them: what was corrected is gone, and the right answer stands in its place."""
    known = list(moves)
    corrections: dict[tuple[object, MoveName], Move] = {}
    for move in known:
        if move.event is S.CORRECTED and move.about is not None:
            key = (move.by, move.about)
            if key not in corrections or corrections[key].at < move.at:
                corrections[key] = move
    found = []
    for move in known:
        correction = corrections.get((move.by, move.name))
        if correction is None and move.event is not S.CORRECTED:
            found.append(StandingMove(move.name, move))
        elif correction is not None and correction.instead is not None:
            answer = replace(correction, event=correction.instead, about=None, instead=None)
            found.append(StandingMove(correction.name, answer))
    return found


def standing(moves: Sequence[Move]) -> StandingMove | None:
    """The move at which the forward stands; None for a draft."""
    withdrawn = [move for move in moves if move.event is S.WITHDRAWN]
    if withdrawn:
        first = min(withdrawn, key=lambda move: move.at)
        return StandingMove(first.name, first)
    said = carried_out(moves)
    answers = [one for one in said if one.move.event in (S.HIRED, S.DECLINED)]
    if answers:
        answer = min(answers, key=lambda one: (one.move.at, one.move.event is S.DECLINED))
        return answer if answer.move.event is S.DECLINED else _followed(said) or answer
    return _waiting(said)


def state_of(moves: Sequence[Move]) -> ForwardState:
    """The state that these moves make."""
    found = standing(moves)
    return found.move.event if found is not None else S.DRAFT


def latest_condition(moves: Iterable[Move]) -> StandingMove | None:
    """The last « oui, si… » that no correction took back, fulfilled or not."""
    found = [one for one in carried_out(moves) if one.move.event is S.CONDITIONAL]
    return max(found, key=lambda one: one.move.at, default=None)


def _followed(said: Iterable[StandingMove]) -> StandingMove | None:
    """The follow-up that counts after a hire: that it broke off, or else the last that it goes on."""
    found = [one for one in said if one.move.event in (S.CONFIRMED, S.BROKEN_OFF)]
    return max(found, key=lambda one: (one.move.event is S.BROKEN_OFF, one.move.at), default=None)


def _waiting(said: Iterable[StandingMove]) -> StandingMove | None:
    """The highest of the moves that answer nothing: by round, then by rank, then the latest."""
    known = [one for one in said if one.move.event in _RANKS]
    conditions = {one.name: one.move.at for one in known if one.move.event is S.CONDITIONAL}
    fulfilled = {
        conditions[one.move.about]
        for one in known
        if one.move.event is S.FULFILLED and one.move.about in conditions
    }  # fmt: skip

    def round_of(move: Move) -> datetime | None:
        """The condition since which it counts; None for a move without effect."""
        match move.event:
            case S.CONDITIONAL:
                return move.at
            case S.FULFILLED:
                return conditions.get(move.about) if move.about is not None else None
            case S.EXPIRED:
                return move.about.at if move.about is not None else _FIRST_ROUND
            case S.RECEIVED | S.SEEN | S.INTERVIEW:
                return max((at for at in fulfilled if at < move.at), default=_FIRST_ROUND)
        return _FIRST_ROUND

    placed = [
        ((began, _RANKS.index(one.move.event), one.move.at), one)
        for one in known
        if (began := round_of(one.move)) is not None
    ]
    return max(placed, key=lambda pair: pair[0])[1] if placed else None
