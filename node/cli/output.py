"""How commands speak: data on the standard output, progress and errors on the standard error.

Every command that reports takes `--json` and prints one JSON value and nothing else on the standard output; without it
a person reads French. Errors are one sentence and an exit code (node/kit/errors.py). `rich` is imported only when
something is drawn, so that light commands start fast. Read next: frame.py.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from node.kit.i18n import gettext as _


def print_json(value: Any) -> None:
    """One JSON value on the standard output; indented for a terminal, one line for a program."""
    indent = 2 if sys.stdout.isatty() else None
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent, default=_plain) + "\n")
    sys.stdout.flush()


def _plain(value: Any) -> Any:
    """As the API writes it: moments in ISO 8601 with Z, values by their fields."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"not for JSON: {type(value).__name__}")


def moment(value: datetime | None) -> str:
    """A moment for people, UTC; a dash for never."""
    return "—" if value is None else value.strftime("%d/%m/%Y %H:%M UTC")


def say(text: str = "") -> None:
    """A line of the answer, for people."""
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """A line about the work under way, on the standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def say_error(text: str) -> None:
    """The one sentence of a failure."""
    tell(_("Error: {sentence}").format(sentence=text))


def say_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """A table for people; a program asks for `--json`. No word is ever cut or broken, so that a key can be copied:
    where the terminal is too narrow for that, each row is a paragraph."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    cells = [[str(cell) for cell in row] for row in rows]
    longest = list(zip(columns, *cells, strict=True))
    least = [max(map(_longest_word, column)) for column in longest]
    frame = 3 * len(columns) + 1
    needed = sum(least) + frame
    console = Console(file=sys.stdout, highlight=False)
    if not sys.stdout.isatty():
        console.width = max(160, needed)
    if needed > console.width:
        _say_paragraphs(columns, cells, title)
        return
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    natural = [max(map(_longest_line, column)) for column in longest]
    for name, width in zip(columns, _shared(console.width - frame, least, natural), strict=True):
        table.add_column(name, width=width)
    for row in cells:
        table.add_row(*map(escape, row))
    console.print(table)


def _shared(room: int, least: Sequence[int], natural: Sequence[int]) -> list[int]:
    """The width of each column: what its longest word needs, and more while there is room, the scantest first."""
    widths = list(least)
    spare = room - sum(widths)
    while spare > 0 and (wanting := [n for n, width in enumerate(widths) if width < natural[n]]):
        scantest = min(wanting, key=lambda n: widths[n])
        widths[scantest] += 1
        spare -= 1
    return widths


def _longest_word(text: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, text.split()), default=0)


def _longest_line(text: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, text.splitlines()), default=0)


def _say_paragraphs(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    if title:
        say(title)
    for row in rows:
        say()
        for name, cell in zip(columns, row, strict=True):
            if cell:
                say(_("{name}: {value}").format(name=name, value=cell))


@contextmanager
def progress(description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on the standard error, when that is a terminal; call what it gives with the steps just done."""
    if not sys.stderr.isatty():
        yield lambda steps: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=total)
        yield lambda steps: bar.advance(task, steps)
