"""Coming in: by password and code, by a link, the first account; staying; taking back what was typed.

A link's page says what opening it does, and only the button on it opens: mail programs that visit links use none up.
"""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, BackgroundTasks, Request, Response
from starlette.responses import JSONResponse

from node import mailing
from node.kit.clean_text import is_email
from node.kit.errors import BadInput, Conflict
from node.kit.i18n import gettext as _
from node.kit.i18n import language
from node.mission.accounts.account import LinkPurpose, fold_email
from node.requests import NodeOf
from node.services.accounts import links, sessions, signing_in, telling
from node.services.accounts.accounts import find_account
from node.services.accounts.links import LinkSpent
from node.services.accounts.lockouts import TooManyAttempts
from node.services.accounts.sessions import OpenedSession
from node.services.accounts.signing_in import CodeAwaited, SignInRefused
from node.services.listening import deliver
from node.web.frame.auth import (
    SessionOf,
    VisitorOf,
    address_of,
    agent_of,
    get_cookie,
    give_cookie,
    local_path,
    set_cookie,
)
from node.web.frame.error_pages import KEPT, resend
from node.web.frame.forms import Form, Sent
from node.web.frame.headers import REFERRER_OF_SECRETS
from node.web.frame.languages import keep_language
from node.web.frame.pace import seconds_to_wait
from node.web.frame.pages import redirect, render

router = APIRouter()

ASKED_FREELY: Final = 20
"""Links asked for from one network address at once, and in each two hours."""


@router.get("/connexion")
def sign_in_page(
    request: Request, node: NodeOf, visitor: VisitorOf, vers: str = "", gardee: str = "", perdue: str = ""
) -> Response:
    """The form."""
    if visitor.account is not None:
        return redirect(request, local_path(vers))
    return _sign_in_page(request, node, Form.of(vers=local_path(vers, "")), kept=bool(gardee), lost=bool(perdue))


def _sign_in_page(
    request: Request, node: NodeOf, form: Form, *, kept: bool = False, lost: bool = False, status: int = 200
) -> Response:
    sign_on = node.config.sign_on if node.sign_on is not None else None
    return render(request, "accounts/signin.html", form=form, sign_on=sign_on, kept=kept, lost=lost, status=status)


@router.post("/connexion")
def sign_in(request: Request, node: NodeOf, form: Sent) -> Response:
    """By e-mail and password; a code may be asked for next."""
    email = form.line("email", required=True)
    password = form.secret("password", required=True)
    status = 422
    if form.ok:
        try:
            came = signing_in.sign_in(node.desk, email, password, address_of(request), agent_of(request))
            return come_in(request, came, form.raw("vers"))
        except (SignInRefused, TooManyAttempts) as error:
            form.error("password", str(error))
            status = error.status
    return _sign_in_page(request, node, form, status=status)


@router.post("/connexion/code")
def give_code(request: Request, node: NodeOf, form: Sent) -> Response:
    """The second factor."""
    code = form.line("code", required=True, longest=40)
    status = 422
    if form.ok:
        try:
            came = signing_in.give_code(node.desk, form.raw("etape"), code, address_of(request), agent_of(request))
            return come_in(request, came, form.raw("vers"))
        except (SignInRefused, TooManyAttempts) as error:
            form.error("code", str(error))
            status = error.status
    return render(request, "accounts/signin_code.html", form=form, status=status)


@router.get("/connexion/demander")
def ask_page(request: Request, node: NodeOf) -> Response:
    """Ask for a link by e-mail; told who to turn to where no mail is sent."""
    return render(
        request, "accounts/signin_ask.html", form=Form(), mails=mailing.is_configured(node.config), asked=False
    )


