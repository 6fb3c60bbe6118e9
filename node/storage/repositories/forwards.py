"""Forwards of both sides, their moves, and the receiving side's papers. Implements `node.mission.ports.Forwards`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from node.mission.forwarding import ANSWERS, OPEN_STATES
from node.mission.forwards import Forward, ForwardState, Move, Side
from node.mission.ports import Papers
from node.storage.errors import Missing
from node.storage.mission_tables import ForwardMoveRow, ForwardPapersRow, ForwardRow
from node.storage.transaction import Transaction


class SqlForwards:
    """`node.mission.ports.Forwards`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session

    def add(self, forward: Forward) -> None:
        self._session.add(_row(forward))
        self._session.flush()

    def save(self, forward: Forward) -> None:
        if self._session.get(ForwardRow, forward.id) is None:
            raise Missing("forward")
        self._session.merge(_row(forward))
        self._session.flush()

    def get(self, forward_id: str) -> Forward | None:
        row = self._session.get(ForwardRow, forward_id)
        return None if row is None else _value(row)

    def all(self, side: Side | None = None) -> Sequence[Forward]:
        wanted = select(ForwardRow)
        return self._newest_first(wanted if side is None else wanted.where(ForwardRow.side == side.value))

    def of_candidate(self, candidate_id: str) -> Sequence[Forward]:
        # On the receiving side the candidate is unknown, which is written as the empty text.
        return (
            self._newest_first(select(ForwardRow).where(ForwardRow.candidate == candidate_id)) if candidate_id else []
        )

    def of_offer(self, offer_key: str) -> Sequence[Forward]:
        return self._newest_first(select(ForwardRow).where(ForwardRow.offer == offer_key))

    def count_open(self, offer_key: str) -> int:
        states = [state.value for state in OPEN_STATES]
        wanted = (
            select(func.count())
            .select_from(ForwardRow)
            .where(ForwardRow.offer == offer_key, col(ForwardRow.state).in_(states))
        )
        return self._session.exec(wanted).one()

    def by_state(self) -> Mapping[ForwardState, int]:
        counts = self._session.exec(select(ForwardRow.state, func.count()).group_by(ForwardRow.state))
        return {ForwardState(state): count for state, count in counts}

    def waiting(self, side: Side, until: datetime) -> Sequence[Forward]:
        states = [state.value for state in OPEN_STATES]
        wanted = select(ForwardRow).where(
            ForwardRow.side == side.value, col(ForwardRow.state).in_(states), ForwardRow.created <= until
        )
        rows = self._session.exec(wanted.order_by(col(ForwardRow.created), col(ForwardRow.id)))
        return [_value(row) for row in rows]

    def answered(self, side: Side, since: datetime) -> Sequence[Forward]:
        words = [state.value for state in (ForwardState.INTERVIEW, *ANSWERS)]
        said = select(ForwardMoveRow.forward).where(
            ForwardMoveRow.event == ForwardRow.state, ForwardMoveRow.at >= since, col(ForwardMoveRow.event).in_(words)
        )
        return self._newest_first(select(ForwardRow).where(ForwardRow.side == side.value, col(ForwardRow.id).in_(said)))

    def keep_papers(self, forward_id: str, papers: Papers) -> None:
        self._session.merge(ForwardPapersRow(forward=forward_id, **asdict(papers)))
        self._session.flush()

    def papers(self, forward_id: str) -> Papers | None:
        row = self._session.get(ForwardPapersRow, forward_id)
        return None if row is None else Papers(row.message, row.dossier, row.epoch, row.index)

    def destroy_papers(self, forward_id: str) -> bool:
        row = self._session.get(ForwardPapersRow, forward_id)
        if row is None:
            return False
        self._session.delete(row)
        self._session.flush()
        self._transaction.destroyed = True
        return True

    def _newest_first(self, wanted: SelectOfScalar[ForwardRow]) -> Sequence[Forward]:
        ordered = wanted.order_by(col(ForwardRow.created).desc(), col(ForwardRow.id).desc())
        return [_value(row) for row in self._session.exec(ordered)]


def _row(forward: Forward) -> ForwardRow:
    return ForwardRow(
        id=forward.id,
        side=forward.side.value,
        peer=forward.peer,
        offer=forward.offer,
        revision=forward.revision,
        site=forward.site,
        candidate=forward.candidate,
        why=forward.why,
        checked=list(forward.checked),
        state=forward.state.value,
        created=forward.created,
        consent=forward.consent,
        has_dossier=forward.has_dossier,
        moves=[
            ForwardMoveRow(
                forward=forward.id,
                position=position,
                event=move.event.value,
                at=move.at,
                by=move.by.value,
                reason=move.reason,
                to_candidate=move.to_candidate,
                to_guarantor=move.to_guarantor,
                epoch=move.epoch,
                index=move.index,
            )
            for position, move in enumerate(forward.moves)
        ],
    )


def _value(row: ForwardRow) -> Forward:
    return Forward(
        id=row.id,
        side=Side(row.side),
        peer=row.peer,
        offer=row.offer,
        revision=row.revision,
        site=row.site,
        candidate=row.candidate,
        why=row.why,
        checked=tuple(row.checked),
        state=ForwardState(row.state),
        moves=tuple(
            Move(
                event=ForwardState(move.event),
                at=move.at,
                by=Side(move.by),
                reason=move.reason,
                to_candidate=move.to_candidate,
                to_guarantor=move.to_guarantor,
                epoch=move.epoch,
                index=move.index,
            )
            for move in row.moves
        ),
        created=row.created,
        consent=row.consent,
        has_dossier=row.has_dossier,
    )
