"""/verifier: an employer checks a letter or a mail of the mission, by its code and the person's name.

Guarantees: neither stands in an address; a wrong pair is answered the same whichever of the two is wrong, and tries are
few; what is told is in `services/employers/verifying.py`, and nothing else.
"""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from node.documents.contact import contact_of
from node.kit.i18n import gettext as _
from node.mission.forwards.terms import GUARANTEE_SAYS
from node.requests import NodeOf
from node.services.employers.verifying import Verified, verify
from node.services.node import Node
from node.web.frame.auth import address_of
from node.web.frame.forms import Form, Sent
from node.web.frame.pace import seconds_to_wait
from node.web.frame.pages import render

router = APIRouter()

AN_HOUR: Final = 20
"""Tries from one network address at once, and in each hour."""


@router.get("/verifier")
def form_page(request: Request, node: NodeOf) -> Response:
    """Code and name."""
    return _page(request, node, Form())


@router.post("/verifier")
def check(request: Request, node: NodeOf, form: Sent) -> Response:
    """What the mission attests."""
    code, name = form.line("code", required=True, longest=40), form.line("nom", required=True)
    if not form.ok:
        return _page(request, node, form, status=422)
    wait = seconds_to_wait(request, "verify", address_of(request), node.now(), AN_HOUR, timedelta(hours=1))
    if wait:
        said = _("Many were checked from here. Wait {minutes} min, or call us.")
        form.error("code", said.format(minutes=-(-wait // 60)))
        return _page(request, node, form, status=429)
    found = verify(node.desk, code, name)
    if found is None:
        said = _("We attest nothing under this code and this name together. Check both on the paper, or call us.")
        form.error("code", said)
    return _page(request, node, form, found, 200 if found else 422)


def _page(request: Request, node: Node, form: Form, found: Verified | None = None, status: int = 200) -> Response:
    if node.config.node.role != "town":
        raise HTTPException(404)
    return render(
        request,
        "employers/verify.html",
        status=status,
        headers={"Cache-Control": "no-store"},
        form=form,
        found=found,
        guarantee_says=GUARANTEE_SAYS,
        mission=contact_of(node.config),
    )
