"""Our own last release, and the peers' in force."""

from dataclasses import replace
from datetime import timedelta

import msgspec

from node.mission.sheets.ports import ClassMembers, PeerRelease
from node.storage import SqlDatabase
from protocol.messages import SheetsReleased
from protocol.messages.sheets import Sheet
from tests.contracts.databases import BAYONNE, MONTLUCON, NOW

BUTCHERS = Sheet(occupation="D1101", size="5+", skills=["104320"], languages=["ar"], contracts=["CDI"])
RELEASE = SheetsReleased(release=1, at="2026-11-23T09:30:00Z", k=5, referential="rome-4.0", sheets=[BUTCHERS])
MEMBERS = ClassMembers(
    occupation="D1101",
    members=frozenset({"c1", "c2", "c3", "c4", "c5"}),
    skills=("104320",),
    languages=("ar",),
    contracts=("CDI",),
)


def test_our_last_release_and_who_was_in_it(database: SqlDatabase) -> None:
    with database.write() as uow:
        assert uow.releases.last() is None
        assert uow.releases.members() == []
        uow.releases.save(RELEASE, 4, [replace(MEMBERS, occupation="D11+"), MEMBERS])
    with database.read() as uow:
        assert uow.releases.last() == (RELEASE, 4)
        assert uow.releases.members() == [replace(MEMBERS, occupation="D11+"), MEMBERS]
    empty = msgspec.structs.replace(RELEASE, release=2, sheets=[])
    with database.write() as uow:
        uow.releases.save(empty, 9, [])
    with database.read() as uow:
        assert uow.releases.last() == (empty, 9)
        assert uow.releases.members() == []


def test_one_release_a_peer_the_latest(database: SqlDatabase) -> None:
    second = PeerRelease(MONTLUCON, msgspec.structs.replace(RELEASE, release=2), NOW)
    first = PeerRelease(MONTLUCON, RELEASE, NOW + timedelta(days=1))
    other = PeerRelease(BAYONNE, RELEASE, NOW)
    with database.write() as uow:
        for one in (second, first, other):
            uow.releases.put_peer(one)
    with database.read() as uow:
        assert uow.releases.of_peers() == [other, second]
    third = PeerRelease(MONTLUCON, msgspec.structs.replace(RELEASE, release=3, sheets=[]), NOW + timedelta(days=7))
    with database.write() as uow:
        uow.releases.put_peer(third)
        assert uow.releases.of_peers() == [other, third]
