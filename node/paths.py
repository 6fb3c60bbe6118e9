"""Which paths programs use, and which people: the API and the pages treat errors, sizes and cookies differently."""

from typing import Final

MACHINES: Final = ("/api/", "/federation/", "/journal/", "/directory/", "/healthz", "/readyz")
"""Beginnings of paths where no cookie counts and errors are problem documents. All others are pages."""


def is_for_machines(path: str) -> bool:
    """Whether programs, not people, ask for this path."""
    return path.startswith(MACHINES)
