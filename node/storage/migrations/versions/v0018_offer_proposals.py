"""Offers that employers deposited on the public page, until a counsellor has dealt with them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "offer_proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False, comment="UTC, with microseconds"),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_proposal")),
    )
