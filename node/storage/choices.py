"""What people said of offers that fit them. Implements `node.mission.matching.ports.OfferChoices`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from node.mission.forwards.forward import ForwardState
from node.mission.matching.choices import OfferChoice
from node.mission.parts import Counted
from node.storage.errors import Missing
from node.storage.forwards.forwards import forward_table
from node.storage.matching import match_seen_table
from node.storage.metadata import METADATA
from node.storage.people.register import candidate_table
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

offer_choice_table = sa.Table(
    "offer_choice",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("candidate", sa.String, sa.ForeignKey("candidate.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("offer", sa.String, nullable=False, index=True, comment="<node>/<offer>"),
    sa.Column("closes", sa.Date, nullable=False),
    sa.Column("wants", sa.Boolean, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
_choice = offer_choice_table.columns
_later = offer_choice_table.alias("later").columns
_forward = forward_table.columns
_seen = match_seen_table.columns

_NEWEST: Final = (_choice.at.desc(), _choice.id)
_NOT_PUT_FORWARD: Final = (ForwardState.DRAFT.value, ForwardState.WITHDRAWN.value, ForwardState.EXPIRED.value)


class SqlOfferChoices:
    """See the port."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def add(self, choice: OfferChoice) -> None:
        self._transaction.insert(offer_choice_table, asdict(choice))

    def save(self, choice: OfferChoice) -> None:
        if not self._transaction.update(offer_choice_table, asdict(choice)):
            raise Missing("offer_choice")

    def get(self, choice_id: str) -> OfferChoice | None:
        return next(iter(self._all(_choice.id == choice_id)), None)

    def of_candidate(self, candidate_id: str) -> Sequence[OfferChoice]:
        return self._all(_choice.candidate == candidate_id)

    def of_offer(self, offer_key: str) -> Sequence[OfferChoice]:
        return self._all(_choice.offer == offer_key)

    def waiting(self, owner: str | None, today: date, limit: int) -> Counted[OfferChoice]:
        wanted: list[sa.ColumnElement[bool]] = [
            _choice.wants.is_(True),
            _choice.closes >= today,
            ~sa.exists().where(
                _later.candidate == _choice.candidate, _later.offer == _choice.offer, _later.at > _choice.at
            ),
            ~sa.exists().where(
                _forward.candidate == _choice.candidate,
                _forward.offer == _choice.offer,
                _forward.state.not_in(_NOT_PUT_FORWARD),
            ),
            ~sa.exists().where(
                _seen.candidate == _choice.candidate,
                _seen.offer == _choice.offer,
                _seen.reason != "",
                _seen.at >= _choice.at,
            ),
        ]
        if owner is not None:
            owners = sa.select(candidate_table.c.id).where(candidate_table.c.owner.in_([owner, ""]))
            wanted.append(_choice.candidate.in_(owners))
        found = sa.select(offer_choice_table, sa.func.count().over().label("of")).where(*wanted)
        rows = self._connection.execute(found.order_by(*_NEWEST).limit(limit)).all()
        return Counted(rows[0].of if rows else 0, tuple(map(_value, rows)))

    def _all(self, *conditions: sa.ColumnElement[bool]) -> list[OfferChoice]:
        wanted = sa.select(offer_choice_table).where(*conditions).order_by(*_NEWEST)
        return [_value(row) for row in self._connection.execute(wanted)]


def _value(row: Any) -> OfferChoice:
    return OfferChoice(**{one.name: row._mapping[one.name] for one in offer_choice_table.columns})
