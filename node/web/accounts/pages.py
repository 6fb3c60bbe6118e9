"""One's own account, and the accounts of the node: who they are, what they may do, who opened which file.

A link that gives access is shown once, to whoever made it; it is mailed as well where the node sends mail.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from node import mailing
from node.identity import load_token
from node.kit.errors import BadInput, Conflict
from node.kit.i18n import LANGUAGES
from node.kit.i18n import gettext as _
from node.kit.logging import get_logger
from node.mission.accounts.account import Account, AccountState, LinkPurpose
from node.mission.accounts.roles import ACCOUNT_ROLES, PERMISSIONS, Permission, Role, opens_files
from node.mission.happened import Happened
from node.requests import NodeOf
from node.services.accounts import accounts, links, sessions, telling
from node.services.accounts import trail as trails
from node.services.desk import Refused
from node.services.listening import deliver_now_or_never
from node.services.node import Node
from node.services.team import handover
from node.web.frame.auth import SessionOf, SignedIn, require
from node.web.frame.forms import Form, Sent
from node.web.frame.languages import keep_language
from node.web.frame.pages import redirect, render
from node.web.network.ends import notices_of
from node.web.team.handover import sentence

log = get_logger(__name__)

router = APIRouter()

Manager = Annotated[Account, Depends(require(Permission.MANAGE_ACCOUNTS))]

ROLE_NOTES = {
    Role.COUNSELLOR: lambda: _("Receives people, reworks CVs, puts forward."),
    Role.HEAD: lambda: _("The same, plus the accounts, the team, and who opened which file."),
    Role.COORDINATOR: lambda: _("Admits the network's members and watches over its state."),
    Role.EMPLOYER: lambda: _("Has no page here yet: the role says who somebody is."),
    Role.ADMINISTRATOR: lambda: _("Installs and watches over the server; opens nobody's file."),
}


def role_choices() -> list[tuple[str, str, str]]:
    """Roles with their labels and what they are for."""
    return [(role.value, role.label, ROLE_NOTES[role]()) for role in ACCOUNT_ROLES]


# One's own account.


@router.get("/mon-compte")
def own_account(request: Request, node: NodeOf, who: SignedIn, session: SessionOf) -> Response:
    """Name, password, second factor, sessions, language."""
    return _own(request, node, who, session, Form())


def _own(request: Request, node: NodeOf, who: SignedIn, session: SessionOf, form: Form, status: int = 200) -> Response:
    now = node.now()
    with node.database.read() as uow:
        sessions = [one for one in uow.accounts.sessions(account=who.id) if one.is_open(now)]
    advised = not who.totp and bool({Role.HEAD, Role.ADMINISTRATOR} & who.roles)
    return render(
        request,
        "accounts/own.html",
        who=who,
        session=session,
        sessions=sessions,
        form=form,
        advised=advised,
        status=status,
    )


@router.post("/mon-compte/mot-de-passe")
def change_password(request: Request, node: NodeOf, who: SignedIn, session: SessionOf, form: Sent) -> Response:
    """A new password; the other sessions end."""
    old = form.secret("old_password", required=bool(who.password))
    new = form.secret("new_password", required=True)
    if form.ok and new != form.secret("new_password_again"):
        form.error("new_password_again", _("The two passwords differ: type them again."))
    if form.ok and who.password and not accounts.password_is_right(who, old):
        form.error("old_password", _("The present password is not this one."))
    if form.ok:
        try:
            accounts.change_password(node.desk, who.id, old, new, keep_session=session.id)
            return redirect(request, "/mon-compte", _("Your password is changed. Your other sessions have ended."))
        except BadInput as error:
            form.error("new_password", str(error))
    return _own(request, node, who, session, form, 422)


@router.post("/mon-compte/sessions")
def end_sessions(request: Request, node: NodeOf, who: SignedIn, session: SessionOf, form: Sent) -> Response:
    """End one of one's sessions, or all the others."""
    wanted = form.raw("session")
    if wanted:
        sessions.revoke(node.desk, session, wanted)
    else:
        sessions.revoke_others(node.desk, session)
    said = _("Done: that session is closed.") if wanted else _("Done: only this session is open.")
    return redirect(request, "/mon-compte", said)


@router.post("/mon-compte/langue")
def choose_language(request: Request, node: NodeOf, who: SignedIn, session: SessionOf, form: Sent) -> Response:
    """The language of one's pages, wherever one signs in."""
    chosen = form.choice("language", LANGUAGES, required=True)
    if not form.ok:
        return _own(request, node, who, session, form, 422)
    accounts.choose_language(node.desk, who.id, chosen)
    response = redirect(request, "/mon-compte")
    keep_language(response, chosen)
    return response


