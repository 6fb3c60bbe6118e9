"""Files and their bytes. Implements `node.mission.people.ports.Documents`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, col, select
from sqlmodel.sql.expression import SelectOfScalar

from node.mission.people.documents import Document, DocumentKind
from node.storage.errors import Missing
from node.storage.rows import Row
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime


class DocumentRow(Row, table=True):
    """What is known of a file."""

    __tablename__ = "document"

    id: str = Field(primary_key=True)
    candidate: str | None = Field(default=None, foreign_key="candidate.id", ondelete="CASCADE", index=True)
    deposit: str | None = Field(default=None, foreign_key="deposit.id", ondelete="CASCADE", index=True)
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    added: datetime = Field(sa_type=UtcDateTime)
    by: str


class DocumentContentRow(Row, table=True):
    """A file's bytes, apart, so that lists never read them."""

    __tablename__ = "document_content"

    document: str = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    content: bytes


class SqlDocuments:
    """`node.mission.people.ports.Documents`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session

    def add(self, document: Document, content: bytes) -> None:
        self._session.add(_row(document))
        self._session.flush()
        self._session.execute(sa.insert(DocumentContentRow).values(document=document.id, content=content))

    def save(self, document: Document) -> None:
        if self._session.get(DocumentRow, document.id) is None:
            raise Missing("document")
        self._session.merge(_row(document))
        self._session.flush()

    def get(self, document_id: str) -> Document | None:
        row = self._session.get(DocumentRow, document_id)
        return None if row is None else _value(row)

    def content(self, document_id: str) -> bytes | None:
        # No ORM object: the session would keep the bytes until its end.
        wanted = sa.select(col(DocumentContentRow.content)).where(col(DocumentContentRow.document) == document_id)
        found = self._session.execute(wanted).scalar()
        return None if found is None else bytes(found)

    def remove(self, document_id: str) -> bool:
        row = self._session.get(DocumentRow, document_id)
        if row is None:
            return False
        self._session.delete(row)
        self._session.flush()
        self._transaction.destroyed = True
        return True

    def of_candidate(self, candidate_id: str) -> Sequence[Document]:
        return self._all(select(DocumentRow).where(DocumentRow.candidate == candidate_id))

    def of_deposit(self, deposit_id: str) -> Sequence[Document]:
        return self._all(select(DocumentRow).where(DocumentRow.deposit == deposit_id))

    def give(self, document_ids: Iterable[str], candidate_id: str) -> None:
        self._session.execute(
            sa.update(DocumentRow)
            .where(col(DocumentRow.id).in_(list(document_ids)))
            .values(candidate=candidate_id, deposit=None)
        )

    def unclaimed(self) -> Sequence[Document]:
        return self._all(
            select(DocumentRow).where(col(DocumentRow.candidate).is_(None), col(DocumentRow.deposit).is_(None))
        )

    def _all(self, wanted: SelectOfScalar[DocumentRow]) -> Sequence[Document]:
        ordered = wanted.order_by(col(DocumentRow.added), col(DocumentRow.id))
        return [_value(row) for row in self._session.exec(ordered)]


def _row(document: Document) -> DocumentRow:
    values = asdict(document) | {
        "kind": document.kind.value,
        "candidate": document.candidate or None,
        "deposit": document.deposit or None,
    }
    return DocumentRow(**values)


def _value(row: DocumentRow) -> Document:
    return Document(
        id=row.id,
        candidate=row.candidate or "",
        deposit=row.deposit or "",
        kind=DocumentKind.of(row.kind),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        added=row.added,
        by=row.by,
    )
