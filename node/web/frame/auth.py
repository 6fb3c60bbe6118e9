"""Who the visitor is, and what a page asks of them.

    who: Annotated[Account, Depends(require(Permission.READ_FILES))]      an account that may do that
    who: SignedIn                                                          any account
    person: OwnSpace                                                       a candidate's id, come by link or code

Whoever is not signed in is sent to sign in and comes back; what they had typed waits for them (see error_pages.py).
`record_access` writes who opened whose file. Read next: accounts/signing_in.py.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account, Session
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import Access, OpenedFor
from node.mission.ports import MissionUnitOfWork
from node.services.accounts.sessions import recognise
from node.web.frame.csrf import FIELD, verify
from node.web.frame.forms import Sent
from node.web.frame.once import press


class SignInNeeded(NodeError):
    """Nobody is signed in, or no longer."""

    status = 401
    problem = "sign_in_needed"


class OwnSpaceNeeded(NodeError):
    """No candidate is signed in, or no longer."""

    status = 401
    problem = "own_space_needed"


class Forbidden(NodeError):
    """The account's roles do not allow it."""

    status = 403
    problem = "forbidden"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks for this page. `token` is the cookie's, empty without an open session; `former` whose session has
    just ended."""

    session: Session | None = None
    account: Account | None = None
    candidate: str = ""
    token: str = ""
    former: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether the visitor may do that."""
        return self.account is not None and self.account.may(permission)


NOBODY = Visitor()


def cookie_name(request: Request) -> str:
    """`__Host-` where the node is served over TLS; several nodes on one loopback address are told apart by port."""
    config = request.app.state.node.config
    if config.node.base_url.startswith("https:"):
        return "__Host-maillon"
    return f"maillon-{config.server.port}"


def visitor_of(request: Request) -> Visitor:
    """Who asks; looked up once a request."""
    known = getattr(request.state, "visitor", None)
    if not isinstance(known, Visitor):
        known = request.state.visitor = _look_up(request)
    return known


def _look_up(request: Request) -> Visitor:
    token = request.cookies.get(cookie_name(request), "")
    if not 20 <= len(token) <= 100:
        return NOBODY
    desk = request.app.state.node.desk
    found = recognise(desk, token)
    if found is None:
        return NOBODY
    session, account = found
    if not session.is_open(desk.now()):
        return Visitor(former=session.account or session.candidate)
    return Visitor(session=session, account=account, candidate=session.candidate, token=token)


def _visitor(request: Request) -> Visitor:
    return visitor_of(request)


VisitorOf = Annotated[Visitor, Depends(_visitor)]


def verify_form(request: Request, form: Sent, visitor: VisitorOf) -> None:
    """The dependency of all pages that keeps other sites out (csrf.py), and the second of two presses (once.py)."""
    verify(request, visitor.token, form.raw(FIELD))
    press(request, form, visitor.token)


# What only looks at the visitor is a coroutine: to go to a thread for it and back takes longer than the look.


async def current_account(visitor: VisitorOf) -> Account:
    """Any account; SignInNeeded."""
    return _account(visitor)


def _account(visitor: Visitor) -> Account:
    if visitor.account is None:
        raise SignInNeeded(_("Sign in to see this page."))
    return visitor.account


def require(*permissions: Permission) -> Callable[..., Awaitable[Account]]:
    """A dependency: the account, which may do all of this. SignInNeeded, Forbidden."""

    async def allowed(visitor: VisitorOf) -> Account:
        account = _account(visitor)
        for permission in permissions:
            if not account.may(permission):
                raise Forbidden(_("Your role does not include this: “{action}”.").format(action=permission.label))
        return account

    allowed.permissions = permissions  # type: ignore[attr-defined]  # read by the test of all pages
    return allowed


async def candidate_session(visitor: VisitorOf) -> str:
    """The candidate's id; OwnSpaceNeeded for anybody else."""
    if not visitor.candidate:
        raise OwnSpaceNeeded(_("Open your space with your link or your printed code."))
    return visitor.candidate


async def current_session(visitor: VisitorOf) -> Session:
    """Any open session; SignInNeeded."""
    if visitor.session is None:
        raise SignInNeeded(_("Sign in to see this page."))
    return visitor.session


SignedIn = Annotated[Account, Depends(current_account)]
OwnSpace = Annotated[str, Depends(candidate_session)]
SessionOf = Annotated[Session, Depends(current_session)]


def record_access(uow: MissionUnitOfWork, account: Account, candidate: str, what: OpenedFor, now: datetime) -> None:
    """Write in the trail that this account opened that person's file; `what` is a stable word: read, edit, print..."""
    uow.accounts.record_access(Access(at=now, account=account.id, name=account.name, candidate=candidate, what=what))


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Put the session into the browser: until it is closed, out of scripts' reach."""
    _set(request, response, cookie_name(request), token)


def drop_cookie(request: Request, response: Response) -> None:
    """Take the session out of the browser."""
    _set(request, response, cookie_name(request), "", max_age=0)


def set_cookie(request: Request, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Any other small thing that a browser keeps for us: `name` is made this node's own."""
    _set(request, response, f"{cookie_name(request)}-{name}", value, max_age)


def get_cookie(request: Request, name: str) -> str:
    """What `set_cookie` put there; empty when nothing is."""
    return request.cookies.get(f"{cookie_name(request)}-{name}", "")


def _set(request: Request, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=name.startswith("__Host-"),
        httponly=True,
        samesite="lax",
    )


def address_of(request: Request) -> str:
    """The visitor's network address, as the server (or its trusted proxy) says."""
    return request.client.host if request.client is not None else ""


_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def agent_of(request: Request) -> str:
    """The visitor's browser in two words, for the list of sessions."""
    given = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in given), "")
    system = next((name for mark, name in _SYSTEMS if mark in given), "Linux" if "Linux" in given else "")
    return ", ".join(part for part in (browser, system) if part)


_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def local_path(path: str, otherwise: str = "/") -> str:
    """A path of this site that somebody may be sent back to; `otherwise` for anything else."""
    return path if len(path) <= 2000 and _LOCAL.fullmatch(path) else otherwise
