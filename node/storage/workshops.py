"""Workshops and their places. Implements `node.mission.workshops.ports.Workshops`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from node.mission.workshops.ports import WorkshopFigures
from node.mission.workshops.workshop import Attendance, Place, Workshop, WorkshopState
from node.storage.errors import Missing
from node.storage.rows import Row
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime


class PlaceRow(Row, table=True):
    """One person's place in one workshop."""

    __tablename__ = "workshop_place"

    workshop: str = Field(primary_key=True, foreign_key="workshop.id", ondelete="CASCADE")
    candidate: str = Field(primary_key=True, foreign_key="candidate.id", ondelete="CASCADE", index=True)
    position: int
    attendance: str
    invited: datetime = Field(sa_type=UtcDateTime)
    cv_before: str
    cv_after: str
    told: int | None


class WorkshopRow(Row, table=True):
    """One workshop."""

    __tablename__ = "workshop"

    id: str = Field(primary_key=True)
    title: str
    starts: datetime = Field(sa_type=UtcDateTime, index=True)
    minutes: int
    room: str
    leader: str
    seats: int
    note: str
    state: str
    revision: int
    places: Mapped[list["PlaceRow"]] = Relationship(
        sa_relationship_kwargs={
            "cascade": "all, delete-orphan",
            "order_by": "PlaceRow.position",
            "lazy": "selectin",
        }
    )


_COMING = (Attendance.INVITED.value, Attendance.ACCEPTED.value)


class SqlWorkshops:
    """`node.mission.workshops.ports.Workshops`."""

    def __init__(self, transaction: Transaction) -> None:
        self._session = transaction.session

    def add(self, workshop: Workshop) -> None:
        self._session.add(_row(workshop))
        self._session.flush()

    def save(self, workshop: Workshop) -> None:
        if self._session.get(WorkshopRow, workshop.id) is None:
            raise Missing("workshop")
        self._session.merge(_row(workshop))
        self._session.flush()

    def get(self, workshop_id: str) -> Workshop | None:
        row = self._session.get(WorkshopRow, workshop_id)
        return None if row is None else _value(row)

    def between(self, start: datetime, end: datetime) -> Sequence[Workshop]:
        wanted = select(WorkshopRow).where(WorkshopRow.starts >= start, WorkshopRow.starts < end)
        return self._all(wanted.order_by(col(WorkshopRow.starts), col(WorkshopRow.id)))

    def of_candidate(self, candidate_id: str) -> Sequence[Workshop]:
        wanted = select(WorkshopRow).join(PlaceRow).where(PlaceRow.candidate == candidate_id)
        return self._all(wanted.order_by(col(WorkshopRow.starts).desc(), col(WorkshopRow.id)))

    def unmarked(self, before: datetime) -> Sequence[Workshop]:
        waiting = select(PlaceRow.workshop).where(col(PlaceRow.attendance).in_(_COMING))
        wanted = select(WorkshopRow).where(
            WorkshopRow.state == WorkshopState.PLANNED.value,
            WorkshopRow.starts < before,
            col(WorkshopRow.id).in_(waiting),
        )
        return self._all(wanted.order_by(col(WorkshopRow.starts), col(WorkshopRow.id)))

    def figures(self, start: datetime, end: datetime) -> WorkshopFigures:
        within = (
            WorkshopRow.starts >= start,
            WorkshopRow.starts < end,
            WorkshopRow.state != WorkshopState.CANCELLED.value,
        )
        workshops, seats = self._session.exec(
            select(func.count(), func.coalesce(func.sum(WorkshopRow.seats), 0)).where(*within)
        ).one()
        places = dict(
            self._session.exec(
                select(PlaceRow.attendance, func.count()).join(WorkshopRow).where(*within).group_by(PlaceRow.attendance)
            ).all()
        )
        return WorkshopFigures(
            workshops=workshops,
            seats=int(seats),
            invited=sum(places.values()),
            present=places.get(Attendance.PRESENT.value, 0),
            absent=places.get(Attendance.ABSENT.value, 0),
        )

    def _all(self, wanted: SelectOfScalar[WorkshopRow]) -> Sequence[Workshop]:
        return [_value(row) for row in self._session.exec(wanted)]


def _row(workshop: Workshop) -> WorkshopRow:
    return WorkshopRow(
        id=workshop.id,
        title=workshop.title,
        starts=workshop.starts,
        minutes=workshop.minutes,
        room=workshop.room,
        leader=workshop.leader,
        seats=workshop.seats,
        note=workshop.note,
        state=workshop.state.value,
        revision=workshop.revision,
        places=[
            PlaceRow(
                workshop=workshop.id,
                candidate=place.candidate,
                position=position,
                attendance=place.attendance.value,
                invited=place.invited,
                cv_before=place.cv_before,
                cv_after=place.cv_after,
                told=place.told,
            )
            for position, place in enumerate(workshop.places)
        ],
    )


def _value(row: WorkshopRow) -> Workshop:
    return Workshop(
        id=row.id,
        title=row.title,
        starts=row.starts,
        minutes=row.minutes,
        room=row.room,
        leader=row.leader,
        seats=row.seats,
        note=row.note,
        state=WorkshopState.of(row.state),
        revision=row.revision,
        places=tuple(
            Place(
                candidate=place.candidate,
                attendance=Attendance.of(place.attendance),
                invited=place.invited,
                cv_before=place.cv_before,
                cv_after=place.cv_after,
                told=place.told,
            )
            for place in row.places
        ),
    )
