"""Indexes for the lists of applications and of whom somebody follows: what they filter, order and count by."""

from collections.abc import Sequence

from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index(op.f("ix_forward_side_due"), "forward")
    op.drop_index(op.f("ix_forward_candidate"), "forward")
    op.create_index(op.f("ix_forward_side_due_moved_at_candidate"), "forward", ["side", "due", "moved_at", "candidate"])
    op.create_index(op.f("ix_forward_side_state_moved_at"), "forward", ["side", "state", "moved_at"])
    op.create_index(op.f("ix_forward_side_employer"), "forward", ["side", "employer"])
    op.create_index(op.f("ix_forward_candidate_state_created"), "forward", ["candidate", "state", "created"])
    op.create_index(op.f("ix_candidate_owner_id"), "candidate", ["owner", "id"])
