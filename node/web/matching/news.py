"""/correspondances: who newly fits what, looked at one by one: put forward, seen, or set aside with a reason.

Guarantees: looking at the page changes nothing; what somebody said of a pair holds, whoever says something else later;
whoever opens the list is in the trail. Read next: `services/matching/news.py`.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.matching.exclusion import say_exclusion
from node.mission.matching.news import SetAside
from node.requests import NodeOf
from node.services.accounts.trail import NOBODYS
from node.services.matching import news as news_of
from node.web.forwards.told import told_match
from node.web.frame.auth import require
from node.web.frame.forms import Sent, labelled
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
    leave_trace(desk, who, NOBODYS, OpenedFor.LISTED)
    tables = desk.referential()
    return render(
        request,
        "matching/news.html",
        found=found,
        whole=whole,
        reasons=labelled(SetAside),
        today=desk.today(),
        rows=[
            (
                one,
                pair,
                address(pair.candidate.id),
                None if pair.match is None else told_match(pair.match, pair.candidate, pair.offer, tables),
                ""
                if pair.why_not is None
                else say_exclusion(pair.why_not, pair.candidate, pair.offer, tables.communes),
            )
            for one, pair in found.rows
        ],
    )


@router.post(PATH + "/{news_id}/vue")
def seen(request: Request, node: NodeOf, who: Looks, form: Sent, news_id: str) -> Response:
    """Looked at, and left at that."""
    known = news_of.mark_seen(node.desk, news_id, who.id)
    leave_trace(node.desk, who, known.candidate, OpenedFor.EDIT)
    return redirect(request, PATH, _("Noted: it does not come back."))


@router.post(PATH + "/{news_id}/ecarter")
def set_aside(request: Request, node: NodeOf, who: Looks, form: Sent, news_id: str) -> Response:
    """Not for this person, for that reason."""
    reason = SetAside.read(form.choice("reason", list(SetAside), required=True))
    text = form.line("text", longest=300)
    if reason is None or not form.ok:
        return redirect(request, PATH, _("Choose why this offer is set aside."), "warning")
    try:
        known = news_of.set_aside(node.desk, news_id, reason, text, who.id)
    except NodeError as error:
        return redirect(request, PATH, str(error), "warning")
    leave_trace(node.desk, who, known.candidate, OpenedFor.EDIT)
    return redirect(request, PATH, _("Set aside: it does not come back."))
