"""A project of a few made-up packages in the place of ours, set up by the very scripts of deploy/ without a network."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "maillon"
version = "0.1.0"
"""
# What setuptools does for us, with nothing to install first.
BACKEND = """
import pathlib, shutil
def build_editable(directory, config_settings=None, metadata_directory=None):
    return pathlib.Path(shutil.copy("own/maillon-0.1.0-py3-none-any.whl", directory)).name
"""
PYBABEL = """
import pathlib
def main():
    for po in pathlib.Path("node/locales").rglob("*.po"):
        po.with_suffix(".mo").write_text("compiled: " + po.read_text())
"""
# A virtual environment of its own takes pip from where we look for it: installing one takes seconds each time.
PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then exec {python} -m venv --without-pip "$3"; fi
exec {python} "$@"
"""
# A power cut while the first file of that name is being written.
CUT = """
import fnmatch, os, signal, sys
pattern = os.environ.get("CUT_AT", "")
def cut(event, arguments):
    global pattern
    if pattern and event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        if fnmatch.fnmatch(str(arguments[0]), pattern):
            path, pattern = arguments[0], ""
            open(path, "w").close()
            os.killpg(0, signal.SIGKILL)
sys.addaudithook(cut)
"""


@dataclass(frozen=True, slots=True)
class Wheel:
    """One made-up package. `requires` as in METADATA; `command` is a console script `name`, of the module's `main`."""

    name: str
    version: str
    requires: Sequence[str] = ()
    extras: Sequence[str] = ()
    code: str = "VALUE = 1\n"
    command: str = ""

    def write(self, directory: Path) -> str:
        """Make the wheel; its line in a lock file, without extras."""
        directory.mkdir(exist_ok=True)
        about = f"{self.name}-{self.version}.dist-info"
        metadata = [f"Metadata-Version: 2.1\nName: {self.name}\nVersion: {self.version}"]
        metadata += [f"Provides-Extra: {extra}" for extra in self.extras]
        metadata += [f"Requires-Dist: {one}" for one in self.requires]
        files = {
            f"{self.name}/__init__.py": self.code,
            f"{about}/METADATA": "\n".join(metadata) + "\n",
            f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        if self.command:
            files[f"{about}/entry_points.txt"] = f"[console_scripts]\n{self.command} = {self.name}:main\n"
        record = "".join(f"{name},sha256={_digest(text)},{len(text.encode())}\n" for name, text in files.items())
        files[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n"
        path = directory / f"{self.name}-{self.version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return f"{self.name}=={self.version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


LOCKED = (
    Wheel("babel", "1.0", code=PYBABEL, command="pybabel"),
    # The lock knows `two` without its extra, as it once knew coverage without [toml].
    Wheel("one", "1.0", requires=["two[more]>=1"]),
    Wheel("two", "1.0", requires=['three; extra == "more"'], extras=["more"]),
    Wheel("three", "1.0"),
)
NEWER = (
    Wheel("babel", "2.0"),
    Wheel("one", "2.0"),
    Wheel("two", "2.0", requires=['five; extra == "more"'], extras=["more"]),
    Wheel("three", "2.0"),
    Wheel("four", "2.0"),
    Wheel("five", "2.0"),
)
DEV = Wheel("four", "1.0", requires=["one"])


@dataclass(slots=True)
class Project:
    """The folder that is set up, and how that went."""

    root: Path
    said: str = ""
    steps: list[str] = field(default_factory=list)

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def site(self) -> Path:
        return next(self.venv.glob("lib/python3*/site-packages"))

    def set_up(self, wants: str = "run", cut_at: str = "") -> int:
        """Run the script; its exit status, negative when it was cut short."""
        process = self.begin(wants, cut_at)
        out, err = process.communicate()
        self.said = out + err
        self.steps = [line.split()[0] for line in out.splitlines() if line[:1].isdigit()]
        return process.returncode

    def begin(self, wants: str = "run", cut_at: str = "") -> "subprocess.Popen[str]":
        """Start the script."""
        return subprocess.Popen(
            ["sh", "deploy/set-up.sh", str(self.root / "python"), ".venv", wants],
            cwd=self.root,
            env=self._environment() | {"CUT_AT": cut_at},
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "COV"))}
        return kept | {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_FIND_LINKS": str(self.root / "reach"),
            "PYTHONPATH": str(self.root / "path"),
        }

    def installed(self) -> dict[str, str]:
        """Name and version of every package whose files are all there, as they were packed."""
        found = {}
        for about in self.site.glob("*.dist-info"):
            name, _, version = about.stem.partition("-")
            for line in (about / "RECORD").read_text().splitlines():
                path, digest, _size = line.rsplit(",", 2)
                content = (self.site / path).read_text() if not path.endswith(".pyc") else ""
                assert not digest or path.startswith("..") or digest == f"sha256={_digest(content)}", path
            found[name] = version
        return found

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the project."""
        path = self.root / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


def made_up(root: Path) -> Project:
    """The project, with newer wheels of all that is locked in reach."""
    shutil.copytree(DEPLOY, root / "deploy")
    locked = "".join(wheel.write(root / "reach") + "\n" for wheel in LOCKED)
    (root / "requirements.lock").write_text(locked)
    (root / "requirements-dev.lock").write_text(f"{locked}{DEV.write(root / 'reach')}\n")
    for wheel in NEWER:
        wheel.write(root / "reach")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    Wheel("maillon", "0.1.0", requires=["one"]).write(root / "own")
    catalogue = root / "node/locales/fr/LC_MESSAGES/maillon.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text("Bonjour")
    (root / "python").write_text(PYTHON.format(python=sys.executable))
    (root / "python").chmod(0o755)
    (root / "path").mkdir()
    (root / "path/sitecustomize.py").write_text(CUT)
    pip = find_spec("pip")
    assert pip is not None and pip.origin is not None
    (root / "path/pip").symlink_to(Path(pip.origin).parent)
    return Project(root)
