"""What was decided on employers who do not answer. Implements `node.mission.forwards.ports.EmployerPauses`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from node.mission.forwards.after_hire import FOLLOWED
from node.mission.forwards.forward import ForwardState, Side
from node.mission.forwards.moves import ANSWERS
from node.mission.forwards.pauses import LATE_AT_LEAST, LOOKED_BACK, OLDEST, EmployerPause
from node.storage.forwards.forwards import forward_move, forward_table
from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

# An employer of a node, by the name that it has in offers.
employer_pause_table = sa.Table(
    "employer_pause",
    METADATA,
    sa.Column("node", sa.String, primary_key=True),
    sa.Column("employer", sa.String, primary_key=True),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
)

_pause = employer_pause_table.columns
_forward = forward_table.columns
_move = forward_move.columns
_ANSWERED: Final = tuple(state.value for state in ANSWERS | FOLLOWED)


class SqlEmployerPauses:
    """See the port."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, pause: EmployerPause) -> None:
        self._transaction.upsert(employer_pause_table, **asdict(pause))

    def get(self, node: str, employer: str) -> EmployerPause | None:
        return next(iter(self._all(_pause.node == node, _pause.employer == employer)), None)

    def holding(self, today: date) -> Sequence[EmployerPause]:
        return self._all(_pause.until >= today)

    def silent(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        ended = (
            sa.select(_move.forward)
            .where(_move.event == ForwardState.EXPIRED.value, _move.at >= now - LOOKED_BACK)
            .distinct()
            .subquery()
        )
        late = sa.func.count(ended.c.forward)
        answered = sa.func.sum(sa.case((_forward.state.in_(_ANSWERED), 1), else_=0))
        wanted = (
            sa.select(_forward.peer, _forward.employer)
            .select_from(forward_table.outerjoin(ended, ended.c.forward == _forward.id))
            .where(_forward.side == Side.HOME.value, _forward.employer != "", _forward.created >= now - OLDEST)
            .group_by(_forward.peer, _forward.employer)
            .having(late >= LATE_AT_LEAST)
            .order_by((answered - late).asc(), _forward.employer, _forward.peer)
            .limit(limit)
        )
        return [(row.peer, row.employer) for row in self._transaction.connection.execute(wanted)]

    def _all(self, *wanted: sa.ColumnElement[bool]) -> list[EmployerPause]:
        ordered = sa.select(employer_pause_table).where(*wanted).order_by(_pause.until, _pause.employer, _pause.node)
        return [EmployerPause(**row) for row in self._transaction.connection.execute(ordered).mappings()]
