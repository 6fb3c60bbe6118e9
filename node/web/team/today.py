"""/aujourdhui: what waits for the one who signed in, each item one click from its action; /equipe for the head.

Guarantees: every kind of item has one action (`ACTIONS`, counted by a test); the team's page holds counts alone, and
every drawing has its table beside it. Read next: `services/team/today.py`, `services/team/figures.py`.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.deposits.deposit import Channel
from node.mission.team.today import Item, Waiting
from node.requests import NodeOf
from node.services.accounts import trail
from node.services.actors import names
from node.services.forwards.pauses import pauses_shown
from node.services.node import Node
from node.services.people import resuming
from node.services.team.figures import team
from node.services.team.today import today as waiting_today
from node.web.frame.auth import require
from node.web.frame.pages import render
from node.web.network.ends import notices_of

router = APIRouter()

FIGURES_OF: Final = timedelta(days=90)
A_PAUSE: Final = timedelta(days=30)
"""As the form of a pause proposes it."""

ACTIONS: Final[Mapping[Waiting, tuple[Callable[[Item], str], Callable[[], str]]]] = {
    Waiting.CALL_BACK: (lambda item: f"/depots/{item.id}", lambda: _("Call back")),
    Waiting.DEPOSIT: (lambda item: f"/depots/{item.id}", lambda: _("Deal with the CV")),
    Waiting.OFFER: (lambda item: f"/offres/nouvelle?proposition={item.id}", lambda: _("Check the offer")),
    Waiting.NEED: (lambda item: f"/offres/{item.id}", lambda: _("Ask the employer again")),
    Waiting.NEXT_STEP: (lambda item: f"/candidats/{item.candidate}/suivi", lambda: _("Open")),
    Waiting.UNTOLD: (lambda item: f"/ateliers/{item.id}#prevenir", lambda: _("Tell them")),
    Waiting.WORKSHOP: (lambda item: f"/ateliers/{item.id}", lambda: _("Prepare")),
    Waiting.ATTENDANCE: (lambda item: f"/ateliers/{item.id}", lambda: _("Say who came")),
    Waiting.ENDED: (lambda item: f"/candidats/{item.candidate}/suivi#contacts", lambda: _("Speak with them")),
    Waiting.NOTE: (lambda item: f"/envois/{item.id}", lambda: _("Read and note")),
    Waiting.UNSENT: (lambda item: f"/envois/{item.id}", lambda: _("See what to do")),
    Waiting.DESTRUCTION: (lambda item: f"/envois/{item.id}#destruction", lambda: _("Ask for it")),
    Waiting.AFTER_HIRE: (lambda item: f"/candidats/{item.candidate}/offres#apres-embauche", lambda: _("Open")),
    Waiting.ANSWER: (lambda item: f"/mises-en-relation/{item.id}", lambda: _("Read the answer")),
    Waiting.REPLY: (lambda item: f"/mises-en-relation/{item.id}", lambda: _("Ask the employer")),
    Waiting.FOLLOW_UP: (
        lambda item: f"/mises-en-relation/{item.id}" if item.id else f"/candidats/{item.candidate}/offres#embauches",
        lambda: _("Ask how it goes"),
    ),
    Waiting.INTERESTED: (
        lambda item: f"/candidats/{item.candidate}/mise-en-relation?offre={quote(item.id, safe='')}",
        lambda: _("Put them forward"),
    ),
    Waiting.MATCH: (lambda item: f"/correspondances#c-{item.id}", lambda: _("Look")),
    Waiting.REFERRAL: (lambda item: f"/candidats/{item.candidate}/freins#orientations", lambda: _("Follow up")),
    Waiting.READINESS: (lambda item: f"/candidats/{item.candidate}/cv#pret", lambda: _("Sign again")),
    Waiting.CONSENT: (lambda item: f"/candidats/{item.candidate}/dossier#consents", lambda: _("Ask again")),
    Waiting.CONTACT: (lambda item: f"/candidats/{item.candidate}/suivi#contacts", lambda: _("Note a contact")),
    Waiting.NOTICE: (lambda item: f"/candidats/{item.candidate}/suivi#contacts", lambda: _("Note a contact")),
}
"""Where an item's action is, and what it is called."""


@router.get("/aujourdhui")
def today(
    request: Request,
    node: NodeOf,
    who: Annotated[Account, Depends(require(Permission.SEE_TODAY))],
    equipe: int = 0,
) -> Response:
    """The day's page: mine and nobody's; with `equipe` everybody's."""
    whole = bool(equipe) and who.may(Permission.SEE_TEAM)
    found = waiting_today(node.desk, who.id, team=whole)
    groups = [
        (group, [(item, ACTIONS[group.kind][0](item)) for item in group.items], ACTIONS[group.kind][1]())
        for group in found.groups
    ]
    return render(
        request,
        "team/today.html",
        who=who,
        whole=whole,
        found=found,
        groups=groups,
        names=names(node.desk),
        told=news_of(node, who) if who.may(Permission.READ_TRAIL) else None,
        taken_out=resuming.how_many(node.desk) if who.may(Permission.SEE_TEAM) else 0,
        ends=notices_of(node, who),
        pauses=pauses_shown(node.desk) if who.may(Permission.PAUSE_EMPLOYERS) else None,
        pause_from=node.desk.today() + timedelta(days=1),
        pause_until=node.desk.today() + A_PAUSE,
    )


def news_of(node: Node, who: Account) -> trail.News:
    """What the trail has that this account has not read."""
    with node.database.read() as uow:
        return trail.news(uow, who)


@router.get("/equipe")
def team_page(
    request: Request, node: NodeOf, who: Annotated[Account, Depends(require(Permission.SEE_TEAM))]
) -> Response:
    """Counsellors side by side, and what became of deposits, since three months."""
    figures = team(node.desk, node.desk.today() - FIGURES_OF)
    most = max((one.people for one in figures.counsellors), default=0)
    months: dict[date, tuple[int, int]] = {}
    for tally in figures.months:
        month = date.fromisoformat(f"{tally.month}-01")
        received, settled = months.get(month, (0, 0))
        done = tally.accepted + tally.joined + tally.discarded
        months[month] = (received + tally.received, settled + done)
    return render(
        request,
        "team/team.html",
        figures=figures,
        names=names(node.desk),
        channels={one.value: one.label for one in Channel},
        most=max(most, 1),
        months=months,
        most_a_month=max((pair[0] for pair in months.values()), default=1) or 1,
    )
