"""What happened is kept with what did it, numbered as it was committed, and handed to each listener in order."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from node.mission.happened import HEAD_START, LISTENERS, MATCHING, Delivery, Event, Happened
from node.storage import SqlDatabase
from tests.contracts.databases import BAYONNE, NOW
from tests.contracts.filled import FILLED
from tests.contracts.test_candidates import AMINA, BRUNO
from tests.contracts.test_offers import BUTCHER, _of, _peer

LATER = NOW + HEAD_START
HOLD = timedelta(minutes=5)
EVERYTHING = frozenset(Happened)


def untold(workshop: str, **detail: str) -> Event:
    return Event(Happened.WORKSHOP_UNTOLD, workshop, NOW, detail)


def tell(database: SqlDatabase, *events: Event) -> None:
    """Each in a unit of work of its own."""
    for event in events:
        with database.write() as uow:
            uow.events.add(event)


def take(database: SqlDatabase, subject: str = "", *, after: timedelta = HEAD_START) -> Delivery | None:
    with database.write() as uow:
        return uow.events.take_up("workshop_mail", NOW + after, NOW + after + HOLD, subject)


def kinds(database: SqlDatabase, after: int = 0) -> list[tuple[Happened, str]]:
    with database.read() as uow:
        return [(one.kind, one.subject) for one in uow.events.since(after, EVERYTHING)]


class Undone(Exception):
    pass


def test_it_is_kept_with_what_did_it_and_as_it_was_told(database: SqlDatabase) -> None:
    told = replace(untold("w-1", by="anne"), at=NOW)
    tell(database, told, Event(Happened.ENDS_NEAR, "drancy.emploi.example"))
    with pytest.raises(Undone), database.write() as uow:
        uow.events.add(untold("w-2"))
        raise Undone
    with database.read() as uow:
        assert uow.events.since(0, EVERYTHING) == [
            replace(told, number=1),
            Event(Happened.ENDS_NEAR, "drancy.emploi.example", number=2),
        ]
        assert uow.events.since(1, EVERYTHING, limit=1)[0].number == 2
        assert uow.events.since(0, frozenset({Happened.FILE_NOTICE})) == []
        assert uow.events.last() == 2


def test_what_was_undone_inside_is_not_told(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.events.add(untold("before"))
        with pytest.raises(Undone), uow.savepoint():
            uow.events.add(untold("inside"))
            uow.candidates.add(AMINA)
            raise Undone
        with uow.savepoint():
            uow.events.add(untold("after"))
    assert [subject for _kind, subject in kinds(database)] == ["before", "after"]


def test_the_same_is_told_once_in_a_unit_of_work_and_again_in_the_next(database: SqlDatabase) -> None:
    for _time in range(2):
        with database.write() as uow:
            uow.events.add(untold("w-1", by="anne"))
            uow.events.add(untold("w-1", by="anne"))
            uow.events.add(untold("w-1", by="rémi"))
    with database.read() as uow:
        assert [one.detail["by"] for one in uow.events.since(0, EVERYTHING)] == ["anne", "rémi"] * 2


def test_whoever_did_it_comes_first(database: SqlDatabase) -> None:
    tell(database, untold("w-1"))
    with database.read() as uow:
        assert not uow.events.due(NOW)
        assert uow.events.due(LATER) == {"workshop_mail"}
    assert take(database, after=timedelta(0)) is None
    assert take(database, "w-2", after=timedelta(0)) is None
    taken = take(database, "w-1", after=timedelta(0))
    assert taken is not None
    assert (taken.event.subject, taken.tries, taken.listener) == ("w-1", 0, "workshop_mail")


def test_what_has_no_moment_has_no_head_start(database: SqlDatabase) -> None:
    tell(database, Event(Happened.WORKSHOP_UNTOLD, "w-1"))
    with database.read() as uow:
        assert uow.events.due(NOW)
    assert take(database, after=timedelta(0)) is not None


def test_one_in_hand_is_nobody_elses_until_its_time_is_over(database: SqlDatabase) -> None:
    tell(database, untold("w-1"))
    assert take(database) is not None
    assert take(database) is None
    assert take(database, "w-1") is None
    with database.read() as uow:
        assert not uow.events.due(LATER)
    # Whoever had it in hand died.
    again = take(database, after=HEAD_START + HOLD)
    assert again is not None
    assert again.tries == 0
    with database.write() as uow:
        uow.events.heard(again)
    assert take(database, after=HOLD * 9) is None


def test_later_ones_of_a_subject_wait_and_others_do_not(database: SqlDatabase) -> None:
    tell(database, untold("w-1"), untold("w-1", by="anne"), untold("w-2"))
    first = take(database)
    other = take(database)
    assert first is not None and other is not None
    assert (first.event.number, other.event.number) == (1, 3)
    assert take(database) is None
    with database.write() as uow:
        uow.events.again(first, LATER, LATER + timedelta(hours=1))
        uow.events.heard(other)
    assert take(database) is None, "the second of the workshop waits for the first"
    asked = take(database, "w-1")
    assert asked is not None, "somebody asks for it now"
    assert (asked.event.number, asked.tries) == (1, 1)
    with database.write() as uow:
        uow.events.heard(asked)
    second = take(database)
    assert second is not None
    assert second.event.number == 2


def test_one_that_takes_the_place_of_others_waits_for_none_of_them(database: SqlDatabase) -> None:
    tell(database, untold("w-1"), Event(Happened.ENDS_NEAR, "w-1", NOW), untold("w-2"))
    failed = take(database, "w-1")
    assert failed is not None
    with database.write() as uow:
        uow.events.again(failed, LATER, LATER + timedelta(days=1))
        uow.events.add(replace(untold("w-1", by="anne"), at=LATER), instead=True)
    taken = take(database, "w-1")
    assert taken is not None
    assert (taken.event.number, taken.tries) == (4, 0)
    with database.write() as uow:
        # What somebody has in hand stays theirs, and the new one waits for it.
        uow.events.add(replace(untold("w-1", by="rémi"), at=LATER), instead=True)
    assert take(database, "w-1") is None
    with database.read() as uow:
        assert uow.events.in_hand("w-1", LATER)
        assert not uow.events.in_hand("w-2", LATER)
        assert not uow.events.in_hand("w-1", LATER + HOLD)
        assert uow.events.due(LATER) == {"workshop_mail", "ends_mail"}, "another kind's stays"


def test_what_was_done_otherwise_is_withdrawn(database: SqlDatabase) -> None:
    tell(database, untold("w-1"), untold("w-2"), Event(Happened.FILE_NOTICE, "w-1", NOW))
    with database.write() as uow:
        uow.events.withdraw("w-1", Happened.WORKSHOP_UNTOLD)
    assert [one.event.subject for one in iter(lambda: take(database), None)] == ["w-2"]
    with database.read() as uow:
        assert uow.events.due(LATER) == {"notice_mail"}


def test_what_only_a_newer_version_knows_waits_for_it(database: SqlDatabase) -> None:
    tell(database, untold("w-1"), untold("w-2"))
    with database.write() as uow:
        unknown = sa.text("UPDATE delivery SET kind = 'workshop.moved' WHERE about = 'w-1'")
        uow.belongings._transaction.connection.execute(unknown)
    assert [one.event.subject for one in iter(lambda: take(database), None)] == ["w-2"]


def test_what_was_changed_last_is_told_last(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(BRUNO)
        uow.candidates.remove(AMINA.id)
        uow.candidates.add(AMINA)
    changed, gone = Happened.PERSON_CHANGED, Happened.PERSON_GONE
    assert kinds(database) == [(changed, BRUNO.id), (gone, AMINA.id), (changed, AMINA.id)]


def test_each_listener_has_a_list_of_its_own(database: SqlDatabase) -> None:
    tell(database, untold("one"), Event(Happened.FILE_NOTICE, "one", NOW))
    for listener, wanted in LISTENERS.items():
        with database.write() as uow:
            taken = uow.events.take_up(listener, LATER, LATER + HOLD)
        assert (taken.event.kind if taken else None) == next(
            (one for one in (Happened.WORKSHOP_UNTOLD, Happened.FILE_NOTICE) if one in wanted), None
        )


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(hours=20), timedelta(days=365)])
def test_a_clock_that_was_ahead_keeps_nothing_back(database: SqlDatabase, ahead: timedelta) -> None:
    """Ahead, something happened, one failed and one was in hand; then the clock was set back."""
    moment = NOW + ahead
    for subject in ("put off", "in hand", "happened"):
        tell(database, replace(untold(subject), at=moment))
    with database.write() as uow:
        failed = uow.events.take_up("workshop_mail", moment, moment + HOLD, "put off")
        assert failed is not None
        uow.events.again(failed, moment, moment + HOLD)
        assert uow.events.take_up("workshop_mail", moment, moment + HOLD, "in hand") is not None
    found = [one.event.subject for one in iter(lambda: take(database, after=timedelta(0)), None)]
    assert found == ["put off", "in hand", "happened"]


def test_what_everybody_heard_is_forgotten_but_the_newest(database: SqlDatabase) -> None:
    tell(database, untold("w-1"), Event(Happened.PERSON_CHANGED, "c-1"), Event(Happened.PERSON_CHANGED, "c-2"))
    with database.write() as uow:
        assert uow.events.forget_before(99) == 1
    assert [subject for _kind, subject in kinds(database)] == ["w-1", "c-2"], "w-1 is still to be heard"
    taken = take(database)
    assert taken is not None
    with database.write() as uow:
        uow.events.heard(taken)
        assert uow.events.forget_before(99) == 1
        assert uow.events.forget_before(99) == 0
    tell(database, Event(Happened.PERSON_CHANGED, "c-3"))
    with database.read() as uow:
        assert uow.events.last() == 4, "no number is given twice"


def test_every_change_that_matching_follows_is_told_by_whoever_writes_it(database: SqlDatabase) -> None:
    peers = [_peer(_of(BAYONNE, number)) for number in (1, 2)]
    told: list[list[tuple[Happened, str]]] = []
    steps = (
        lambda uow: uow.candidates.add(AMINA),
        lambda uow: uow.candidates.save(replace(AMINA, mobility_km=7)),
        lambda uow: uow.candidates.add(BRUNO),
        lambda uow: uow.offers.add(BUTCHER),
        lambda uow: uow.offers.save(BUTCHER),
        lambda uow: uow.offers.replace_from_peer(peers),
        lambda uow: FILLED["forward"](uow, AMINA),
        lambda uow: uow.forwards.save(uow.forwards.get("b-forward")),
        lambda uow: uow.belongings.move(AMINA.id, BRUNO.id),
        lambda uow: uow.candidates.remove(AMINA.id),
        lambda uow: uow.candidates.remove("nobody"),
    )
    for step in steps:
        with database.read() as uow:
            before = uow.events.last()
        with database.write() as uow:
            step(uow)
        told.append(kinds(database, before))
    offer, forward = (Happened.OFFER_CHANGED, BUTCHER.key), (Happened.FORWARD_CHANGED, "b-forward")
    amina = (Happened.PERSON_CHANGED, AMINA.id)
    assert told == [
        *([amina], [amina], [(Happened.PERSON_CHANGED, BRUNO.id)]),
        *([offer], [offer], [(Happened.OFFER_CHANGED, f"{one.node}/{one.message.offer}") for one in peers]),
        *([forward], [forward], [forward]),
        *([(Happened.PERSON_GONE, AMINA.id)], []),
    ]
    assert {kind for step in told for kind, _subject in step} == MATCHING
