"""/correspondances: whom an offer interests, and who newly fits what, one by one: put forward, seen, or set aside with
a reason.

Guarantees: looking at the page changes nothing; what somebody said of a pair holds, whoever says something else later;
whoever opens the list is in the trail. Read next: `services/matching/news.py`, `services/matching/choosing.py`.
"""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.matching.exclusion import say_exclusion
from node.mission.matching.news import MatchSeen, SetAside
from node.referential import Referential
from node.requests import NodeOf
from node.services.accounts.trail import NOBODYS
from node.services.matching import choosing
from node.services.matching import news as news_of
from node.services.matching.one import OnePair
from node.services.node import Node
from node.web.forwards.told import ToldMatch, told_match
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect, render
from node.web.people.file_frame import address, leave_trace

router = APIRouter()

Looks = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.PUT_FORWARD))]

SHOWN: Final = 30
PATH: Final = "/correspondances"


@router.get(PATH)
def news(request: Request, node: NodeOf, who: Looks, equipe: int = 0) -> Response:
    """Of one's own people and nobody's; with `equipe` of everybody's."""
    desk, whole = node.desk, bool(equipe) and who.may(Permission.SEE_TEAM)
    found = news_of.news(desk, None if whole else who.id, SHOWN)
    wishes = choosing.interested(desk, None if whole else who.id, SHOWN)
    leave_trace(desk, who, NOBODYS, OpenedFor.LISTED)
    tables = desk.referential()
    return render(
        request,
        "matching/news.html",
        found=found,
        wishes=wishes.count,
        interested=[(one, pair, address(pair.candidate.id), *_told(pair, tables)) for one, pair in wishes.rows],
        whole=whole,
        reasons=labelled(SetAside),
        today=desk.today(),
        rows=[(one, pair, address(pair.candidate.id), *_told(pair, tables)) for one, pair in found.rows],
    )


def _told(pair: OnePair, tables: Referential) -> tuple[ToldMatch | None, str]:
    """The match told, or why there is none."""
    if pair.match is not None:
        return told_match(pair.match, pair.candidate, pair.offer, tables), ""
    why = pair.why_not
    return None, "" if why is None else say_exclusion(why, pair.candidate, pair.offer, tables.communes)


@router.post(PATH + "/{news_id}/vue")
def seen(request: Request, node: NodeOf, who: Looks, form: Sent, news_id: str) -> Response:
    """Looked at, and left at that."""
    known = news_of.mark_seen(node.desk, news_id, who.id)
    leave_trace(node.desk, who, known.candidate, OpenedFor.EDIT)
    return redirect(request, PATH, _("Noted: it does not come back."))


@router.post(PATH + "/{news_id}/ecarter")
def set_aside(request: Request, node: NodeOf, who: Looks, form: Sent, news_id: str) -> Response:
    """Not for this person, for that reason."""
    return _aside(
        request, node, who, form, lambda reason, text: news_of.set_aside(node.desk, news_id, reason, text, who.id)
    )


@router.post(PATH + "/interet/{choice_id}/ecarter")
def set_interest_aside(request: Request, node: NodeOf, who: Looks, form: Sent, choice_id: str) -> Response:
    """They are interested, and are not put forward, for that reason."""
    return _aside(
        request,
        node,
        who,
        form,
        lambda reason, text: choosing.set_interest_aside(node.desk, choice_id, reason, text, who.id),
    )


def _aside(
    request: Request, node: Node, who: Account, form: Form, act: Callable[[SetAside, str], MatchSeen]
) -> Response:
    reason = SetAside.read(form.choice("reason", list(SetAside), required=True))
    text = form.line("text", longest=300)
    if reason is None or not form.ok:
        return redirect(request, PATH, _("Choose why this offer is set aside."), "warning")
    try:
        known = act(reason, text)
    except NodeError as error:
        return redirect(request, PATH, str(error), "warning")
    leave_trace(node.desk, who, known.candidate, OpenedFor.EDIT)
    return redirect(request, PATH, _("Set aside: it does not come back."))
