"""Who a sign-on provider says that somebody is, and what it wants back when they sign out."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("account", sa.Column("identity", sa.String(), nullable=True))
    op.create_index(op.f("ix_account_identity"), "account", ["identity"], unique=True)
    for table in ("session", "magic_link"):
        op.add_column(table, sa.Column("id_token", sa.String(), server_default="", nullable=False))
