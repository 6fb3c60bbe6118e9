"""What reading a file gives: good values and bad lines, never an exception for what somebody typed.

Guarantees: each problem is one or more sentences in the person's language that name the column and say what to do; no
problem quotes a cell, so that a report of problems holds no personal data. Read next: `text_table.py`.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ParsedLine(Generic[T]):
    """One line of a file (or one offer of a JSON list, counted from 1): a value, or what is wrong with it. What is
    wrong with the whole file stands at line 1. Values have empty ids: the service that takes them in gives them.

    `told` is what could be read of a line that has a problem, to be shown, never to be taken in; None where that is
    nothing."""

    line: int
    value: T | None = None
    problem: str | None = None
    told: T | None = None


class UnreadableFile(Exception):
    """Nothing can be read from this file; the text is a sentence for the person who chose it."""
