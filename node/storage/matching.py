"""Who newly fits what, and who looked at it. Implements `node.mission.matching.ports.MatchNews`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from node.mission.matching.news import MatchSeen, Novelty
from node.mission.parts import Counted
from node.storage.errors import Missing
from node.storage.metadata import METADATA
from node.storage.people.candidates import sequence
from node.storage.people.register import candidate_table
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

match_seen_table = sa.Table(
    "match_seen",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("candidate", sa.String, sa.ForeignKey("candidate.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("offer", sa.String, nullable=False, index=True, comment="<node>/<offer>"),
    sa.Column("because", sa.String, nullable=False),
    sa.Column("found", UtcDateTime, nullable=False),
    sa.Column("closes", sa.Date, nullable=False),
    sa.Column("at", UtcDateTime),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False),
)
_seen = match_seen_table.columns

_FOLLOWED: Final = "events followed by matching"


class SqlMatchNews:
    """See the port."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def followed(self) -> int | None:
        number: int | None = self._connection.scalar(sa.select(sequence.c.value).where(sequence.c.name == _FOLLOWED))
        return number

    def follow(self, number: int) -> None:
        self._transaction.upsert(sequence, name=_FOLLOWED, value=number)

    def add(self, found: MatchSeen) -> None:
        self._transaction.insert(match_seen_table, asdict(found))

    def save(self, known: MatchSeen) -> None:
        if not self._transaction.update(match_seen_table, asdict(known)):
            raise Missing("match_seen")

    def get(self, news_id: str) -> MatchSeen | None:
        return next(iter(self._all(_seen.id == news_id)), None)

    def of_candidate(self, candidate_id: str) -> Sequence[MatchSeen]:
        return self._all(_seen.candidate == candidate_id)

    def of_offer(self, offer_key: str) -> Sequence[MatchSeen]:
        return self._all(_seen.offer == offer_key)

    def waiting(self, owner: str | None, today: date, limit: int) -> Counted[MatchSeen]:
        wanted: list[sa.ColumnElement[bool]] = [_seen.at.is_(None), _seen.closes >= today]
        if owner is not None:
            owners = sa.select(candidate_table.c.id).where(candidate_table.c.owner.in_([owner, ""]))
            wanted.append(_seen.candidate.in_(owners))
        count = self._connection.execute(sa.select(sa.func.count()).select_from(match_seen_table).where(*wanted))
        return Counted(int(count.scalar_one()), tuple(self._all(*wanted, limit=limit)))

    def count_waiting(self, today: date) -> Mapping[str, int]:
        wanted = sa.select(_seen.candidate, sa.func.count()).where(_seen.at.is_(None), _seen.closes >= today)
        return {row[0]: row[1] for row in self._connection.execute(wanted.group_by(_seen.candidate))}

    def drop_new(self, *, candidate: str = "", offer: str = "") -> int:
        about = [_seen.candidate == candidate] if candidate else []
        about += [_seen.offer == offer] if offer else []
        if not about:
            raise ValueError("neither a person nor an offer")
        return self._transaction.delete(match_seen_table, _seen.at.is_(None), *about)

    def _all(self, *conditions: sa.ColumnElement[bool], limit: int | None = None) -> list[MatchSeen]:
        wanted = sa.select(match_seen_table).where(*conditions).order_by(_seen.found.desc(), _seen.id).limit(limit)
        return [_value(row) for row in self._connection.execute(wanted)]


def _value(row: Any) -> MatchSeen:
    return MatchSeen(**{**row._mapping, "because": Novelty.of(row.because)})
