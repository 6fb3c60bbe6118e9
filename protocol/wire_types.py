"""The shape that all wire structs share: frozen, keyword-only, closed, integers and strings and lists alone."""

from typing import Annotated

import msgspec
from msgspec import Meta


class WireStruct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=False, gc=False):
    """A part of a message. Every field is always written, so that one value has one encoding.

    Values are trees that cannot change, so the collector of cycles has no business with them (`gc=False`): a page of
    4096 offers would have it walk through the whole process several times.
    """


NodeId = Annotated[
    str, Meta(max_length=253, pattern=r"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\Z")
]
"""A node's DNS-like name, `montlucon.emploi.example`; never a URL."""

KeyId = Annotated[
    str,
    Meta(max_length=280, pattern=r"\A[a-z0-9.-]{1,253}#(journal|http|guarantee|witness|sealing)-[0-9a-f]{16}\Z"),
]
"""The name of a public key, `montlucon.emploi.example#http-0123456789abcdef`; see `protocol/keys.py`."""

BaseUrl = Annotated[
    str,
    Meta(
        max_length=300,
        pattern=r"\Ahttps?://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])"
        r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?\Z",
    ),
]
"""Scheme, host and perhaps a port: no user, path, query or trailing slash. Written in one form: see address.py."""

Identifier = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")]
"""An identifier made by the sender, unique for that sender: an offer, a site, a forward, an order."""

_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"

Timestamp = Annotated[str, Meta(pattern=rf"\A{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\Z")]
"""A moment, UTC, whole seconds (RFC 3339)."""

Day = Annotated[str, Meta(pattern=rf"\A{_DAY}\Z")]
"""A calendar day (RFC 3339 full-date)."""

Entry = Annotated[str, Meta(pattern=r"\A01[0-9a-f]{64}\Z")]
"""A journal entry, 33 bytes as lower-case hexadecimal."""

Digest = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""A SHA-256 value as lower-case hexadecimal."""

Base64 = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9+/]*={0,2}\Z")]
"""Standard base64 with padding (RFC 4648 section 4); readers decode, encode again and compare."""

RomeCode = Annotated[str, Meta(pattern=r"\A[A-N][0-9]{4}\Z")]
"""An occupation of the ROME."""

InseeCode = Annotated[str, Meta(pattern=r"\A[0-9][0-9AB][0-9]{3}\Z")]
"""A commune by its INSEE code, never by its postal code."""

SkillCode = Annotated[str, Meta(pattern=r"\A[0-9]{1,9}\Z")]
"""A skill of the shared referential (ROME code_ogr or a starter code)."""

Short = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=4000)]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
