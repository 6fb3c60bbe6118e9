"""Telephone numbers that an earlier schema kept as they were typed become E.164, on each kind of database."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command

from node.kit.phone import read
from node.mission.duplicates.merge import Merge
from node.mission.people.partners import Local
from node.mission.people.ports import RegisterFilter
from node.storage import SqlDatabase, migrate
from node.storage.engine import MODE, Mode, make_engine
from node.storage.migrations.versions import v0012_phone_numbers
from node.storage.people.candidates import search_text
from tests.contracts.databases import NOW
from tests.contracts.test_candidates import BRUNO

BEFORE = "0010"
TYPED = {
    "p1": "+33 (0)6 12 34 56 78",
    "p2": "0612345678",
    "p3": "0692 12 34 56",
    "p4": "061234567",
    "p5": "06 12 34 56 78 (soir)",
    "p6": "",
    "p7": "00442079460958",
    "p8": "0700000000",
}
KEPT = TYPED | {
    "p1": "+33612345678",
    "p2": "+33612345678",
    "p3": "+262692123456",
    "p7": "+442079460958",
    "p8": "+33700000000",
}
PROPOSAL = {"fields": {"phone": {"value": "06 12 34 56 78", "confidence": 0.97, "at": [0, 0, 14]}}, "lines": ["é"]}
PERSON = {
    "reference": "MTL-1", "first_name": "Noémie", "last_name": "D'Étrée", "email": "N@x.fr", "commune": "03185",
    "occupations": [], "skills": [], "qualification": 0, "licences": [], "languages": [], "contracts": [],
    "mobility_km": 10, "places": [], "relocates": False, "summary": "", "state": "active", "cv_state": "received",
    "owner": "anne", "hours": "", "vehicle": False, "public_transport": False, "photo": "", "source": "",
    "detail": b"{}", "search": "etree",
}  # fmt: skip
DEPOSIT = {
    "received": NOW, "channel": "qr", "source": "", "first_name": "", "last_name": "Roy", "email": "",
    "message": "06 12 34 56 78", "call_back": False, "document": "", "keep_how": "", "network_how": "",
    "state": "waiting", "settled_by": "",
}  # fmt: skip
PARTNER = {
    "name": "Garage",
    "helps": ["mobility"],
    "person": "",
    "email": "",
    "address": "",
    "note": "",
    "active": True,
}


def filled(connection: sa.Connection) -> None:
    """What an earlier version kept."""
    gone = replace(BRUNO, phone="06.12.34.56.78")
    kept = replace(BRUNO, id="p1", phone="le soir")
    nothing: dict[str, Any] = {"kept_local": Local(), "gone_local": Local(), "moved": {}, "dropped": {}}
    detail = Merge(id="m", kept=kept, gone=gone, at=NOW, by="anne", **nothing)
    rows: list[tuple[str, dict[str, Any]]] = [
        *(
            ("candidate", PERSON | {"id": key, "reference": f"MTL-{key}", "phone": phone})
            for key, phone in TYPED.items()
        ),
        ("deposit", DEPOSIT | {"id": "d1", "phone": "06.12.34.56.78", "proposal": PROPOSAL}),
        ("deposit", DEPOSIT | {"id": "d2", "phone": "demain", "proposal": {"fields": {"phone": None}, "lines": []}}),
        ("deposit", DEPOSIT | {"id": "d3", "phone": "", "proposal": None}),
        ("partner", PARTNER | {"id": "g1", "phone": "04 70 00 00 00"}),
        ("partner", PARTNER | {"id": "g2", "phone": "39 49"}),
        ("change", {"candidate": "p1", "at": NOW, "by": "anne", "field": "phone", "before": "", "after": "0612345678"}),
        ("merge", {"id": "m", "kept": "p1", "gone_reference": "93-0003", "detail": msgspec.json.encode(detail)}),
    ]
    known = sa.MetaData()
    known.reflect(connection, only=sorted({table for table, _row in rows}))
    for table, row in rows:
        connection.execute(known.tables[table].insert().values(row))


@pytest.mark.parametrize("at_once", [1, 1_000])
def test_numbers_kept_before_are_rewritten(empty_url: str, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v0012_phone_numbers, "_PART", at_once)
    engine = make_engine(empty_url)
    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        command.upgrade(migrate._config(connection), BEFORE)
        filled(connection)
    migrate.migrate(engine)
    with SqlDatabase(engine, bytes).read() as uow:
        people = {key: uow.candidates.get(key) for key in TYPED}
        assert {key: person.phone for key, person in people.items() if person} == KEPT
        first, second, third = (uow.deposits.get(key) for key in ("d1", "d2", "d3"))
        assert first and second and third
        assert (first.phone, second.phone, third.phone) == ("+33612345678", "demain", "")
        assert first.proposal is not None and first.proposal["fields"]["phone"]["value"] == "+33612345678"
        assert first.proposal["lines"] == ["é"] and first.message == "06 12 34 56 78"
        assert (second.proposal, third.proposal) == ({"fields": {"phone": None}, "lines": []}, None)
        assert [one.phone for one in sorted(uow.files.partners(), key=lambda one: one.id)] == ["+33470000000", "39 49"]
        (merge,) = uow.merges.of("p1")
        assert (merge.kept.phone, merge.gone) == ("le soir", replace(BRUNO, phone="+33612345678"))
        assert uow.files.history("p1")[0].after == "0612345678", "the history stays as it was written"
        found = uow.candidates.page(RegisterFilter(text="etree 0033 6 12 34 56 78"), 0, 9).rows
        assert sorted(one.id for one in found) == ["p1", "p2"]
    with engine.connect() as connection:
        kept = {row.id: row.search for row in connection.execute(sa.text("SELECT id, search FROM candidate"))}
    for key, person in people.items():
        assert person is not None
        assert kept[key] == ("etree" if key == "p6" else search_text(person)), "as a file that is saved now"
    engine.dispose()


def test_the_revision_reads_as_the_program_does_today() -> None:
    """But for what no earlier version kept."""
    for typed in (*TYPED.values(), "3939", "0690301234", "+33692123456", "٠٦١٢٣٤٥٦٧٨", "+44 1", "é" * 12, "0" * 300):
        assert v0012_phone_numbers._read(typed) == read(typed)
    assert v0012_phone_numbers._read(None) is None
