"""How often a name (a client address, a member, a visitor) may ask: token buckets, in memory; the one rate limiter.

Guarantees: a bucket that is full lets `most` through at once, so that no window of `seconds` sees more than twice as
many; a name that is not seen takes no room: the ten thousand that asked last are remembered, and whoever is forgotten
begins with a full bucket. Time is an argument. What must outlive a restart (who failed to sign in) is in the database
instead. See docs/decisions/rate-limits.md.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from typing import Final

MOST_NAMES: Final = 10_000


@dataclass(slots=True)
class Buckets:
    """A token bucket a name, full at `most`, filled in `seconds`; the names seen longest ago are forgotten."""

    most: int
    seconds: float = 60.0
    lock: Lock = field(default_factory=Lock)
    levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, name: str, now: float) -> int:
        """0 when this name may ask at this second, which is counted; else in how many whole seconds it may."""
        with self.lock:
            level, before = self.levels.pop(name, (float(self.most), now))
            level = min(self.most, level + max(0.0, now - before) * self.most / self.seconds)
            allowed = level >= 1
            self.levels[name] = (level - 1 if allowed else level, now)
            if len(self.levels) > MOST_NAMES:
                self.levels.popitem(last=False)
            return 0 if allowed else ceil((1 - level) * self.seconds / self.most)
