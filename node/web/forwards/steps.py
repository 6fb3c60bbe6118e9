"""What may be done with a forward, as pages offer it: moves with their labels, reasons, tones of states."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.forwards import moves as forwarding
from node.mission.forwards.following import follow_up
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.hire import Hire
from node.mission.forwards.terms import Reason
from node.web.frame.auth import require
from node.web.frame.forms import labelled

PutsForward = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.PUT_FORWARD))]

ENDINGS: Final = (ForwardState.CONFIRMED, ForwardState.BROKEN_OFF)
TONES: Final[Mapping[ForwardState, str]] = {
    ForwardState.HIRED: "success",
    ForwardState.CONFIRMED: "success",
    ForwardState.INTERVIEW: "info",
    ForwardState.CONDITIONAL: "info",
    ForwardState.FULFILLED: "info",
    ForwardState.DECLINED: "danger",
    ForwardState.BROKEN_OFF: "danger",
    ForwardState.EXPIRED: "warning",
}
"""The tone of a state's tag; of any other it is neutral."""


def home_moves(forward: Forward, now: datetime, hire: Hire | None = None) -> list[tuple[str, str]]:
    """What the home mission may still do, as pairs (move, label)."""
    if forward.side is not Side.HOME:
        return []
    allowed = forwarding.allowed(forward.state, Side.HOME)
    moves = [(ForwardState.SENT.value, _("Send"))] if ForwardState.SENT in allowed else []
    if ForwardState.FULFILLED in allowed:
        moves.append((ForwardState.FULFILLED.value, _("The condition is fulfilled")))
    moves += [(one.value, _ending(forward, hire, one)) for one in ENDINGS if one in allowed]
    if forwarding.may_correct(forward, Side.HOME, now):
        said = _("Correct: “{word}” was a mistake")
        moves.append((ForwardState.CORRECTED.value, said.format(word=forward.state.label)))
    return [*moves, *([(ForwardState.WITHDRAWN.value, _("Withdraw"))] if ForwardState.WITHDRAWN in allowed else [])]


def _ending(forward: Forward, hire: Hire | None, event: ForwardState) -> str:
    """The follow-up that is asked for, with its day: one month after the first day of work, then six."""
    asked = follow_up(forward, hire)
    if asked is None or event is not ForwardState.CONFIRMED:
        return event.label
    months, day = asked
    said = _("{label}, at one month ({day})") if months == 1 else _("{label}, at six months ({day})")
    return said.format(label=event.label, day=f"{day:%d/%m/%Y}")


def withdrawal_reasons(forward: Forward) -> list[tuple[str, str]]:
    """Why the home mission may take it back."""
    known = forwarding.reasons_for(forward.state, ForwardState.WITHDRAWN)
    return labelled(one for one in Reason if one in known)
