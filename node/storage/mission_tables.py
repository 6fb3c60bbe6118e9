"""The tables of the mission: people, agreements, forwards, what was disclosed. Nothing outside `node/storage` imports
this module. A change here needs a migration (see `migrate.py`); a test fails when there is none.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from node.storage.tables import METADATA
from node.storage.types import UtcDateTime

# One person of the town's register. Lists are JSON: they are read and written with the person only; `detail` is what
# the person's own pages alone read. The last three columns follow from the others, for queries.
candidate = Table(
    "candidate",
    METADATA,
    Column("id", String, primary_key=True),
    Column("reference", String, nullable=False, unique=True),
    Column("first_name", String, nullable=False),
    Column("last_name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("commune", String, nullable=False),
    Column("occupations", JSON, nullable=False),
    Column("skills", JSON, nullable=False),
    Column("qualification", Integer, nullable=False),
    Column("licences", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("contracts", JSON, nullable=False),
    Column("mobility_km", Integer, nullable=False),
    Column("places", JSON, nullable=False),
    Column("relocates", Boolean, nullable=False),
    Column("availability", Date),
    Column("summary", String, nullable=False),
    Column("state", String, nullable=False),
    Column("ready_by", String),
    Column("ready_on", Date),
    Column("ready_met", String),
    Column("ready_met_on", Date),
    Column("last_contact", Date),
    Column("cv_state", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("birth_date", Date),
    Column("hours", String, nullable=False),
    Column("vehicle", Boolean, nullable=False),
    Column("public_transport", Boolean, nullable=False),
    Column("photo", String, nullable=False),
    Column("source", String, nullable=False),
    Column("registered", Date),
    Column("first_ready", Date),
    Column("last_seen", Date),
    Column("notice_on", Date),
    Column("detail", LargeBinary, nullable=False),
    Column("ready_until", Date, index=True),
    Column("active_on", Date, index=True),
    Column("search", String, nullable=False, index=True),
    Index(None, "state", "owner", "last_contact"),
)

# One agreement of one person.
consent = Table(
    "consent",
    METADATA,
    Column("candidate", String, ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("scope", String, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("until", Date, nullable=False, index=True),
    Column("how", String, nullable=False),
    Column("offer", String, nullable=False),
    Column("withdrawn_at", UtcDateTime),
)

# The last number given in a sequence, such as references of a year.
sequence = Table(
    "sequence",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", Integer, nullable=False),
)

# One forward, on either side. `candidate` is no foreign key: the forward outlives the erased person.
forward = Table(
    "forward",
    METADATA,
    Column("id", String, primary_key=True),
    Column("side", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("offer", String, nullable=False, index=True),
    Column("revision", BigInteger, nullable=False),
    Column("site", String, nullable=False),
    Column("candidate", String, nullable=False, index=True),
    Column("why", String, nullable=False),
    Column("checked", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("created", UtcDateTime, nullable=False, index=True),
    Column("consent", String, nullable=False),
    Column("has_dossier", Boolean, nullable=False),
)

# One move, at its place in the forward's history.
forward_move = Table(
    "forward_move",
    METADATA,
    Column("forward", String, ForeignKey("forward.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("event", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("to_candidate", String, nullable=False),
    Column("to_guarantor", String, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)

# What the receiving side was sent, until it is destroyed.
forward_papers = Table(
    "forward_papers",
    METADATA,
    Column("forward", String, primary_key=True),
    Column("message", LargeBinary, nullable=False),
    Column("dossier", LargeBinary, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)

# Who was given what about one person, and the erasure that was ordered of it.
disclosure = Table(
    "disclosure",
    METADATA,
    Column("forward", String, primary_key=True),
    Column("candidate", String, nullable=False, index=True),
    Column("holder", String, nullable=False),
    Column("disclosed_at", UtcDateTime, nullable=False),
    Column("sent_index", BigInteger, nullable=False),
    Column("order", String, nullable=False),
    Column("ordered_at", UtcDateTime),
    Column("order_index", BigInteger),
    Column("order_message", LargeBinary, nullable=False),
    Column("receipt_at", UtcDateTime),
    Column("receipt_index", BigInteger),
    Column("receipt_epoch", BigInteger),
    Column("receipt_message", LargeBinary, nullable=False),
)
