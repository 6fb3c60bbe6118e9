"""Workshops of Montluçon: two or three people at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.people.candidate import CvState
from node.mission.workshops.workshop import (
    Attendance,
    Place,
    RefusalCode,
    Workshop,
    WorkshopRefused,
    WorkshopState,
    attach,
    attend,
    cancel,
    change,
    cv_state_after,
    invite,
    note_answer,
    tell,
)
from tests.node.mission.samples import NOW

EMPTY = Workshop(id="w", title="Refaire son CV", starts=NOW + timedelta(days=1), room="Salle 2", leader="anne", seats=2)
DURING = EMPTY.starts + timedelta(minutes=30)


def test_two_places_and_no_third_unless_somebody_declines() -> None:
    full = invite(invite(EMPTY, "a", NOW), "b", NOW)
    with pytest.raises(WorkshopRefused) as caught:
        invite(full, "c", NOW)
    assert caught.value.code is RefusalCode.FULL
    free = note_answer(full, "a", Attendance.DECLINED, NOW)
    assert free.taken == 1
    again = invite(free, "c", NOW, cv_before="d1")
    assert [place.candidate for place in again.places] == ["a", "b", "c"]
    place = again.place_of("c")
    assert place is not None and place.cv_before == "d1"
    with pytest.raises(WorkshopRefused) as caught:
        note_answer(again, "a", Attendance.ACCEPTED, NOW)
    assert caught.value.code is RefusalCode.FULL


def test_who_declined_may_be_invited_again() -> None:
    declined = note_answer(invite(EMPTY, "a", NOW), "a", Attendance.DECLINED, NOW)
    back = invite(declined, "a", NOW)
    assert [place.attendance for place in back.places] == [Attendance.INVITED]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda w: invite(w, "a", NOW), RefusalCode.ALREADY_INVITED),
        (lambda w: invite(w, "b", w.ends), RefusalCode.BEGUN),
        (lambda w: note_answer(w, "z", Attendance.ACCEPTED, NOW), RefusalCode.NOT_INVITED),
        (lambda w: note_answer(w, "a", Attendance.ACCEPTED, DURING), RefusalCode.BEGUN),
        (lambda w: attend(w, "a", True, NOW), RefusalCode.NOT_BEGUN),
        (lambda w: attend(w, "z", True, DURING), RefusalCode.NOT_INVITED),
        (lambda w: attach(w, "z", cv_after="d"), RefusalCode.NOT_INVITED),
        (lambda w: invite(cancel(w, NOW), "b", NOW), RefusalCode.CANCELLED),
        (lambda w: attend(cancel(w, NOW), "a", True, DURING), RefusalCode.CANCELLED),
        (lambda w: cancel(attend(w, "a", True, DURING), DURING), RefusalCode.BEGUN),
        (lambda w: cancel(cancel(w, NOW), NOW), RefusalCode.CANCELLED),
        (lambda w: change(cancel(w, NOW), replace(w, room="Salle 3"), NOW), RefusalCode.CANCELLED),
        (lambda w: change(w, replace(w, room="Salle 3"), w.ends), RefusalCode.BEGUN),
        (lambda w: change(attend(w, "a", False, DURING), replace(w, minutes=30), DURING), RefusalCode.BEGUN),
    ],
)
def test_what_is_refused(act: "object", code: RefusalCode) -> None:
    with pytest.raises(WorkshopRefused) as caught:
        act(invite(EMPTY, "a", NOW))  # type: ignore[operator]
    assert caught.value.code is code
    assert str(caught.value)


def test_once_everybody_is_marked_it_is_held_and_may_be_corrected() -> None:
    full = invite(invite(EMPTY, "a", NOW), "b", NOW)
    one = attend(full, "a", True, DURING, cv_after="d2")
    assert (one.state, one.unmarked()) == (WorkshopState.PLANNED, 1)
    both = attend(one, "b", False, DURING)
    assert both.state is WorkshopState.HELD
    corrected = attend(both, "a", False, DURING)
    place = corrected.place_of("a")
    assert place is not None
    assert (place.attendance, place.cv_after) == (Attendance.ABSENT, "d2")
    assert attach(corrected, "a", cv_before="d1").place_of("a") == replace(place, cv_before="d1")


def names_of(places: tuple[Place, ...]) -> list[str]:
    return [place.candidate for place in places]


def test_whoever_is_to_come_is_told_of_the_last_revision() -> None:
    both = invite(invite(EMPTY, "a", NOW), "b", NOW)
    assert names_of(both.untold(NOW)) == ["a", "b"]
    told = tell(note_answer(both, "a", Attendance.ACCEPTED, NOW), "b", 0)
    assert told.untold(NOW) == (), "who answers knows of it"
    room = change(told, replace(told, room="Salle 3"), NOW)
    assert (room.revision, names_of(room.untold(NOW))) == (1, ["a", "b"])
    assert names_of(tell(room, "a", 0).untold(NOW)) == ["a", "b"], "a message that was overtaken"
    assert names_of(tell(room, "a", 1).untold(NOW)) == ["b"]
    assert tell(room, "z", 1) == room
    seats = change(told, replace(told, seats=4, leader="rémi"), NOW)
    assert (seats.revision, seats.untold(NOW)) == (0, ())
    gone = cancel(note_answer(room, "b", Attendance.DECLINED, NOW), NOW)
    assert (gone.revision, names_of(gone.untold(NOW))) == (2, ["a"])
    assert gone.untold(gone.ends) == ()


def test_at_another_hour_nobody_has_said_yes_yet() -> None:
    both = note_answer(invite(invite(EMPTY, "a", NOW), "b", NOW), "a", Attendance.ACCEPTED, NOW)
    said_no = note_answer(both, "b", Attendance.DECLINED, NOW)
    moved = change(said_no, replace(said_no, starts=said_no.starts + timedelta(hours=1)), NOW)
    assert [place.attendance for place in moved.places] == [Attendance.INVITED, Attendance.DECLINED]
    assert moved.revision == 1
    roomier = change(said_no, replace(said_no, room="Salle 3"), NOW)
    assert roomier.places == said_no.places


@pytest.mark.parametrize("state", [CvState.RECEIVED, CvState.TO_REWORK, CvState.WORKSHOP])
def test_what_a_place_does_to_the_cv(state: CvState) -> None:
    for attendance in Attendance:
        after = cv_state_after(state, attendance, waits_for_another=False)
        gone = attendance in {Attendance.DECLINED, Attendance.ABSENT}
        assert after is (CvState.TO_REWORK if gone else CvState.WORKSHOP)
        assert cv_state_after(state, attendance, waits_for_another=True) is CvState.WORKSHOP
        assert cv_state_after(CvState.READY, attendance, waits_for_another=False) is CvState.READY


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from(["invite", "yes", "no"]), st.sampled_from("abcdef")), max_size=30),
)
def test_never_more_people_than_seats_nor_one_twice(seats: int, moves: list[tuple[str, str]]) -> None:
    workshop = replace(EMPTY, seats=seats)
    for what, who in moves:
        try:
            if what == "invite":
                workshop = invite(workshop, who, NOW)
            else:
                workshop = note_answer(
                    workshop, who, Attendance.ACCEPTED if what == "yes" else Attendance.DECLINED, NOW
                )
        except WorkshopRefused:
            continue
        assert workshop.taken <= seats
        people = [place.candidate for place in workshop.places]
        assert len(people) == len(set(people))
