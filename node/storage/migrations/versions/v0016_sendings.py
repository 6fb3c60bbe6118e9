"""Sendings to local employers: who is in them, their links, and what employers wrote."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "sending",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("contact_address", sa.String(), nullable=False),
        sa.Column("with_cvs", sa.Boolean(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed", sa.DateTime(timezone=True)),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending")),
        sa.UniqueConstraint("code", name=op.f("uq_sending_code")),
    )
    op.create_index(op.f("ix_sending_offer"), "sending", ["offer"])
    op.create_index(op.f("ix_sending_until"), "sending", ["until"])
    op.create_table(
        "sending_part",
        sa.Column("sending", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("forward", sa.String(), nullable=False),
        sa.Column("checked", sa.JSON(), nullable=False),
        sa.Column("asked_back", sa.DateTime(timezone=True)),
        sa.Column("told", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["sending"], ["sending.id"], name=op.f("fk_sending_part_sending"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sending", "position", name=op.f("pk_sending_part")),
    )
    op.create_index(op.f("ix_sending_part_forward"), "sending_part", ["forward"])
    op.create_table(
        "sending_link",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sending", sa.String(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sending"], ["sending.id"], name=op.f("fk_sending_link_sending"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sending_link")),
    )
    op.create_index(op.f("ix_sending_link_sending"), "sending_link", ["sending"])
    op.create_table(
        "sending_word",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sending", sa.String(), nullable=False),
        sa.Column("forward", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("settled", sa.DateTime(timezone=True)),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sending"], ["sending.id"], name=op.f("fk_sending_word_sending"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_word")),
    )
    op.create_index(op.f("ix_sending_word_sending"), "sending_word", ["sending"])
