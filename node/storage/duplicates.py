"""Merges of two entries. Implements `node.mission.duplicates.ports.Merges`."""

from collections.abc import Sequence

import msgspec
from sqlmodel import Field, col, select

from node.mission.duplicates.merge import Merge
from node.storage.rows import Row
from node.storage.transaction import Transaction


class MergeRow(Row, table=True):
    """One merge, whole, as JSON: it is read to be undone only."""

    __tablename__ = "merge"

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    kept: str = Field(foreign_key="candidate.id", ondelete="CASCADE", index=True)
    gone_reference: str = Field(index=True)
    detail: bytes


_decode = msgspec.json.Decoder(Merge).decode


class SqlMerges:
    """See the port."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session

    def add(self, merge: Merge) -> None:
        self._session.add(
            MergeRow(
                id=merge.id,
                kept=merge.kept.id,
                gone_reference=merge.gone.reference,
                detail=msgspec.json.encode(merge),
            )
        )
        self._session.flush()

    def of(self, candidate_id: str) -> Sequence[Merge]:
        wanted = select(MergeRow).where(MergeRow.kept == candidate_id).order_by(col(MergeRow.number).desc())
        return [_decode(row.detail) for row in self._session.exec(wanted)]

    def into(self, reference: str) -> str | None:
        wanted = select(MergeRow.kept).where(MergeRow.gone_reference == reference)
        return self._session.exec(wanted.order_by(col(MergeRow.number).desc())).first()

    def remove(self, merge_id: str) -> None:
        row = self._session.exec(select(MergeRow).where(MergeRow.id == merge_id)).first()
        if row is not None:
            self._session.delete(row)
            self._session.flush()
            self._transaction.destroyed = True
