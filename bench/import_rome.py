"""`maillon import rome` on the official archive: time and memory, and what a node pays to hold the result.

Each measure runs in a process of its own. The archive is official material that the project does not carry: its folder
or zip is an argument.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from bench.report import Figure, parser, publish

_MEMORY = """
import re, sys, time
from pathlib import Path
def memory(name):
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
"""

_IMPORT = """
from node.referential.importing import import_rome
before = memory("VmRSS")
start = time.perf_counter()
import_rome(Path(sys.argv[1]), Path(sys.argv[2]))
print(time.perf_counter() - start, memory("VmHWM"), before)
"""

_HOLD = """
from node.referential.source import ReferentialSource
source = ReferentialSource(Path(sys.argv[1]))
before = memory("VmRSS")
start = time.perf_counter()
edition = source()
loaded = time.perf_counter() - start
edition.lookup.warm()
ready = time.perf_counter() - start
start = time.perf_counter()
for _ in range(10_000):
    source()
print(loaded, ready, memory("VmRSS") - before, (time.perf_counter() - start) * 100)
"""


def main() -> int:
    arguments = parser("import_rome", __doc__ or "")
    arguments.add_argument("archive", type=Path, help="the official archive: a folder or a zip")
    options = arguments.parse_args()
    if not options.archive.exists():
        raise SystemExit(f"{options.archive} is missing: this measure needs the official archive")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds, peak, before = _run(_IMPORT, options.archive, folder / "first")
        again, _, _ = _run(_IMPORT, options.archive, folder / "first")
        figures = [
            Figure("import", seconds, "s", "under 30 s", seconds < 30),
            Figure("the same again", again, "s"),
            Figure("peak memory", peak, "MB", "under 150 MB", peak < 150),
            Figure("of which before the import began", before, "MB"),
        ]
        if options.archive.is_dir():
            zipped = _zipped(options.archive, folder / "rome.zip")
            figures.append(Figure("import from a zip", _run(_IMPORT, zipped, folder / "second")[0], "s"))
        loaded, ready, held, stat = _run(_HOLD, folder / "first")
        size = sum(file.stat().st_size for file in (folder / "first").iterdir()) / 1024**2
        figures += [
            Figure("what is kept", size, "MB on disk"),
            Figure("tables read", loaded, "s"),
            Figure("and look-up ready", ready, "s"),
            Figure("memory that a node pays for tables and look-up", held, "MB"),
            Figure("is it still the edition in force?", stat, "us"),
        ]
    return publish("import_rome", figures, options.json)


def _run(program: str, *arguments: Path) -> list[float]:
    command = [sys.executable, "-c", _MEMORY + program, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def _zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return path


if __name__ == "__main__":
    sys.exit(main())
