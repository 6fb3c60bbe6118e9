"""What is kept of offers beside the lists: needs, spontaneous applications, the same offer once more."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    aside = sa.text("state NOT IN ('open', 'closed')")
    op.create_index("ix_offer_aside", "offer", ["node", "state", "id"], sqlite_where=aside, postgresql_where=aside)
