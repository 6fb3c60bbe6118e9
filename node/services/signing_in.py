"""Signing in: by password, by link, by a printed code; sessions; what was typed after a session's end.

Guarantees: tokens are 256 random bits, kept as digests; a link opens once, and only by `open_link` (looking at it
changes nothing); failures count per e-mail and per network address, in the database, whether the account exists or
not; an answer says nothing about which e-mails have an account. Read next: node/web/signin.py.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote

from node.errors import Conflict, NodeError, NotFound
from node.i18n import gettext as _
from node.mailing import Mail
from node.mission.accounts import (
    FIRST_LINK_LASTS,
    INVITATION_LASTS,
    LINK_LASTS,
    PAPER_CODE_LASTS,
    SECOND_STEP_LASTS,
    SESSION_LASTS,
    SIGN_ON_LASTS,
    Account,
    AccountState,
    Attempts,
    KeptForm,
    LinkPurpose,
    MagicLink,
    Session,
    after_failure,
    digest,
    fold_code,
    fold_email,
    readable_code,
)
from node.mission.ports import MissionUnitOfWork
from node.mission.vocabulary import Role
from node.services.accounts import (
    add_account,
    find_account,
    hashed,
    new_account,
    password_is_right,
    second_factor,
    set_password,
)
from node.services.desk import Desk

LASTS = {
    LinkPurpose.FIRST_ACCOUNT: FIRST_LINK_LASTS,
    LinkPurpose.SIGN_IN: LINK_LASTS,
    LinkPurpose.INVITATION: INVITATION_LASTS,
    LinkPurpose.SECOND_STEP: SECOND_STEP_LASTS,
    LinkPurpose.SIGN_ON: SIGN_ON_LASTS,
    LinkPurpose.CANDIDATE: LINK_LASTS,
    LinkPurpose.PAPER: PAPER_CODE_LASTS,
}

LINK_PATH = "/connexion/lien/"
"""Where a link leads; its token follows."""


class SignInRefused(NodeError):
    """E-mail, password or code are not right together; which, is not said."""

    status = HTTPStatus.UNAUTHORIZED
    problem = "sign_in_refused"


class TooManyAttempts(NodeError):
    """No attempt is heard until `until`."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    problem = "too_many_attempts"

    def __init__(self, text: str, until: datetime) -> None:
        super().__init__(text)
        self.until = until


class LinkSpent(NodeError):
    """The link was used, replaced, or is too old; or it never was one."""

    status = HTTPStatus.GONE
    problem = "link_spent"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened. `token` goes into the cookie and nowhere else; `language` is the account's choice."""

    token: str
    session: Session
    language: str = ""


@dataclass(frozen=True, slots=True)
class CodeAwaited:
    """The first factor was right. `token` goes back with the code of the second one."""

    token: str


def sign_in(desk: Desk, email: str, password: str, address: str, agent: str) -> Opened | CodeAwaited:
    """By e-mail and password. SignInRefused, TooManyAttempts."""
    email = fold_email(email)
    with desk.federation.database.read() as uow:
        _refuse_locked(uow, email, address, desk.now())
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
            return CodeAwaited(_add_link(uow, desk, LinkPurpose.SECOND_STEP, current.id))
        else:
            uow.accounts.clear_attempts(_key("account", email))
            return open_session(uow, desk, account=current.id, agent=agent)
    raise _refused()


