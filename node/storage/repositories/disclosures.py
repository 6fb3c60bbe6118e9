"""The disclosure ledger of the home mission. Implements `federation.ports.Disclosures`; read next:
`federation/erasure.py`."""

from collections.abc import Sequence
from dataclasses import asdict, fields

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from federation.ports import Disclosure
from node.storage.errors import Missing
from node.storage.mission_tables import DisclosureRow
from node.storage.transaction import Transaction

_FIELDS = tuple(field.name for field in fields(Disclosure))


class SqlDisclosures:
    """`federation.ports.Disclosures`. One disclosure a forward."""

    def __init__(self, transaction: Transaction) -> None:
        self._session = transaction.session

    def add(self, disclosure: Disclosure) -> None:
        self._session.add(DisclosureRow(**asdict(disclosure)))
        self._session.flush()

    def save(self, disclosure: Disclosure) -> None:
        if self._session.get(DisclosureRow, disclosure.forward) is None:
            raise Missing("disclosure")
        self._session.merge(DisclosureRow(**asdict(disclosure)))
        self._session.flush()

    def of_forward(self, forward: str) -> Disclosure | None:
        return self._first(select(DisclosureRow).where(DisclosureRow.forward == forward))

    def of_candidate(self, candidate: str) -> Sequence[Disclosure]:
        return self._all(
            select(DisclosureRow)
            .where(DisclosureRow.candidate == candidate)
            .order_by(col(DisclosureRow.disclosed_at), col(DisclosureRow.forward))
        )

    def by_order(self, order: str) -> Disclosure | None:
        # No order at all is written as the empty text, which would find any.
        return self._first(select(DisclosureRow).where(DisclosureRow.order == order)) if order else None

    def all(self) -> Sequence[Disclosure]:
        return self._all(select(DisclosureRow).order_by(col(DisclosureRow.disclosed_at), col(DisclosureRow.forward)))

    def pending(self) -> Sequence[Disclosure]:
        return self._all(
            select(DisclosureRow)
            .where(DisclosureRow.order != "", col(DisclosureRow.receipt_at).is_(None))
            .order_by(col(DisclosureRow.ordered_at), col(DisclosureRow.forward))
        )

    def _all(self, wanted: SelectOfScalar[DisclosureRow]) -> Sequence[Disclosure]:
        return [_value(row) for row in self._session.exec(wanted)]

    def _first(self, wanted: SelectOfScalar[DisclosureRow]) -> Disclosure | None:
        row = self._session.exec(wanted).first()
        return None if row is None else _value(row)


def _value(row: DisclosureRow) -> Disclosure:
    return Disclosure(**{name: getattr(row, name) for name in _FIELDS})
