"""Who may use the JSON API: whoever holds the token that `maillon init` wrote.

The comparison takes the same time whatever was given.
"""

import hmac
from hashlib import sha256

from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _


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
