"""Signing in: by password, by link, by a printed code, by an invitation.

Guarantees: a link opens once, and only by `open_link`; an answer says nothing about which e-mails have an account. Read
next: links.py, sessions.py, lockouts.py, node/web/accounts/signing_in.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from node.kit.errors import Conflict, NodeError
from node.kit.i18n import gettext as _
from node.mission.accounts.account import AccountState, LinkPurpose, fold_email
from node.mission.accounts.roles import Role
from node.services.accounts.accounts import (
    add_account,
    find_account,
    hashed,
    new_account,
    password_is_right,
    second_factor,
    set_password,
)
from node.services.accounts.links import add_link, find_link, living, spent
from node.services.accounts.lockouts import count_failure, forgive, refuse_locked
from node.services.accounts.sessions import OpenedSession, open_session
from node.services.desk import Desk


class SignInRefused(NodeError):
    """E-mail, password or code are not right together; which, is not said."""

    status = HTTPStatus.UNAUTHORIZED
    problem = "sign_in_refused"


@dataclass(frozen=True, slots=True)
class CodeAwaited:
    """The first factor was right. `token` goes back with the code of the second one."""

    token: str


def sign_in(desk: Desk, email: str, password: str, address: str, agent: str) -> OpenedSession | CodeAwaited:
    """By e-mail and password. SignInRefused, TooManyAttempts."""
    email = fold_email(email)
    with desk.federation.database.read() as uow:
        refuse_locked(uow, email, address, desk.now())
        account = uow.accounts.by_email(email)
    # Slow on purpose, so outside of any transaction.
    right = password_is_right(account, password)
    now = desk.now()
    with desk.federation.database.write() as uow:
        current = uow.accounts.by_email(email)
        right = right and current == account
        if not right or current is None or current.state is not AccountState.ACTIVE:
            count_failure(uow, email, address, now)
        elif current.totp:
            return CodeAwaited(add_link(uow, desk, LinkPurpose.SECOND_STEP, current.id))
        else:
            forgive(uow, email)
            return open_session(uow, desk, account=current.id, agent=agent)
    raise _refused()


def give_code(desk: Desk, token: str, code: str, address: str, agent: str) -> OpenedSession:
    """The second factor. SignInRefused, TooManyAttempts, LinkSpent when it came too late."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        link = living(uow, token, now, LinkPurpose.SECOND_STEP)
        account = find_account(uow, link.subject)
        refuse_locked(uow, account.email, address, now)
        used = second_factor(account, code, now) if account.state is AccountState.ACTIVE else None
        if used is not None:
            uow.accounts.save(used)
            uow.accounts.use_link(link.id, now)
            forgive(uow, account.email)
            return open_session(uow, desk, account=account.id, agent=agent, id_token=link.id_token)
        count_failure(uow, account.email, address, now)
    raise SignInRefused(_("This code is not right, or was used already: wait for the next one."))


def open_link(desk: Desk, token: str, address: str, agent: str) -> OpenedSession | CodeAwaited:
    """Open the session of a SIGN_IN, CANDIDATE or PAPER link. LinkSpent, TooManyAttempts."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        refuse_locked(uow, "", address, now)
        link = find_link(uow, token)
        if link is None or not link.opens(now):
            count_failure(uow, "", address, now)
        elif link.purpose is LinkPurpose.SIGN_IN:
            account = find_account(uow, link.subject)
            if account.state is AccountState.ACTIVE:
                uow.accounts.use_link(link.id, now)
                if account.totp:
                    return CodeAwaited(add_link(uow, desk, LinkPurpose.SECOND_STEP, account.id))
                return open_session(uow, desk, account=account.id, agent=agent)
        elif link.purpose in (LinkPurpose.CANDIDATE, LinkPurpose.PAPER):
            uow.accounts.use_link(link.id, now)
            return open_session(uow, desk, candidate=link.subject, agent=agent)
    raise spent()


def accept_invitation(desk: Desk, token: str, password: str, agent: str) -> OpenedSession:
    """Choose a password and come in. LinkSpent; BadInput for a weak password, and the link stays good."""
    with desk.federation.database.read() as uow:
        invited = find_account(uow, living(uow, token, desk.now(), LinkPurpose.INVITATION).subject)
    stored = hashed(password, invited.email, invited.name)
    with desk.federation.database.write() as uow:
        link = living(uow, token, desk.now(), LinkPurpose.INVITATION)
        account = set_password(uow, link.subject, stored, desk.now())
        if account.state is not AccountState.ACTIVE:
            raise spent()
        return open_session(uow, desk, account=account.id, agent=agent)


FIRST_ROLES = {
    "town": (Role.HEAD, Role.ADMINISTRATOR),
    "employer": (Role.EMPLOYER, Role.ADMINISTRATOR),
    "coordinator": (Role.COORDINATOR, Role.ADMINISTRATOR),
}
"""What the first account may be, by the node's own role."""


def create_first_account(
    desk: Desk, token: str, *, name: str, email: str, password: str, roles: Iterable[Role], agent: str
) -> OpenedSession:
    """The node's first account, which manages the others. LinkSpent, BadInput, Conflict when there is one."""
    account = new_account(desk, name=name, email=email, roles=roles, password=password)
    with desk.federation.database.write() as uow:
        link = living(uow, token, desk.now(), LinkPurpose.FIRST_ACCOUNT)
        if uow.accounts.any():
            raise Conflict(_("The first account exists: sign in with it."))
        add_account(uow, account)
        uow.accounts.use_link(link.id, desk.now())
        return open_session(uow, desk, account=account.id, agent=agent)


def _refused() -> SignInRefused:
    return SignInRefused(_("This e-mail and this password do not go together."))
