"""A move as it travels, and as a forward keeps it: every version ever sent is read, the newest is written.

Read next: node/services/network/inbound.py (what arrives) and answers.py (what is said from here).
"""

from dataclasses import replace
from datetime import date

from node.mission.forwards.forward import Condition, ConditionKind, ForwardState, Move, MoveName, Side
from protocol import wire_json
from protocol.messages import FormerForwardMoved, ForwardMoved
from protocol.messages import forwards as wire


def move_message(forward: str, move: Move) -> ForwardMoved:
    """The message that tells the other side of a move."""
    return ForwardMoved(
        forward=forward,
        event=move.event.value,  # type: ignore[arg-type]
        at=wire_json.timestamp(move.at),
        reason=move.reason,  # type: ignore[arg-type]
        lacking=list(move.lacking),
        to_candidate=move.to_candidate,
        to_guarantor=move.to_guarantor,
        condition=[_sent(one) for one in (move.condition,) if one is not None],
        about=[_named(one) for one in (move.about,) if one is not None],
        instead="" if move.instead is None else move.instead.value,  # type: ignore[arg-type]
    )


def read_move(message: ForwardMoved | FormerForwardMoved, by: Side, *, epoch: int, index: int) -> Move:
    """The move that arrived from that side, and where it stands in its journal. ValueError for a day that does not
    exist."""
    move = Move(
        event=ForwardState.of(message.event),
        at=wire_json.parse_timestamp(message.at),
        by=by,
        reason=message.reason,
        to_candidate=message.to_candidate,
        to_guarantor=message.to_guarantor,
        epoch=epoch,
        index=index,
    )
    if isinstance(message, FormerForwardMoved):
        return move
    return replace(
        move,
        lacking=tuple(message.lacking),
        condition=next((_received(one) for one in message.condition), None),
        about=next((_name(one) for one in message.about), None),
        instead=ForwardState.of(message.instead) if message.instead else None,
    )


def _sent(condition: Condition) -> wire.StatedCondition:
    return wire.StatedCondition(
        kind=condition.kind.value,  # type: ignore[arg-type]
        skills=list(condition.codes),
        licence=condition.licence,
        days=condition.days,
        text=condition.text,
        until=condition.until.isoformat(),
    )


def _received(condition: wire.StatedCondition) -> Condition:
    return Condition(
        kind=ConditionKind.of(condition.kind),
        codes=tuple(condition.skills),
        licence=condition.licence,
        days=condition.days,
        text=condition.text,
        until=date.fromisoformat(condition.until),
    )


def _named(name: MoveName) -> wire.NamedMove:
    return wire.NamedMove(event=name.event.value, at=wire_json.timestamp(name.at))  # type: ignore[arg-type]


def _name(name: wire.NamedMove) -> MoveName:
    return MoveName(ForwardState.of(name.event), wire_json.parse_timestamp(name.at))
