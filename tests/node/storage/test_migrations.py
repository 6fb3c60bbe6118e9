"""Revisions and tables say the same, and a database is brought from any of them to the present."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from node.mission.people.candidate import CvState, Experience, Hours
from node.mission.people.ports import RegisterFilter
from node.storage import SqlDatabase, WrongDatabase, migrate
from node.storage.engine import MODE, Mode, make_engine
from node.storage.schema import METADATA
from tests.contracts.databases import open_town


@pytest.fixture
def engine() -> Iterator[sa.Engine]:
    opened = make_engine("sqlite://")
    yield opened
    opened.dispose()


def test_tables_and_revisions_are_the_same(engine: sa.Engine) -> None:
    migrate.migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert set(sa.inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_a_difference_would_be_seen(engine: sa.Engine) -> None:
    migrate.migrate(engine)
    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE candidate DROP COLUMN summary")
    with engine.connect() as connection:
        ((what, _, table, column),) = compare_metadata(MigrationContext.configure(connection), METADATA)
        assert (what, table, column.name) == ("add_column", "candidate", "summary")


def test_every_constraint_has_a_name() -> None:
    """Otherwise no later revision could change it on SQLite."""
    for table in METADATA.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_the_head_is_the_last_revision() -> None:
    script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert script.get_heads() == [migrate.HEAD]


def test_migrating_again_changes_nothing(engine: sa.Engine) -> None:
    for _ in range(2):
        migrate.migrate(engine)
        with engine.connect() as connection:
            assert migrate.schema_revision(connection) == migrate.HEAD
            assert connection.exec_driver_sql("SELECT count(*) FROM journal_state").scalar() == 0


def test_people_of_the_first_tables_keep_their_place(engine: sa.Engine) -> None:
    """Reception knows who was in the register before it: signature, agreements, and what is searched."""
    from alembic import command

    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        command.upgrade(migrate._config(connection), "0002")
    person = {
        "id": "p1", "reference": "MTL-1", "first_name": "Noémie", "last_name": "D'Étrée", "email": "N@x.fr",
        "phone": "+33 6 12 34 56 78", "commune": "03185", "occupations": '[["N1103", 4]]', "skills": "[]",
        "qualification": 0, "licences": "[]", "languages": "[]", "contracts": "[]", "mobility_km": 10, "places": "[]",
        "relocates": False, "summary": "", "state": "active", "ready_by": "Mme Aubert", "ready_on": "2026-09-01",
        "ready_met": "in_person", "ready_met_on": "2026-08-30", "last_contact": "2026-10-01",
    }  # fmt: skip
    bare = {**person, "id": "p2", "reference": "MTL-2", "ready_by": None, "ready_on": None, "last_contact": None}
    bare |= {"ready_met": None, "ready_met_on": None}
    consent = {
        "candidate": "p1", "id": "c", "position": 0, "scope": "network", "given_on": "2026-10-05",
        "until": "2027-10-05", "how": "signé", "offer": "",
    }  # fmt: skip
    with engine.execution_options(**{MODE: Mode.WRITE}).begin() as connection:
        for table, row in (("candidate", person), ("candidate", bare), ("consent", consent)):
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)

    migrate.migrate(engine)
    with SqlDatabase(engine, bytes).read() as uow:
        known, other = uow.candidates.get("p1"), uow.candidates.get("p2")
        found = uow.candidates.page(RegisterFilter(text="etree 0612"), 0, 5)
        silent = uow.candidates.silent_since(date(2026, 10, 6))
    assert known is not None and other is not None
    assert (known.cv_state, known.first_ready, known.ready_until) == (
        CvState.READY,
        date(2026, 9, 1),
        date(2027, 4, 2),
    )
    assert known.occupations == (Experience(rome="N1103", months=4),)
    assert (other.cv_state, other.hours, other.vehicle, other.jobs) == (CvState.RECEIVED, Hours.ANY, False, ())
    assert [line.ready_until for line in found.rows] == [known.ready_until, None]
    assert silent == ["p1", "p2"]
    with SqlDatabase(engine, bytes).write() as uow:
        for one in (known, other):
            uow.candidates.save(one)
        assert uow.candidates.page(RegisterFilter(text="etree 0612"), 0, 5) == found


def test_a_cancelled_workshop_has_had_its_revision(engine: sa.Engine) -> None:
    from alembic import command

    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        command.upgrade(migrate._config(connection), "0006")
    workshop = {
        "id": "w1", "title": "Atelier CV", "starts": "2026-11-25 09:00:00", "minutes": 120, "room": "Salle 2",
        "leader": "anne", "seats": 3, "note": "", "state": "planned",
    }  # fmt: skip
    with engine.execution_options(**{MODE: Mode.WRITE}).begin() as connection:
        for row in (workshop, workshop | {"id": "w2", "state": "cancelled"}):
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(sa.text(f"INSERT INTO workshop ({names}) VALUES ({values})"), row)
    migrate.migrate(engine)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT id, revision FROM workshop ORDER BY id").all()
    assert [tuple(row) for row in kept] == [("w1", 0), ("w2", 1)]


def test_accounts_and_workshops_of_before_go_on(engine: sa.Engine) -> None:
    """Whoever was signed in stays so; whoever was invited counts as told, and keeps their place."""
    from alembic import command

    at = "2026-11-25 09:00:00"
    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        command.upgrade(migrate._config(connection), "0004")
    person = {
        "id": "p1", "reference": "MTL-1", "first_name": "Noémie", "last_name": "Étrée", "email": "", "phone": "",
        "commune": "03185", "occupations": '[["N1103", 4], ["K2204", 0]]', "skills": "[]", "qualification": 0,
        "licences": "[]", "languages": "[]", "contracts": "[]", "mobility_km": 10, "places": "[]", "relocates": False,
        "summary": "", "state": "active", "cv_state": "workshop", "owner": "anne", "hours": "", "vehicle": False,
        "public_transport": False, "photo": "", "source": "", "detail": b"{}", "search": "etree noemie",
    }  # fmt: skip
    workshop = {
        "id": "w1", "title": "Atelier CV", "starts": at, "minutes": 120, "room": "Salle 2", "leader": "anne",
        "seats": 3, "note": "", "state": "planned",
    }  # fmt: skip
    place = {
        "workshop": "w1", "candidate": "p1", "position": 0, "attendance": "accepted", "invited": at, "cv_before": "",
        "cv_after": "",
    }  # fmt: skip
    account = {
        "id": "anne", "email": "anne@m.fr", "name": "Anne", "roles": '["counsellor"]', "created": at, "password": "",
        "totp": "", "totp_step": 0, "recovery": "[]", "employer": "", "language": "", "state": "active",
    }  # fmt: skip
    rows = (
        ("candidate", person),
        ("candidate", person | {"id": "p2", "reference": "MTL-2", "occupations": "[]"}),
        ("workshop", workshop),
        ("workshop", workshop | {"id": "w2", "state": "cancelled"}),
        ("workshop_place", place),
        ("workshop_place", place | {"workshop": "w2"}),
        ("account", account),
        ("account", account | {"id": "rémi", "email": "remi@m.fr"}),
        ("session", {"id": "s", "account": "anne", "candidate": "", "created": at, "expires": at, "agent": ""}),
        ("magic_link", {"id": "l", "purpose": "paper", "subject": "p1", "created": at, "expires": at}),
    )
    with engine.execution_options(**{MODE: Mode.WRITE}).begin() as connection:
        for table, row in rows:
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    migrate.migrate(engine)
    with SqlDatabase(engine, bytes).read() as uow:
        known, nothing = uow.candidates.get("p1"), uow.candidates.get("p2")
        planned, cancelled = uow.workshops.get("w1"), uow.workshops.get("w2")
        session, link = uow.accounts.session("s"), uow.accounts.link("l")
        identities = [one.identity for one in uow.accounts.all()]
    assert known is not None and nothing is not None and planned is not None and cancelled is not None
    assert known.occupations == (Experience(rome="N1103", months=4), Experience(rome="K2204", months=0))
    assert nothing.occupations == ()
    assert [(one.revision, [p.told for p in one.places]) for one in (planned, cancelled)] == [(0, [0]), (1, [1])]
    assert planned.untold(planned.starts - timedelta(days=1)) == ()
    assert session is not None and link is not None and (session.id_token, link.id_token) == ("", "")
    assert identities == ["", ""]


def test_a_database_of_a_later_version_is_refused_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/town.db"
    open_town(url).dispose()
    engine = make_engine(url)
    with engine.execution_options(**{MODE: Mode.WRITE}).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(WrongDatabase, match=f"schema is 9999, later than this program's {migrate.HEAD}"):
        open_town(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        assert migrate.schema_revision(connection) == "9999"
        assert connection.exec_driver_sql("SELECT size FROM journal_state").scalar() == 1
    engine.dispose()


def test_foreign_keys_are_on_again_after_a_migration(engine: sa.Engine) -> None:
    migrate.migrate(engine)
    with engine.execution_options(**{MODE: Mode.WRITE}).begin() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_every_column_says_what_it_holds() -> None:
    """Without a type a moment would lose its zone, and a number its size, without a word."""
    typeless = [
        f"{table}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.types.NullType)
    ]
    assert typeless == []


def _insert(engine: sa.Engine, rows: list[tuple[str, dict[str, object]]]) -> None:
    with engine.execution_options(**{MODE: Mode.WRITE}).begin() as connection:
        for table, values_of in rows:
            names = ", ".join(f'"{name}"' for name in values_of)
            values = ", ".join(f":{name}" for name in values_of)
            connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), values_of)


def test_forwards_of_before_are_followed_as_if_they_had_been_from_the_start(engine: sa.Engine) -> None:
    from alembic import command

    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        command.upgrade(migrate._config(connection), "0014")
    at = "2026-11-0{day} 09:00:00.000000"
    person: dict[str, object] = {
        "id": "p1", "reference": "MTL-1", "first_name": "Noémie", "last_name": "Étrée", "email": "", "phone": "",
        "commune": "03185", "occupations": "[]", "skills": "[]", "qualification": 0, "licences": "[]",
        "languages": "[]", "contracts": "[]", "mobility_km": 10, "places": "[]", "relocates": False, "summary": "",
        "state": "active", "cv_state": "ready", "owner": "anne", "hours": "", "vehicle": False,
        "public_transport": False, "photo": "", "source": "", "detail": b"{}", "search": "etree noemie",
    }  # fmt: skip
    contact: dict[str, object] = {
        "id": "k1", "candidate": "p1", "written": at.format(day=4), "on": "2026-11-04", "by": "anne",
        "channel": "phone", "text": "", "next_step": "", "next_owner": "",
    }  # fmt: skip
    offer = {
        "node": "a.example", "id": "o1", "reference": "", "revision": 0, "state": "open", "closes": "2027-01-01",
        "detail": b'{"id":"o1","node":"a.example","employer":"Entrep\xc3\xb4ts","title":"Cariste","rome":"N1101",'
        b'"sites":[],"closes":"2027-01-01"}', "rome": "N1101", "published": "",
    }  # fmt: skip
    rows: list[tuple[str, dict[str, object]]] = [("candidate", person), ("contact", contact), ("offer", offer)]
    lives = {
        "draft": (), "sent": (("sent", 1),), "received": (("sent", 1), ("received", 2)),
        "interview": (("sent", 1), ("interview", 5)), "hired": (("sent", 1), ("hired", 2)),
        "confirmed": (("sent", 1), ("hired", 2), ("confirmed", 6)), "declined": (("sent", 1), ("declined", 5)),
        "told": (("sent", 1), ("declined", 3)), "withdrawn": (("sent", 1), ("withdrawn", 3)), "gone": (("sent", 1),),
        "theirs": (("sent", 1),),
    }  # fmt: skip
    for name, moves in lives.items():
        row: dict[str, object] = {
            "id": name, "side": "receiver" if name == "theirs" else "home", "peer": "a.example",
            "offer": "a.example/o1", "revision": 1, "site": "s1", "candidate": "p9" if name == "gone" else "p1",
            "why": "x", "checked": "[]", "state": moves[-1][0] if moves else "draft", "created": at.format(day=1),
            "consent": "", "has_dossier": False,
        }  # fmt: skip
        rows.append(("forward", row))
        for position, (event, day) in enumerate(moves):
            move: dict[str, object] = {
                "forward": name, "position": position, "event": event, "at": at.format(day=day), "by": "home",
                "reason": "", "to_candidate": "", "to_guarantor": "", "epoch": 0, "index": -1, "actor": "",
            }  # fmt: skip
            rows.append(("forward_move", move))
    sending: dict[str, object] = {
        "id": "s1", "code": "K7PXM2QD", "offer": "a.example/o1", "way": "mail", "contact_name": "", "contact_email": "",
        "contact_address": "", "with_cvs": False, "made": at.format(day=1), "by": "anne", "until": at.format(day=9),
    }  # fmt: skip
    word: dict[str, object] = {
        "id": "w1", "sending": "s1", "forward": "", "way": "mail", "at": at.format(day=4), "text": "Jeudi.", "by": "",
    }  # fmt: skip
    part: dict[str, object] = {"sending": "s1", "position": 0, "forward": "sent", "checked": "[]"}
    _insert(engine, rows)
    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        command.upgrade(migrate._config(connection), "0020")
    _insert(engine, [("sending", sending), ("sending_part", part), ("sending_word", word)])

    migrate.migrate(engine)
    with engine.connect() as connection:
        hires = connection.exec_driver_sql("SELECT id, closed IS NOT NULL, answered FROM after_hire ORDER BY id").all()
        replied = connection.exec_driver_sql("SELECT due FROM forward WHERE id = 'sent'").scalar_one()
    assert [tuple(row) for row in hires] == [("confirmed", 1, None), ("hired", 1, None)], "the others had ended at once"
    assert replied == at.format(day=4)
    kept = "SELECT id, due, moved_at, employer FROM forward ORDER BY id"
    with engine.connect() as connection:
        before = connection.exec_driver_sql(kept).all()
    assert {row.id for row in before if row.due is None} == {"told", "withdrawn", "gone", "theirs"}
    assert {row.employer for row in before} == {"Entrepôts"}
    with SqlDatabase(engine, bytes).write() as uow:
        for one in uow.forwards.all():
            uow.forwards.save(one)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(kept).all() == before
