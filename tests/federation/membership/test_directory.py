"""The directory in force: never older than what was believed before, degraded when it cannot be refreshed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
import pytest

from federation.errors import (
    AddressRefused,
    BadAnswer,
    BadDirectory,
    FederationError,
    Fork,
    Gap,
    NoDirectory,
    NotAMember,
    PeerRefused,
    StaleDirectory,
    Unreachable,
    problem_of,
)
from federation.membership.directory import (
    Directory,
    DirectoryStatus,
    keep_members,
    refresh_directory,
    stored_directory,
)
from federation.membership.ports import DirectoryStore
from federation.ports import Database, UnitOfWork
from protocol.errors import BadSignature, MalformedMessage, ProtocolError
from protocol.members import Members, encode_members
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON, NOW, Network


@dataclass
class Store:
    """The two cells of a directory store that these stories need."""

    data: bytes | None = None
    at: datetime | None = None

    def members_json(self) -> bytes | None:
        return self.data

    def save_members_json(self, data: bytes, verified_at: datetime) -> None:
        self.data, self.at = data, verified_at

    def verified_at(self) -> datetime | None:
        return self.at


@dataclass
class Book:
    """A database of that one store, which notices a unit of work left open."""

    store: Store = field(default_factory=Store)
    open: int = 0

    @contextmanager
    def write(self) -> Iterator[Any]:
        self.open += 1
        yield _Uow(self.store)
        self.open -= 1

    read = write


@dataclass
class _Uow:
    directory: Store


def keep(store: Store, members: Members, now: datetime = NOW) -> None:
    keep_members(cast(DirectoryStore, store), members, now)


def stored(store: Store, now: datetime) -> Directory:
    return stored_directory(cast(DirectoryStore, store), now)


def refresh(book: Book, fetch: Callable[[], Members], now: datetime) -> Directory:
    return refresh_directory(cast(Database[UnitOfWork], book), fetch, now)


def version(members: Members, number: int) -> Members:
    return msgspec.structs.replace(members, version=number)


def test_who_is_in_the_network(network: Network) -> None:
    suspended = network.with_member(msgspec.structs.replace(network.member(BAYONNE), status="suspended"))
    directory = Directory(suspended, DirectoryStatus(1, NOW, degraded=False))
    assert directory.get(DRANCY).name == "Ville de Drancy"
    assert directory.get(BAYONNE).status == "suspended"
    assert [member.id for member in directory.active()] == [COORDINATOR, DRANCY, MONTLUCON]
    with pytest.raises(NotAMember):
        directory.get("trelaze.emploi.example")


def test_a_newer_list_replaces_an_older_one_and_never_the_reverse(network: Network) -> None:
    store = Store()
    keep(store, version(network.members, 7))
    keep(store, version(network.members, 9), NOW + timedelta(hours=1))
    with pytest.raises(BadDirectory):
        keep(store, version(network.members, 8))
    assert stored(store, NOW).status == DirectoryStatus(9, NOW + timedelta(hours=1), degraded=False)


def test_the_same_list_again_is_verified_again(network: Network) -> None:
    store = Store()
    keep(store, network.members)
    keep(store, network.members, NOW + timedelta(days=1))
    assert store.at == NOW + timedelta(days=1)


def test_two_lists_of_one_version_are_not_believed(network: Network) -> None:
    store = Store()
    keep(store, network.members)
    with pytest.raises(BadDirectory):
        keep(store, msgspec.structs.replace(network.members, witness_quorum=1))


def test_another_networks_list_is_not_believed(network: Network) -> None:
    store = Store()
    keep(store, network.members)
    with pytest.raises(BadDirectory):
        keep(store, msgspec.structs.replace(network.members, network="Autre réseau", version=99))


def test_after_two_days_unverified_the_directory_is_degraded_and_still_there(network: Network) -> None:
    store = Store(encode_members(network.members), NOW)
    assert not stored(store, NOW + timedelta(days=2)).status.degraded
    late = stored(store, NOW + timedelta(days=2, seconds=1))
    assert (late.status.degraded, late.status.reason) == (True, "stale_directory")
    assert late.get(DRANCY).id == DRANCY


def test_before_the_first_directory_there_is_none() -> None:
    with pytest.raises(NoDirectory):
        stored(Store(), NOW)


def test_a_refresh_keeps_what_it_fetched_with_no_unit_of_work_open_meanwhile(network: Network) -> None:
    book = Book()

    def fetch() -> Members:
        assert book.open == 0
        return network.members

    assert refresh(book, fetch, NOW).status == DirectoryStatus(1, NOW, degraded=False)
    assert book.store.data == encode_members(network.members)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Unreachable("no answer in time"), "unreachable"),
        (StaleDirectory("past"), "stale_directory"),
        (BadDirectory("rolled back"), "bad_directory"),
        (BadSignature("wrong"), "bad_signature"),
    ],
)
def test_without_the_coordinator_the_last_list_stays_in_force(network: Network, error: Exception, reason: str) -> None:
    book = Book(Store(encode_members(network.members), NOW))

    def fetch() -> Members:
        raise error

    directory = refresh(book, fetch, NOW + timedelta(hours=1))
    assert directory.status == DirectoryStatus(1, NOW, degraded=True, reason=reason)
    assert directory.get(MONTLUCON).id == MONTLUCON


def test_a_coordinator_that_goes_back_in_time_degrades_the_directory(network: Network) -> None:
    book = Book(Store(encode_members(version(network.members, 5)), NOW))
    directory = refresh(book, lambda: version(network.members, 4), NOW)
    assert (directory.status.version, directory.status.reason) == (5, "bad_directory")


def test_nothing_stored_and_nothing_fetched(network: Network) -> None:
    def fetch() -> Members:
        raise Unreachable("no answer in time")

    with pytest.raises(NoDirectory):
        refresh(Book(), fetch, NOW)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (Unreachable("x"), "unreachable"),
        (BadAnswer("x"), "bad_answer"),
        (AddressRefused("x"), "address_refused"),
        (PeerRefused(403, "suspended"), "refused"),
        (Fork("x"), "fork"),
        (Gap("x"), "gap"),
        (MalformedMessage("x"), "malformed"),
        (ProtocolError("x"), "protocol"),
    ],
)
def test_every_error_has_a_stable_word(error: FederationError | ProtocolError, word: str) -> None:
    assert problem_of(error) == word
