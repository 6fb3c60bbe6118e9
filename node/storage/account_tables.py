"""The tables of accounts, sessions and links. Nothing outside `node/storage` imports this module."""

from sqlalchemy import JSON, BigInteger, Column, Integer, String, Table

from node.storage.tables import METADATA
from node.storage.types import UtcDateTime

account = Table(
    "account",
    METADATA,
    Column("id", String, primary_key=True),
    Column("email", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("password", String, nullable=False),
    Column("totp", String, nullable=False),
    Column("totp_step", BigInteger, nullable=False),
    Column("recovery", JSON, nullable=False),
    Column("employer", String, nullable=False),
    Column("language", String, nullable=False),
    Column("state", String, nullable=False),
    Column("identity", String, unique=True, index=True),
)

# Of an account or of a candidate.
session = Table(
    "session",
    METADATA,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("candidate", String, nullable=False, index=True),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False, index=True),
    Column("agent", String, nullable=False),
    Column("id_token", String, nullable=False, server_default=""),
)

# One way in that was handed out.
magic_link = Table(
    "magic_link",
    METADATA,
    Column("id", String, primary_key=True),
    Column("purpose", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False, index=True),
    Column("used", UtcDateTime),
    Column("id_token", String, nullable=False, server_default=""),
)

# One line of the trail. Neither name nor file is a foreign key: the trail outlives the account.
access = Table(
    "access",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("account", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("candidate", String, nullable=False, index=True),
    Column("what", String, nullable=False),
)

# What was typed after the session's end.
kept_form = Table(
    "kept_form",
    METADATA,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("path", String, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("kept", UtcDateTime, nullable=False, index=True),
)

# Failed sign-ins under one key.
attempts = Table(
    "attempts",
    METADATA,
    Column("key", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", UtcDateTime, nullable=False, index=True),
    Column("locked_until", UtcDateTime),
)