def give_code(desk: Desk, token: str, code: str, address: str, agent: str) -> Opened:
    """The second factor. SignInRefused, TooManyAttempts, LinkSpent when it came too late."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        link = _living(uow, token, now, LinkPurpose.SECOND_STEP)
        account = find_account(uow, link.subject)
        _refuse_locked(uow, account.email, address, now)
        used = second_factor(account, code, now) if account.state is AccountState.ACTIVE else None
        if used is not None:
            uow.accounts.save(used)
            uow.accounts.use_link(link.id, now)
            uow.accounts.clear_attempts(_key("account", account.email))
            return open_session(uow, desk, account=account.id, agent=agent, id_token=link.id_token)
        count_failure(uow, account.email, address, now)
    raise SignInRefused(_("This code is not right, or was used already: wait for the next one."))


def count_failure(uow: MissionUnitOfWork, email: str, address: str, now: datetime) -> None:
    """One more failure, for the e-mail (when there is one) and for the address."""
    for kind, value in (("account", email), ("address", address)):
        if value:
            key = _key(kind, value)
            uow.accounts.save_attempts(after_failure(uow.accounts.attempts(key), key, kind, now))


def _refuse_locked(uow: MissionUnitOfWork, email: str, address: str, now: datetime) -> None:
    for kind, value in (("account", email), ("address", address)):
        attempts = uow.accounts.attempts(_key(kind, value))
        if attempts is not None and attempts.is_locked(now):
            assert attempts.locked_until is not None
            minutes = -(-int((attempts.locked_until - now).total_seconds()) // 60)
            raise TooManyAttempts(
                _("Too many attempts. Try again in {minutes} min, or ask for a link by e-mail.").format(
                    minutes=minutes
                ),
                attempts.locked_until,
            )


def _refused() -> SignInRefused:
    return SignInRefused(_("This e-mail and this password do not go together."))


def _key(kind: str, value: str) -> str:
    return digest(f"{kind}:{value}")


# Links.


def new_link(desk: Desk, purpose: LinkPurpose, subject: str) -> str:
    """Hand out a way in; returns its token, which is kept nowhere. Ones given before stay good."""
    with desk.federation.database.write() as uow:
        return _add_link(uow, desk, purpose, subject)


def add_link(uow: MissionUnitOfWork, desk: Desk, purpose: LinkPurpose, subject: str, id_token: str = "") -> str:
    """As `new_link`, inside a unit of work. A new printed code replaces the old one."""
    return _add_link(uow, desk, purpose, subject, id_token)


def use_up(uow: MissionUnitOfWork, token: str, purpose: LinkPurpose, now: datetime) -> MagicLink:
    """What was handed out for that purpose, which opens nothing from now on. LinkSpent."""
    link = _living(uow, token, now, purpose)
    uow.accounts.use_link(link.id, now)
    return link


def link_url(desk: Desk, token: str) -> str:
    """The whole address of a link."""
    return f"{desk.federation.base_url}{LINK_PATH}{quote(token, safe='')}"


def link_mail(site: str, account: Account, purpose: LinkPurpose, url: str) -> Mail:
    """The mail that carries a link."""
    lasts = LASTS[purpose]
    hours = int(lasts.total_seconds() // 3600)
    text = _(
        "Good day {name},\n\nHere is your link to {site}:\n\n{url}\n\n"
        "It works once, and for {time}. If you did not expect it, leave it alone: nothing happens.\n"
    )
    minutes = lasts.seconds // 60
    time = _("{hours} hours").format(hours=hours) if hours else _("{minutes} minutes").format(minutes=minutes)
    return Mail(
        to=account.email,
        subject=_("Your link to {site}").format(site=site),
        text=text.format(name=account.name, site=site, url=url, time=time),
    )


ASKED_FREELY = 20
"""How many links may be asked for from one network address in two hours."""


def count_request(desk: Desk, address: str) -> None:
    """One more demand for a link from that address; TooManyAttempts when there were too many."""
    now, key = desk.now(), _key("asked", address)
    with desk.federation.database.write() as uow:
        before = uow.accounts.attempts(key)
        if before is not None and now - before.last < timedelta(hours=2):
            if before.failures >= ASKED_FREELY:
                raise TooManyAttempts(
                    _("Too many links were asked for from here. Try again in two hours."), now + timedelta(hours=2)
                )
            uow.accounts.save_attempts(replace(before, failures=before.failures + 1))
        else:
            uow.accounts.save_attempts(Attempts(key=key, failures=1, last=now))


def look_at_link(desk: Desk, token: str) -> MagicLink:
    """What it would do; changes nothing. LinkSpent."""
    with desk.federation.database.read() as uow:
        return _living(uow, token, desk.now())


def open_link(desk: Desk, token: str, address: str, agent: str) -> Opened | CodeAwaited:
    """Open the session of a SIGN_IN, CANDIDATE or PAPER link. LinkSpent, TooManyAttempts."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        _refuse_locked(uow, "", address, now)
        link = uow.accounts.link(digest(_plain(token)))
        if link is None or not link.opens(now):
            count_failure(uow, "", address, now)
        elif link.purpose is LinkPurpose.SIGN_IN:
            account = find_account(uow, link.subject)
            if account.state is AccountState.ACTIVE:
                uow.accounts.use_link(link.id, now)
                if account.totp:
                    return CodeAwaited(_add_link(uow, desk, LinkPurpose.SECOND_STEP, account.id))
                return open_session(uow, desk, account=account.id, agent=agent)
        elif link.purpose in (LinkPurpose.CANDIDATE, LinkPurpose.PAPER):
            uow.accounts.use_link(link.id, now)
            return open_session(uow, desk, candidate=link.subject, agent=agent)
    raise _spent()


