"""Whoever listens hears of everything at least once, in order for each subject, whatever fails or dies in between."""

import ast
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import node
from node.kit.errors import Unavailable
from node.listeners import LISTENING
from node.mission.happened import HEAD_START, LISTENERS, MATCHING, Event, Happened
from node.services.desk import Desk
from node.services.listening import HOLD, PAUSES, deliver, deliver_now_or_never, forget_old
from node.services.node import Listener, Node
from node.storage.errors import DatabaseBusy
from node.storage.happened import SqlEvents
from tests.contracts.databases import open_town
from tests.node.services.counter import wait
from tests.node.stage import Place

KIND = Happened.WORKSHOP_UNTOLD


class Ear:
    """A listener that writes down what it hears; what it hears next fails, or kills it, for as long as told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.fails: list[BaseException] = []

    def hear(self, _node: Node, event: Event) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.heard.append((event.subject, event.detail["what"]))

    def at(self, town: Place, **settings: object) -> Node:
        """The town's node with this listener alone."""
        made = replace(Listener("workshop_mail", self.hear, timedelta(days=3)), **settings)  # type: ignore[arg-type]
        return replace(town.node, listeners=lambda: [made])


def tell(town: Place, subject: str, what: str) -> None:
    with town.node.database.write() as uow:
        uow.events.add(Event(KIND, subject, town.desk.now(), {"what": what}))


@pytest.fixture
def ear() -> Ear:
    return Ear()


def test_a_page_delivers_at_once_and_the_scheduler_what_a_page_left(town: Place, ear: Ear) -> None:
    node = ear.at(town)
    tell(town, "w-1", "invited")
    tell(town, "w-2", "invited")
    assert deliver(node).heard == []
    assert [one.kind for one in deliver(node, "w-1").heard] == [KIND]
    assert ear.heard == [("w-1", "invited")]
    wait(town, seconds=HEAD_START.total_seconds())
    assert [one.subject for one in deliver(node).heard] == ["w-2"]
    assert deliver(node).heard == []
    assert deliver(node, "w-1").heard == []


def test_what_fails_is_tried_again_after_longer_and_longer_pauses(town: Place, ear: Ear) -> None:
    node = ear.at(town, lasts=timedelta(days=9))
    tell(town, "w-1", "first")
    tell(town, "w-1", "second")
    wait(town, minutes=1)
    ear.fails = [Unavailable("the server is gone") for _time in (*PAUSES, "once more")]
    deliver(node)
    for number, pause in enumerate((*PAUSES, PAUSES[-1]), 1):
        wait(town, seconds=pause.total_seconds() - 1)
        deliver(node)
        assert len(ear.fails) == len(PAUSES) + 1 - number, "not yet"
        wait(town, seconds=1)
        deliver(node)
    assert ear.heard == [("w-1", "first"), ("w-1", "second")]


def test_the_others_do_not_wait_for_one_that_fails(town: Place, ear: Ear) -> None:
    node = ear.at(town)
    for subject in ("w-1", "w-1", "w-2"):
        tell(town, subject, "invited")
    wait(town, minutes=1)
    ear.fails = [Unavailable("refused")]
    outcome = deliver(node)
    assert ([one.subject for one in outcome.failed], outcome.heard) == (["w-1"], [])
    assert [one.subject for one in deliver(node).heard] == ["w-2"]
    wait(town, seconds=PAUSES[0].total_seconds() - 1)
    assert deliver(node).heard == []
    wait(town, seconds=1)
    assert [one.subject for one in deliver(node).heard] == ["w-1", "w-1"]


def test_somebody_who_asks_again_need_not_wait_for_the_pause(town: Place, ear: Ear) -> None:
    node = ear.at(town)
    tell(town, "w-1", "first")
    ear.fails = [ValueError("what it says is not for a log")]
    assert [one.subject for one in deliver(node, "w-1").failed] == ["w-1"]
    tell(town, "w-1", "again")
    deliver(node, "w-1")
    assert ear.heard == [("w-1", "first"), ("w-1", "again")]


def test_what_somebody_does_otherwise_is_not_heard_later(town: Place, ear: Ear) -> None:
    node = ear.at(town)
    tell(town, "w-1", "asked before")
    ear.fails = [Unavailable("refused"), Unavailable("refused")]
    deliver(node, "w-1")
    tell(town, "w-1", "given")
    assert not deliver_now_or_never(node, "w-1", KIND)
    tell(town, "w-2", "given")
    assert deliver_now_or_never(node, "w-2", KIND)
    wait(town, days=1)
    assert deliver(node).heard == []
    assert ear.heard == [("w-2", "given")]


def test_a_page_learns_that_somebody_else_has_it_in_hand(town: Place, ear: Ear) -> None:
    node, seen = ear.at(town), list[bool]()

    def hear(_node: Node, _event: Event) -> None:
        seen.append(deliver(node, "w-1").elsewhere)

    slow = replace(node, listeners=lambda: [Listener("workshop_mail", hear, timedelta(days=3))])
    tell(town, "w-1", "invited")
    assert not deliver(slow, "w-1").elsewhere
    assert seen == [True]


