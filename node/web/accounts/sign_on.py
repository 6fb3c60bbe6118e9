"""Coming in by the sign-on provider: off to it, and back.

One leaves by a page that goes on by itself (and has a link, should it not): a form that is answered by a redirection to
another site would need that site in the Content-Security-Policy, and whatever site it sends the browser on to. Failures
are said on the sign-in page, at an address that holds neither code nor state. Read next: signing_out.py,
services/accounts/sign_on.py.
"""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.kit.logging import get_logger
from node.mission.accounts.account import SIGN_ON_LASTS
from node.requests import NodeOf
from node.services.accounts.lockouts import TooManyAttempts
from node.services.accounts.sign_on import COME_BACK, Departure, arrive, depart
from node.services.node import Node
from node.sign_on.provider import Provider
from node.sign_on.troubles import SignOnFailed, Trouble
from node.web.accounts.signing_in import come_in
from node.web.frame.auth import address_of, agent_of, get_cookie, local_path, set_cookie
from node.web.frame.forms import Sent
from node.web.frame.pace import seconds_to_wait
from node.web.frame.pages import redirect, render

KEPT = "fournisseur"
"""The cookie that keeps the question until its answer comes."""

log = get_logger(__name__)

router = APIRouter()


@router.post("/connexion/fournisseur")
def go(request: Request, node: NodeOf, form: Sent) -> Response:
    """To the provider, and back to where one was going."""
    provider, now = _provider(node), node.now()
    wait = seconds_to_wait(request, "sign_on", address_of(request), now, 60, timedelta(minutes=10))
    if wait:
        said = _("Too many attempts. Try again in {minutes} min, or ask for a link by e-mail.")
        raise TooManyAttempts(said.format(minutes=-(-wait // 60)), now + timedelta(seconds=wait))
    towards = local_path(form.raw("vers"), "")
    try:
        departure = depart(node.desk, provider, towards)
    except SignOnFailed as failure:
        return _failed(request, failure, towards)
    return leave_page(request, provider, departure, KEPT)


@router.get(COME_BACK)
def come_back(
    request: Request, node: NodeOf, state: str = "", code: str = "", error: str = "", iss: str = ""
) -> Response:
    """The provider's answer."""
    provider = _provider(node)
    response: Response
    try:
        if iss and iss != provider.settings.issuer:
            raise provider.failed(Trouble.OTHER_ISSUER)
        arrival = arrive(
            node.desk, provider, get_cookie(request, KEPT), state, code=code, error=error, agent=agent_of(request)
        )
        response = come_in(request, arrival.came, arrival.towards)
    except SignOnFailed as failure:
        response = _failed(request, failure)
    response.headers["Cache-Control"] = "no-store"
    set_cookie(request, response, KEPT, "", max_age=0)
    return response


def leave_page(
    request: Request, provider: Provider, departure: Departure, cookie: str, *, ends: bool = False
) -> Response:
    """The page that goes on to the provider, to sign in or (`ends`) to sign out."""
    response = render(
        request,
        "accounts/sign_on_leave.html",
        provider=provider.name,
        address=departure.address,
        ends=ends,
        headers={"Cache-Control": "no-store"},
    )
    set_cookie(request, response, cookie, departure.kept, max_age=int(SIGN_ON_LASTS.total_seconds()))
    return response


def _provider(node: Node) -> Provider:
    if node.sign_on is None:
        raise NotFound(
            _("This page does not exist, or exists no longer. Check the address, or start from the home page.")
        )
    return node.sign_on


def _failed(request: Request, failure: SignOnFailed, towards: str = "") -> Response:
    log.warning("sign_on.failed", trouble=failure.trouble.value)
    query = {"vers": towards} if towards else {}
    return redirect(request, "/connexion", str(failure), "danger", **query)
