"""References of erased people, kept as HMAC-SHA-256 under a salt of the node's own, drawn once at the first erasure.

A file of candidates that is imported again must not bring an erased person back, so something has to stay; what stays
names nobody and can be compared with nothing outside this database. Implements
`node.mission.people.ports.ErasedReferences`.
"""

import hmac
from collections.abc import Iterable

import sqlalchemy as sa

from node.storage.metadata import METADATA, only_row
from node.storage.transaction import Transaction

erased_salt = sa.Table("erased_salt", METADATA, *only_row(), sa.Column("salt", sa.LargeBinary, nullable=False))

erased_reference = sa.Table("erased_reference", METADATA, sa.Column("digest", sa.LargeBinary, primary_key=True))


_SALT_BYTES = 32


class SqlErasedReferences:
    """`node.mission.people.ports.ErasedReferences`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, references: Iterable[str]) -> None:
        salt = self._salt()
        if salt is None:
            salt = self._transaction.random_bytes(_SALT_BYTES)
            self._transaction.upsert(erased_salt, id=1, salt=salt)
        for reference in references:
            self._transaction.insert_if_new(erased_reference, digest=_digest(salt, reference))

    def among(self, references: Iterable[str]) -> frozenset[str]:
        salt = self._salt()
        if salt is None:
            return frozenset()
        erased = set(self._transaction.connection.scalars(sa.select(erased_reference.c.digest)))
        return frozenset(reference for reference in references if _digest(salt, reference) in erased)

    def _salt(self) -> bytes | None:
        salt: bytes | None = self._transaction.connection.scalar(sa.select(erased_salt.c.salt))
        return salt


def _digest(salt: bytes, reference: str) -> bytes:
    return hmac.digest(salt, reference.encode(), "sha256")
