"""Moves of one forward, as they travel, and the state that they make together: section 5.4 of SPEC.md by example."""

from typing import Any

from msgspec.structs import replace

from node.mission.forwards.forward import ForwardState as S
from node.mission.forwards.forward import Move, Side
from node.mission.forwards.standing import state_of
from node.services.forwards.messages import read_move
from protocol.messages import FormerForwardMoved, ForwardMoved
from protocol.messages.forwards import NamedMove, StatedCondition
from protocol.wire_json import encode, parse_timestamp
from tests.vectors.story import FORWARD, FORWARD_SENT

Said = tuple[Side, ForwardMoved | FormerForwardMoved]

_CONDITION = StatedCondition(kind="licence", skills=[], licence="B", days=0, text="", until="2027-03-15")
_BARE = ForwardMoved(
    forward=FORWARD, event="seen", at="", reason="", lacking=[], to_candidate="", to_guarantor="", condition=[],
    about=[], instead="",
)  # fmt: skip
_REASONS: dict[str, Any] = {
    "declined": {"reason": "no_position", "to_candidate": "Le poste est pourvu."},
    "withdrawn": {"reason": "unavailable"},
    "expired": {"reason": "no_answer"},
    "conditional": {"condition": [_CONDITION]},
}


def _says(side: Side, event: Any, at: str, about: tuple[Any, str] | None = None, instead: Any = "") -> Said:
    needed = _REASONS.get(instead or event, {})
    named = [] if about is None else [NamedMove(event=about[0], at=_moment(about[1]))]
    return side, replace(_BARE, event=event, at=_moment(at), about=named, instead=instead, **needed)


def _moment(short: str) -> str:
    """Day and hour of December 2026, as a timestamp."""
    return f"2026-12-{short}:00:00Z"


_HOME, _THERE = Side.HOME, Side.RECEIVER
_IF = _says(_THERE, "conditional", "01T10")
_DONE = _says(_HOME, "fulfilled", "08T09", ("conditional", "01T10"))
_FORMER = FormerForwardMoved(
    forward=FORWARD, event="interview", at=_moment("01T09"), reason="", to_candidate="", to_guarantor=""
)
_HIRED = _says(_THERE, "hired", "01T10")
_NO = _says(_THERE, "declined", "01T10")

CASES: list[tuple[str, list[Said]]] = [
    ("steps are skipped", [_says(_THERE, "seen", "01T10"), _says(_THERE, "hired", "02T10")]),
    ("a withdrawal wins over the hire that it crosses", [_HIRED, _says(_HOME, "withdrawn", "02T10")]),
    ("a late answer wins over silence", [_says(_HOME, "expired", "24T09"), _says(_THERE, "declined", "26T09")]),
    ("a condition waits", [_says(_THERE, "interview", "01T09"), _IF]),
    ("fulfilled, it waits for the answer", [_IF, _DONE]),
    ("an interview after that", [_IF, _DONE, _says(_THERE, "interview", "09T10")]),
    ("an interview before the condition is no new one", [_says(_THERE, "interview", "01T09"), _DONE, _IF]),
    ("a second condition", [_IF, _DONE, _says(_THERE, "conditional", "09T10")]),
    ("an answer crosses the fulfilment", [_IF, _says(_THERE, "declined", "07T10"), _DONE]),
    ("a condition runs out", [_IF, _says(_HOME, "expired", "29T09", ("conditional", "01T10"))]),
    ("a condition that comes late", [_says(_HOME, "expired", "01T09"), _IF]),
    ("a refusal gives place to a hire", [_NO, _says(_THERE, "corrected", "01T12", ("declined", "01T10"), "hired")]),
    ("a refusal is taken back", [
        _says(_THERE, "seen", "01T09"), _NO, _says(_THERE, "corrected", "01T12", ("declined", "01T10")),
    ]),
    ("the last of two corrections counts", [
        _NO,
        _says(_THERE, "corrected", "01T13", ("declined", "01T10"), "conditional"),
        _says(_THERE, "corrected", "01T12", ("declined", "01T10"), "hired"),
    ]),
    ("what is fulfilled was another condition", [
        _IF, _DONE, _says(_THERE, "corrected", "02T09", ("conditional", "01T10"), "conditional"),
    ]),
    ("a correction's own condition is fulfilled", [
        _IF,
        _says(_THERE, "corrected", "02T09", ("conditional", "01T10"), "conditional"),
        _says(_HOME, "fulfilled", "08T09", ("corrected", "02T09")),
    ]),
    ("a correction of what is not known yet", [_says(_THERE, "corrected", "01T12", ("declined", "01T10"), "hired")]),
    ("of two answers the earlier stands", [_NO, _says(_THERE, "hired", "03T10")]),
    ("a follow-up without a hire", [_NO, _says(_HOME, "confirmed", "30T10")]),
    ("followed up, and broken off", [
        _HIRED, _says(_HOME, "broken_off", "20T10"), _says(_HOME, "confirmed", "30T10"),
    ]),
    ("a former version beside the new one", [
        (_THERE, _FORMER), _IF,
    ]),
]  # fmt: skip


def forward_states() -> list[dict[str, Any]]:
    """Each case: what it shows, the moves in one order of arrival, after `forward.sent/1`, and the state in any."""
    sent = Move(event=S.SENT, at=parse_timestamp(FORWARD_SENT.sent), by=Side.HOME)
    return [
        {
            "shows": shows,
            "moves": [{"by": side.value, "body": encode(message).decode()} for side, message in said],
            "state": state_of([sent, *(read_move(message, side, epoch=1, index=0) for side, message in said)]).value,
        }
        for shows, said in CASES
    ]
