"""What membership needs from its host: the last verified directory. See `federation/ports.py`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class DirectoryStore(Protocol):
    """The last verified directory, kept apart from TUF's own cache: expired means degraded, never stopped."""

    def members_json(self) -> bytes | None:
        """The last verified `members.json`, canonical."""
        ...

    def save_members_json(self, data: bytes, verified_at: datetime) -> None: ...

    def verified_at(self) -> datetime | None: ...

    def join_requests(self) -> Mapping[str, bytes]:
        """Coordinator only: pending join requests by node id, exact signed bytes."""
        ...

    def save_join_request(self, node: str, data: bytes, at: datetime) -> None: ...

    def drop_join_request(self, node: str) -> None: ...
