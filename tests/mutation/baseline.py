"""All tests once as they are: which of them run which line, and how long each takes."""

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from coverage import CoverageData

from tests.mutation.mutants import Mutant
from tests.mutation.scope import ROOT, TESTS, modules

PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "tests.mutation.plugin", "--hypothesis-profile=mutants")
ENOUGH = 30.0
"""Seconds of CPU that the tests of one mutant may take; its module's own tests come first, then the quickest."""


@dataclass(frozen=True)
class Baseline:
    """What the tests did: seconds by test, and by file and line the tests that ran it."""

    durations: dict[str, float]
    runs: dict[str, dict[int, frozenset[str]]]

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The tests that may notice, in the order in which they are asked. What runs at import is every test's that
        runs anything of the module, and its folder's."""
        own, folder = mirror(mutant.path)
        of_module = self.runs[mutant.path]
        found = frozenset[str]().union(*(of_module.get(line, ()) for line in mutant.lines))
        if not found:
            beside = (test for test in self.durations if test.startswith(folder))
            found = frozenset(beside).union(*of_module.values())
        chosen: list[str] = []
        seconds = 0.0
        for test in sorted(found, key=lambda test: (_file(test) != own, self.durations[test], test)):
            seconds += self.durations[test]
            if chosen and seconds > ENOUGH:
                break
            chosen.append(test)
        return chosen


def mirror(path: str) -> tuple[str, str]:
    """The file that has a module's own tests, and the folder with those of its package."""
    module = PurePosixPath(path)
    folder = PurePosixPath("tests") / module.parent
    own = folder / f"test_{module.name}"
    if not (ROOT / own).exists():
        folder = folder if (ROOT / folder).exists() else folder.parent
        own = folder / f"test_{module.parent.name}.py"
    return str(own), f"{folder}/"


def measure(folder: Path) -> Baseline:
    """Run all tests with coverage, but for those of which `folder` has what they did; SystemExit when they fail as they
    are."""
    durations: dict[str, float] = {}
    parts = [folder / path.replace("/", "-") for path in TESTS]
    for path, part in zip(TESTS, parts, strict=True):
        part.mkdir(parents=True, exist_ok=True)
        done = part / "durations.json"
        if not done.exists():
            _run(path, part, done)
        durations |= json.loads(done.read_text(encoding="utf-8"))
    return _read([part / "coverage" for part in parts], durations)


def _run(path: str, part: Path, done: Path) -> None:
    command = [sys.executable, "-m", "pytest", *PYTEST, "-n", str(os.cpu_count()), "--dist", "loadfile"]
    command += ["--cov", "--cov-context=test", "--cov-report=", f"--basetemp={part / 'tmp'}", path]
    environment = {**os.environ, "COVERAGE_FILE": str(part / "coverage"), "MAILLON_DURATIONS": str(done)}
    failed = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False).returncode
    shutil.rmtree(part / "tmp", ignore_errors=True)
    if failed:
        done.unlink(missing_ok=True)
        raise SystemExit("The tests fail as they are: nothing can be said of mutants.")


def _read(parts: list[Path], durations: dict[str, float]) -> Baseline:
    by_file: dict[str, set[str]] = defaultdict(set)
    for test in durations:
        by_file[_file(test)].add(test)
    data = CoverageData(no_disk=True)
    for part in parts:
        one = CoverageData(str(part))
        one.read()
        data.update(one)

    @cache
    def tests_of(context: str) -> frozenset[str]:
        test, _bar, phase = context.rpartition("|")
        # A fixture of several tests runs in the set-up of the first: whoever uses it may notice.
        return frozenset(by_file[_file(test)] if phase == "setup" else {test} & durations.keys())

    runs: dict[str, dict[int, frozenset[str]]] = {}
    for path in modules():
        contexts = data.contexts_by_lineno(str(ROOT / path))
        runs[path] = {line: frozenset().union(*map(tests_of, of)) for line, of in contexts.items()}
    return Baseline(durations, runs)


def _file(test: str) -> str:
    return test.partition("::")[0]
