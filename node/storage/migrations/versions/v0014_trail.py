"""Why a command on the server opened a file; up to when somebody has read the trail; ended tokens of programs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("access", sa.Column("because", sa.String(), nullable=False, server_default=""))
    op.add_column("account", sa.Column("trail_read_at", sa.DateTime(timezone=True)))
    op.create_table(
        "ended_token",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ended_token")),
    )