@router.post("/connexion/demander")
def ask(request: Request, node: NodeOf, form: Sent, later: BackgroundTasks) -> Response:
    """Send it, when there is such an account. The answer is the same, and as quick, when there is none."""
    email = form.line("email", required=True, longest=254)
    mails = mailing.is_configured(node.config)
    if form.ok and not is_email(fold_email(email)):
        form.error("email", _("Give an e-mail address such as prenom.nom@ville.fr."))
    if form.ok and mails:
        window, now = timedelta(hours=2), node.now()
        if wait := seconds_to_wait(request, "link_asked", address_of(request), now, ASKED_FREELY, window):
            said = _("Too many links were asked for from here. Try again in {minutes} min.")
            raise TooManyAttempts(said.format(minutes=-(-wait // 60)), now + timedelta(seconds=wait))
        later.add_task(_mail_link, node, fold_email(email), language())
    status = 200 if form.ok else 422
    return render(request, "accounts/signin_ask.html", form=form, mails=mails, asked=form.ok, status=status)


def _mail_link(node: NodeOf, email: str, spoken: str) -> None:
    if account := telling.ask_link(node.desk, email, spoken):
        deliver(node, account)


@router.get("/connexion/lien/{token}")
def link_page(request: Request, node: NodeOf, token: str) -> Response:
    """What the link does, and the button that does it."""
    return _link_page(request, node, token, Form())


def _link_page(request: Request, node: NodeOf, token: str, form: Form, status: int = 200) -> Response:
    link = links.look_at_link(node.desk, token)
    invited = None
    if link.purpose in (LinkPurpose.SIGN_IN, LinkPurpose.INVITATION):
        with node.database.read() as uow:
            invited = find_account(uow, link.subject)
    if link.purpose in (LinkPurpose.SECOND_STEP, LinkPurpose.SIGN_ON, LinkPurpose.CARD):
        raise LinkSpent(_("This link was used already, or is too old: ask for a new one."))
    return render(
        request, "accounts/signin_link.html", purpose=link.purpose.value, token=token, invited=invited, form=form,
        status=status, headers={"Referrer-Policy": REFERRER_OF_SECRETS},
    )  # fmt: skip


@router.post("/connexion/lien/{token}")
def open_link(request: Request, node: NodeOf, token: str, form: Sent) -> Response:
    """Open it: a session, after a password was chosen where one is wanted."""
    purpose = links.look_at_link(node.desk, token).purpose
    agent = agent_of(request)
    if purpose not in (LinkPurpose.INVITATION, LinkPurpose.FIRST_ACCOUNT):
        return come_in(request, signing_in.open_link(node.desk, token, address_of(request), agent))
    first = purpose is LinkPurpose.FIRST_ACCOUNT
    name, email = (form.line("name", required=True), form.line("email", required=True)) if first else ("", "")
    password = form.secret("password", required=True)
    if form.ok and password != form.secret("password_again"):
        form.error("password_again", _("The two passwords differ: type them again."))
    if form.ok:
        try:
            if first:
                came = signing_in.create_first_account(
                    node.desk,
                    token,
                    name=name,
                    email=email,
                    password=password,
                    roles=signing_in.FIRST_ROLES[node.config.node.role],
                    agent=agent,
                )
            else:
                came = signing_in.accept_invitation(node.desk, token, password, agent)
            return come_in(request, came)
        except (BadInput, Conflict) as error:
            form.error("email" if "@" in str(error) else "password", str(error))
    return _link_page(request, node, token, form, 422)


@router.post("/session/prolonger")
def stay(request: Request, node: NodeOf, session: SessionOf, form: Sent) -> Response:
    """The session lasts as long again; a script asks for it without leaving the page."""
    longer = sessions.stay(node.desk, session.id)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"expires": longer.expires.isoformat()})
    return redirect(request, local_path(form.raw("vers")), _("You stay signed in for 8 more hours."))


@router.get("/saisie")
def take_back(request: Request, node: NodeOf, session: SessionOf) -> Response:
    """What was typed before signing in again, to be looked at and sent."""
    form = sessions.take_form(node.desk, session.account or session.candidate, get_cookie(request, KEPT))
    if form is None:
        response: Response = redirect(request, "/")
    else:
        said = _("Your session had ended when you sent this. Check it, and send it now.")
        response = resend(request, form.path, form.fields, said)
    set_cookie(request, response, KEPT, "", max_age=0)
    return response


def come_in(request: Request, came: OpenedSession | CodeAwaited, towards: str = "") -> Response:
    """Whoever has just signed in goes where they were going, or to what they had typed when something waits."""
    if isinstance(came, CodeAwaited):
        return render(request, "accounts/signin_code.html", form=Form.of(etape=came.token, vers=towards))
    waits = get_cookie(request, KEPT)
    response = redirect(request, "/saisie" if waits else local_path(towards))
    give_cookie(request, response, came.token)
    if came.language:
        keep_language(response, came.language)
    return response
