"""What every figure has in common: a table on stdout, the same as JSON in a file.

A benchmark collects `Figure`s and ends with `publish`. The file is `bench/results/<name>.json` unless `--json` says
otherwise; it names the machine's cores and Python, for figures of different machines are not comparable.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `aim` is what it should be, in words; `reached` whether it is, None without an aim."""

    name: str
    value: float
    unit: str
    aim: str = ""
    reached: bool | None = None


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """A parser with `--json FILE`."""
    arguments = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=description)
    arguments.add_argument("--json", type=Path, default=RESULTS / f"{name}.json", help="where the figures go as JSON")
    return arguments


def timed(work: Callable[[], T], repeat: int = 1) -> tuple[float, T]:
    """The least time of some runs, in seconds, and the last answer."""
    best = float("inf")
    for _ in range(max(repeat, 1)):
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best, answer


def publish(name: str, figures: Sequence[Figure], file: Path) -> int:
    """Print the table, write the file; 0 when every aim is reached, else 1, as an exit status."""
    rows = [(figure.name, f"{figure.value:,.4g} {figure.unit}", _verdict(figure)) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for figure_name, value, verdict in rows:
        sys.stdout.write(f"{figure_name:<{widths[0]}}  {value:>{widths[1]}}  {verdict}".rstrip() + "\n")
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"name": name, "machine": machine, "figures": [asdict(figure) for figure in figures]}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if all(figure.reached is not False for figure in figures) else 1


def _verdict(figure: Figure) -> str:
    if figure.reached is None:
        return figure.aim
    return f"{figure.aim}: {'reached' if figure.reached else 'MISSED'}"
