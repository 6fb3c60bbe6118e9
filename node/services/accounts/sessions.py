"""Sessions: opened, recognised, prolonged, ended; and what was typed after a session's end.

Guarantees: a session's token is 256 random bits, kept as a digest; a session of a closed account is none. Read next:
signing_in.py, node/web/frame/auth.py.
"""

import base64
from dataclasses import dataclass, replace
from datetime import timedelta

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.accounts.account import SESSION_LASTS, Account, AccountState, KeptForm, Session, digest
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session just opened. `token` goes into the cookie and nowhere else; `language` is the account's choice."""

    token: str
    session: Session
    language: str = ""


def open_session(
    uow: MissionUnitOfWork, desk: Desk, *, account: str = "", candidate: str = "", agent: str = "", id_token: str = ""
) -> OpenedSession:
    """A new session with a new token. The housekeeping of old rows is done here, as nothing else is as regular, unless
    the clock is doubted: the trail of a year would go."""
    now = desk.now()
    if desk.clock_unconfirmed(uow) is None:
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
    return OpenedSession(token, session, "" if known is None else known.language)


def recognise(desk: Desk, token: str) -> tuple[Session, Account | None] | None:
    """The session of a cookie, ended or not, with its account; None when there is no such session, or its account is
    closed. One that was ended elsewhere is known for a day, so that what was typed in it is kept."""
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
        uow.accounts.end_session(session_id, desk.now())


def revoke(desk: Desk, session: Session, other: str) -> bool:
    """End another session of the same person; False when it is not theirs, or not there."""
    with desk.federation.database.write() as uow:
        found = uow.accounts.session(other)
        if found is None or (found.account, found.candidate) != (session.account, session.candidate):
            return False
        return uow.accounts.end_session(other, desk.now())


def revoke_others(desk: Desk, session: Session) -> int:
    """End all other sessions of the same person; how many."""
    with desk.federation.database.write() as uow:
        return uow.accounts.end_sessions(
            desk.now(), account=session.account, candidate=session.candidate, but=session.id
        )


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
