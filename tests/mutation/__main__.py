"""`python -m tests.mutation`; exit status 1 when a package's tests notice too little."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutation import baseline, report
from tests.mutation.mutants import Mutant, sample
from tests.mutation.scope import ROOT, TESTS, modules
from tests.mutation.trial import Trial, run_all

RECORD = ROOT / "docs" / "mutants.md"


def main() -> int:
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.chdir(ROOT)
    folder = arguments.work / _fingerprint()
    measured = baseline.measure(folder)
    paths = [path for path in modules() if arguments.only in path]
    chosen = sample(paths, arguments.sample, arguments.seed)
    began = time.monotonic()
    outcomes: list[report.Outcome] = []
    for outcome in _outcomes(chosen, measured, folder, arguments.jobs):
        outcomes.append(outcome)
        sign = f"survived {outcome.mutant.place}  {outcome.mutant.after}" if outcome.survived else outcome.verdict
        print(f"{len(outcomes)}/{len(chosen)} {time.monotonic() - began:.0f} s {sign}"[:200], file=sys.stderr)
    table, survivors = report.table(outcomes), report.survivors(outcomes)
    print(f"{table}\nSurvivors:\n\n{survivors}")
    if arguments.json:
        arguments.json.write_text(json.dumps(report.as_json(outcomes), indent=2) + "\n", encoding="utf-8")
    if arguments.record:
        RECORD.write_text(_record(arguments.seed, table, survivors), encoding="utf-8")
    return 0 if report.enough(outcomes) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Would the tests notice a mistake?")
    parser.add_argument("--sample", type=int, default=400, help="how many mutants")
    parser.add_argument("--seed", type=int, default=6, help="another seed, other mutants")
    parser.add_argument("--only", default="", help="only of the modules whose path has this text in it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="trials at once")
    parser.add_argument("--json", type=Path, help="where all of it goes as JSON")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.relative_to(ROOT)}")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "mutants", help="what a run that is resumed finds")
    return parser.parse_args()


def _outcomes(chosen: list[Mutant], measured: baseline.Baseline, folder: Path, jobs: int) -> Iterator[report.Outcome]:
    """What was found out before the last run was interrupted, then the rest."""
    journal = folder / "verdicts.jsonl"
    known: dict[str, str] = {}
    if journal.exists():
        known = dict(json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines())
    trials = []
    for mutant in chosen:
        if (verdict := known.get(_name(mutant))) is not None:
            yield report.Outcome(mutant, verdict)
        else:
            tests = measured.tests_for(mutant)
            trials.append(Trial(mutant, tests, sum(measured.durations[test] for test in tests)))
    with TemporaryDirectory(dir=folder) as space, journal.open("a", encoding="utf-8") as lines:
        for trial, verdict in run_all(_unchanged(trials), Path(space), jobs):
            if verdict != "survived":
                raise SystemExit(
                    f"With nothing changed, tests of {trial.mutant.path} fail: nothing is said of mutants."
                )
        for trial, verdict in run_all(trials, Path(space), jobs):
            lines.write(json.dumps([_name(trial.mutant), verdict]) + "\n")
            lines.flush()
            yield report.Outcome(trial.mutant, verdict)


def _unchanged(trials: list[Trial]) -> list[Trial]:
    """A trial of each package whose module is as it is: its tests pass, and so whatever they notice is the mistake."""
    of_package = {modules()[trial.mutant.path]: trial for trial in trials}
    return [
        replace(trial, mutant=replace(trial.mutant, source=(ROOT / trial.mutant.path).read_text(encoding="utf-8")))
        for trial in of_package.values()
    ]


def _name(mutant: Mutant) -> str:
    return sha256(f"{mutant.path}\0{mutant.source}".encode()).hexdigest()


def _fingerprint() -> str:
    """Of all code and tests: what was found out about others is worth nothing."""
    told = sha256(repr((TESTS, baseline.PYTEST)).encode())
    for path in sorted(path for top in ("protocol", "federation", "node", "tests") for path in Path(top).rglob("*.py")):
        if "mutation" not in path.parts:
            told.update(f"{path}\0".encode() + path.read_bytes())
    return told.hexdigest()[:16]


def _record(seed: int, table: str, survivors: str) -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout
    return (
        "# Mutants\n\n"
        "Small mistakes put into the code one at a time, and how many of them the tests notice. What is mutated, and\n"
        "how: `tests/mutation/`.\n\n"
        f"Written by `make mutate` on {datetime.now(UTC).date()}, seed {seed}, at commit {commit.strip()}.\n\n"
        f"{table}\n## Survivors\n\n{survivors}"
    )


if __name__ == "__main__":
    sys.exit(main())
