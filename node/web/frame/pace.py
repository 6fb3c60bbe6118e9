"""How often one visitor may do a thing that costs: see federation/serving/buckets.py. Keys are digests.

What must outlive a restart (lock-outs of sign-in) is in the database instead: see node/services/accounts/lockouts.py.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from fastapi import Request

from federation.serving.buckets import Buckets


def seconds_to_wait(request: Request, act: str, who: str, now: datetime, most: int, window: timedelta) -> int:
    """Count that `who` does this once more: 0 when they may, else the seconds until they may. `most` at once, and as
    many again within the window."""
    state = request.app.state.__dict__["_state"]
    buckets: Buckets = state.setdefault("buckets", {}).setdefault(act, Buckets(most, window.total_seconds()))
    return buckets.take(sha256(who.encode("utf-8", "replace")).hexdigest(), now.timestamp())
