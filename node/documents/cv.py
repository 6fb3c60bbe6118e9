"""A person's CV as a tagged PDF of one page, in three layouts.

Guarantees: one page, whatever was typed: letters shrink first (never under 9 points), then the oldest and longest parts
are shortened; `CvDocument.left_out` says in French what a reader will miss, so that a counsellor can choose better.

Read next: `curriculum.py`, what a CV holds; `cv_content.py`, what goes first; `templates/cv.typ`, what it looks like.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from node.documents.curriculum import Cv, Step
from node.documents.cv_content import ROOMS, content, left_out
from node.documents.typesetting import typeset

__all__ = ["LAYOUTS", "Cv", "CvDocument", "Layout", "Step", "cv_pdf"]


class Layout(StrEnum):
    """The three looks; `LAYOUTS` has their French names."""

    PLAIN = "plain"
    SKILLS_FIRST = "skills_first"
    TWO_COLUMNS = "two_columns"


LAYOUTS: Final = {
    Layout.PLAIN: "Sobre",
    Layout.SKILLS_FIRST: "Compétences d’abord",
    Layout.TWO_COLUMNS: "Deux colonnes",
}


@dataclass(frozen=True, slots=True)
class CvDocument:
    """The PDF, and what had to be left out of it, in French; nothing when all is there."""

    pdf: bytes
    left_out: tuple[str, ...] = ()


def cv_pdf(cv: Cv, layout: Layout, today: date) -> CvDocument:
    """The CV in that layout. On `today` an availability may be past: "immédiatement".

    Raises ValueError for a step's date that is none, CannotTypeset for a fault of ours.
    """
    versions = [{"size": room.size, "cv": content(cv, room, today)} for room in ROOMS]
    data = {"title": f"CV de {cv.name}", "layout": layout.value, "versions": versions}
    pdf, chosen = typeset("cv", data, note="chosen")
    return CvDocument(pdf, left_out(cv, ROOMS[chosen]))
