"""The directory's copy, nonces, and the disclosure ledger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from federation.erasure.ports import Disclosure
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import BAYONNE, MONTLUCON, NOW

KEY = f"{BAYONNE}#http-0123456789abcdef"


def test_the_last_verified_directory(database: SqlDatabase) -> None:
    with database.read() as uow:
        assert uow.directory.members_json() is None
        assert uow.directory.verified_at() is None
    with database.write() as uow:
        uow.directory.save_members_json(b'{"version":1}', NOW)
        uow.directory.save_members_json(b'{"version":2}', NOW + timedelta(hours=1))
    with database.read() as uow:
        assert uow.directory.members_json() == b'{"version":2}'
        assert uow.directory.verified_at() == NOW + timedelta(hours=1)


def test_join_requests_wait_until_they_are_dropped(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.directory.save_join_request(MONTLUCON, b"first", NOW)
        uow.directory.save_join_request(BAYONNE, b"signed", NOW)
        uow.directory.save_join_request(MONTLUCON, b"second", NOW)
    with database.read() as uow:
        assert uow.directory.join_requests() == {BAYONNE: b"signed", MONTLUCON: b"second"}
    with database.write() as uow:
        uow.directory.drop_join_request(MONTLUCON)
        uow.directory.drop_join_request("trelaze.emploi.example")
        assert uow.directory.join_requests() == {BAYONNE: b"signed"}


def test_a_nonce_is_new_once_within_its_time(database: SqlDatabase) -> None:
    def remember(nonce: str, minutes: int, key: str = KEY) -> bool:
        with database.write() as uow:
            return uow.nonces.remember(key, nonce, NOW + timedelta(minutes=minutes))

    assert remember("a", 0)
    assert not remember("a", 1)
    assert remember("b", 1)
    assert remember("a", 1, key=f"{MONTLUCON}#http-0123456789abcdef")
    assert not remember("a", 15)
    assert remember("a", 16)


DISCLOSURE = Disclosure(forward="f1", candidate="c1", holder=BAYONNE, disclosed_at=NOW, sent_index=4)


def test_the_ledger_follows_a_disclosure_to_its_receipt(database: SqlDatabase) -> None:
    other = replace(DISCLOSURE, forward="f2", candidate="c2", disclosed_at=NOW + timedelta(hours=1))
    again = replace(DISCLOSURE, forward="f3", disclosed_at=NOW + timedelta(hours=2))
    with database.write() as uow:
        for one in (again, other, DISCLOSURE):
            uow.disclosures.add(one)
    with database.read() as uow:
        assert DISCLOSURE in uow.disclosures.all()
        assert uow.disclosures.of_candidate("c1") == [DISCLOSURE, again]
        assert uow.disclosures.all() == [DISCLOSURE, other, again]
        assert uow.disclosures.pending() == []
        assert uow.disclosures.by_order("") is None
    ordered = replace(DISCLOSURE, order="o1", ordered_at=NOW + timedelta(days=1), order_index=9, order_message=b"order")
    sooner = replace(other, order="o2", ordered_at=NOW + timedelta(hours=5), order_index=8, order_message=b"order")
    with database.write() as uow:
        uow.disclosures.save(ordered)
        uow.disclosures.save(sooner)
    with database.read() as uow:
        assert uow.disclosures.pending() == [sooner, ordered]
        assert uow.disclosures.by_order("o1") == ordered
    done = replace(
        ordered, receipt_at=NOW + timedelta(days=2), receipt_index=3, receipt_epoch=1, receipt_message=b"receipt"
    )
    with database.write() as uow:
        uow.disclosures.save(done)
    with database.read() as uow:
        assert uow.disclosures.pending() == [sooner]
        assert done in uow.disclosures.all()


def test_one_disclosure_a_forward_and_one_order_a_disclosure(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.disclosures.add(replace(DISCLOSURE, order="o1"))
        uow.disclosures.add(replace(DISCLOSURE, forward="f2"))
        uow.disclosures.add(replace(DISCLOSURE, forward="f3"))
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.disclosures.add(DISCLOSURE)
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.disclosures.save(replace(DISCLOSURE, forward="f2", order="o1"))
    with pytest.raises(Missing), database.write() as uow:
        uow.disclosures.save(replace(DISCLOSURE, forward="f9"))
