"""`make soak`: what `make test` has no time for, and what it found, in docs/soak.md.

Long storms, every kill point, both widths of every page, and ten times the examples of every property. Where a test
says how many seeds or kill points it went through (`record_property`), the table has their sum.
"""

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from defusedxml import ElementTree

ROOT = Path(__file__).parents[1]
WRITTEN = ROOT / "docs" / "soak.md"
SELECTED = "soak or hypothesis"
COUNTED = ("seeds", "kill points")


@dataclass
class Found:
    """What came of one file of tests."""

    outcomes: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def main(arguments: Sequence[str]) -> int:
    """Run everything, whatever fails, and write down what happened; pytest's exit code."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.xml"
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-m", SELECTED]
        command += ["--hypothesis-profile=soak", f"--junitxml={told}", "-o", "junit_family=xunit1", *arguments]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        found = read(told)
    lasted = time.monotonic() - began
    WRITTEN.write_text(page(found, " ".join(arguments), commit(), datetime.now(UTC), lasted), encoding="utf-8")
    return code


def read(told: Path) -> dict[str, Found]:
    """By file, from pytest's report."""
    found: dict[str, Found] = {}
    for case in ElementTree.parse(told).iter("testcase"):
        one = found.setdefault(case.get("file"), Found())
        failed = case.find("failure") is not None or case.find("error") is not None
        one.outcomes["failed" if failed else "skipped" if case.find("skipped") is not None else "passed"] += 1
        one.seconds += float(case.get("time"))
        for told_by_test in case.iter("property"):
            one.counts[told_by_test.get("name")] += int(told_by_test.get("value"))
    return found


def page(found: dict[str, Found], only: str, commit: str, now: datetime, seconds: float) -> str:
    """The table: one line for each file that counts something, two for all others, and the sum."""
    counting = {file: one for file, one in sorted(found.items()) if one.counts}
    browsers = [one for file, one in found.items() if file not in counting and file.startswith("tests/browser/")]
    others = [one for file, one in found.items() if file not in counting and not file.startswith("tests/browser/")]
    rows = [(f"`{file}`", one) for file, one in counting.items()]
    rest = [("browsers, both widths", summed(browsers)), ("properties, ten times the examples", summed(others))]
    rows += [(name, one) for name, one in rest if one.outcomes]
    rows += [("**all**", summed(list(found.values())))]
    when = f"on {now:%Y-%m-%d} at commit `{commit}`: {seconds / 60:.0f} minutes in two processes"
    lines = ["# The last long run", "", f"Written by `make soak` {when}{f', of `{only}` alone' if only else ''}."]
    return "\n".join([*lines, "", *_table(rows)]) + "\n"


def _table(rows: Sequence[tuple[str, Found]]) -> Iterator[str]:
    yield "| What ran | Seeds | Kill points | Seconds of tests | Passed | Failed | Skipped |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, one in rows:
        counts = " | ".join(str(one.counts[what] or "") for what in COUNTED)
        outcomes = " | ".join(str(one.outcomes[what]) for what in ("passed", "failed", "skipped"))
        yield f"| {name} | {counts} | {one.seconds:.0f} | {outcomes} |"


def summed(parts: Sequence[Found]) -> Found:
    """All of them as one."""
    total = Found()
    for one in parts:
        total.outcomes += one.outcomes
        total.counts += one.counts
        total.seconds += one.seconds
    return total


def commit() -> str:
    """The commit that is checked out, and whether anything was changed since."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
