"""Set-up takes what the locks say and nothing else, says what it does, and heals what was interrupted."""

import fcntl
import signal
from pathlib import Path

import pytest

from tests.deploy.project import Project, Wheel, made_up

LOCKED = {"babel": "1.0", "one": "1.0", "two": "1.0", "three": "1.0", "maillon": "0.1.0"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made_up(tmp_path)


def compiled(project: Project) -> str:
    return (project.root / "node/locales/fr/LC_MESSAGES/maillon.mo").read_text()


def change_lock(project: Project, name: str, line: str) -> None:
    """Put another line in the place of that package's."""
    lock = project.root / "requirements.lock"
    lines = lock.read_text().splitlines(keepends=True)
    lock.write_text("".join(line if one.startswith(name) else one for one in lines))


def test_newer_packages_in_reach_change_nothing(project: Project) -> None:
    assert project.set_up("dev") == 0, project.said
    assert project.steps == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    assert project.installed() == LOCKED | {"four": "1.0"}
    assert compiled(project) == "compiled: Bonjour"
    for wants in ("run", "dev"):
        assert project.set_up(wants, cut_at="*") == 0, "no step is taken a second time, no file is written"
        assert project.said == ""
    # As after Debian's next release, or in a folder that was moved.
    (project.venv / "bin/python").unlink()
    (project.venv / "bin/python").symlink_to("/nowhere/python3")
    assert project.set_up(cut_at="*/pyvenv.cfg") == -signal.SIGKILL, "the environment is made anew"


def test_looking_for_dependencies_would_fail_as_it_once_did(project: Project) -> None:
    """The same with one option less: a lock that lost an extra stops pip on the day when a newer one is published."""
    project.edit("deploy/set-up.sh", "--require-hashes --no-deps", "--require-hashes")
    assert project.set_up() != 0
    assert "two[more]" in project.said and project.steps == ["1/4", "2/4"]


def test_a_lock_without_hashes_is_refused(project: Project) -> None:
    lock = project.root / "requirements.lock"
    lock.write_text("".join(line.split(" --hash")[0] + "\n" for line in lock.read_text().splitlines()))
    assert project.set_up() != 0
    assert "require-hashes" in project.said and not list(project.site.glob("one*"))
    project.edit("deploy/set-up.sh", "--require-hashes", "")
    assert project.set_up(cut_at="*/one/__init__.py") == -signal.SIGKILL, "it is that option which refuses"


def test_other_content_under_a_locked_name_and_version_is_refused(project: Project) -> None:
    Wheel("three", "1.0", code="VALUE = 'other'\n").write(project.root / "reach")
    assert project.set_up() != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in project.said and not list(project.site.glob("one*"))


def test_a_lock_that_lacks_something_is_told_at_the_end(project: Project) -> None:
    change_lock(project, "two", "")
    assert project.set_up() != 0
    assert "one 1.0 requires two, which is not installed." in project.said
    assert project.set_up(cut_at="*/pyvenv.cfg") == -signal.SIGKILL, "it does not pass for ready"


def test_interrupted_at_each_step_and_run_again(project: Project) -> None:
    """One after the other in one folder: each run has to get over what the one before left half done."""
    for cut_at in (
        "*/pyvenv.cfg",
        "*/one/__init__.py",
        # pip takes it for installed from here on, half of it missing.
        "*/one-1.0.dist-info/*INSTALLER*",
        "*/maillon-0.1.0.dist-info/*INSTALLER*",
        "*/maillon.mo",
        "*/four-1.0.dist-info/*INSTALLER*",
    ):
        assert project.set_up("dev", cut_at) == -signal.SIGKILL, project.said
    assert project.set_up("dev") == 0, project.said
    assert project.installed() == LOCKED | {"four": "1.0"}
    assert compiled(project) == "compiled: Bonjour"
    assert project.set_up("dev") == 0 and project.said == ""

    # A change that is cut, and taken back: the old stamp must not vouch for what the new lock has half changed.
    old = (project.root / "requirements.lock").read_text()
    change_lock(project, "three", Wheel("three", "3.0").write(project.root / "reach") + "\n")
    assert project.set_up(cut_at="*/three-3.0.dist-info/*INSTALLER*") == -signal.SIGKILL, project.said
    (project.root / "requirements.lock").write_text(old)
    assert project.set_up() == 0, project.said
    assert project.installed() == LOCKED


def test_one_set_up_at_a_time(project: Project) -> None:
    with (project.root / "deploy/set-up.sh").open() as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = project.begin(cut_at="*/pyvenv.cfg")
        assert second.stdout is not None
        assert second.stdout.readline() == "Another set-up is under way here: waiting for its end\n"
        assert not project.venv.exists()
    out, _err = second.communicate()
    assert out.startswith("1/4 ") and second.returncode == -signal.SIGKILL


def test_a_folder_of_other_things_is_never_emptied(project: Project) -> None:
    project.venv.mkdir()
    (project.venv / "thesis.odt").write_text("three years of work")
    assert project.set_up() == 1
    assert "name another folder" in project.said
    assert (project.venv / "thesis.odt").read_text() == "three years of work"
