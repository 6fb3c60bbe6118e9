"""Workshops and their places."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.mission.workshops.ports import WorkshopFigures
from node.mission.workshops.workshop import Attendance, Place, Workshop, WorkshopState
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import NOW
from tests.contracts.test_candidates import AMINA, BRUNO

DAY = timedelta(days=1)
MORNING = Workshop(
    id="w1",
    title="Refaire son CV",
    starts=NOW + DAY,
    room="Salle 2",
    leader="anne",
    revision=2,
    places=(
        Place(candidate="c-bruno", invited=NOW, attendance=Attendance.ACCEPTED, cv_before="d1", told=1),
        Place(candidate="c-amina", invited=NOW),
    ),
)


@pytest.fixture
def town(database: SqlDatabase) -> SqlDatabase:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(BRUNO)
        uow.workshops.add(MORNING)
        uow.workshops.add(replace(MORNING, id="w0", starts=NOW - DAY, places=MORNING.places[:1]))
        uow.workshops.add(replace(MORNING, id="w2", starts=NOW + 9 * DAY, places=()))
    return database


def test_a_workshop_is_kept_with_its_places_in_order(town: SqlDatabase) -> None:
    with town.write() as uow:
        assert uow.workshops.get("w1") == MORNING
        changed = replace(MORNING, places=MORNING.places[::-1], seats=5, state=WorkshopState.CANCELLED)
        uow.workshops.save(changed)
    with town.write() as uow:
        assert uow.workshops.get("w1") == changed
        fewer = replace(changed, places=(replace(changed.places[0], attendance=Attendance.PRESENT, cv_after="d2"),))
        uow.workshops.save(fewer)
    with town.read() as uow:
        assert uow.workshops.get("w1") == fewer
        assert uow.workshops.get("w9") is None
    with pytest.raises(Missing), town.write() as uow:
        uow.workshops.save(replace(MORNING, id="w9"))


def test_by_time_and_by_person(town: SqlDatabase) -> None:
    with town.read() as uow:
        assert [one.id for one in uow.workshops.between(NOW, NOW + 9 * DAY)] == ["w1"]
        assert [one.id for one in uow.workshops.between(NOW - DAY, NOW + 10 * DAY)] == ["w0", "w1", "w2"]
        assert [one.id for one in uow.workshops.of_candidate("c-bruno")] == ["w1", "w0"]
        assert [one.id for one in uow.workshops.of_candidate("c-amina")] == ["w1"]


def test_those_whose_attendance_is_to_be_recorded(town: SqlDatabase) -> None:
    with town.write() as uow:
        assert [one.id for one in uow.workshops.unmarked(NOW)] == ["w0"]
        assert [one.id for one in uow.workshops.unmarked(NOW + 20 * DAY)] == ["w0", "w1"]
        held = replace(MORNING, id="w0", places=(replace(MORNING.places[0], attendance=Attendance.ABSENT),))
        uow.workshops.save(held)
        assert uow.workshops.unmarked(NOW) == []


def test_figures_leave_out_what_was_cancelled(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.workshops.save(replace(MORNING, id="w2", state=WorkshopState.CANCELLED))
        place = replace(MORNING.places[0], attendance=Attendance.PRESENT)
        uow.workshops.save(replace(MORNING, id="w0", starts=NOW - DAY, places=(place,), seats=2))
    with town.read() as uow:
        assert uow.workshops.figures(NOW - DAY, NOW + 20 * DAY) == WorkshopFigures(
            workshops=2, seats=5, invited=3, present=1, absent=0
        )
        assert uow.workshops.figures(NOW + 30 * DAY, NOW + 40 * DAY) == WorkshopFigures(
            workshops=0, seats=0, invited=0, present=0, absent=0
        )


def test_a_place_goes_with_the_person(town: SqlDatabase) -> None:
    with town.write() as uow:
        assert uow.workshops.get("w1") == MORNING
        uow.candidates.remove("c-bruno")
        assert uow.workshops.get("w1") == replace(MORNING, places=MORNING.places[1:])
        assert uow.workshops.of_candidate("c-bruno") == []


def test_nobody_who_is_not_there_has_a_place(town: SqlDatabase) -> None:
    with pytest.raises(AlreadyThere), town.write() as uow:
        uow.workshops.save(replace(MORNING, places=(Place(candidate="c-nobody", invited=NOW),)))
