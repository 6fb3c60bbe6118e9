"""Who may use the JSON API: the mission's programs, which hold the token that `maillon init` wrote.

The comparison takes the same time whatever was given. What a program opens is in the trail, and the head of mission
ends the token for all of them (node/services/accounts/trail.py).
"""

import hmac
from collections.abc import Callable
from hashlib import sha256

from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.requests import NodeOf
from node.services.accounts.trail import is_ended


class BadToken(NodeError):
    """No bearer token, or a wrong one."""

    status = 401
    problem = "bad_token"


class Bearer(HTTPBearer):
    """The dependency that guards the API (RFC 6750)."""

    def __init__(self, token: str) -> None:
        super().__init__(scheme_name="token", description="The content of the file api-token.", auto_error=False)
        # Digests have one length, so that not even the token's length shows in the time taken.
        self._digest = sha256(token.encode()).digest()

    async def __call__(self, request: HTTPConnection) -> HTTPAuthorizationCredentials | None:
        """BadToken unless the request carries the token."""
        given = await super().__call__(request)
        credentials = given.credentials if given is not None else ""
        if not hmac.compare_digest(sha256(credentials.encode("utf-8", "replace")).digest(), self._digest):
            raise BadToken(_("Send the content of the file api-token in the header “Authorization: Bearer …”."))
        return given


def not_ended(token: str) -> Callable[[NodeOf], None]:
    """The dependency that asks, after the token, whether somebody ended it."""

    def check(node: NodeOf) -> None:
        """BadToken when it was ended."""
        if is_ended(node.desk, token):
            raise BadToken(_("The head of mission ended the programs' access. A new token: maillon account token"))

    return check
