"""Where tests put their files: in memory, where there is plenty of it.

On a disk a database waits for every commit to be written, and PostgreSQL copies three hundred files for each new one.
"""

import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH = 2 << 30


def quick_folder() -> str:
    """A folder in memory if two gigabytes are free there, else the one for temporary files."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ENOUGH and _available() >= _ENOUGH:
        return str(_MEMORY)
    return tempfile.gettempdir()


def _available() -> int:
    """Bytes of memory that the machine can still give."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
