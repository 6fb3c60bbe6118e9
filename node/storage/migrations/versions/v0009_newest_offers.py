"""An offer's occupation and when it was published: the newest of an occupation are found by the database."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_PART = 5_000
"""Rows at once: of a large network's offers not all are held in memory."""


class _Detail(msgspec.Struct):
    """An own offer, or one as it travels."""

    rome: str
    published: datetime | None = None


def upgrade() -> None:
    for name in ("rome", "published"):
        op.add_column("offer", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    offer = sa.table("offer", *(sa.column(name) for name in ("node", "id", "detail", "rome", "published")))
    following = sa.tuple_(offer.c.node, offer.c.id) > sa.tuple_(sa.bindparam("node_"), sa.bindparam("id_"))
    part = sa.select(offer.c.node, offer.c.id, offer.c.detail).where(following).order_by(offer.c.node, offer.c.id)
    fill = sa.update(offer).where(offer.c.node == sa.bindparam("node_"), offer.c.id == sa.bindparam("id_"))
    last = {"node_": "", "id_": ""}
    while rows := connection.execute(part.limit(_PART), last).all():
        connection.execute(fill, [_values(*row) for row in rows])
        last = {"node_": rows[-1].node, "id_": rows[-1].id}


def _values(node: str, number: str, data: bytes) -> dict[str, str]:
    detail = msgspec.json.decode(data, type=_Detail)
    moment = detail.published and detail.published.astimezone(UTC).replace(tzinfo=None)
    text = moment.isoformat(timespec="microseconds") if moment else ""
    return {"node_": node, "id_": number, "rome": detail.rome, "published": text}
