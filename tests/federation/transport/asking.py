"""A request as a route takes it: whose it is, then whether it is of now."""

from collections.abc import Mapping
from datetime import datetime

from federation.transport.signatures import VerifiedRequest, check_current, identify_request
from protocol.members import Members


def verify_request(
    method: str, target_uri: str, headers: Mapping[str, str], body: bytes, members: Members, now: datetime
) -> VerifiedRequest:
    """Who sent this request, an active member a moment ago."""
    verified = identify_request(method, target_uri, headers, body, members, now)
    check_current(verified, now)
    return verified
