"""How often one visitor may do a thing that costs: a moving window for each key, in memory.

Guarantees: keys are digests, and forgotten once their window has passed; the clock is an argument. What must outlive
a restart (lock-outs of sign-in) is in the database instead: see node/services/accounts/lockouts.py.
"""

from collections import deque
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Final

from fastapi import Request

_CROWD: Final = 10_000


class MovingWindow:
    """At most `most` times in `window` under one key."""

    def __init__(self, most: int, window: timedelta) -> None:
        self._most, self._window = most, window
        self._seen: dict[bytes, deque[datetime]] = {}
        self._lock = Lock()

    def take(self, key: str, now: datetime) -> int:
        """Count one more; 0 when it may be done, else the seconds until it may (and nothing is counted)."""
        digest = sha256(key.encode("utf-8", "replace")).digest()
        with self._lock:
            if len(self._seen) >= _CROWD and digest not in self._seen:
                self._forget(now)
            times = self._seen.setdefault(digest, deque())
            while times and now - times[0] >= self._window:
                times.popleft()
            if len(times) >= self._most:
                return int((self._window - (now - times[0])).total_seconds()) + 1
            times.append(now)
            return 0

    def _forget(self, now: datetime) -> None:
        self._seen = {key: times for key, times in self._seen.items() if times and now - times[-1] < self._window}


def pace(request: Request, name: str, most: int, window: timedelta) -> MovingWindow:
    """The application's own pace of that name."""
    paces: dict[str, MovingWindow] = request.app.state.__dict__["_state"].setdefault("paces", {})
    return paces.setdefault(name, MovingWindow(most, window))
