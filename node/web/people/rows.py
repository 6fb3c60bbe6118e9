"""Rows of a form: jobs, diplomas and languages, numbered from 0 ("job_0_title").

Guarantees: a row is there as soon as its first field was sent, empty or not; there are `MAX_ROWS` of a kind at most.
Read next: fields.py, which reads them.
"""

from typing import Final

from node.mission.people.candidate import Diploma, Job
from node.mission.terms import Language
from node.web.frame.forms import Form

ROWS: Final = {"job": "title", "diploma": "label", "language": "code"}
"""The kinds of rows, each with the field that every row has."""
MAX_ROWS: Final = 60


def put(form: Form, name: str, value: object) -> None:
    """Set a field as it would have been typed."""
    form.values[name] = Form.of(value=value).values["value"]


def add_job(form: Form, job: Job) -> int:
    """One more row of jobs; its number."""
    row = row_count(form, "job")
    for name, value in (
        ("title", job.title),
        ("employer", job.employer),
        ("place", job.place),
        ("rome", job.rome),
        ("start", shown_month(job.start)),
        ("end", shown_month(job.end)),
        ("current", job.current),
        ("tasks", "\n".join(job.tasks)),
        ("keep", True),
    ):
        put(form, f"job_{row}_{name}", value)
    return row


def add_diploma(form: Form, diploma: Diploma) -> int:
    """One more row of diplomas; its number."""
    row = row_count(form, "diploma")
    for name, value in (
        ("label", diploma.label),
        ("level", diploma.level or None),
        ("school", diploma.school),
        ("year", diploma.year or None),
        ("keep", True),
    ):
        put(form, f"diploma_{row}_{name}", value)
    return row


def add_language(form: Form, code: str, level: str) -> int:
    """One more row of languages; its number."""
    row = row_count(form, "language")
    listed = Language.read(code) is not None
    put(form, f"language_{row}_code", code if listed else "")
    put(form, f"language_{row}_other", "" if listed else code)
    put(form, f"language_{row}_level", level)
    return row


def shown_month(month: str) -> str:
    """As people write it: 03/2021, or 2021."""
    year, dash, number = month.partition("-")
    return f"{number}/{year}" if dash else year


def row_count(form: Form, kind: str) -> int:
    """How many rows of that kind the form has."""
    row = 0
    while row < MAX_ROWS and f"{kind}_{row}_{ROWS[kind]}" in form.values:
        row += 1
    return row


def add_row(form: Form, kind: str) -> None:
    """One more empty row."""
    match kind:
        case "job":
            add_job(form, Job(title=""))
        case "diploma":
            add_diploma(form, Diploma(label=""))
        case _:
            add_language(form, "", "")
