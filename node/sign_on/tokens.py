"""From what a provider signed to claims that may be believed. No I/O: keys and clock are arguments.

Guarantees (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2; RFC 7515, RFC 7519): a signature by RS256 or ES256 alone, with
one of the provider's own public keys, at least 2048 bits for RSA; never `none`, never a key that is a shared secret;
issuer, audience, times, nonce and access token's hash as the standard asks. Every fault is a `SignOnFailed` that says
which. Read next: provider.py.
"""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import ECKey, RSAKey

from node.sign_on.troubles import SignOnFailed, Trouble

ALGORITHMS: Final = ("RS256", "ES256")
LEEWAY_SECONDS: Final = 60
"""How far the provider's clock may differ from ours."""

_KEY_BITS: Final = 2048
_MOST_KEYS: Final = 50
_UNREADABLE: Final = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What a library raises on bytes that anyone may have written."""

Claims = Mapping[str, Any]
Key = RSAKey | ECKey


class UnknownSigningKey(Exception):
    """The token names a key that is not among these: the provider may have new ones."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say. `provider` is the name in sentences; `now` aware."""

    provider: str
    issuer: str
    client_id: str
    now: datetime


def read_keys(data: bytes) -> Sequence[Key]:
    """The keys of a JWK set (RFC 7517) that may have signed; others are passed by. ValueError for anything else."""
    try:
        listed = json.loads(data)["keys"]
    except _UNREADABLE:
        raise ValueError("not a set of keys") from None
    if not isinstance(listed, list):
        raise ValueError("not a set of keys")
    return [key for one in listed[:_MOST_KEYS] if (key := _key(one)) is not None]


def _key(data: object) -> Key | None:
    if not isinstance(data, dict) or data.get("use", "sig") != "sig":
        return None
    try:
        if data.get("kty") == "RSA" and _bits(data["n"]) >= _KEY_BITS:
            return RSAKey.import_key({"kty": "RSA", "n": data["n"], "e": data["e"], **_name(data)})
        if data.get("kty") == "EC" and data.get("crv") == "P-256":
            point = {name: data[name] for name in ("kty", "crv", "x", "y")}
            return ECKey.import_key({**point, **_name(data)})
    except _UNREADABLE:
        return None
    return None


def _bits(number: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(number + "==")).bit_length()


def _name(data: Mapping[str, Any]) -> dict[str, str]:
    return {"kid": data["kid"]} if isinstance(data.get("kid"), str) else {}


def verify(token: str, keys: Sequence[Key], provider: str) -> Claims:
    """The claims of a token that one of these keys signed. UnknownKey, SignOnFailed."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except _UNREADABLE:
        raise SignOnFailed(Trouble.BAD_ANSWER, provider) from None
    if header.get("alg") not in ALGORITHMS:
        raise SignOnFailed(Trouble.BAD_SIGNATURE, provider)
    wanted, kind = header.get("kid"), "RSA" if header["alg"] == "RS256" else "EC"
    fitting = [key for key in keys if key.key_type == kind and (wanted is None or key.kid == wanted)]
    if not fitting:
        raise UnknownSigningKey
    for key in fitting:
        try:
            return jwt.decode(token, key, algorithms=ALGORITHMS).claims
        except _UNREADABLE:
            continue
    raise SignOnFailed(Trouble.BAD_SIGNATURE, provider)


def check_id_token(claims: Claims, expected: Expected, nonce: str, access_token: str, levels: Sequence[str]) -> str:
    """The subject, when the claims are what `expected` says, for this nonce and this access token, at one of these
    levels of assurance (any, when there are none). SignOnFailed."""
    _check(claims, expected, times=("exp", "iat"))
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode("utf-8", "replace"), nonce.encode()):
        raise SignOnFailed(Trouble.OTHER_NONCE, expected.provider)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else expected.client_id) != expected.client_id:
        raise SignOnFailed(Trouble.OTHER_AUDIENCE, expected.provider)
    # Both algorithms hash with SHA-256; the left half of it binds the access token (Core, 3.1.3.6).
    half = base64.urlsafe_b64encode(sha256(access_token.encode()).digest()[:16]).decode().rstrip("=")
    if claims.get("at_hash", half) != half:
        raise SignOnFailed(Trouble.BAD_ANSWER, expected.provider)
    if levels and claims.get("acr") not in levels:
        raise SignOnFailed(Trouble.WEAK, expected.provider)
    return str(claims["sub"])


def check_userinfo(claims: Claims, expected: Expected, subject: str, *, signed: bool) -> None:
    """Whether it speaks of that subject, and, when it was signed, to us and in time. SignOnFailed."""
    if signed:
        _check(claims, expected, times=())
    if claims.get("sub") != subject:
        raise SignOnFailed(Trouble.OTHER_SUBJECT, expected.provider)


def _check(claims: Claims, expected: Expected, times: Sequence[str]) -> None:
    """Issuer, audience and subject must be there, and `times`; other times are looked at where they are."""
    wanted: dict[str, jwt.ClaimsOption] = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "sub": {"essential": True},
    }
    wanted |= {name: {"essential": True} for name in times}
    registry = jwt.JWTClaimsRegistry(int(expected.now.timestamp()), LEEWAY_SECONDS, **wanted)
    try:
        registry.validate(dict(claims))
    except ExpiredTokenError:
        raise SignOnFailed(Trouble.EXPIRED, expected.provider) from None
    except ClaimError as error:
        raise SignOnFailed(_CLAIMS.get(error.claim, Trouble.BAD_ANSWER), expected.provider) from None
    if not 0 < len(claims["sub"]) <= 255:
        raise SignOnFailed(Trouble.BAD_ANSWER, expected.provider)


_CLAIMS: Final = {
    "iss": Trouble.OTHER_ISSUER,
    "aud": Trouble.OTHER_AUDIENCE,
    "iat": Trouble.EXPIRED,
    "nbf": Trouble.EXPIRED,
}
