"""The appellation chosen for each occupation sought: [code, months] becomes [code, months, appellation]."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    connection = op.get_bind()
    candidate = sa.table("candidate", sa.column("id", sa.String()), sa.column("occupations", sa.JSON()))
    for key, occupations in connection.execute(sa.select(candidate.c.id, candidate.c.occupations)).all():
        if occupations:
            rows = [[rome, months, ""] for rome, months in occupations]
            connection.execute(sa.update(candidate).where(candidate.c.id == key).values(occupations=rows))