def test_a_database_that_is_busy_afterwards_undoes_nothing(
    town: Place, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = ear.at(town)
    tell(town, "w-1", "invited")

    def busy(*_given: object) -> None:
        raise DatabaseBusy("another writer")

    with monkeypatch.context() as patched:
        patched.setattr(SqlEvents, "heard", busy)
        assert [one.subject for one in deliver(node, "w-1").heard] == ["w-1"]
    wait(town, seconds=HOLD.total_seconds())
    deliver(node)
    assert ear.heard == [("w-1", "invited")] * 2, "at least once"


def test_nothing_is_given_up_by_a_clock_that_nobody_confirms(
    town: Place, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = ear.at(town)
    tell(town, "w-1", "invited")
    ear.fails = [Unavailable("gone")]
    with monkeypatch.context() as patched:
        patched.setattr(Desk, "clock_unconfirmed", lambda *_given: town.desk.now())
        wait(town, days=365)
        deliver(node)
        wait(town, days=-365)
    deliver(node)
    assert ear.heard == [("w-1", "invited")]


def test_what_is_not_worth_it_any_more_is_given_up(town: Place, ear: Ear, everything_told: Callable[[], str]) -> None:
    node = ear.at(town, lasts=timedelta(minutes=30))
    tell(town, "w-1", "late")
    wait(town, minutes=31)
    tell(town, "w-1", "in time")
    wait(town, minutes=1)
    deliver(node)
    assert ear.heard == [("w-1", "in time")]
    assert "event.given_up" in everything_told()


def test_whoever_dies_with_it_in_hand_leaves_it_to_the_next(town: Place, ear: Ear) -> None:
    node = ear.at(town)
    tell(town, "w-1", "first")
    tell(town, "w-1", "second")
    wait(town, minutes=1)
    ear.fails = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        deliver(node)
    assert deliver(node).heard == []
    wait(town, seconds=HOLD.total_seconds())
    deliver(node)
    assert ear.heard == [("w-1", "first"), ("w-1", "second")]


def test_a_node_that_stops_leaves_the_rest(town: Place, ear: Ear) -> None:
    node = ear.at(town)
    for number in range(3):
        tell(town, f"w-{number}", "invited")
    wait(town, minutes=1)
    assert len(deliver(node, stopping=lambda: len(ear.heard) == 2).heard) == 2
    assert len(deliver(node).heard) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["fine", "fails", "dies"]), st.integers(0, 400)), max_size=12
    )
)
def test_whatever_happens_each_is_heard_in_order(town: Place, story: list[tuple[str, str, int]]) -> None:
    """A story is what is told of which subject, what its next delivery comes to, and the minutes that pass."""
    ear = Ear()
    node = replace(ear.at(town, lasts=timedelta(days=9999)), database=open_town())
    fates: dict[str, list[BaseException]] = {"fine": [], "fails": [Unavailable("")], "dies": [KeyboardInterrupt()]}
    told: dict[str, list[str]] = {}
    for number, (subject, fate, minutes) in enumerate(story):
        with node.database.write() as uow:
            uow.events.add(Event(KIND, subject, town.desk.now(), {"what": str(number)}))
        told.setdefault(subject, []).append(str(number))
        ear.fails = list(fates[fate])
        wait(town, minutes=minutes)
        with suppress(KeyboardInterrupt):
            deliver(node, subject if minutes % 2 else "")
    ear.fails = []
    for _time in range(2):
        wait(town, days=1)
        deliver(node)
    for subject, wanted in told.items():
        assert [what for about, what in ear.heard if about == subject] == wanted
    with node.database.read() as uow:
        assert not uow.events.due(town.desk.now() + timedelta(days=99))


def test_old_ones_are_forgotten(town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.services.listening.KEPT", 2)
    for number in range(5):
        with town.node.database.write() as uow:
            uow.events.add(Event(Happened.PERSON_CHANGED, f"c-{number}"))
    with town.node.database.read() as uow:
        last = uow.events.last()
    assert forget_old(town.node) == last - 2
    with town.node.database.read() as uow:
        assert [one.subject for one in uow.events.since(0, MATCHING)] == ["c-3", "c-4"]


def test_who_listens_is_registered_in_both_places() -> None:
    names = [one.name for one in LISTENING]
    assert sorted(names) == sorted(LISTENERS)
    assert len(set(names)) == len(names)
    heard = [kind for kinds in LISTENERS.values() for kind in kinds]
    assert {*heard, *MATCHING} == set(Happened), "every kind has somebody who listens, or is followed"


def test_mails_leave_from_listeners_alone() -> None:
    """Nobody else sends one: it would be lost with the process, and sent by one door of several."""
    sending = set()
    for path in Path(node.__file__).parent.rglob("*.py"):
        said = {
            ast.unparse(one.func) for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.Call)
        }
        if said & {"mailing.send", "mailing.send_all"}:
            sending.add(path)
    assert sending == {Path(one.hear.__code__.co_filename) for one in LISTENING}
