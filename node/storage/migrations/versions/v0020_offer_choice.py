"""What people said of offers that fit them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "offer_choice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False, comment="<node>/<offer>"),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("wants", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidate.id"], name=op.f("fk_offer_choice_candidate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_choice")),
    )
    op.create_index(op.f("ix_offer_choice_candidate"), "offer_choice", ["candidate"])
    op.create_index(op.f("ix_offer_choice_offer"), "offer_choice", ["offer"])
