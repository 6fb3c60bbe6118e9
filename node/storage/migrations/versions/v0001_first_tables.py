"""First tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("occupations", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("qualification", sa.Integer(), nullable=False),
        sa.Column("licences", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("contracts", sa.JSON(), nullable=False),
        sa.Column("mobility_km", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("relocates", sa.Boolean(), nullable=False),
        sa.Column("availability", sa.Date(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ready_by", sa.String(), nullable=True),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("ready_met", sa.String(), nullable=True),
        sa.Column("ready_met_on", sa.Date(), nullable=True),
        sa.Column("last_contact", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("reference", name=op.f("uq_candidate_reference")),
    )
    op.create_table(
        "class_member",
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("occupation", name=op.f("pk_class_member")),
    )
    op.create_table(
        "directory_cache",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("members_json", sa.LargeBinary(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_cache_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_cache")),
    )
    op.create_table(
        "disclosure",
        sa.Column("forward", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_index", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("order_index", sa.BigInteger(), nullable=True),
        sa.Column("order_message", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_index", sa.BigInteger(), nullable=True),
        sa.Column("receipt_epoch", sa.BigInteger(), nullable=True),
        sa.Column("receipt_message", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("forward", name=op.f("pk_disclosure")),
    )
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_candidate"), ["candidate"], unique=False)
        batch_op.create_index(
            "uq_disclosure_order",
            ["order"],
            unique=True,
            sqlite_where=sa.text("\"order\" <> ''"),
            postgresql_where=sa.text("\"order\" <> ''"),
        )

    op.create_table(
        "forward",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("checked", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("has_dossier", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forward")),
    )
    with op.batch_alter_table("forward", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forward_candidate"), ["candidate"], unique=False)
        batch_op.create_index(batch_op.f("ix_forward_created"), ["created"], unique=False)
        batch_op.create_index(batch_op.f("ix_forward_offer"), ["offer"], unique=False)

    op.create_table(
        "forward_papers",
        sa.Column("forward", sa.String(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("dossier", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("forward", name=op.f("pk_forward_papers")),
    )
    op.create_table(
        "join_request",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_join_request")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("idx", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("header_salt", sa.LargeBinary(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("body_salt", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("channel", "number", name=op.f("uq_journal_entry_channel_number")),
    )
    op.create_table(
        "journal_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("range", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint_size", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_state")),
    )
    op.create_table(
        "nonce",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "nonce", name=op.f("pk_nonce")),
    )
    with op.batch_alter_table("nonce", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nonce_seen"), ["seen"], unique=False)

    op.create_table(
        "offer",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column(
            "entry",
            sa.LargeBinary(),
            nullable=True,
            comment="of a peer's offer, whose detail is then the message as it travelled",
        ),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("node", "id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(
            "uq_offer_node_reference",
            ["node", "reference"],
            unique=True,
            sqlite_where=sa.text("reference <> ''"),
            postgresql_where=sa.text("reference <> ''"),
        )

    op.create_table(
        "own_release",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_own_release_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_release")),
    )
    op.create_table(
        "peer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column(
            "due",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="empty for a peer whose delivery state was never saved",
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_failure", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("alarm", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer")),
        sa.UniqueConstraint("node", name=op.f("uq_peer_node")),
    )
    op.create_table(
        "peer_release",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_peer_release")),
    )
    op.create_table(
        "consent",
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["candidate"], ["candidate.id"], name=op.f("fk_consent_candidate"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("candidate", "id", name=op.f("pk_consent")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("alarm", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first", sa.LargeBinary(), nullable=False),
        sa.Column("second", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["peer"], ["peer.id"], name=op.f("fk_evidence_peer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_table(
        "forward_move",
        sa.Column("forward", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("to_candidate", sa.String(), nullable=False),
        sa.Column("to_guarantor", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["forward"], ["forward.id"], name=op.f("fk_forward_move_forward"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forward", "position", name=op.f("pk_forward_move")),
    )
    op.create_table(
        "refusal",
        sa.Column("peer", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["peer"], ["peer.id"], name=op.f("fk_refusal_peer")),
        sa.PrimaryKeyConstraint("peer", "epoch", "idx", name=op.f("pk_refusal")),
    )
    op.create_table(
        "replica_cursor",
        sa.Column("peer", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("range", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["peer"], ["peer.id"], name=op.f("fk_replica_cursor_peer")),
        sa.PrimaryKeyConstraint("peer", "epoch", name=op.f("pk_replica_cursor")),
    )
    op.create_table(
        "replica_entry",
        sa.Column("peer", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("header_salt", sa.LargeBinary(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("body_salt", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["peer"], ["peer.id"], name=op.f("fk_replica_entry_peer")),
        sa.PrimaryKeyConstraint("peer", "epoch", "idx", name=op.f("pk_replica_entry")),
        sa.UniqueConstraint(
            "peer", "epoch", "channel", "number", name=op.f("uq_replica_entry_peer_epoch_channel_number")
        ),
    )
    op.create_table(
        "replica_head",
        sa.Column("peer", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["peer"], ["peer.id"], name=op.f("fk_replica_head_peer")),
        sa.PrimaryKeyConstraint("peer", "epoch", "channel", name=op.f("pk_replica_head")),
    )
