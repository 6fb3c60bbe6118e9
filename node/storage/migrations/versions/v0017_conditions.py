"""What « oui, si… » asks for, which demands were missing, and which move another is about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("forward_move", sa.Column("lacking", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("forward_move", sa.Column("condition", sa.JSON()))
    op.add_column("forward_move", sa.Column("about_event", sa.String(), nullable=False, server_default=""))
    op.add_column("forward_move", sa.Column("about_at", sa.DateTime(timezone=True)))
    op.add_column("forward_move", sa.Column("instead", sa.String(), nullable=False, server_default=""))
