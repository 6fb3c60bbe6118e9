"""Pages of prose: help in plain words, the accessibility statement, what becomes of personal data. Public.

Each is written whole in each language (prose/), so that it reads as a text and not as a heap of sentences.
"""

from typing import Any

from fastapi import APIRouter, Request, Response

from node.kit.i18n import LANGUAGES, language
from node.mission.agreements.consent import AGREEMENT_LASTS, ConsentScope
from node.requests import NodeOf
from node.services.network import membership
from node.services.node import Node
from node.web.frame.pages import render

router = APIRouter()


@router.get("/aide")
def help_page(request: Request) -> Response:
    """What one can do here, and how."""
    return _prose(request, "aide")


@router.get("/accessibilite")
def accessibility(request: Request) -> Response:
    """How far these pages can be used by everybody."""
    return _prose(request, "accessibilite")


@router.get("/donnees-personnelles")
def personal_data(request: Request, node: NodeOf) -> Response:
    """What is kept of whom, who sees it, and everybody's rights."""
    return _prose(
        request,
        "donnees-personnelles",
        members=other_members(node),
        k=node.config.publication.k,
        asks_to_keep=node.desk.asks_to_keep,
        ends=node.desk.today() + AGREEMENT_LASTS[ConsentScope.NETWORK],
    )


def other_members(node: Node, *, coordinator: bool = True) -> list[str]:
    """With whom sheets and offers are exchanged, by name: the privacy notice names them. The coordinator gets a copy
    too, and is neither a town nor an employer."""
    return sorted(
        one.name
        for one in membership.members(node.federation)
        if one.id != node.config.node.id and (coordinator or one.role != "coordinator")
    )


def _prose(request: Request, name: str, **context: Any) -> Response:
    spoken = language() if language() in LANGUAGES else "en"
    return render(request, f"frame/prose/{name}.{spoken}.html", **context)
