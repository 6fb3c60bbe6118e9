"""Workshops have revisions, and places the one that the person knows of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("workshop_place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told", sa.Integer(), nullable=True))
    # Whoever was invited so far was told by their counsellor; calendars got a cancellation as revision 1.
    op.execute("UPDATE workshop SET revision = 1 WHERE state = 'cancelled'")
    op.execute("UPDATE workshop_place SET told = 0")
    op.execute(
        "UPDATE workshop_place SET told = 1 WHERE workshop IN (SELECT id FROM workshop WHERE state = 'cancelled')"
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.alter_column("revision", server_default=None)
