"""Going out: of the session here, then of the sign-on provider's for whoever came by it, as ProConnect asks."""

from fastapi import APIRouter, Request, Response

from node.kit.i18n import gettext as _
from node.requests import NodeOf
from node.services.accounts import sessions
from node.services.accounts.sign_on import GONE, has_left, leave
from node.services.node import Node
from node.sign_on.troubles import SignOnFailed
from node.web.accounts.sign_on import leave_page
from node.web.frame.auth import NOBODY, VisitorOf, drop_cookie, get_cookie, set_cookie
from node.web.frame.pages import redirect

ENDING = "sortie"
"""The cookie that tells whoever comes back from the provider's own page."""

router = APIRouter()


@router.post("/deconnexion")
def sign_out(request: Request, node: NodeOf, visitor: VisitorOf) -> Response:
    """End this session; the browser forgets the pages that it showed."""
    id_token = ""
    if visitor.session is not None:
        id_token = visitor.session.id_token
        sessions.sign_out(node.desk, visitor.session.id)
        request.state.visitor = NOBODY
    response = _farewell(request, node, id_token)
    response.headers["Clear-Site-Data"] = '"cache"'
    drop_cookie(request, response)
    return response


def _farewell(request: Request, node: Node, id_token: str) -> Response:
    provider = node.sign_on
    if id_token and provider is not None:
        try:
            departure = leave(node.desk, provider, id_token)
        except SignOnFailed:
            said = _(
                "You are signed out here. {provider} does not answer: on a shared computer, close the browser too."
            )
            return redirect(request, "/", said.format(provider=provider.name), "warning")
        if departure is not None:
            return leave_page(request, provider, departure, ENDING, ends=True)
    return redirect(request, "/", _("You are signed out."))


@router.get(GONE)
def gone(request: Request, node: NodeOf, state: str = "") -> Response:
    """Back from the provider, where the session has ended too."""
    said = ""
    if node.sign_on is not None and has_left(get_cookie(request, ENDING), state):
        said = _("You are signed out, here and at {provider}.").format(provider=node.sign_on.name)
    response = redirect(request, "/", said)
    set_cookie(request, response, ENDING, "", max_age=0)
    return response
