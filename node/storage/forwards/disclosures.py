"""The disclosure ledger of the home mission. Implements `federation.erasure.ports.Disclosures`; read next:
`federation/erasure/orders.py`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from federation.erasure.ports import Disclosure
from node.storage.errors import Missing
from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

# Who was given what about one person, and the erasure that was ordered of it.
disclosure_table = sa.Table(
    "disclosure",
    METADATA,
    sa.Column("forward", sa.String, primary_key=True),
    sa.Column("candidate", sa.String, nullable=False, index=True),
    sa.Column("holder", sa.String, nullable=False),
    sa.Column("disclosed_at", UtcDateTime, nullable=False),
    sa.Column("sent_index", sa.BigInteger, nullable=False),
    sa.Column("order", sa.String, nullable=False),
    sa.Column("ordered_at", UtcDateTime),
    sa.Column("order_index", sa.BigInteger),
    sa.Column("order_message", sa.LargeBinary, nullable=False),
    sa.Column("receipt_at", UtcDateTime),
    sa.Column("receipt_index", sa.BigInteger),
    sa.Column("receipt_epoch", sa.BigInteger),
    sa.Column("receipt_message", sa.LargeBinary, nullable=False),
)


_disclosure = disclosure_table.columns


class SqlDisclosures:
    """`federation.erasure.ports.Disclosures`. One disclosure a forward."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, disclosure: Disclosure) -> None:
        self._transaction.insert(disclosure_table, asdict(disclosure))

    def save(self, disclosure: Disclosure) -> None:
        if not self._transaction.update(disclosure_table, asdict(disclosure)):
            raise Missing("disclosure")

    def of_candidate(self, candidate: str) -> Sequence[Disclosure]:
        return self._all(_disclosure.disclosed_at, _disclosure.candidate == candidate)

    def by_order(self, order: str) -> Disclosure | None:
        # No order at all is written as the empty text, which would find any.
        return self._first(_disclosure.order == order) if order else None

    def all(self) -> Sequence[Disclosure]:
        return self._all(_disclosure.disclosed_at)

    def pending(self) -> Sequence[Disclosure]:
        return self._all(_disclosure.ordered_at, _disclosure.order != "", _disclosure.receipt_at.is_(None))

    def _all(self, first: sa.ColumnElement[Any], *wanted: sa.ColumnElement[bool]) -> Sequence[Disclosure]:
        ordered = sa.select(disclosure_table).where(*wanted).order_by(first, _disclosure.forward)
        return [Disclosure(**row) for row in self._transaction.connection.execute(ordered).mappings()]

    def _first(self, wanted: sa.ColumnElement[bool]) -> Disclosure | None:
        return next(iter(self._all(_disclosure.forward, wanted)), None)