@router.get("/mon-compte/double-verification")
def second_factor(request: Request, node: NodeOf, who: SignedIn) -> Response:
    """Set up the second factor with an application on the telephone."""
    return _second_factor(request, node, who, Form.of(secret=accounts.new_totp_secret(node.desk)))


def _second_factor(request: Request, node: NodeOf, who: Account, form: Form, status: int = 200) -> Response:
    import segno

    uri = accounts.totp_uri(form.raw("secret"), who, node.config.node.name)
    code = segno.make(uri, error="m").svg_inline(scale=5, border=4, dark="#1c2a31", light="#fff", omitsize=True)
    return render(request, "accounts/second_factor.html", who=who, form=form, code=Markup(code), status=status)  # noqa: S704 -- segno's own drawing


@router.post("/mon-compte/double-verification")
def enable_second_factor(request: Request, node: NodeOf, who: SignedIn, form: Sent) -> Response:
    """Confirm with a first code; the recovery codes are shown once."""
    secret, code = form.choice("secret", [form.raw("secret")]), form.line("code", required=True, longest=20)
    if not accounts.is_totp_secret(secret):
        return redirect(request, "/mon-compte/double-verification")
    if form.ok:
        try:
            codes = accounts.enable_totp(node.desk, who.id, secret, code)
            return render(request, "accounts/recovery_codes.html", codes=codes)
        except BadInput as error:
            form.error("code", str(error))
    return _second_factor(request, node, who, form, 422)


@router.post("/mon-compte/double-verification/arreter")
def disable_second_factor(request: Request, node: NodeOf, who: SignedIn, session: SessionOf, form: Sent) -> Response:
    """Ask for no code any more."""
    try:
        accounts.disable_totp(node.desk, who.id, form.secret("totp_password"))
    except BadInput as error:
        form.error("totp_password", str(error))
        return _own(request, node, who, session, form, 422)
    return redirect(request, "/mon-compte", _("Double verification is off."), kind="warning")


# The node's accounts.


@router.get("/comptes")
def all_accounts(request: Request, node: NodeOf, who: Manager) -> Response:
    """Everybody who signs in here."""
    with node.database.read() as uow:
        found = uow.accounts.all()
    programs = None
    if who.may(Permission.READ_TRAIL):
        programs = trails.programs_access(node.desk, load_token(node.config.token_file))
    return render(
        request, "accounts/accounts.html", accounts=found, who=who, ends=notices_of(node, who), programs=programs
    )


@router.get("/comptes/nouveau")
def new_account(request: Request, who: Manager) -> Response:
    """The form."""
    return render(request, "accounts/new.html", form=Form(), roles=role_choices())


@router.post("/comptes/nouveau")
def create_account(request: Request, node: NodeOf, who: Manager, form: Sent) -> Response:
    """A new account, and the link by which its holder chooses a password."""
    name = form.line("name", required=True)
    email = form.line("email", required=True, longest=254)
    roles = _roles(form)
    employer = form.line("employer")
    if Role.EMPLOYER in roles and not employer:
        form.error("employer", _("Give the name of the company."))
    if form.ok:
        try:
            accounts.guard_ways_in(who, *roles)
            made = accounts.open_account(node.desk, name=name, email=email, roles=roles, employer=employer)
        except (BadInput, Conflict) as error:
            form.error("roles" if isinstance(error, Refused) else "email", str(error))
        else:
            log.info("account.opened", by=who.id, account=made.id, roles=sorted(made.roles))
            return _hand_over(request, node, made, LinkPurpose.INVITATION)
    return render(request, "accounts/new.html", form=form, roles=role_choices(), status=422)


@router.get("/comptes/roles")
def what_roles_may(request: Request, who: Manager) -> Response:
    """The table role x action."""
    return render(request, "accounts/roles.html", roles=ACCOUNT_ROLES, permissions=list(Permission), table=PERMISSIONS)


@router.get("/comptes/{account_id}")
def one_account(request: Request, node: NodeOf, who: Manager, account_id: str) -> Response:
    """One account: its roles, its means of signing in."""
    with node.database.read() as uow:
        account = accounts.find_account(uow, account_id)
    return _account(request, node, account, who, Form.of(roles=[role.value for role in account.roles]))


def _account(request: Request, node: NodeOf, account: Account, who: Account, form: Form, status: int = 200) -> Response:
    load = handover.load_of(node.desk, account.id)
    return render(
        request,
        "accounts/account.html",
        status=status,
        account=account,
        form=form,
        roles=role_choices(),
        may_give=who.may(Permission.GIVE_ACCESS) or not opens_files(account.roles),
        who=who,
        load=load,
        in_hand=sentence(load),
        sign_on=node.config.sign_on.label,
    )


