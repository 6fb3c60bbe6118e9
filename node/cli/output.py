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
    """A table for people; a program asks for `--json`."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns, title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    console = Console(file=sys.stdout, highlight=False)
    if not sys.stdout.isatty():
        console.width = 160
    console.print(table)


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
