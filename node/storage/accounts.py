"""Accounts, sessions, links, and the trail of who opened which file. Implements
`node.mission.accounts.ports.Accounts`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from node.mission.accounts.account import (
    ACCESS_KEPT,
    CANDIDATES_LINKS,
    FORM_KEPT,
    Account,
    AccountState,
    Attempts,
    KeptForm,
    LinkPurpose,
    MagicLink,
    Session,
)
from node.mission.accounts.roles import Role
from node.mission.accounts.trail import Access, OpenedFor
from node.storage.errors import Missing
from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

account_table = sa.Table(
    "account",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("email", sa.String, nullable=False, unique=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("password", sa.String, nullable=False),
    sa.Column("totp", sa.String, nullable=False),
    sa.Column("totp_step", sa.BigInteger, nullable=False),
    sa.Column("recovery", sa.JSON, nullable=False),
    sa.Column("employer", sa.String, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("identity", sa.String, unique=True, index=True),
    sa.Column("trail_read_at", UtcDateTime),
)

# Of an account or of a candidate.
session_table = sa.Table(
    "session",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("account", sa.String, nullable=False, index=True),
    sa.Column("candidate", sa.String, nullable=False, index=True),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("expires", UtcDateTime, nullable=False, index=True),
    sa.Column("agent", sa.String, nullable=False),
    sa.Column("id_token", sa.String, nullable=False, server_default=""),
)

# One way in that was handed out.
magic_link = sa.Table(
    "magic_link",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("purpose", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False, index=True),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("expires", UtcDateTime, nullable=False, index=True),
    sa.Column("used", UtcDateTime),
    sa.Column("id_token", sa.String, nullable=False, server_default=""),
)

# One line of the trail. Neither name nor file is a foreign key: the trail outlives the account.
access_table = sa.Table(
    "access",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("account", sa.String, nullable=False, index=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("candidate", sa.String, nullable=False, index=True),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("because", sa.String, nullable=False, server_default=""),
)

# A token of the mission's programs that was ended.
ended_token = sa.Table(
    "ended_token",
    METADATA,
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("by", sa.String, nullable=False),
)

# What was typed after the session's end.
kept_form = sa.Table(
    "kept_form",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("account", sa.String, nullable=False),
    sa.Column("path", sa.String, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("kept", UtcDateTime, nullable=False, index=True),
)

# Failed sign-ins under one key.
attempts_table = sa.Table(
    "attempts",
    METADATA,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", UtcDateTime, nullable=False, index=True),
    sa.Column("locked_until", UtcDateTime),
)


_account = account_table.columns
_open_session = session_table.columns
_link = magic_link.columns
_form = kept_form.columns
_attempts = attempts_table.columns
_access = access_table.columns
_NEWEST = (_access.at.desc(), _access.id.desc())


class SqlAccounts:
    """`node.mission.accounts.ports.Accounts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def add(self, account: Account) -> None:
        self._transaction.insert(account_table, _account_row(account))

    def save(self, account: Account) -> None:
        if not self._transaction.update(account_table, _account_row(account)):
            raise Missing("account")

    def get(self, account_id: str) -> Account | None:
        return self._one(_account.id == account_id)

    def by_email(self, email: str) -> Account | None:
        return self._one(_account.email == email)

    def by_identity(self, identity: str) -> Account | None:
        return self._one(_account.identity == identity)

    def all(self) -> Sequence[Account]:
        rows = self._connection.execute(sa.select(account_table).order_by(_account.email))
        return [_read_account(row) for row in rows]

    def any(self) -> bool:
        return self._connection.execute(sa.select(_account.id).limit(1)).first() is not None

    def add_session(self, session: Session) -> None:
        self._transaction.insert(session_table, _fields(session))

    def save_session(self, session: Session) -> None:
        self._transaction.upsert(session_table, **_fields(session))

    def session(self, session_id: str) -> Session | None:
        return next(iter(self._sessions(_open_session.id == session_id)), None)

    def sessions(self, *, account: str = "", candidate: str = "") -> Sequence[Session]:
        return self._sessions(_open_session.account == account, _open_session.candidate == candidate)

    def end_session(self, session_id: str, at: datetime) -> bool:
        return self._end(at, _open_session.id == session_id) > 0

    def end_sessions(self, at: datetime, *, account: str = "", candidate: str = "", but: str = "") -> int:
        return self._end(
            at, _open_session.account == account, _open_session.candidate == candidate, _open_session.id != but
        )

    def _end(self, at: datetime, *wanted: sa.ColumnElement[bool]) -> int:
        # The row stays its day: a form that comes too late is kept for the right person.
        ended = sa.update(session_table).where(*wanted, _open_session.expires > at).values(expires=at)
        return self._connection.execute(ended).rowcount

    def add_link(self, link: MagicLink) -> None:
        self._transaction.insert(magic_link, _fields(link) | {"purpose": link.purpose.value})

    def link(self, link_id: str) -> MagicLink | None:
        return next(iter(self._links(_link.id == link_id)), None)

    def links(self, purpose: LinkPurpose, subject: str) -> Sequence[MagicLink]:
        return self._links(_link.purpose == purpose.value, _link.subject == subject)

    def use_link(self, link_id: str, at: datetime) -> None:
        self._connection.execute(sa.update(magic_link).where(_link.id == link_id).values(used=at))

    def cancel_links(self, purpose: LinkPurpose, subject: str) -> None:
        self._transaction.delete(magic_link, _link.purpose == purpose.value, _link.subject == subject)

    def drop_links(self, links: Sequence[str]) -> None:
        self._transaction.delete(magic_link, _link.id.in_(links))

    def record_access(self, access: Access) -> None:
        self._transaction.insert(access_table, _fields(access) | {"what": access.what.value})

    def accesses_to(self, candidate: str, limit: int = 200) -> Sequence[Access]:
        return self._accesses(limit, _access.candidate == candidate)

    def accesses(self, limit: int = 200, account: str = "", but: str = "") -> Sequence[Access]:
        wanted = [_access.account == account] if account else []
        return self._accesses(limit, *wanted, *([_access.account != but] if but else []))

    def count_accesses(self, account: str, since: datetime | None) -> int:
        wanted = [_access.account == account, *([_access.at > since] if since is not None else [])]
        counted = sa.select(sa.func.count()).select_from(access_table).where(*wanted)
        return int(self._connection.execute(counted).scalar_one())

    def end_token(self, digest: str, at: datetime, by: str) -> None:
        self._transaction.upsert(ended_token, digest=digest, at=at, by=by)

    def is_token_ended(self, digest: str) -> bool:
        wanted = sa.select(ended_token.columns.digest).where(ended_token.columns.digest == digest)
        return self._connection.execute(wanted).first() is not None

    def forget_candidate(self, candidate: str) -> None:
        self._transaction.delete(session_table, _open_session.candidate == candidate)
        self._transaction.delete(access_table, _access.candidate == candidate)
        self._transaction.delete(kept_form, _form.account == candidate)
        for purpose in CANDIDATES_LINKS:
            self.cancel_links(purpose, candidate)
        self._transaction.destroyed = True

    def keep_form(self, form: KeptForm) -> None:
        self._transaction.upsert(kept_form, **_fields(form) | {"fields": [list(pair) for pair in form.fields]})

    def kept_form(self, form_id: str) -> KeptForm | None:
        row = self._connection.execute(sa.select(kept_form).where(_form.id == form_id)).first()
        if row is None:
            return None
        fields = tuple((name, value) for name, value in row.fields)
        return KeptForm(id=row.id, account=row.account, path=row.path, fields=fields, kept=row.kept)

    def drop_form(self, form_id: str) -> None:
        if self._transaction.delete(kept_form, _form.id == form_id):
            self._transaction.destroyed = True

    def attempts(self, key: str) -> Attempts | None:
        row = self._connection.execute(sa.select(attempts_table).where(_attempts.key == key)).mappings().first()
        return None if row is None else Attempts(**row)

    def save_attempts(self, attempts: Attempts) -> None:
        self._transaction.upsert(attempts_table, **_fields(attempts))

    def clear_attempts(self, key: str) -> None:
        self._transaction.delete(attempts_table, _attempts.key == key)

    def purge(self, now: datetime) -> None:
        # A session's row outlives it for a day, so that a form sent too late is kept for the right person.
        day = timedelta(days=1)
        self._transaction.delete(session_table, _open_session.expires < now - day)
        self._transaction.delete(magic_link, _link.expires < now - day)
        self._transaction.delete(attempts_table, _attempts.last < now - day)
        self._transaction.delete(access_table, _access.at < now - ACCESS_KEPT)
        if self._transaction.delete(kept_form, _form.kept < now - FORM_KEPT):
            self._transaction.destroyed = True

    def _one(self, wanted: sa.ColumnElement[bool]) -> Account | None:
        row = self._connection.execute(sa.select(account_table).where(wanted)).first()
        return None if row is None else _read_account(row)

    def _sessions(self, *wanted: sa.ColumnElement[bool]) -> Sequence[Session]:
        ordered = sa.select(session_table).where(*wanted).order_by(_open_session.created.desc())
        return [Session(**row) for row in self._connection.execute(ordered).mappings()]

    def _links(self, *wanted: sa.ColumnElement[bool]) -> Sequence[MagicLink]:
        rows = self._connection.execute(sa.select(magic_link).where(*wanted).order_by(_link.created.desc()))
        return [MagicLink(**{**row, "purpose": LinkPurpose(row["purpose"])}) for row in rows.mappings()]

    def _accesses(self, limit: int, *wanted: sa.ColumnElement[bool]) -> Sequence[Access]:
        columns = (_access[name] for name in Access.__slots__)
        newest = sa.select(*columns).where(*wanted).order_by(*_NEWEST).limit(limit)
        return [_access_of(row) for row in self._connection.execute(newest).mappings()]


def _fields(value: Session | MagicLink | Access | KeptForm | Attempts) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _access_of(row: Mapping[Any, Any]) -> Access:
    # A word that an earlier version wrote and this one does not know was a reading at least.
    return Access(**{**row, "what": OpenedFor.read(row["what"]) or OpenedFor.READ})


def _account_row(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "roles": sorted(account.roles),
        "created": account.created,
        "password": account.password,
        "totp": account.totp,
        "totp_step": account.totp_step,
        "recovery": list(account.recovery),
        "employer": account.employer,
        "language": account.language,
        "state": account.state.value,
        # No identity is no value, so that many accounts may have none.
        "identity": account.identity or None,
        "trail_read_at": account.trail_read_at,
    }


def _read_account(row: Any) -> Account:
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
        trail_read_at=row.trail_read_at,
    )
