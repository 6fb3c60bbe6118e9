"""Files and their bytes."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.deposits.deposit import Channel, Deposit
from node.mission.people.documents import Document, DocumentKind
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import NOW, open_town
from tests.contracts.test_candidates import AMINA, BRUNO

CV = Document(
    id="d1",
    candidate="c-amina",
    kind=DocumentKind.CV,
    name="cv.pdf",
    media_type="application/pdf",
    size=5,
    sha256="ab" * 32,
    added=NOW,
    by="anne",
)
DEPOSIT = Deposit(id="dep1", received=NOW, channel=Channel.QR, last_name="Caux")


def test_a_document_is_kept_with_its_bytes(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.documents.add(CV, b"\0cv\xff!")
    with database.write() as uow:
        uow.documents.save(replace(CV, kind=DocumentKind.CV_BEFORE))
    with database.read() as uow:
        assert uow.documents.get("d1") == replace(CV, kind=DocumentKind.CV_BEFORE)
        assert uow.documents.content("d1") == b"\0cv\xff!"
        assert uow.documents.of_candidate("c-amina") == [replace(CV, kind=DocumentKind.CV_BEFORE)]
        assert uow.documents.of_candidate("c-bruno") == []
        assert uow.documents.get("d2") is None and uow.documents.content("d2") is None


def test_a_removed_document_is_gone_with_its_bytes(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.documents.add(CV, b"cv")
        assert uow.documents.remove("d1")
        assert not uow.documents.remove("d1")
        assert uow.documents.content("d1") is None
    with pytest.raises(Missing), database.write() as uow:
        uow.documents.save(CV)


def test_documents_of_a_deposit_become_a_persons(database: SqlDatabase) -> None:
    waiting = replace(CV, candidate="", deposit="dep1")
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.deposits.add(DEPOSIT)
        uow.documents.add(waiting, b"cv")
    with database.write() as uow:
        assert uow.documents.of_deposit("dep1") == [waiting]
        uow.documents.give(["d1", "d2"], "c-amina")
        assert uow.documents.of_deposit("dep1") == []
        uow.deposits.remove("dep1")
    with database.read() as uow:
        assert uow.documents.of_candidate("c-amina") == [CV]
        assert uow.documents.content("d1") == b"cv"


def test_documents_go_with_whoever_they_belong_to(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.deposits.add(DEPOSIT)
        uow.documents.add(CV, b"cv")
        uow.documents.add(replace(CV, id="d2", candidate="", deposit="dep1"), b"cv")
    with database.write() as uow:
        assert uow.documents.get("d1") == CV
        uow.candidates.remove("c-amina")
        uow.deposits.remove("dep1")
        assert uow.documents.get("d1") is None and uow.documents.content("d1") is None
        assert uow.documents.get("d2") is None and uow.documents.content("d2") is None


def test_a_document_belongs_to_somebody_who_is_there(database: SqlDatabase) -> None:
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.documents.add(CV, b"cv")


def test_what_was_removed_is_in_no_file(tmp_path: Path) -> None:
    database = open_town(f"sqlite:///{tmp_path}/town.db")
    secret = b"the CV of somebody who changed their mind"
    with database.write() as uow:
        uow.candidates.add(BRUNO)
        uow.documents.add(replace(CV, candidate="c-bruno"), secret * 300)
    assert any(secret in file.read_bytes() for file in tmp_path.iterdir())
    with database.write() as uow:
        uow.documents.remove("d1")
    assert not any(secret in file.read_bytes() for file in tmp_path.iterdir())
    database.dispose()


@given(st.binary(max_size=4000))
@settings(max_examples=30, deadline=None)
def test_any_bytes_come_back(content: bytes) -> None:
    database = open_town()
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.documents.add(CV, content)
    with database.read() as uow:
        assert uow.documents.content("d1") == content
    database.dispose()
