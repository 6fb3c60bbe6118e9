"""Forwards of both sides, their moves, and the receiving side's papers. Implements
`node.mission.forwards.ports.Forwards`. Read next: following.py, the mission's list of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from node.mission.forwards.following import due
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.forwards.moves import OPEN_STATES
from node.mission.forwards.ports import Papers
from node.mission.forwards.terms import Reason
from node.mission.happened import Happened
from node.mission.parts import Counted
from node.storage.errors import Missing
from node.storage.forwards.around import around_of
from node.storage.forwards.rows import forward_of, forward_row, move_rows, read_move
from node.storage.metadata import METADATA
from node.storage.offers import SqlOffers
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

# One forward, on either side. `candidate` is no foreign key: the forward outlives the erased person.
forward_table = sa.Table(
    "forward",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("side", sa.String, nullable=False),
    sa.Column("peer", sa.String, nullable=False),
    sa.Column("offer", sa.String, nullable=False, index=True),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("site", sa.String, nullable=False),
    sa.Column("candidate", sa.String, nullable=False),
    sa.Column("why", sa.String, nullable=False),
    sa.Column("checked", sa.JSON, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False, index=True),
    sa.Column("consent", sa.String, nullable=False),
    sa.Column("has_dossier", sa.Boolean, nullable=False),
    # These three follow from the others, and from what is known beside them (see following.py).
    sa.Column("due", UtcDateTime),
    sa.Column("moved_at", UtcDateTime),
    sa.Column("employer", sa.String, nullable=False, server_default=""),
    # Each list is filtered, ordered and counted within one of these.
    sa.Index(None, "side", "due", "moved_at", "candidate"),
    sa.Index(None, "side", "state", "moved_at"),
    sa.Index(None, "side", "employer"),
    sa.Index(None, "candidate", "state", "created"),
)

# One move, at its place in the forward's history.
forward_move = sa.Table(
    "forward_move",
    METADATA,
    sa.Column("forward", sa.String, sa.ForeignKey("forward.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("to_candidate", sa.String, nullable=False),
    sa.Column("to_guarantor", sa.String, nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("index", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.String, nullable=False, server_default=""),
    sa.Column("lacking", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("condition", sa.JSON(none_as_null=True)),
    sa.Column("about_event", sa.String, nullable=False, server_default=""),
    sa.Column("about_at", UtcDateTime),
    sa.Column("instead", sa.String, nullable=False, server_default=""),
)

# What the receiving side was sent, until it is destroyed.
forward_papers = sa.Table(
    "forward_papers",
    METADATA,
    sa.Column("forward", sa.String, primary_key=True),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("dossier", sa.LargeBinary, nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("index", sa.BigInteger, nullable=False),
)


_forward = forward_table.columns
_move = forward_move.columns
_NAMED = 500
"""Forwards whose moves are asked for by name; more are asked for by what finds them."""
_NEWEST = (_forward.created.desc(), _forward.id.desc())
_PAPERS = tuple(field.name for field in fields(Papers))


class SqlForwards:
    """`node.mission.forwards.ports.Forwards`. Read next: following.py, the mission's list of them."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def add(self, forward: Forward) -> None:
        self._transaction.insert(forward_table, forward_row(forward))
        self._write_moves(forward)
        self.keep_due([forward])

    def save(self, forward: Forward) -> None:
        if not self._transaction.update(forward_table, forward_row(forward)):
            raise Missing("forward")
        self._transaction.delete(forward_move, _move.forward == forward.id)
        self._write_moves(forward)
        self.keep_due([forward])

    def keep_due(self, forwards: Sequence[Forward]) -> None:
        """Keep from when on something is to be done about these, and whose offer each is for; nothing is, once the
        person is erased."""
        around = around_of(self._transaction, forwards)
        offers = SqlOffers(self._transaction)
        for one in forwards:
            offer = offers.get(*one.offer.split("/", 1)) if "/" in one.offer else None
            values: dict[str, Any] = {"due": due(one, around[one.id]) if one.id in around else None}
            if offer is not None:
                values["employer"] = offer.employer
            self._connection.execute(sa.update(forward_table).where(_forward.id == one.id).values(values))

    def _write_moves(self, forward: Forward) -> None:
        self._transaction.insert(forward_move, *move_rows(forward))
        self._transaction.changes.append((Happened.FORWARD_CHANGED, forward.id))

    def get(self, forward_id: str) -> Forward | None:
        return next(iter(self._newest_first(_forward.id == forward_id)), None)

    def some(self, forward_ids: Iterable[str]) -> Mapping[str, Forward]:
        return {one.id: one for one in self._newest_first(_forward.id.in_(sorted(set(forward_ids))))}

    def all(self, side: Side | None = None) -> Sequence[Forward]:
        return self._newest_first(*([] if side is None else [_forward.side == side.value]))

    def part(self, limit: int | None) -> Counted[Forward]:
        if limit is None:
            found = self._newest_first()
            return Counted(len(found), tuple(found))
        newest = sa.select(_forward.id).order_by(*_NEWEST).limit(limit).correlate(None)
        total = self._connection.execute(sa.select(sa.func.count()).select_from(forward_table)).scalar_one()
        return Counted(total, tuple(self._newest_first(_forward.id.in_(newest))))

    def of_candidate(self, candidate_id: str) -> Sequence[Forward]:
        # On the receiving side the candidate is unknown, which is written as the empty text.
        return self._newest_first(_forward.candidate == candidate_id) if candidate_id else []

    def live_of(self, candidate_ids: Iterable[str]) -> Mapping[str, Sequence[Forward]]:
        is_draft = _forward.state == ForwardState.DRAFT.value
        wanted = sorted(set(candidate_ids) - {""})
        found: dict[str, list[Forward]] = {}
        for one in self._newest_first(_forward.candidate.in_(wanted), sa.or_(is_draft, _is_open())):
            found.setdefault(one.candidate, []).append(one)
        return found

    def of_offer(self, *offer_keys: str) -> Sequence[Forward]:
        return self._newest_first(_forward.offer.in_(offer_keys))

    def to_employer(self, node: str, employer: str, since: datetime | None = None) -> Sequence[Forward]:
        made = [] if since is None else [_forward.created >= since]
        return self._newest_first(
            _forward.side == Side.HOME.value, _forward.employer == employer, _forward.peer == node, *made
        )

    def count_open(self, *offer_keys: str, peer: str = "") -> int:
        conditions = [_forward.offer.in_(offer_keys), _is_open(), *([_forward.peer == peer] if peer else [])]
        wanted = sa.select(sa.func.count()).select_from(forward_table).where(*conditions)
        return int(self._connection.execute(wanted).scalar_one())

    def times_sent(self, candidate_ids: Sequence[str] | None = None) -> Mapping[str, int]:
        sent = sa.exists().where(_move.forward == _forward.id, _move.event == ForwardState.SENT.value)
        # Whose candidate is known is of the home side: to name the side too would lead SQLite to another index.
        whose = _forward.side == Side.HOME.value if candidate_ids is None else _forward.candidate.in_(candidate_ids)
        counted = sa.select(_forward.candidate, sa.func.count().label("times")).where(whose, sent)
        rows = self._connection.execute(counted.group_by(_forward.candidate))
        return {row.candidate: row.times for row in rows}

    def by_state(self) -> Mapping[ForwardState, int]:
        counts = self._connection.execute(sa.select(_forward.state, sa.func.count()).group_by(_forward.state))
        return {ForwardState.of(state): count for state, count in counts}

    def waiting(self, side: Side, until: datetime) -> Sequence[Forward]:
        oldest = (_forward.created, _forward.id)
        return self._read((_forward.side == side.value, _is_open(), _forward.created <= until), oldest)

    def taken_back(self, since: datetime) -> Sequence[Forward]:
        said = sa.select(_move.forward).where(
            _move.event == ForwardState.WITHDRAWN.value,
            _move.reason == Reason.CONSENT_WITHDRAWN.value,
            _move.at >= since,
            _move.forward == _forward.id,
        )
        return self._newest_first(
            _forward.side == Side.HOME.value,
            _forward.state == ForwardState.WITHDRAWN.value,
            # Nothing moves later than its last move: those that moved before need not be looked at.
            _forward.moved_at >= since,
            said.correlate(forward_table).exists(),
        )

    def keep_papers(self, forward_id: str, papers: Papers) -> None:
        self._transaction.upsert(forward_papers, forward=forward_id, **asdict(papers))

    def papers(self, forward_id: str) -> Papers | None:
        wanted = sa.select(*(forward_papers.columns[name] for name in _PAPERS))
        row = self._connection.execute(wanted.where(forward_papers.columns.forward == forward_id)).first()
        return None if row is None else Papers(*row)

    def destroy_papers(self, forward_id: str) -> bool:
        destroyed = self._transaction.delete(forward_papers, forward_papers.columns.forward == forward_id) > 0
        self._transaction.destroyed |= destroyed
        return destroyed

    def _newest_first(self, *wanted: sa.ColumnElement[bool]) -> Sequence[Forward]:
        return self._read(wanted, _NEWEST)

    def _read(
        self, wanted: Sequence[sa.ColumnElement[bool]], order: Sequence[sa.ColumnElement[Any]]
    ) -> Sequence[Forward]:
        """Forwards with their moves, in two queries however many they are."""
        rows = self._connection.execute(sa.select(forward_table).where(*wanted).order_by(*order)).all()
        if not rows:
            return []
        # Few are named, so that what finds them is not asked twice.
        few = [row.id for row in rows] if len(rows) <= _NAMED else sa.select(_forward.id).where(*wanted)
        with_moves = sa.select(forward_move).where(_move.forward.in_(few))
        moves: dict[str, list[Move]] = {}
        for row in self._connection.execute(with_moves.order_by(_move.forward, _move.position)).mappings():
            moves.setdefault(row["forward"], []).append(read_move(row))
        return [forward_of(row, tuple(moves.get(row.id, ()))) for row in rows]


def _is_open() -> sa.ColumnElement[bool]:
    return _forward.state.in_([state.value for state in OPEN_STATES])
