"""Accounts, sessions, links, and the trail of who opened which file. Implements `node.mission.ports.Accounts`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from node.mission.accounts import (
    ACCESS_KEPT,
    CANDIDATES_LINKS,
    FORM_KEPT,
    Access,
    Account,
    AccountState,
    Attempts,
    KeptForm,
    LinkPurpose,
    MagicLink,
    Session,
)
from node.mission.vocabulary import Role
from node.storage.account_tables import AccessRow, AccountRow, AttemptsRow, KeptFormRow, MagicLinkRow, SessionRow
from node.storage.errors import Missing
from node.storage.transaction import Transaction

_NEWEST = (col(AccessRow.at).desc(), col(AccessRow.id).desc())


class SqlAccounts:
    """`node.mission.ports.Accounts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session

    def add(self, account: Account) -> None:
        self._session.add(_account_row(account))
        self._session.flush()

    def save(self, account: Account) -> None:
        if self._session.get(AccountRow, account.id) is None:
            raise Missing("account")
        self._session.merge(_account_row(account))
        self._session.flush()

    def get(self, account_id: str) -> Account | None:
        row = self._session.get(AccountRow, account_id)
        return None if row is None else _account(row)

    def by_email(self, email: str) -> Account | None:
        row = self._session.exec(select(AccountRow).where(AccountRow.email == email)).first()
        return None if row is None else _account(row)

    def by_identity(self, identity: str) -> Account | None:
        row = self._session.exec(select(AccountRow).where(AccountRow.identity == identity)).first()
        return None if row is None else _account(row)

    def all(self) -> Sequence[Account]:
        return [_account(row) for row in self._session.exec(select(AccountRow).order_by(col(AccountRow.email)))]

    def any(self) -> bool:
        return self._session.exec(select(AccountRow.id).limit(1)).first() is not None

    def add_session(self, session: Session) -> None:
        self._session.add(SessionRow(**{name: getattr(session, name) for name in Session.__slots__}))
        self._session.flush()

    def save_session(self, session: Session) -> None:
        self._session.merge(SessionRow(**{name: getattr(session, name) for name in Session.__slots__}))
        self._session.flush()

    def session(self, session_id: str) -> Session | None:
        row = self._session.get(SessionRow, session_id)
        return None if row is None else _open_session(row)

    def sessions(self, *, account: str = "", candidate: str = "") -> Sequence[Session]:
        wanted = select(SessionRow).where(SessionRow.account == account, SessionRow.candidate == candidate)
        return [_open_session(row) for row in self._session.exec(wanted.order_by(col(SessionRow.created).desc()))]

    def end_session(self, session_id: str) -> bool:
        return self._delete(sa.delete(SessionRow).where(col(SessionRow.id) == session_id)) > 0

    def end_sessions(self, *, account: str = "", candidate: str = "", but: str = "") -> int:
        return self._delete(
            sa.delete(SessionRow).where(
                col(SessionRow.account) == account,
                col(SessionRow.candidate) == candidate,
                col(SessionRow.id) != but,
            )
        )

    def add_link(self, link: MagicLink) -> None:
        self._session.add(MagicLinkRow(**{name: getattr(link, name) for name in MagicLink.__slots__}))
        self._session.flush()

    def link(self, link_id: str) -> MagicLink | None:
        row = self._session.get(MagicLinkRow, link_id)
        return None if row is None else _link(row)

    def links(self, purpose: LinkPurpose, subject: str) -> Sequence[MagicLink]:
        wanted = select(MagicLinkRow).where(MagicLinkRow.purpose == purpose.value, MagicLinkRow.subject == subject)
        return [_link(row) for row in self._session.exec(wanted.order_by(col(MagicLinkRow.created).desc()))]

    def use_link(self, link_id: str, at: datetime) -> None:
        self._session.execute(sa.update(MagicLinkRow).where(col(MagicLinkRow.id) == link_id).values(used=at))
        self._session.expire_all()

    def cancel_links(self, purpose: LinkPurpose, subject: str) -> None:
        self._delete(
            sa.delete(MagicLinkRow).where(
                col(MagicLinkRow.purpose) == purpose.value, col(MagicLinkRow.subject) == subject
            )
        )

    def give_links(self, links: Sequence[str], subject: str) -> None:
        self._session.execute(sa.update(MagicLinkRow).where(col(MagicLinkRow.id).in_(links)).values(subject=subject))
        self._session.expire_all()

    def drop_links(self, links: Sequence[str]) -> None:
        self._delete(sa.delete(MagicLinkRow).where(col(MagicLinkRow.id).in_(links)))

    def record_access(self, access: Access) -> None:
        self._session.add(AccessRow(**{name: getattr(access, name) for name in Access.__slots__}))
        self._session.flush()

    def accesses_to(self, candidate: str, limit: int = 200) -> Sequence[Access]:
        wanted = select(AccessRow).where(AccessRow.candidate == candidate)
        return [_access(row) for row in self._session.exec(wanted.order_by(*_NEWEST).limit(limit))]

    def accesses(self, limit: int = 200, account: str = "") -> Sequence[Access]:
        wanted = select(AccessRow).order_by(*_NEWEST).limit(limit)
        if account:
            wanted = wanted.where(AccessRow.account == account)
        return [_access(row) for row in self._session.exec(wanted)]

    def forget_candidate(self, candidate: str) -> None:
        for table in (SessionRow, AccessRow):
            self._delete(sa.delete(table).where(col(table.candidate) == candidate))
        self._delete(sa.delete(KeptFormRow).where(col(KeptFormRow.account) == candidate))
        for purpose in CANDIDATES_LINKS:
            self.cancel_links(purpose, candidate)
        self._transaction.destroyed = True

    def keep_form(self, form: KeptForm) -> None:
        fields = [list(pair) for pair in form.fields]
        self._session.merge(
            KeptFormRow(id=form.id, account=form.account, path=form.path, fields=fields, kept=form.kept)
        )
        self._session.flush()

    def kept_form(self, form_id: str) -> KeptForm | None:
        row = self._session.get(KeptFormRow, form_id)
        if row is None:
            return None
        fields = tuple((name, value) for name, value in row.fields)
        return KeptForm(id=row.id, account=row.account, path=row.path, fields=fields, kept=row.kept)

    def drop_form(self, form_id: str) -> None:
        if self._delete(sa.delete(KeptFormRow).where(col(KeptFormRow.id) == form_id)):
            self._transaction.destroyed = True

    def attempts(self, key: str) -> Attempts | None:
        row = self._session.get(AttemptsRow, key)
        if row is None:
            return None
        return Attempts(key=row.key, failures=row.failures, last=row.last, locked_until=row.locked_until)

    def save_attempts(self, attempts: Attempts) -> None:
        self._session.merge(AttemptsRow(**{name: getattr(attempts, name) for name in Attempts.__slots__}))
        self._session.flush()

    def clear_attempts(self, key: str) -> None:
        self._delete(sa.delete(AttemptsRow).where(col(AttemptsRow.key) == key))

    def purge(self, now: datetime) -> None:
        # A session's row outlives it for a day, so that a form sent too late is kept for the right person.
        day = timedelta(days=1)
        self._delete(sa.delete(SessionRow).where(col(SessionRow.expires) < now - day))
        self._delete(sa.delete(MagicLinkRow).where(col(MagicLinkRow.expires) < now - day))
        self._delete(sa.delete(AttemptsRow).where(col(AttemptsRow.last) < now - day))
        self._delete(sa.delete(AccessRow).where(col(AccessRow.at) < now - ACCESS_KEPT))
        if self._delete(sa.delete(KeptFormRow).where(col(KeptFormRow.kept) < now - FORM_KEPT)):
            self._transaction.destroyed = True

    def _delete(self, statement: sa.Delete) -> int:
        # Rows of these tables may be in the session's memory: it must not answer from there.
        self._session.expire_all()
        done = self._session.execute(statement)
        assert isinstance(done, sa.CursorResult)
        return done.rowcount


def _account_row(account: Account) -> AccountRow:
    return AccountRow(
        id=account.id,
        email=account.email,
        name=account.name,
        roles=sorted(account.roles),
        created=account.created,
        password=account.password,
        totp=account.totp,
        totp_step=account.totp_step,
        recovery=list(account.recovery),
        employer=account.employer,
        language=account.language,
        state=account.state.value,
        # No identity is no value, so that many accounts may have none.
        identity=account.identity or None,
    )


def _account(row: AccountRow) -> Account:
    return Account(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=frozenset(role for code in row.roles if (role := Role.read(code)) is not None),
        created=row.created,
        password=row.password,
        totp=row.totp,
        totp_step=row.totp_step,
        recovery=tuple(row.recovery),
        employer=row.employer,
        language=row.language,
        state=AccountState(row.state),
        identity=row.identity or "",
    )


def _open_session(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        account=row.account,
        candidate=row.candidate,
        created=row.created,
        expires=row.expires,
        agent=row.agent,
        id_token=row.id_token,
    )


def _link(row: MagicLinkRow) -> MagicLink:
    return MagicLink(
        id=row.id,
        purpose=LinkPurpose(row.purpose),
        subject=row.subject,
        created=row.created,
        expires=row.expires,
        used=row.used,
        id_token=row.id_token,
    )


def _access(row: AccessRow) -> Access:
    return Access(at=row.at, account=row.account, name=row.name, candidate=row.candidate, what=row.what)
