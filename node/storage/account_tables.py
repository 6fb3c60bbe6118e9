"""The tables of accounts, sessions and links. Nothing outside `node/storage` imports this module."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from node.storage.tables import Row
from node.storage.types import UtcDateTime


class AccountRow(Row, table=True):
    """One account."""

    __tablename__ = "account"

    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    roles: list[str] = Field(sa_type=sa.JSON)
    created: datetime = Field(sa_type=UtcDateTime)
    password: str
    totp: str
    totp_step: int = Field(sa_type=sa.BigInteger)
    recovery: list[str] = Field(sa_type=sa.JSON)
    employer: str
    language: str
    state: str
    identity: str | None = Field(default=None, unique=True, index=True)


class SessionRow(Row, table=True):
    """One open session, of an account or of a candidate."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    account: str = Field(index=True)
    candidate: str = Field(index=True)
    created: datetime = Field(sa_type=UtcDateTime)
    expires: datetime = Field(sa_type=UtcDateTime, index=True)
    agent: str
    id_token: str = Field(default="", sa_column_kwargs={"server_default": ""})


class MagicLinkRow(Row, table=True):
    """One way in that was handed out."""

    __tablename__ = "magic_link"

    id: str = Field(primary_key=True)
    purpose: str
    subject: str = Field(index=True)
    created: datetime = Field(sa_type=UtcDateTime)
    expires: datetime = Field(sa_type=UtcDateTime, index=True)
    used: datetime | None = Field(default=None, sa_type=UtcDateTime)
    id_token: str = Field(default="", sa_column_kwargs={"server_default": ""})


class AccessRow(Row, table=True):
    """One line of the trail. Neither name nor file is a foreign key: the trail outlives the account."""

    __tablename__ = "access"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    account: str = Field(index=True)
    name: str
    candidate: str = Field(index=True)
    what: str


class KeptFormRow(Row, table=True):
    """What was typed after the session's end."""

    __tablename__ = "kept_form"

    id: str = Field(primary_key=True)
    account: str
    path: str
    fields: list[Any] = Field(sa_type=sa.JSON)
    kept: datetime = Field(sa_type=UtcDateTime, index=True)


class AttemptsRow(Row, table=True):
    """Failed sign-ins under one key."""

    __tablename__ = "attempts"

    key: str = Field(primary_key=True)
    failures: int
    last: datetime = Field(sa_type=UtcDateTime, index=True)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