def accept_invitation(desk: Desk, token: str, password: str, agent: str) -> Opened:
    """Choose a password and come in. LinkSpent; BadInput for a weak password, and the link stays good."""
    with desk.federation.database.read() as uow:
        invited = find_account(uow, _living(uow, token, desk.now(), LinkPurpose.INVITATION).subject)
    stored = hashed(password, invited.email, invited.name)
    with desk.federation.database.write() as uow:
        link = _living(uow, token, desk.now(), LinkPurpose.INVITATION)
        account = set_password(uow, link.subject, stored)
        if account.state is not AccountState.ACTIVE:
            raise _spent()
        return open_session(uow, desk, account=account.id, agent=agent)


FIRST_ROLES = {
    "town": (Role.HEAD, Role.ADMINISTRATOR),
    "employer": (Role.EMPLOYER, Role.ADMINISTRATOR),
    "coordinator": (Role.COORDINATOR, Role.ADMINISTRATOR),
}
"""What the first account may be, by the node's own role."""


def create_first_account(
    desk: Desk, token: str, *, name: str, email: str, password: str, roles: Iterable[Role], agent: str
) -> Opened:
    """The node's first account, which manages the others. LinkSpent, BadInput, Conflict when there is one."""
    account = new_account(desk, name=name, email=email, roles=roles, password=password)
    with desk.federation.database.write() as uow:
        link = _living(uow, token, desk.now(), LinkPurpose.FIRST_ACCOUNT)
        if uow.accounts.any():
            raise Conflict(_("The first account exists: sign in with it."))
        add_account(uow, account)
        uow.accounts.use_link(link.id, desk.now())
        return open_session(uow, desk, account=account.id, agent=agent)


def first_link(desk: Desk) -> str | None:
    """The address where the first account is created, while there is none; every earlier one opens nothing."""
    with desk.federation.database.read() as uow:
        if uow.accounts.any():
            return None
    with desk.federation.database.write() as uow:
        uow.accounts.cancel_links(LinkPurpose.FIRST_ACCOUNT, desk.node_id)
        return link_url(desk, _add_link(uow, desk, LinkPurpose.FIRST_ACCOUNT, desk.node_id))


def _add_link(uow: MissionUnitOfWork, desk: Desk, purpose: LinkPurpose, subject: str, id_token: str = "") -> str:
    now = desk.now()
    if purpose is LinkPurpose.PAPER:
        uow.accounts.cancel_links(purpose, subject)
        token = readable_code(desk.federation.random_bytes(10))
    else:
        token = base64.urlsafe_b64encode(desk.federation.random_bytes(32)).decode().rstrip("=")
    uow.accounts.add_link(
        MagicLink(
            id=digest(_plain(token)),
            purpose=purpose,
            subject=subject,
            created=now,
            expires=now + LASTS[purpose],
            id_token=id_token,
        )
    )
    return token


