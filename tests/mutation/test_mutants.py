"""What counts as a mistake, that it is seen by what it is given to, and that every reason is about code that stands."""

from importlib.util import module_from_spec

import pytest

from tests.mutation import report, trial
from tests.mutation.mutants import Mutant, changes_of
from tests.mutation.scope import PACKAGES, ROOT, TESTS, modules

SOURCE = '''
def ends(now: int, end: "int | None" = None) -> bool:
    """Whether it is over."""
    if end is None:
        raise ValueError("no end is known", end)
    return bool(now >= end)
'''


def changed(source: str) -> set[str]:
    return {change.mutant("x.py").after for change in changes_of(source) if change.tells()}


def test_a_condition_is_turned_and_a_sentence_is_left_alone() -> None:
    assert changed(SOURCE) == {
        "if end is not None:",
        "if (end is None) and False:",
        "if (end is None) or True:",
        'raise ValueError("no end is known", None)',
        'raise ValueError("no end is known", )',
        "raise ValueError(end)",
        "return bool(None)",
        "return bool(now > end)",
    }


def test_a_check_is_left_out_and_a_statement_of_many_lines_is_one_place() -> None:
    source = "def f(check, a):\n    check(\n        a,\n        'x',\n    )\n"
    (left_out,) = [change for change in changes_of(source) if change.mutant("x.py").after == "pass"]
    assert left_out.lines == range(2, 6)


def test_every_module_and_test_of_the_scope_is_there() -> None:
    assert set(modules().values()) == set(PACKAGES)
    assert [path for path in TESTS if not (ROOT / path).exists()] == []


def test_every_reason_is_about_a_line_that_stands() -> None:
    for (module, before, _after), reason in report.reasons().items():
        flat = " ".join(line.strip() for line in (ROOT / module).read_text(encoding="utf-8").splitlines())
        assert before in flat and reason.partition(": ")[0] in ("equivalent", "spare")


@pytest.mark.parametrize(("status", "verdict"), [(0, "survived"), (1, "killed"), (2, "killed"), (-9, "timed out")])
def test_what_came_of_a_trial(status: int, verdict: str) -> None:
    assert trial.verdict(status) == verdict


def test_a_package_below_its_share_is_not_enough() -> None:
    mutant = Mutant("protocol/merkle.py", range(1, 2), "a", "b", "")
    killed, survived = report.Outcome(mutant, "killed"), report.Outcome(mutant, "survived")
    assert report.enough([killed] * 9 + [survived])
    assert not report.enough([killed] * 8 + [survived])
    assert "**unexplained**" in report.survivors([survived])
    assert "protocol/merkle.py:1" in report.survivors([survived])
    assert report.as_json([killed, survived])["timed_out"] == 0


def test_the_changed_module_is_seen_and_its_file_is_as_it_was() -> None:
    path = "federation/serving/buckets.py"
    source = (ROOT / path).read_text(encoding="utf-8")
    (mutant,) = [
        change.mutant(path) for change in changes_of(source) if change.after.strip() == "MOST_NAMES: Final = 10001"
    ]
    finder = trial.Mutated(mutant)
    assert finder.find_spec("federation.errors", None) is None
    spec = finder.find_spec("federation.serving.buckets", None)
    assert spec is not None and spec.loader is finder
    module = module_from_spec(spec)
    finder.exec_module(module)
    assert module.MOST_NAMES == 10_001
    assert (ROOT / path).read_text(encoding="utf-8") == source
