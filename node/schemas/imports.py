"""What became of a file."""

from typing import TYPE_CHECKING, Self

from node.schemas.base import Schema

if TYPE_CHECKING:
    from node.services.imports.importing import ImportReport


class ProblemLine(Schema):
    """A line that was not taken in, and what to correct."""

    line: int
    problem: str


class ImportOut(Schema):
    """What became of a file: good lines are kept, and none is taken in twice."""

    added: int
    updated: int
    unchanged: int
    problems: list[ProblemLine]

    @classmethod
    def of(cls, report: "ImportReport") -> Self:
        problems = [ProblemLine(line=line, problem=problem) for line, problem in report.problems]
        return cls(added=report.added, updated=report.updated, unchanged=report.unchanged, problems=problems)