@router.post("/comptes/{account_id}/roles")
def change_roles(request: Request, node: NodeOf, who: Manager, account_id: str, form: Sent) -> Response:
    """Other roles from now on."""
    roles = _roles(form)
    if form.ok:
        try:
            accounts.guard_ways_in(who, *roles, *_held(node, account_id).roles)
            changed = accounts.change_roles(node.desk, account_id, roles)
            log.info("account.roles", by=who.id, account=account_id, roles=sorted(changed.roles))
            return redirect(request, f"/comptes/{account_id}", _("The roles are changed."))
        except Conflict as error:
            form.error("roles", str(error))
    with node.database.read() as uow:
        account = accounts.find_account(uow, account_id)
    return _account(request, node, account, who, form, status=422)


@router.post("/comptes/{account_id}/lien")
def new_link(request: Request, node: NodeOf, who: Manager, account_id: str) -> Response:
    """A link to come in by once; the password stays what it is."""
    account = _held(node, account_id)
    accounts.guard_ways_in(who, *account.roles)
    log.info("account.link", by=who.id, account=account.id)
    return _hand_over(request, node, account, LinkPurpose.SIGN_IN)


@router.post("/comptes/{account_id}/reinitialiser")
def reset(request: Request, node: NodeOf, who: Manager, account_id: str) -> Response:
    """Password and second factor are taken away; a link gives a new password."""
    accounts.guard_ways_in(who, *_held(node, account_id).roles)
    account = accounts.reset_account(node.desk, account_id)
    log.info("account.reset", by=who.id, account=account.id)
    return _hand_over(request, node, account, LinkPurpose.INVITATION)


@router.post("/comptes/{account_id}/delier")
def untie(request: Request, node: NodeOf, who: Manager, account_id: str) -> Response:
    """The next time, the sign-on provider finds the account by its e-mail address."""
    accounts.guard_ways_in(who, *_held(node, account_id).roles)
    account = accounts.untie_account(node.desk, account_id)
    log.info("account.untied", by=who.id, account=account.id)
    return redirect(request, f"/comptes/{account_id}", _("Done: the account is tied to no identity any more."))


@router.post("/comptes/{account_id}/fermer")
def close(request: Request, node: NodeOf, who: Manager, account_id: str) -> Response:
    """Nobody signs in with it any more."""
    try:
        account = accounts.close_account(node.desk, account_id)
    except Conflict as error:
        return redirect(request, f"/comptes/{account_id}", str(error), kind="danger")
    log.info("account.closed", by=who.id, account=account.id)
    text = _("The account of {name} is closed.").format(name=account.name)
    if handover.load_of(node.desk, account.id).empty:
        return redirect(request, "/comptes", text)
    if not (who.may(Permission.SEE_TEAM) and who.may(Permission.HAND_OVER)):
        return redirect(request, f"/comptes/{account.id}", text, "warning")
    text = _("The account of {name} is closed. Choose who takes over.").format(name=account.name)
    return redirect(request, "/equipe/relais", text, "warning", de=account.id)


@router.post("/comptes/{account_id}/rouvrir")
def reopen(request: Request, node: NodeOf, who: Manager, account_id: str) -> Response:
    """Usable again, by a link."""
    accounts.guard_ways_in(who, *_held(node, account_id).roles)
    account = accounts.reopen_account(node.desk, account_id)
    log.info("account.reopened", by=who.id, account=account.id)
    return _hand_over(request, node, account, LinkPurpose.INVITATION)


def _held(node: Node, account_id: str) -> Account:
    with node.database.read() as uow:
        return accounts.find_account(uow, account_id)


def _roles(form: Form) -> frozenset[Role]:
    chosen = form.choices("roles", [role.value for role in ACCOUNT_ROLES], required=True)
    return frozenset(role for role in ACCOUNT_ROLES if role.value in chosen)


def _hand_over(request: Request, node: NodeOf, account: Account, purpose: LinkPurpose) -> Response:
    """Show the link once, and mail it where the node sends mail."""
    if account.state is not AccountState.ACTIVE:
        raise Conflict(_("This account is closed: reopen it first."))
    url = telling.give_link(node.desk, account, purpose)
    # When it did not leave, the link is on the page all the same, to be handed over by a person.
    heard = deliver_now_or_never(node, account.id, Happened.ACCOUNT_LINK_GIVEN)
    sent = heard and mailing.is_configured(node.config)
    hours = int(links.LASTS[purpose].total_seconds() // 3600)
    return render(
        request, "accounts/link.html", account=account, url=url, sent=sent, hours=hours, purpose=purpose.value
    )
