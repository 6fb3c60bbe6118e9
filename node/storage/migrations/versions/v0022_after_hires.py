"""What hires bring along; employers to whom sending pauses; links that last until a condition is met."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "after_hire",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True)),
        sa.Column("answered", sa.DateTime(timezone=True)),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidate.id"], name=op.f("fk_after_hire_candidate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_after_hire")),
    )
    op.create_index(op.f("ix_after_hire_candidate"), "after_hire", ["candidate"])
    # Hires of before had closed the others at once; whether their people still look for work was asked of nobody.
    op.execute(
        "INSERT INTO after_hire (id, candidate, at, heard, closed, answered, by) "
        "SELECT id, candidate, COALESCE(moved_at, created), COALESCE(moved_at, created), COALESCE(moved_at, created), "
        "NULL, '' FROM forward WHERE side = 'home' AND state IN ('hired', 'confirmed', 'broken_off') "
        "AND candidate IN (SELECT id FROM candidate)"
    )
    op.create_table(
        "employer_pause",
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("node", "employer", name=op.f("pk_employer_pause")),
    )
    op.add_column("sending_part", sa.Column("longer", sa.DateTime(timezone=True)))
    # Replies are kept with the sending alone; notes of them were never written. Those that wait are due from now on.
    op.execute("DELETE FROM forward_note WHERE kind = 'reply'")
    forward = sa.table("forward", sa.column("id"), sa.column("side"), sa.column("state"), sa.column("due"))
    word = sa.table("sending_word", sa.column("sending"), sa.column("forward"), sa.column("at"), sa.column("settled"))
    part = sa.table("sending_part", sa.column("sending"), sa.column("forward"))
    waiting = (
        sa.select(sa.func.min(word.c.at))
        .select_from(word.join(part, part.c.sending == word.c.sending))
        .where(part.c.forward == forward.c.id, word.c.settled.is_(None), word.c.forward.in_(["", part.c.forward]))
        .correlate(forward)
        .scalar_subquery()
    )
    takes_an_answer = ("sent", "received", "seen", "interview", "conditional", "fulfilled", "expired")
    op.execute(
        sa.update(forward)
        .where(forward.c.side == "home", forward.c.state.in_(takes_an_answer), waiting.is_not(None))
        .where(sa.or_(forward.c.due.is_(None), forward.c.due > waiting))
        .values(due=waiting)
    )
