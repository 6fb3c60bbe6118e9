"""Forwards and their moves as rows, and back. Read next: forwards.py, which keeps them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Move, MoveName, Side


def forward_row(forward: Forward) -> dict[str, Any]:
    """The row of a forward; what follows from others is written by `keep_due`."""
    return {
        "id": forward.id,
        "side": forward.side.value,
        "peer": forward.peer,
        "offer": forward.offer,
        "revision": forward.revision,
        "site": forward.site,
        "candidate": forward.candidate,
        "why": forward.why,
        "checked": list(forward.checked),
        "state": forward.state.value,
        "created": forward.created,
        "consent": forward.consent,
        "has_dossier": forward.has_dossier,
        "moved_at": max((move.at for move in forward.moves), default=forward.created),
    }


def move_rows(forward: Forward) -> list[dict[str, Any]]:
    """A row a move, in their order."""
    return [
        {
            "forward": forward.id,
            "position": position,
            "event": move.event.value,
            "at": move.at,
            "by": move.by.value,
            "reason": move.reason,
            "to_candidate": move.to_candidate,
            "to_guarantor": move.to_guarantor,
            "epoch": move.epoch,
            "index": move.index,
            "actor": move.actor,
            "lacking": list(move.lacking),
            "condition": None if move.condition is None else _condition_row(move.condition),
            "about_event": "" if move.about is None else move.about.event.value,
            "about_at": None if move.about is None else move.about.at,
            "instead": "" if move.instead is None else move.instead.value,
        }
        for position, move in enumerate(forward.moves)
    ]


def read_move(row: Mapping[Any, Any]) -> Move:
    """The move of a row."""
    return Move(
        event=ForwardState.of(row["event"]),
        at=row["at"],
        by=Side.of(row["by"]),
        reason=row["reason"],
        to_candidate=row["to_candidate"],
        to_guarantor=row["to_guarantor"],
        epoch=row["epoch"],
        index=row["index"],
        actor=row["actor"],
        lacking=tuple(row["lacking"]),
        condition=None if row["condition"] is None else _read_condition(row["condition"]),
        about=MoveName(ForwardState.of(row["about_event"]), row["about_at"]) if row["about_event"] else None,
        instead=ForwardState.of(row["instead"]) if row["instead"] else None,
    )


def _condition_row(condition: Condition) -> dict[str, Any]:
    return {
        "kind": condition.kind.value,
        "codes": list(condition.codes),
        "licence": condition.licence,
        "days": condition.days,
        "text": condition.text,
        "until": condition.until.isoformat(),
    }


def _read_condition(row: Mapping[str, Any]) -> Condition:
    return Condition(
        kind=ConditionKind.of(row["kind"]),
        codes=tuple(row["codes"]),
        licence=row["licence"],
        days=row["days"],
        text=row["text"],
        until=date.fromisoformat(row["until"]),
    )


def forward_of(row: Any, moves: tuple[Move, ...]) -> Forward:
    """The forward of a row, with its moves."""
    return Forward(
        id=row.id,
        side=Side.of(row.side),
        peer=row.peer,
        offer=row.offer,
        revision=row.revision,
        site=row.site,
        candidate=row.candidate,
        why=row.why,
        checked=tuple(row.checked),
        state=ForwardState.of(row.state),
        moves=moves,
        created=row.created,
        consent=row.consent,
        has_dossier=row.has_dossier,
    )
