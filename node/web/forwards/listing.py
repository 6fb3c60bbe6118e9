"""/mises-en-relation: all that the mission put people forward for, by what is to be done or by state; one of them; and
who was never put forward, or has no solution yet.

Guarantees: what an address says is a filter, never who somebody is; every list is cut, and says how many there are.
Read next: acting.py, what its buttons do; `services/forwards/following.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from node.mission.accounts.account import Account
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards import moves
from node.mission.forwards.following import FollowGroup, columns
from node.mission.forwards.forward import ForwardState, Move, Side
from node.mission.forwards.hire import show_hours
from node.mission.forwards.notes import ForwardNote
from node.mission.forwards.ports import ForwardFilter
from node.mission.forwards.terms import Reason
from node.mission.terms import Contract
from node.requests import NodeOf
from node.services.actors import names
from node.services.desk import Desk
from node.services.forwards import following
from node.services.forwards.after_hire import sequels_of
from node.services.forwards.following import FollowedForward
from node.services.forwards.hires import hire_of
from node.services.offers.finding import offer_title
from node.web.forwards.acting import LIST
from node.web.forwards.steps import TONES, PutsForward, withdrawal_reasons
from node.web.forwards.yes_if import ToldConditions
from node.web.frame.forms import labelled
from node.web.frame.pages import render
from node.web.people.fields import code_label
from node.web.people.file_frame import leave_trace

router = APIRouter()

EVERYBODY: Final = "toutes"
BOARD: Final = "tableau"
GROUPS: Final = {"a-faire": FollowGroup.TODO, "en-attente": FollowGroup.WAITING, "terminees": FollowGroup.DONE}
_Line = Annotated[str, Query(max_length=400)]


@dataclass(frozen=True, slots=True)
class View:
    """What an address asks for. A word in it that means nothing is passed by."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def without(self, *gone: str, **changes: str) -> str:
        """The address with these changes; a change of what is listed begins at its first page."""
        kept = {name: value for name, value in (dict(self.values) | changes).items() if value and name not in gone}
        return LIST + (f"?{urlencode(kept)}" if kept else "")

    def wanted(self, who: Account) -> ForwardFilter:
        state = ForwardState.read(self["etat"])
        return ForwardFilter(
            owner=None if self["qui"] == EVERYBODY else who.id,
            states=columns().get(state, ()) if state is not None else (),
            employer=self["employeur"],
            offer=self["offre"],
        )


@router.get("/mises-en-relation")
def forwards(
    request: Request,
    node: NodeOf,
    who: PutsForward,
    qui: _Line = "",
    etat: _Line = "",
    employeur: _Line = "",
    offre: _Line = "",
    vue: _Line = "",
    groupe: _Line = "",
    page: int = 1,
) -> Response:
    """The list in three groups, one group page by page, or the board."""
    desk = node.desk
    group = GROUPS.get(groupe)
    known = {"qui": qui, "etat": etat, "employeur": employeur, "offre": offre, "vue": vue, "groupe": groupe}
    view = View({name: value for name, value in known.items() if value})
    wanted, number = view.wanted(who), max(1, min(page, 10_000))
    is_board = vue == BOARD
    found = None if is_board else following.listed(desk, wanted, group, number)
    return render(
        request,
        "forwards/list.html",
        view=view,
        found=found,
        board=following.board(desk, wanted) if is_board else [],
        group=group,
        number=number,
        last=1 if found is None or group is None else max(1, -(-found.counts[group] // following.PAGE)),
        group_names={group: name for name, group in GROUPS.items()},
        states=[(state.value, state.label) for state in columns()],
        employers=following.employers(desk),
        offer_title=offer_title(desk, offre) if offre else "",
        back=view.without() + (f"{'&' if view.values else '?'}page={number}" if number > 1 else ""),
        **_shared(desk),
    )


@router.get("/mises-en-relation/jamais-presentees")
def never_forwarded(request: Request, node: NodeOf, who: PutsForward, qui: _Line = "", page: int = 1) -> Response:
    """Those who are ready, and were put forward for nothing yet."""
    return _unplaced(request, node.desk, who, "jamais-presentees", qui, page)


@router.get("/mises-en-relation/sans-solution")
def without_solution(request: Request, node: NodeOf, who: PutsForward, qui: _Line = "", page: int = 1) -> Response:
    """Those who were put forward 60 days ago or longer, and have neither an interview nor a hire."""
    return _unplaced(request, node.desk, who, "sans-solution", qui, page)


def _unplaced(request: Request, desk: Desk, who: Account, which: str, qui: str, page: int) -> Response:
    owner, number = None if qui == EVERYBODY else who.id, max(1, min(page, 10_000))
    find = following.never_forwarded if which == "jamais-presentees" else following.without_solution
    found, tables = find(desk, owner, number), desk.referential()
    return render(
        request,
        "forwards/unplaced.html",
        which=which,
        everybody=owner is None,
        found=found,
        number=number,
        last=max(1, -(-found.count // following.PAGE)),
        names=names(desk),
        label_of=lambda name, code: code_label(tables, name, code) if code else "",
    )


@router.get("/mises-en-relation/{forward_id}")
def forward(request: Request, node: NodeOf, who: PutsForward, forward_id: str) -> Response:
    """One forward: what is to be done, what happened, and all that may be done with it."""
    desk = node.desk
    one = following.one_followed(desk, forward_id)
    if one.person is not None:
        leave_trace(desk, who, one.person.id, OpenedFor.READ)
    known = one.forward
    hire = hire_of(desk, known.id)
    return render(
        request,
        "forwards/one.html",
        one=one,
        title=offer_title(desk, known.offer),
        hire=hire,
        happened=_happened(one),
        reason_labels={reason.value: reason.label for reason in Reason},
        contract=contract.label if hire is not None and (contract := Contract.read(hire.contract)) else "",
        hours=show_hours(hire.minutes) if hire is not None else "",
        waits=moves.waiting_since(known) is not None,
        may_correct=moves.may_correct(known, Side.HOME, desk.now()),
        may_take_back=one.is_local and moves.may_correct(known, Side.RECEIVER, desk.now()),
        ends=ForwardState.BROKEN_OFF in moves.allowed(known.state, Side.HOME),
        sequels=[
            (sequel, [offer_title(desk, other.offer) for other in sequel.others])
            for sequel in sequels_of(desk, known.candidate)
            if sequel.after.id == known.id
        ],
        back=f"{LIST}/{known.id}",
        **_shared(desk),
    )


def _happened(one: FollowedForward) -> list[tuple[str, Move | ForwardNote]]:
    """Moves and notes in the order in which they came."""
    lines: list[tuple[str, Move | ForwardNote]] = [("move", move) for move in one.forward.moves]
    lines += [("note", note) for note in one.notes]
    return sorted(lines, key=lambda line: line[1].at)


def _shared(desk: Desk) -> dict[str, Any]:
    """What rows need."""
    now = desk.now()
    return {
        "now": now,
        "names": names(desk),
        "tones": TONES,
        "can_answer": lambda one: one.is_local and bool(moves.answers_left(one.forward.state)),
        "can_withdraw": lambda one: ForwardState.WITHDRAWN in moves.allowed(one.forward.state, Side.HOME),
        "reasons_of": lambda one: withdrawal_reasons(one.forward),
        "days": lambda one: one.days(now),
        "reminded_by": labelled(following.REMINDERS_BY),
        "told_by": labelled(following.TOLD_BY),
        "today": desk.today(),
        "conditions": ToldConditions(desk.referential()),
    }
