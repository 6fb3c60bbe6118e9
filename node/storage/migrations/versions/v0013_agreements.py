"""Agreements to a named employer; when a person said that their file is to go. Until now that was the withdrawal of
every agreement to keep it, by somebody who was taken out of the register with it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("consent", sa.Column("employer", sa.String(), nullable=False, server_default=""))
    op.add_column("candidate", sa.Column("objected_at", sa.DateTime(timezone=True)))
    consent = sa.table("consent", *map(sa.column, ("candidate", "scope", "withdrawn_at")))
    person = sa.table("candidate", *map(sa.column, ("id", "state", "objected_at")))
    kept = sa.select(consent.c.candidate).where(consent.c.scope == "keep", consent.c.withdrawn_at.is_(None))
    last = (
        sa.select(sa.func.max(consent.c.withdrawn_at))
        .where(consent.c.candidate == person.c.id, consent.c.scope == "keep")
        .scalar_subquery()
    )
    op.execute(
        sa.update(person).where(person.c.state == "withdrawn", person.c.id.not_in(kept)).values(objected_at=last)
    )
