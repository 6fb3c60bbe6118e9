"""The tables of the traffic, and what all tables share. Nothing outside `node/storage` imports this module.

Core tables are what commands read and what arrives in thousands, the journal and what peers told: the latter are
written in their column order (see transaction.py), so that order is part of their contract. They are made in
milliseconds, while a class of SQLModel takes twenty times as long: only what is edited on pages alone is one (see
reception_tables.py). Keys are integers or the names that the network uses; nothing in
a replica is keyed at random, which would touch the whole index for every page taken in. A change here needs a migration
(see `migrate.py`); a test fails when there is none.
"""

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from node.storage.types import ROW_NUMBER, UtcDateTime

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _only_row() -> tuple[Column[int], CheckConstraint]:
    """A table of exactly one row."""
    return Column("id", Integer, primary_key=True, autoincrement=False), CheckConstraint("id = 1", name="one_row")


# The node's own journal.

journal_state = Table(
    "journal_state",
    METADATA,
    *_only_row(),
    Column("node", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("range", LargeBinary, nullable=False),
    Column("checkpoint_size", BigInteger, nullable=False),
    Column("checkpoint", LargeBinary),
)

journal_entry = Table(
    "journal_entry",
    METADATA,
    Column("idx", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
    Column("channel", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("header_salt", LargeBinary, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("body_salt", LargeBinary),
    Column("body", LargeBinary),
    sa.UniqueConstraint("channel", "number"),
)

# What peers told. A peer has a small number, so that the rows of its journal have short keys.

peer = Table(
    "peer",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("node", Text, nullable=False, unique=True),
    Column("due", UtcDateTime, comment="empty for a peer whose delivery state was never saved"),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("last_success", UtcDateTime),
    Column("last_failure", UtcDateTime),
    Column("last_error", Text, nullable=False),
    Column("alarm", Text, nullable=False),
)

replica_cursor = Table(
    "replica_cursor",
    METADATA,
    Column("peer", ForeignKey("peer.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("range", LargeBinary, nullable=False),
    Column("checkpoint", LargeBinary),
)

replica_head = Table(
    "replica_head",
    METADATA,
    Column("peer", ForeignKey("peer.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)

replica_entry = Table(
    "replica_entry",
    METADATA,
    Column("peer", ForeignKey("peer.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
    Column("channel", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("header_salt", LargeBinary, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("body_salt", LargeBinary),
    Column("body", LargeBinary),
    sa.UniqueConstraint("peer", "epoch", "channel", "number"),
)

refusal = Table(
    "refusal",
    METADATA,
    Column("peer", ForeignKey("peer.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

evidence = Table(
    "evidence",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("peer", ForeignKey("peer.id"), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("alarm", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("first", LargeBinary, nullable=False),
    Column("second", LargeBinary, nullable=False),
)

nonce = Table(
    "nonce",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("seen", UtcDateTime, nullable=False, index=True),
)

directory_cache = Table(
    "directory_cache",
    METADATA,
    *_only_row(),
    Column("members_json", LargeBinary, nullable=False),
    Column("verified_at", UtcDateTime, nullable=False),
)

join_request = Table(
    "join_request",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

told_end = Table(
    "told_end",
    METADATA,
    Column("what", Text, primary_key=True),
    Column("who_acts", Text, primary_key=True),
    Column("ends", UtcDateTime, primary_key=True),
    Column("threshold", Integer, primary_key=True, autoincrement=False),
    Column("told", UtcDateTime, nullable=False),
)

# Offers and releases: whole values as JSON, which only their repository reads, beside what queries look at.

offer = Table(
    "offer",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("closes", sa.Date, nullable=False),
    Column("entry", LargeBinary, comment="of a peer's offer, whose detail is then the message as it travelled"),
    Column("detail", LargeBinary, nullable=False),
    Column("rome", Text, nullable=False, server_default=""),
    Column("published", Text, nullable=False, server_default="", comment="UTC, with microseconds; empty before"),
)

own_release = Table(
    "own_release",
    METADATA,
    *_only_row(),
    Column("idx", BigInteger, nullable=False),
    Column("detail", LargeBinary, nullable=False),
)

class_member = Table(
    "class_member",
    METADATA,
    Column("occupation", Text, primary_key=True),
    Column("detail", LargeBinary, nullable=False),
)

peer_release = Table(
    "peer_release",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("received", UtcDateTime, nullable=False),
    Column("detail", LargeBinary, nullable=False),
)


# References of erased people: their keyed hashes, and the node's one key for them.

erased_salt = Table("erased_salt", METADATA, *_only_row(), Column("salt", LargeBinary, nullable=False))

erased_reference = Table("erased_reference", METADATA, Column("digest", LargeBinary, primary_key=True))
