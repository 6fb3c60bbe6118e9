"""All tests once as they are: which of them run which line, and how long each takes."""

import json
import os
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
ENOUGH = 60.0
"""Seconds of tests that one mutant is given at most; its module's own tests come first, then the quickest."""


@dataclass(frozen=True)
class Baseline:
    """What the tests did: seconds by test, and by file and line the tests that ran it."""

    durations: dict[str, float]
    runs: dict[str, dict[int, frozenset[str]]]

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The tests that may notice, in the order in which they are asked. What runs at import is of every test that
        runs anything of the module, and of its own."""
        of_module = self.runs[mutant.path]
        own = mirror(mutant.path)
        found = frozenset[str]().union(*(of_module.get(line, ()) for line in mutant.lines))
        if not found:
            mine = (test for test in self.durations if _file(test) == own)
            found = frozenset(mine).union(*of_module.values())
        chosen: list[str] = []
        seconds = 0.0
        for test in sorted(found, key=lambda test: (_file(test) != own, self.durations[test], test)):
            seconds += self.durations[test]
            if chosen and seconds > ENOUGH:
                break
            chosen.append(test)
        return chosen


def mirror(path: str) -> str:
    """The file with a module's own tests: that of the same name, or of its folder's."""
    module = PurePosixPath(path)
    own = PurePosixPath("tests") / module.parent / f"test_{module.name}"
    return str(own if (ROOT / own).exists() else own.parent.parent / f"test_{module.parent.name}.py")


def measure(folder: Path) -> Baseline:
    """Run all tests with coverage, unless `folder` has what they did; SystemExit when they fail as they are."""
    coverage, durations = folder / "coverage", folder / "durations.json"
    if not durations.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pytest", *PYTEST, "-n", str(os.cpu_count()), "--dist", "loadfile"]
        command += ["--cov", "--cov-context=test", "--cov-report=", f"--basetemp={folder / 'tmp'}", *TESTS]
        environment = {**os.environ, "COVERAGE_FILE": str(coverage), "MAILLON_DURATIONS": str(durations)}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False)
        if done.returncode:
            durations.unlink(missing_ok=True)
            raise SystemExit("The tests fail as they are: nothing can be said of mutants.")
    return _read(coverage, json.loads(durations.read_text(encoding="utf-8")))


def _read(coverage: Path, durations: dict[str, float]) -> Baseline:
    by_file: dict[str, set[str]] = defaultdict(set)
    for test in durations:
        by_file[_file(test)].add(test)
    data = CoverageData(str(coverage))
    data.read()

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
