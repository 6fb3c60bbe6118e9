"""The list of forwards: from when on something is to be done about each, when it moved last, whose offer it is for;
notes of forwards; hires."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)
_WORDS = ("interview", "hired", "declined")
_WAITING = ("sent", "received", "seen")


def upgrade() -> None:
    op.create_table(
        "forward_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("forward", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("on", sa.Date()),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forward_note")),
        sa.ForeignKeyConstraint(
            ["forward"], ["forward.id"], name=op.f("fk_forward_note_forward_forward"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_forward_note_forward"), "forward_note", ["forward"])
    op.create_table(
        "hire",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("forward", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rome", sa.String(), nullable=False),
        sa.Column("contract", sa.String(), nullable=False),
        sa.Column("start", sa.Date()),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("month_on", sa.Date()),
        sa.Column("half_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("follow_on", sa.Date(), comment="follows from the others: the day of the next follow-up"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hire")),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidate.id"], name=op.f("fk_hire_candidate_candidate"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_hire_candidate"), "hire", ["candidate"])
    op.create_index(op.f("ix_hire_forward"), "hire", ["forward"])
    op.create_index(op.f("ix_hire_follow_on"), "hire", ["follow_on"])
    _follow()


def _follow() -> None:
    """What was under way is to be done from the same moments as if it had been followed from the start; an answer of a
    person who was spoken with since has been told."""
    columns = ("id", "side", "offer", "candidate", "state")
    forward = sa.table(
        "forward",
        *map(sa.column, (*columns, "employer")),
        *(sa.column(name, _MOMENT) for name in ("created", "due", "moved_at")),
    )
    move = sa.table("forward_move", *map(sa.column, ("forward", "event")), sa.column("at", _MOMENT))
    op.add_column("forward", sa.Column("due", _MOMENT))
    op.add_column("forward", sa.Column("moved_at", _MOMENT))
    op.add_column("forward", sa.Column("employer", sa.String(), nullable=False, server_default=""))
    connection = op.get_bind()
    moments: dict[str, list[tuple[str, datetime]]] = {}
    for row in connection.execute(sa.select(move.c.forward, move.c.event, move.c.at).order_by(move.c.at)):
        moments.setdefault(row.forward, []).append((row.event, row.at))
    people, spoken = _people(connection)
    employers: dict[str, str] = {}
    for row in connection.execute(sa.select(*(forward.c[name] for name in (*columns, "created")))).all():
        made = moments.get(row.id, [])
        if row.offer not in employers:
            employers[row.offer] = _employer(connection, row.offer)
        is_followed = row.side == "home" and row.candidate in people
        values: Mapping[str, Any] = {
            "due": _due(row.state, row.created, made, spoken.get(row.candidate)) if is_followed else None,
            "moved_at": max((at for _event, at in made), default=row.created),
            "employer": employers[row.offer],
        }
        connection.execute(sa.update(forward).where(forward.c.id == row.id).values(values))
    op.create_index(op.f("ix_forward_side_due"), "forward", ["side", "due"])


def _people(connection: sa.Connection) -> tuple[set[str], dict[str, datetime]]:
    """Who is in the register, and when a contact with them was written down last."""
    contact = sa.table("contact", *map(sa.column, ("candidate", "channel")), sa.column("written", _MOMENT))
    last = sa.select(contact.c.candidate, sa.func.max(contact.c.written, type_=_MOMENT))
    found = connection.execute(last.where(contact.c.channel != "note").group_by(contact.c.candidate))
    people = connection.execute(sa.select(sa.table("candidate", sa.column("id")).c.id)).scalars()
    return set(people), {row[0]: row[1] for row in found}


def _due(
    state: str, created: datetime, made: Sequence[tuple[str, datetime]], spoken: datetime | None
) -> datetime | None:
    last = dict(made)
    if state == "draft":
        return created
    if state in _WAITING:
        return last.get("sent", created) + timedelta(days=7)
    if state == "interview":
        return last.get("interview", created)
    if state == "hired":
        return last.get("hired", created)
    if state == "confirmed":
        return last.get("hired", last.get("confirmed", created))
    answered = last.get(state)
    if state in _WORDS and answered is not None and (spoken is None or spoken < answered):
        return answered
    return None


def _employer(connection: sa.Connection, key: str) -> str:
    offer = sa.table("offer", *map(sa.column, ("node", "id")), sa.column("detail", sa.LargeBinary))
    node, _slash, number = key.partition("/")
    detail = connection.execute(
        sa.select(offer.c.detail).where(offer.c.node == node, offer.c.id == number)
    ).scalar_one_or_none()
    return str(json.loads(detail).get("employer", "")) if detail else ""
