"""What commands import: a library that one does not need costs everybody who waits for it. Not times, which are the
machine's; `python -m bench.startup` has those."""

import json
import subprocess
import sys
from pathlib import Path

import typer

from node.cli import FAMILIES, build
from node.services.network.founding import Created

ROOT = Path(__file__).parents[3]
WEB = {"fastapi", "starlette", "uvicorn", "jinja2", "multipart"}
NETWORK = {"httpx", "httpcore", "http_message_signatures", "tuf", "securesystemslib"}
DATABASE = {"alembic", "sqlmodel", "sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "psycopg"}
DOCUMENTS = {"PIL", "typst", "segno", "icalendar", "openpyxl", "pypdf", "defusedxml"}
OTHERS = {"numpy", "apscheduler", "structlog", "pydantic_settings", "pwdlib", "pyotp", "joserfc", "geopy", "rich"}
HEAVY = WEB | NETWORK | DATABASE | DOCUMENTS | OTHERS
LIGHT = (
    ("status", "--json"),
    ("forward", "list", "--json"),
    ("account", "list", "--json"),
    ("journal", "export", "--out", "journal", "--json"),
    ("sync", "--json"),
    ("offer", "list", "--json"),
    ("candidate", "list", "--json"),
    ("search", "offers", "--json"),
)
"""In the order in which they may import ever more: those after `sync` need the reference tables."""
TABLES = (("check",), ("release", "--dry-run"), ("offer", "list"), ("search", "offers"))
"""For people: with the library that draws tables, and without the shapes for programs."""
PROGRAM = """
import json, sys
from node.__main__ import run
found = []
for command in json.loads(sys.argv[1]):
    run(command)
    found.append(sorted(sys.modules))
json.dump(found, sys.stderr)
"""


def imported(created: Created, commands: tuple[tuple[str, ...], ...]) -> list[set[str]]:
    """All modules that were imported by the end of each command, one after the other in one process."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        capture_output=True,
        text=True,
        cwd=created.config.parent,
        env=environment,
    )
    return [set(names) for names in json.loads(done.stderr.splitlines()[-1])]


def test_a_command_imports_nothing_heavy(created: Created) -> None:
    loaded = imported(created, LIGHT)
    for command, names in zip(LIGHT, loaded, strict=True):
        assert not names & HEAVY, command
        assert {"node.app", "sqlalchemy"} <= names, command
        # Set-up makes the project a line of sys.path, not a finder that each process would import.
        assert not {name for name in names if name.startswith("__editable__")}, command
    without_tables = loaded[LIGHT.index(("sync", "--json"))]
    assert "node.referential" not in without_tables
    assert not {
        name for name in without_tables if name.startswith(("node.web", "node.api", "node.reading", "node.imports"))
    }


def test_a_command_for_people_makes_no_shapes_for_programs(created: Created) -> None:
    for command, names in zip(TABLES, imported(created, TABLES), strict=True):
        assert not names & (HEAVY - {"rich"}), command
        assert not {name for name in names if name.startswith("node.schemas")}, command
        assert "node.app" in names, command


def test_every_command_is_found_in_its_family() -> None:
    """Of a command line only the family that it names is imported: one that is missing there would never be found."""
    for family, commands in FAMILIES.items():
        built = build(commands[:1])
        assert _names(built) == sorted(commands), family
    assert _names(build()) == sorted(name for commands in FAMILIES.values() for name in commands)


def _names(app: typer.Typer) -> list[str]:
    commands = [one.name for one in app.registered_commands]
    return sorted(name for name in (*commands, *(one.name for one in app.registered_groups)) if name)
