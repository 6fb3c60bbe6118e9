"""What hires bring along. Implements `node.mission.forwards.ports.AfterHires`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from node.mission.forwards.after_hire import FOLLOWED, STANDING, AfterHire
from node.mission.forwards.saying import CORRECTED_WITHIN
from node.mission.parts import Counted
from node.mission.people.candidate import CandidateState
from node.storage.forwards.forwards import forward_table
from node.storage.metadata import METADATA
from node.storage.people.register import candidate_table
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

# `id` is no foreign key: it is a forward's, or that of a hire without one.
after_hire_table = sa.Table(
    "after_hire",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("candidate", sa.String, sa.ForeignKey("candidate.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("heard", UtcDateTime, nullable=False),
    sa.Column("closed", UtcDateTime),
    sa.Column("answered", UtcDateTime),
    sa.Column("by", sa.String, nullable=False),
)

_after = after_hire_table.columns
_person = candidate_table.columns
_forward = forward_table.columns
_BROKEN: Final = [state.value for state in FOLLOWED - STANDING]


class SqlAfterHires:
    """See the port."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def put(self, after: AfterHire) -> None:
        self._transaction.upsert(after_hire_table, **asdict(after))

    def drop(self, hire: str) -> None:
        self._transaction.delete(after_hire_table, _after.id == hire)

    def get(self, hire: str) -> AfterHire | None:
        return next(iter(self._all(_after.id == hire)), None)

    def of_candidates(self, candidates: Iterable[str]) -> Sequence[AfterHire]:
        return self._all(_after.candidate.in_(sorted(set(candidates))))

    def due(self, now: datetime) -> Sequence[AfterHire]:
        return self._all(_after.closed.is_(None), _after.at <= now - CORRECTED_WITHIN)

    def asking(self, owner: str | None, limit: int) -> Counted[AfterHire]:
        broken = sa.select(_forward.id).where(_forward.id == _after.id, _forward.state.in_(_BROKEN))
        looking = [_person.id == _after.candidate, _person.state == CandidateState.ACTIVE.value]
        if owner is not None:
            looking.append(_person.owner.in_([owner, ""]))
        wanted = [_after.answered.is_(None), sa.exists().where(*looking), ~broken.correlate(after_hire_table).exists()]
        self._transaction.flush()
        total = self._connection.execute(sa.select(sa.func.count()).select_from(after_hire_table).where(*wanted))
        return Counted(total.scalar_one(), tuple(self._all(*wanted, limit=limit)))

    def _all(self, *wanted: sa.ColumnElement[bool], limit: int | None = None) -> list[AfterHire]:
        """Oldest first."""
        ordered = sa.select(after_hire_table).where(*wanted).order_by(_after.at, _after.id).limit(limit)
        return [AfterHire(**row) for row in self._connection.execute(ordered).mappings()]
