"""Ways into « Mon espace »: a link by e-mail, a printed code; both made by a counsellor for those without e-mail.

Guarantees: the answer to somebody who asks for a link is the same, and as quick, whether or not the address is known:
the mail is written and sent afterwards; asking is limited by network address and by e-mail address. A code that a
counsellor prints, and a link that one makes, are in the trail of who opened which file. Read next:
accounts/signing_in.py, where a link opens.
"""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response

from node import mailing
from node.documents.contact import contact_of
from node.documents.printed_code import PrintedCode, printed_code_pdf
from node.kit.clean_text import is_email
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.happened import Happened
from node.requests import NodeOf
from node.services.accounts import signing_in
from node.services.accounts.links import LinkSpent
from node.services.accounts.lockouts import TooManyAttempts
from node.services.accounts.sessions import OpenedSession
from node.services.listening import deliver, deliver_now_or_never
from node.services.my_space import my_space, telling
from node.services.node import Node
from node.services.people.finding import find_candidate
from node.web.frame.auth import VisitorOf, address_of, agent_of, give_cookie, local_path, record_access, require
from node.web.frame.forms import Form, Sent
from node.web.frame.pace import seconds_to_wait
from node.web.frame.pages import redirect, render

router = APIRouter()

ENTRANCE: Final = "/mon-espace/entrer"
LINKS_AN_HOUR: Final = 5
"""Mails to one address at once, and in each hour."""
ASKED_AN_HOUR: Final = 30
"""Demands from one network address at once, and in each hour."""

Editor = Annotated[Account, Depends(require(Permission.EDIT_FILES))]


@router.get(ENTRANCE)
def entrance(request: Request, node: NodeOf, visitor: VisitorOf, vers: str = "") -> Response:
    """The two ways in."""
    if visitor.candidate:
        return redirect(request, _own_path(vers))
    return _entrance(request, node, Form.of(vers=_own_path(vers)))


def _entrance(request: Request, node: Node, form: Form, status: int = 200, *, asked: bool = False) -> Response:
    return render(
        request,
        "my_space/entrance.html",
        status=status,
        form=form,
        asked=asked,
        mails=mailing.is_configured(node.config),
        mission=contact_of(node.config),
    )


def _own_path(path: str) -> str:
    """Somewhere in the space, and nowhere else."""
    path = local_path(path, "/mon-espace")
    return path if path.startswith("/mon-espace/") and not path.startswith(ENTRANCE) else "/mon-espace"


@router.post("/mon-espace/lien")
def ask_link(request: Request, node: NodeOf, form: Sent, later: BackgroundTasks) -> Response:
    """Ask for a link."""
    email = form.line("email", required=True)
    if form.ok and not is_email(email):
        form.error("email", _("Write an address such as name@domain.fr."))
    hour, now = timedelta(hours=1), node.now()
    if form.ok and (wait := seconds_to_wait(request, "own_link_asked", address_of(request), now, ASKED_AN_HOUR, hour)):
        said = _("Many links were asked for from here. Wait {minutes} min, or use a printed code.")
        form.error("email", said.format(minutes=-(-wait // 60)))
        return _entrance(request, node, form, 429)
    if not form.ok:
        return _entrance(request, node, form, 422)
    if mailing.is_configured(node.config) and not seconds_to_wait(
        request, "own_link", email.casefold(), now, LINKS_AN_HOUR, hour
    ):
        later.add_task(_send_link, node, email)
    return _entrance(request, node, Form(), asked=True)


def _send_link(node: Node, email: str) -> None:
    if person := telling.ask_own_link(node.desk, email):
        deliver(node, person)


@router.post("/mon-espace/code")
def give_code(request: Request, node: NodeOf, form: Sent) -> Response:
    """Open the space with a printed code."""
    code = form.line("code", required=True, longest=39)
    status = 422
    if form.ok:
        try:
            came = signing_in.open_link(node.desk, code, address_of(request), agent_of(request))
            if isinstance(came, OpenedSession) and came.session.candidate:
                response = redirect(request, _own_path(form.raw("vers")))
                give_cookie(request, response, came.token)
                return response
        except TooManyAttempts as error:
            form.error("code", str(error))
            status = error.status
        except LinkSpent:
            form.error("code", _("This code opens nothing. Check each letter, or ask your counsellor for a new one."))
    return _entrance(request, node, form, status)


# For the counsellor.


@router.post("/candidats/{name}/acces/code")
def print_code(node: NodeOf, who: Editor, name: str) -> Response:
    """A new printed code, as a page to hand over; the one before opens nothing any more."""
    person, code = my_space.printed_code(node.desk, name)
    _note(node, who, person.id, OpenedFor.CODE)
    pdf = printed_code_pdf(
        PrintedCode(
            first_name=person.first_name or person.last_name,
            code=code,
            url=f"{node.config.node.base_url}{ENTRANCE}",
            mission=contact_of(node.config),
            valid_until=my_space.code_lasts_until(node.desk).date(),
        )
    )
    headers = {"Content-Disposition": 'inline; filename="code.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.post("/candidats/{name}/acces/lien")
def make_link(request: Request, node: NodeOf, who: Editor, name: str) -> Response:
    """Send the person a link; shown to the counsellor, to be handed over, where no mail is sent."""
    with node.database.read() as uow:
        person, failed = find_candidate(uow, name), ""
    _note(node, who, person.id, OpenedFor.LINK)
    if mailing.is_configured(node.config) and person.email:
        telling.give_own_link(node.desk, person.id)
        if deliver_now_or_never(node, person.id, Happened.OWN_LINK_GIVEN):
            return redirect(request, f"/candidats/{name}", _("The link is on its way to the person's address."))
        failed = str(mailing.not_taken())
    _person, url = my_space.own_link(node.desk, person.id)
    return render(request, "my_space/link.html", person=person, url=url, failed=failed)


def _note(node: Node, who: Account, candidate: str, what: OpenedFor) -> None:
    with node.database.write() as uow:
        record_access(uow, who, candidate, what, node.now())
