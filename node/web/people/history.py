"""/candidats/{id}/historique: every change of a file, newest first; the newest stand under « Suivi » too.

Read next: contacts.py, `node/mission/people/history.py`.
"""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from node.mission.accounts.trail import OpenedFor
from node.mission.people.history import Change
from node.mission.people.labels import CHANGES
from node.requests import NodeOf
from node.services.desk import Desk
from node.services.people import files
from node.services.people.papers import skills_told
from node.web.people.file_frame import Reads, open_part, show_part

router = APIRouter()

ALL = 500


@router.get("/candidats/{name}/historique")
def history(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """Who changed what, and when."""
    file = open_part(node.desk, who, name, OpenedFor.READ)
    lines = told_changes(node.desk, file.person.id)
    return show_part(
        request, node.desk, who, file, "historique", "people/history.html", lines=lines, changes=CHANGES
    )  # fmt: skip


def told_changes(desk: Desk, name: str, limit: int = ALL) -> Sequence[Change]:
    """The newest changes, with skills by their names."""
    tables = desk.referential()
    return [
        replace(line, before=skills_told(line.before, tables), after=skills_told(line.after, tables))
        if line.field in ("skills", "card_skills")
        else line
        for line in files.history(desk, name, limit)
    ]