def _plain(token: str) -> str:
    """A printed code may be typed otherwise than it was printed; a link's token is longer and taken as it is."""
    return token if len(token) >= 40 else fold_code(token)


def _living(uow: MissionUnitOfWork, token: str, now: datetime, purpose: LinkPurpose | None = None) -> MagicLink:
    link = uow.accounts.link(digest(_plain(token)))
    if link is None or not link.opens(now) or purpose not in (None, link.purpose):
        raise _spent()
    return link


def _spent() -> LinkSpent:
    return LinkSpent(_("This link was used already, or is too old: ask for a new one."))


# Sessions.


def open_session(
    uow: MissionUnitOfWork, desk: Desk, *, account: str = "", candidate: str = "", agent: str = "", id_token: str = ""
) -> Opened:
    """A new session with a new token. The housekeeping of old rows is done here, as nothing else is as regular."""
    now = desk.now()
    uow.accounts.purge(now)
    token = base64.urlsafe_b64encode(desk.federation.random_bytes(32)).decode().rstrip("=")
    session = Session(
        id=digest(token),
        account=account,
        candidate=candidate,
        created=now,
        expires=now + SESSION_LASTS,
        agent=agent[:60],
        id_token=id_token,
    )
    uow.accounts.add_session(session)
    known = uow.accounts.get(account) if account else None
    return Opened(token, session, "" if known is None else known.language)


def recognise(desk: Desk, token: str) -> tuple[Session, Account | None] | None:
    """The session of a cookie, ended or not, with its account; None when there is no such session, or it was revoked,
    or its account closed."""
    with desk.federation.database.read() as uow:
        session = uow.accounts.session(digest(token))
        if session is None:
            return None
        account = uow.accounts.get(session.account) if session.account else None
    if session.account and (account is None or account.state is not AccountState.ACTIVE):
        return None
    return session, account


def stay(desk: Desk, session_id: str) -> Session:
    """The person says that they stay: the session lasts as long again from now. NotFound when it has ended."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        session = uow.accounts.session(session_id)
        if session is None or not session.is_open(now):
            raise NotFound(_("The session has ended: sign in again."))
        session = replace(session, expires=now + SESSION_LASTS)
        uow.accounts.save_session(session)
        return session


def sign_out(desk: Desk, session_id: str) -> None:
    """End one session."""
    with desk.federation.database.write() as uow:
        uow.accounts.end_session(session_id)


def revoke(desk: Desk, session: Session, other: str) -> bool:
    """End another session of the same person; False when it is not theirs, or not there."""
    with desk.federation.database.write() as uow:
        found = uow.accounts.session(other)
        if found is None or (found.account, found.candidate) != (session.account, session.candidate):
            return False
        return uow.accounts.end_session(other)


def revoke_others(desk: Desk, session: Session) -> int:
    """End all other sessions of the same person; how many."""
    with desk.federation.database.write() as uow:
        return uow.accounts.end_sessions(account=session.account, candidate=session.candidate, but=session.id)


# What was typed after the session's end.

KEPT_BYTES = 256 * 1024


def keep_form(desk: Desk, account: str, path: str, fields: tuple[tuple[str, str], ...]) -> str | None:
    """Keep what somebody sent too late; returns the token that takes it back, None when it is too long to be kept."""
    if sum(len(name) + len(value) for name, value in fields) > KEPT_BYTES:
        return None
    token = base64.urlsafe_b64encode(desk.federation.random_bytes(32)).decode().rstrip("=")
    with desk.federation.database.write() as uow:
        uow.accounts.keep_form(KeptForm(id=digest(token), account=account, path=path, fields=fields, kept=desk.now()))
    return token


def take_form(desk: Desk, account: str, token: str) -> KeptForm | None:
    """What was kept for that account, once; None for anybody else, or after its hour."""
    with desk.federation.database.write() as uow:
        form = uow.accounts.kept_form(digest(token))
        if form is None or form.account != account:
            return None
        uow.accounts.drop_form(form.id)
        return None if desk.now() - form.kept > timedelta(hours=1) else form
