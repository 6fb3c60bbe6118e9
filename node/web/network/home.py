"""The node's front door: whoever is signed in goes to work, others see what this is and how to reach it.

`/etat` is public: node names, states and sizes, nothing about a person and no count of people.
"""

from fastapi import APIRouter, Request, Response

from node.documents.contact import contact_of
from node.kit import labels
from node.mission.accounts.roles import Permission
from node.requests import NodeOf
from node.services.network.ends_telling import directory_sentence, long_day
from node.services.network.status import status_and_ahead
from node.web.frame.auth import Visitor, VisitorOf
from node.web.frame.pages import redirect, render
from node.web.network.ends import notices_of

router = APIRouter()


@router.get("/")
def home(request: Request, node: NodeOf, visitor: VisitorOf) -> Response:
    """To one's work; for everybody else the node's face."""
    if visitor.account is not None:
        return redirect(request, start_of(visitor.account.permissions))
    if visitor.candidate:
        return redirect(request, "/mon-espace")
    return _show(request, node, visitor, "network/home.html")


@router.get("/etat")
def state(request: Request, node: NodeOf, visitor: VisitorOf) -> Response:
    """How the node does."""
    return _show(request, node, visitor, "network/status.html")


def start_of(permissions: frozenset[Permission]) -> str:
    """Where somebody who may do this begins."""
    if Permission.SEE_TODAY in permissions:
        return "/aujourdhui"
    if Permission.ANSWER_SENDINGS in permissions:
        return "/candidatures"
    if Permission.MANAGE_ACCOUNTS in permissions:
        return "/comptes"
    return "/etat"


def _show(request: Request, node: NodeOf, visitor: Visitor, template: str) -> Response:
    known, ahead = status_and_ahead(node)
    told = notices_of(node, visitor.account, ahead)
    # Whoever may act has it above, with what to do.
    outdated = "" if told else directory_sentence(ahead, long_day(node.config.locale.timezone))
    return render(
        request,
        template,
        node_status=known,
        labels=labels,
        ends=told,
        outdated=outdated,
        mission=contact_of(node.config),
        hours=node.config.reception.hours,
    )
