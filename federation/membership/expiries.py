"""When the directory's signatures end, as a member's mirror has them. Reads their dates alone, of files that mirror.py
verified before it kept them: whoever only wants to know when needs no TUF, which takes a while to import."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

ROLES = ("root", "targets")
"""What only people can sign again."""


class _Signed(msgspec.Struct):
    expires: Annotated[datetime, msgspec.Meta(tz=True)]


class _Metadata(msgspec.Struct):
    signed: _Signed


def mirrored(cache_dir: Path) -> Mapping[str, datetime]:
    """By role, `root` and `targets`: when what this node verified last ends. A role whose file is missing or damaged is
    left out: the next refresh mends it, or says why it cannot."""
    found = {}
    for role in ROLES:
        try:
            metadata = msgspec.json.decode((cache_dir / "metadata" / f"{role}.json").read_bytes(), type=_Metadata)
        except (OSError, ValueError):
            continue
        found[role] = metadata.signed.expires
    return found
