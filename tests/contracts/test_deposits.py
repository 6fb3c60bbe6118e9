"""Deposits, the posters that they came by, and the counts that outlive them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.mission.agreements.consent import Agreement
from node.mission.deposits.deposit import Channel, Deposit, DepositState, Source, SourceKind
from node.mission.deposits.ports import Tally
from node.storage import Missing, SqlDatabase
from tests.contracts.databases import NOW
from tests.contracts.test_candidates import AMINA, BRUNO

TABARD = Deposit(
    id="dep1",
    received=NOW,
    channel=Channel.QR,
    source="k7p2",
    first_name="Noémie",
    last_name="Tabard",
    email="n.tabard@courriel.example",
    phone="0612345678",
    message="Je cherche « près de chez moi ».",
    call_back=True,
    document="d1",
    keep=Agreement(at=NOW, how="formulaire en ligne"),
    proposal={"email": {"value": "n.tabard@courriel.example", "at": [1, 2.5]}, "skills": ["é", None, True]},
)
POSTER = Source(id="k7p2", kind=SourceKind.EVENT, label="Forum de Domérat", opened=date(2026, 11, 2))


def test_a_deposit_is_kept_whole(database: SqlDatabase) -> None:
    bare = Deposit(id="dep2", received=NOW, channel=Channel.MAIL)
    with database.write() as uow:
        uow.deposits.add(TABARD)
        uow.deposits.add(bare)
    with database.read() as uow:
        assert uow.deposits.get("dep1") == TABARD
        assert uow.deposits.get("dep2") == bare
        assert uow.deposits.get("dep3") is None


def test_those_that_wait_come_in_parts_oldest_first_without_proposals(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        for number in range(5):
            received = NOW - timedelta(hours=number)
            uow.deposits.add(replace(TABARD, id=f"dep{number}", received=received, call_back=number == 2))
        settled = replace(TABARD, state=DepositState.ACCEPTED, candidate="c-amina", settled_by="anne", settled_at=NOW)
        uow.deposits.save(settled)
    with database.read() as uow:
        page = uow.deposits.page(DepositState.WAITING, 1, 2)
        assert (page.count, [one.id for one in page.rows]) == (4, ["dep3", "dep2"])
        assert [one.proposal for one in page.rows] == [None, None]
        assert [one.id for one in uow.deposits.page(DepositState.WAITING, 0, 9, call_back=True).rows] == ["dep2"]
        assert uow.deposits.page(DepositState.WAITING, 0, 9, call_back=False).count == 3
        assert uow.deposits.page(DepositState.ACCEPTED, 0, 9).count == 1
        assert uow.deposits.of_candidate("c-amina") == [settled]
        assert {one.id for one in uow.deposits.identities()} == {"dep0", "dep2", "dep3", "dep4"}


def test_deposits_change_hands_and_go_with_the_person(database: SqlDatabase) -> None:
    settled = replace(TABARD, state=DepositState.JOINED, candidate="c-amina")
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(BRUNO)
        uow.deposits.add(settled)
        uow.belongings.give({"deposit": ("dep1",)}, "c-amina", "c-bruno")
        assert uow.deposits.of_candidate("c-amina") == []
        assert uow.deposits.of_candidate("c-bruno") == [replace(settled, candidate="c-bruno")]
    with database.write() as uow:
        uow.candidates.remove("c-bruno")
        assert uow.deposits.get("dep1") is None


def test_a_removed_deposit_does_not_come_back(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.deposits.add(TABARD)
    with database.write() as uow:
        uow.deposits.remove("dep1")
        uow.deposits.remove("dep1")
    with pytest.raises(Missing), database.write() as uow:
        uow.deposits.save(TABARD)


def test_posters(database: SqlDatabase) -> None:
    desk = Source(id="m4qa", kind=SourceKind.DESK, label="Accueil", opened=date(2026, 11, 3))
    with database.write() as uow:
        uow.deposits.add_source(POSTER)
        uow.deposits.add_source(desk)
        uow.deposits.save_source(replace(POSTER, closed=date(2026, 11, 23)))
    with database.read() as uow:
        assert uow.deposits.sources() == [desk, replace(POSTER, closed=date(2026, 11, 23))]
        assert uow.deposits.source("m4qa") == desk
        assert uow.deposits.source("none") is None
    with pytest.raises(Missing), database.write() as uow:
        uow.deposits.save_source(replace(desk, id="none"))


def test_counts_add_up_by_month_source_and_channel(database: SqlDatabase) -> None:
    november = Tally(month="2026-11", source="k7p2", channel="qr", received=1)
    with database.write() as uow:
        for _ in range(3):
            uow.deposits.count_up(november)
        uow.deposits.count_up(replace(november, received=0, discarded=1))
        uow.deposits.count_up(replace(november, source=""))
        uow.deposits.count_up(replace(november, month="2026-10"))
    with database.read() as uow:
        assert uow.deposits.tallies("2026-11") == [
            replace(november, source=""),
            replace(november, received=3, discarded=1),
        ]
        assert len(uow.deposits.tallies("")) == 3
