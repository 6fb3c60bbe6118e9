"""Accounts: opening, passwords, the second factor, closing.

A password leaves this module only as an argon2 hash; recovery codes only as digests. Whatever takes somebody's means of
signing in away (a new password, a closed account) ends their sessions. Read next: signing_in.py (sessions and links).
"""

import base64
import hmac
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache

import pyotp
from pwdlib import PasswordHash

from node.kit.clean_text import is_email, is_line
from node.kit.errors import BadInput, Conflict, NotFound
from node.kit.i18n import gettext as _
from node.mission.accounts.account import (
    PASSWORD_LENGTH,
    Account,
    AccountState,
    LinkPurpose,
    PasswordFault,
    digest,
    fold_code,
    fold_email,
    password_fault,
    readable_code,
)
from node.mission.accounts.roles import ACCOUNT_ROLES, Permission, Role, opens_files
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk, Refused

RECOVERY_CODES = 8
_TOTP_SECONDS = 30


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys_password() -> str:
    return _hasher().hash("nobody has this password")


def password_is_right(account: Account | None, password: str) -> bool:
    """Takes as long for an account that does not exist, or that has no password."""
    known = account is not None and account.password != ""
    stored = account.password if account is not None and known else _nobodys_password()
    return _hasher().verify(password[:1024], stored) and known


def open_account(
    desk: Desk, *, name: str, email: str, roles: Iterable[Role], password: str = "", employer: str = ""
) -> Account:
    """A new account; without a password its holder signs in by link. BadInput, or Conflict when the e-mail has one."""
    account = new_account(desk, name=name, email=email, roles=roles, password=password, employer=employer)
    with desk.federation.database.write() as uow:
        add_account(uow, account)
    return account


def new_account(
    desk: Desk, *, name: str, email: str, roles: Iterable[Role], password: str = "", employer: str = ""
) -> Account:
    """The value, checked; nothing is written. BadInput."""
    name, email, chosen = " ".join(name.split()), fold_email(email), frozenset(roles)
    if not name or len(name) > 200 or not is_line(name):
        raise BadInput(_("Give the person's name, 200 characters at most."))
    if not is_email(email):
        raise BadInput(_("Give an e-mail address such as prenom.nom@ville.fr."))
    if not chosen or not chosen <= set(ACCOUNT_ROLES):
        raise BadInput(_("Choose at least one role."))
    return Account(
        id=desk.new_id(),
        email=email,
        name=name,
        roles=chosen,
        created=desk.now(),
        password=hashed(password, email, name) if password else "",
        employer=" ".join(employer.split())[:200],
    )


def guard_ways_in(giver: Account, *roles: Role) -> None:
    """Refused `not_theirs_to_give` when the roles open people's files and the giver may not open them to others: an
    administrator gives nobody, and not themselves, a role, a link or a password that leads to a file."""
    if opens_files(roles) and not giver.may(Permission.GIVE_ACCESS):
        raise Refused(
            "not_theirs_to_give",
            _("This account opens people's files: only the head of mission gives access to it, or changes it."),
        )


def add_account(uow: MissionUnitOfWork, account: Account) -> None:
    """Write it; Conflict when its e-mail has an account."""
    if uow.accounts.by_email(account.email) is not None:
        raise Conflict(_("This e-mail address has an account already: reset it rather than create another."))
    uow.accounts.add(account)


def hashed(password: str, email: str, name: str) -> str:
    """The argon2 hash of a new password; BadInput says what is wrong with it."""
    fault = password_fault(password, email, name)
    if fault is not None:
        raise BadInput(fault_sentence(fault))
    return _hasher().hash(password)


def fault_sentence(fault: PasswordFault) -> str:
    """Why a password is refused, in words."""
    match fault:
        case PasswordFault.SHORT:
            return _("The password needs {count} characters or more: four words in a row do well.").format(
                count=PASSWORD_LENGTH
            )
        case PasswordFault.MONOTONOUS:
            return _("The password repeats the same characters: choose several words.")
        case PasswordFault.PERSONAL:
            return _("The password says little beyond your name or e-mail: add other words.")
        case PasswordFault.LONG:
            return _("The password is too long: 256 characters at most.")


def find_account(uow: MissionUnitOfWork, wanted: str) -> Account:
    """By id or e-mail; NotFound."""
    account = uow.accounts.get(wanted) or uow.accounts.by_email(fold_email(wanted))
    if account is None:
        raise NotFound(_("There is no such account."))
    return account


def account_of_role(desk: Desk, role: Role) -> Account:
    """The first open account that has exactly this role, made when there is none: for whoever has the server."""
    with desk.federation.database.read() as uow:
        for account in uow.accounts.all():
            if account.roles == {role} and account.state is AccountState.ACTIVE:
                return account
    return open_account(desk, name=role.label, email=f"{role.value}@{desk.node_id}", roles=[role])


def change_password(desk: Desk, account_id: str, old: str, new: str, keep_session: str) -> None:
    """The person's own demand; their other sessions end. BadInput when the old one is wrong or the new one too weak."""
    with desk.federation.database.read() as uow:
        account = find_account(uow, account_id)
    if account.password and not password_is_right(account, old):
        raise BadInput(_("The present password is not this one."))
    stored = hashed(new, account.email, account.name)
    with desk.federation.database.write() as uow:
        set_password(uow, account_id, stored, desk.now(), keep_session)


def set_password(uow: MissionUnitOfWork, account_id: str, stored: str, at: datetime, keep_session: str = "") -> Account:
    """Write the new hash; every other session ends and links handed out before open nothing any more."""
    account = replace(find_account(uow, account_id), password=stored)
    uow.accounts.save(account)
    uow.accounts.end_sessions(at, account=account.id, but=keep_session)
    for purpose in (LinkPurpose.SIGN_IN, LinkPurpose.INVITATION, LinkPurpose.SECOND_STEP):
        uow.accounts.cancel_links(purpose, account.id)
    return account


