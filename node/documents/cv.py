"""A person's CV as a tagged PDF of one page, in three layouts.

Guarantees: one page, whatever was typed: letters shrink first (never under 9 points), then the oldest and longest parts
are shortened; `CvDocument.left_out` says in French what a reader will miss, so that a counsellor can choose better.

Read next: `curriculum.py`, what a CV holds; `cv_content.py`, what goes first; `templates/cv_layouts.typ`, what it looks
like.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Final

from node.documents.curriculum import CareerStep, Cv
from node.documents.cv_content import ROOMS, content, left_out, tidied
from node.documents.lettering import de, unprintable
from node.documents.typesetting import Data, typeset

__all__ = ["LAYOUTS", "CareerStep", "Cv", "CvDocument", "Layout", "cv_pdf", "cv_versions"]


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

    Raises ValueError for a person without a name or a step's date that is none, CannotTypeset for a fault of ours.
    """
    tidy = tidied(cv)
    data = {"title": f"CV {de(tidy.name)}", "layout": layout.value, "versions": cv_versions(cv, today)}
    pdf, (chosen,) = typeset("cv", data, note="chosen")
    return CvDocument(pdf, (*left_out(tidy, ROOMS[chosen]), *_unprinted(cv)))


def cv_versions(cv: Cv, today: date) -> list[Data]:
    """The CV as `templates/cv_layouts.typ` takes it: from all that it holds to what fits on a page. Raises as
    `cv_pdf`."""
    tidy = tidied(cv)
    return [{"size": room.size, "cv": content(tidy, room, today)} for room in ROOMS]


def _unprinted(cv: Cv) -> tuple[str, ...]:
    """The letters that no font of ours has, as one loss."""
    lost = unprintable(*_texts(asdict(cv)))
    return (f"les signes {' '.join(lost)}, à écrire en lettres latines",) if lost else ()


def _texts(value: object) -> Iterator[str]:
    """Every text in a nest of mappings and tuples."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(map(_texts, value.values()))
    elif isinstance(value, tuple):
        yield from chain.from_iterable(map(_texts, value))
