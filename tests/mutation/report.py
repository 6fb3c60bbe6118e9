"""What came of it: a table by package, and each survivor with the reason for which no test notices it."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.scope import PACKAGES, modules

REASONS = Path(__file__).with_name("survivors.toml")
NEEDED = 0.9
"""The share of each package's mutants that the tests must notice."""


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant: `killed`, `timed out` (it never ended: noticed too) or `survived`."""

    mutant: Mutant
    verdict: str

    @property
    def survived(self) -> bool:
        return self.verdict == "survived"

    @property
    def reason(self) -> str:
        """Why it is no gap that it survived; empty when nobody looked into it."""
        return reasons().get((self.mutant.path, self.mutant.before, self.mutant.after), "")


@dataclass(frozen=True)
class Row:
    """The figures of one package."""

    package: str
    mutants: int
    killed: int

    @property
    def survived(self) -> int:
        return self.mutants - self.killed

    @property
    def share(self) -> float:
        return self.killed / self.mutants if self.mutants else 1.0


def reasons() -> dict[tuple[str, str, str], str]:
    """By module, what stood there and what stands there now."""
    read = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return {(one["module"], one["before"], one["after"]): one["reason"] for one in read.get("survivor", [])}


def rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """One a package, and the last of all together."""
    package_of = modules()
    every = []
    for package in PACKAGES:
        its = [one for one in outcomes if package_of[one.mutant.path] == package]
        every.append(Row(package, len(its), sum(not one.survived for one in its)))
    return [*every, Row("all", sum(row.mutants for row in every), sum(row.killed for row in every))]


def enough(outcomes: Sequence[Outcome]) -> bool:
    """Whether in every package the tests notice as many as they must."""
    return all(row.share >= NEEDED for row in rows(outcomes))


def table(outcomes: Sequence[Outcome]) -> str:
    """The table, as Markdown and for the eye."""
    lines = ["| package      | mutants | killed | survived | share |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {row.package:<12} | {row.mutants:>7} | {row.killed:>6} | {row.survived:>8} | {row.share:>5.1%} |"
        for row in rows(outcomes)
    ]
    return "\n".join(lines) + "\n"


def survivors(outcomes: Sequence[Outcome]) -> str:
    """Each survivor: where, the change, the reason."""
    told = [
        f"- {one.mutant.place}\n  - was: `{one.mutant.before}`\n  - now: `{one.mutant.after}`\n"
        f"  - {one.reason or '**unexplained**'}\n"
        for one in sorted(outcomes, key=lambda one: (one.mutant.path, one.mutant.lines[-1], one.mutant.after))
        if one.survived
    ]
    return "".join(told) or "None.\n"


def as_json(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """All of it, for programs."""
    return {
        "packages": [
            {"package": row.package, "mutants": row.mutants, "killed": row.killed, "share": round(row.share, 4)}
            for row in rows(outcomes)
        ],
        "survivors": [
            {
                "place": one.mutant.place,
                "before": one.mutant.before,
                "after": one.mutant.after,
                "reason": one.reason or None,
            }
            for one in outcomes
            if one.survived
        ],
        "timed_out": sum(one.verdict == "timed out" for one in outcomes),
    }
