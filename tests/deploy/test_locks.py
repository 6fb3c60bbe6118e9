"""The locks are complete: for each Python, all that a locked package needs is locked, at a version that it takes."""

import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of a lock."""

    version: str
    extras: frozenset[str]


def lines(name: str) -> list[str]:
    """The entries, without hashes and comments."""
    return re.findall(r"^[a-z0-9][^\\\n]*==[^\\\n]*", (ROOT / name).read_text(), re.MULTILINE)


def holds(marker: Marker | None, python: str, extra: str = "") -> bool:
    """Whether a requirement counts on a Debian with that Python."""
    here = {"python_version": python, "python_full_version": f"{python}.0", "extra": extra}
    return marker is None or marker.evaluate(here)


def locked(name: str, python: str) -> dict[str, Locked]:
    """What is installed on a Debian with that Python."""
    found: dict[str, Locked] = {}
    for line in lines(name):
        one = Requirement(line)
        if holds(one.marker, python):
            version = str(one.specifier).removeprefix("==")
            found[canonicalize_name(one.name)] = Locked(version, frozenset(map(canonicalize_name, one.extras)))
    return found


HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@cache
def metadata(name: str, version: str) -> list[str]:
    """What the package needs; of one that is for other Pythons alone, and so not installed here, that is not known."""
    if name not in locked("requirements-dev.lock", HERE):
        return []
    found = importlib.metadata.distribution(name)
    assert found.version == version, f"{name}: set up what is locked first"
    return found.requires or []


def needed(name: str, lock: dict[str, Locked], python: str) -> Iterator[tuple[str, Requirement]]:
    """Each requirement that holds, with whose it is; the project's own first."""
    own = list(PROJECT["dependencies"])
    if name == "requirements-dev.lock":
        own += PROJECT["optional-dependencies"]["dev"]
    yield from (("maillon", Requirement(text)) for text in own)
    for package, one in lock.items():
        for text in metadata(package, one.version):
            requirement = Requirement(text)
            if any(holds(requirement.marker, python, extra) for extra in ("", *one.extras)):
                yield package, requirement


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_all_that_is_needed_is_locked(name: str, python: str) -> None:
    lock = locked(name, python)
    missing = []
    for whose, requirement in needed(name, lock, python):
        found = lock.get(canonicalize_name(requirement.name))
        extras = set(map(canonicalize_name, requirement.extras))
        if found is None or found.version not in requirement.specifier or not extras <= found.extras:
            missing.append(f"{whose} needs {requirement}; locked: {found}")
    assert len(lock) > 60
    assert missing == []


def test_both_locks_agree_and_name_no_host() -> None:
    for python in PYTHONS:
        run, dev = locked("requirements.lock", python), locked("requirements-dev.lock", python)
        for package, one in run.items():
            assert dev[package].version == one.version
            assert one.extras <= dev[package].extras, "what the checks need comes on top"
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert not re.search(r"://|--index|--find-links|--extra|--trusted", text)
        for entry in re.split(r"\n(?=[a-z0-9])", text):
            assert "==" in entry.splitlines()[0] and "--hash=sha256:" in entry, entry
