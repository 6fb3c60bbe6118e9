"""How often a name (a client address, a member) may ask: token buckets, in memory.

Guarantees: a name that is not seen takes no room: the ten thousand that asked last are remembered, and whoever is
forgotten begins with a full bucket. Time is an argument.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

MOST_NAMES: Final = 10_000


@dataclass(slots=True)
class Buckets:
    """A token bucket a name (an address, a member), full at `a_minute`; the names seen longest ago are forgotten."""

    a_minute: int
    lock: Lock = field(default_factory=Lock)
    levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, name: str, now: float) -> bool:
        """Whether one more request of this name is allowed at this second."""
        with self.lock:
            level, before = self.levels.pop(name, (float(self.a_minute), now))
            level = min(self.a_minute, level + max(0.0, now - before) * self.a_minute / 60)
            allowed = level >= 1
            self.levels[name] = (level - 1 if allowed else level, now)
            if len(self.levels) > MOST_NAMES:
                self.levels.popitem(last=False)
            return allowed