def change_roles(desk: Desk, account_id: str, roles: Iterable[Role]) -> Account:
    """Give an account these roles. Conflict when nobody would be left to manage accounts."""
    chosen = frozenset(roles)
    if not chosen or not chosen <= set(ACCOUNT_ROLES):
        raise BadInput(_("Choose at least one role."))
    with desk.federation.database.write() as uow:
        account = replace(find_account(uow, account_id), roles=chosen)
        _someone_manages(uow, account)
        uow.accounts.save(account)
        return account


def choose_language(desk: Desk, account_id: str, language: str) -> None:
    """The language of that person's pages and mails."""
    with desk.federation.database.write() as uow:
        uow.accounts.save(replace(find_account(uow, account_id), language=language))


def close_account(desk: Desk, account_id: str) -> Account:
    """Nobody signs in with it any more; its name stays in histories. Conflict as for `change_roles`."""
    with desk.federation.database.write() as uow:
        account = replace(find_account(uow, account_id), state=AccountState.CLOSED, password="", totp="", recovery=())
        _someone_manages(uow, account)
        set_password(uow, account.id, "", desk.now())
        uow.accounts.save(account)
        return account


def reopen_account(desk: Desk, account_id: str) -> Account:
    """Make a closed account usable again, by an invitation."""
    with desk.federation.database.write() as uow:
        account = replace(find_account(uow, account_id), state=AccountState.ACTIVE)
        uow.accounts.save(account)
        return account


def reset_account(desk: Desk, account_id: str) -> Account:
    """Take password, second factor and the sign-on provider's word away (lost, or known to others); an invitation gives
    new ones."""
    with desk.federation.database.write() as uow:
        account = set_password(uow, find_account(uow, account_id).id, "", desk.now())
        account = replace(account, totp="", totp_step=0, recovery=(), identity="")
        uow.accounts.save(account)
        uow.accounts.clear_attempts(digest(f"account:{account.email}"))
        return account


def untie_account(desk: Desk, account_id: str) -> Account:
    """Forget who the sign-on provider says that they are: the next time, their e-mail address counts."""
    with desk.federation.database.write() as uow:
        account = replace(find_account(uow, account_id), identity="")
        uow.accounts.save(account)
        uow.accounts.end_sessions(desk.now(), account=account.id)
        return account


def _someone_manages(uow: MissionUnitOfWork, changed: Account) -> None:
    """Somebody still manages the accounts and, where somebody did, leads the mission: else nobody would read what was
    opened, nor open files to anybody."""
    before = list(uow.accounts.all())
    after = [changed if one.id == changed.id else one for one in before]
    if not any(one.may(Permission.MANAGE_ACCOUNTS) for one in after):
        raise Conflict(_("Nobody would be left to manage the accounts: give this role to somebody else first."))
    if any(one.may(Permission.GIVE_ACCESS) for one in before) and not any(
        one.may(Permission.GIVE_ACCESS) for one in after
    ):
        raise Conflict(_("Nobody would be left to lead the mission: give this role to somebody else first."))


# The second factor (RFC 6238).


def new_totp_secret(desk: Desk) -> str:
    """160 random bits, base32: for the authenticator and, until it is confirmed, for nobody else."""
    return base64.b32encode(desk.federation.random_bytes(20)).decode()


def is_totp_secret(secret: str) -> bool:
    """Whether it has the form of ours."""
    try:
        return len(base64.b32decode(secret)) == 20
    except ValueError:
        return False


def totp_uri(secret: str, account: Account, issuer: str) -> str:
    """What the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=issuer)


def totp_step(secret: str, code: str, after: int, now: datetime) -> int:
    """The time step of a right code, one step early or late; 0 for a wrong one, or one not later than `after`."""
    given = "".join(code.split())
    current = int(now.timestamp()) // _TOTP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (current - 1, current, current + 1):
        if step > after and hmac.compare_digest(totp.generate_otp(step).encode(), given.encode("utf-8", "replace")):
            return step
    return 0


def enable_totp(desk: Desk, account_id: str, secret: str, code: str) -> tuple[str, ...]:
    """Ask for a code from now on, once one was typed right; returns the recovery codes, shown once. BadInput."""
    step = totp_step(secret, code, 0, desk.now())
    if step == 0:
        raise BadInput(_("This code is not the one that the application shows now: check the telephone's clock."))
    codes = tuple(readable_code(desk.federation.random_bytes(10)) for _number in range(RECOVERY_CODES))
    with desk.federation.database.write() as uow:
        account = find_account(uow, account_id)
        kept = tuple(digest(fold_code(code)) for code in codes)
        uow.accounts.save(replace(account, totp=secret, totp_step=step, recovery=kept))
    return codes


def disable_totp(desk: Desk, account_id: str, password: str) -> None:
    """Ask for no code any more. BadInput when the password is wrong."""
    with desk.federation.database.read() as uow:
        account = find_account(uow, account_id)
    if account.password and not password_is_right(account, password):
        raise BadInput(_("The present password is not this one."))
    with desk.federation.database.write() as uow:
        uow.accounts.save(replace(find_account(uow, account_id), totp="", totp_step=0, recovery=()))


def second_factor(account: Account, code: str, now: datetime) -> Account | None:
    """The account with that code used up: of the authenticator, or a recovery code; None for a wrong one."""
    step = totp_step(account.totp, code, account.totp_step, now)
    if step:
        return replace(account, totp_step=step)
    spent = digest(fold_code(code))
    if spent in account.recovery:
        return replace(account, recovery=tuple(one for one in account.recovery if one != spent))
    return None
