"""What hangs on a person: every table is on the list or known to name nobody, and each kind moves and comes back."""

import re

import sqlalchemy as sa

from node.mission.people.belongings import BELONGINGS, MOVING
from node.storage import NodeUnitOfWork, SqlDatabase
from node.storage.belongings import IN_HAND, TABLES
from node.storage.schema import METADATA
from tests.contracts.filled import FILLED
from tests.contracts.test_candidates import AMINA, BRUNO

WITHOUT_PERSON = frozenset(
    {
        *("candidate", "document_content", "sequence", "source", "deposit_tally", "workshop", "partner", "account"),
        *("attempts", "offer", "own_release", "class_member", "peer_release", "forward_move", "forward_papers"),
        *("journal_state", "journal_entry", "peer", "replica_cursor", "replica_head", "replica_entry", "refusal"),
        *("evidence", "nonce", "directory_cache", "join_request", "told_end", "erased_salt", "erased_reference"),
        *("event", "delivery", "ended_token", "offer_proposal", "forward_note"),
        "employer_pause",
        *("sending", "sending_part", "sending_link", "sending_word"),
    }
)
"""The other tables: what is part of a kind above (the bytes of a document, the moves, notes and papers of a forward),
what counts people without telling them apart from week to week (class_member), what says for some days that something
was changed, by its identifier alone (event, delivery), what names a person by their forward alone and is emptied with
it (sendings to employers: `Sendings.forget_person`), and what knows no person of the register (a proposal of an
employer's; what was decided on an employer)."""

PERSONAL = {"candidate", "subject", "kept", "person_id"}


def counted(uow: NodeUnitOfWork, candidate: str) -> dict[str, int]:
    """How many rows of each kind hang on the person."""
    connection = uow.belongings._transaction.connection
    return {
        kind: connection.execute(sa.select(sa.func.count()).where(whose == candidate)).scalar_one()
        for kind, (_key, whose) in TABLES.items()
    }


def test_every_table_is_on_the_list_or_names_nobody() -> None:
    """Whoever adds a table says here whose it is: what becomes of it at a merge, an erasure, a download."""
    listed = {whose.table.name for _key, whose in TABLES.values()}
    assert listed | WITHOUT_PERSON == set(METADATA.tables)
    assert not listed & WITHOUT_PERSON
    of_people = {"forward", "candidate"}
    for name in WITHOUT_PERSON:
        table = METADATA.tables[name]
        assert not {column.name for column in table.columns} & PERSONAL, name
        led_to = {key.column.table.name for key in table.foreign_keys}
        assert not led_to & of_people or name in ("forward_move", "forward_note"), name
    for kind, (key, whose) in TABLES.items():
        assert key.table is whose.table, kind


def test_the_list_is_one() -> None:
    kinds = [one.kind for one in BELONGINGS]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) == set(TABLES) == set(FILLED)


def test_what_moves_comes_back(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(BRUNO)
        uow.candidates.add(AMINA)
        for fill in FILLED.values():
            fill(uow, AMINA)
    with database.write() as uow:
        before = counted(uow, AMINA.id)
        assert all(before.values()), "each kind is there to be moved"
        moved = uow.belongings.move(AMINA.id, BRUNO.id)
        assert {kind: len(keys) for kind, keys in moved.items()} == {kind: before[kind] for kind in MOVING}
        assert {kind for kind, count in counted(uow, AMINA.id).items() if not count} == set(MOVING)
        assert [one.id for one in uow.forwards.of_candidate(BRUNO.id)] == ["b-forward"]
        assert [one.id for one in uow.files.contacts_of(BRUNO.id)] == ["b-contact"]
    with database.write() as uow:
        uow.belongings.give(moved, BRUNO.id, AMINA.id)
        assert counted(uow, AMINA.id) == before
        # What hangs on somebody else meanwhile is passed by.
        uow.belongings.give(moved, BRUNO.id, "c-nobody")
        assert counted(uow, AMINA.id) == before


DID = frozenset(
    {
        *("access.account", "candidate.ready_by", "change.by", "contact.by", "deposit.settled_by", "document.by"),
        *("forward_move.by", "forward_move.actor", "forward_note.actor", "hire.by", "referral.by", "match_seen.by"),
        *("kept_form.account", "session.account", "told_end.who_acts", "ended_token.by"),
        *("after_hire.by", "employer_pause.by"),
        *("sending.by", "sending_word.by"),
    }
)
"""Columns that say who did it, or whose way in it is: nothing that a colleague could take over."""
WHO = re.compile(r"(^|_)(by|account|actor|acts|leader|owner|who)$")


def test_every_column_that_names_who_is_responsible_is_handed_over() -> None:
    """Whoever adds one says here whether it is something in hand."""
    found = {str(column) for table in METADATA.tables.values() for column in table.columns if WHO.search(column.name)}
    assert found == DID | {str(column) for column in IN_HAND.values()}
