"""A node's address: the one form in which it is written, from `maillon init` to the directory and the signatures.

Scheme, host and perhaps a port. Two spellings of one address would be two members to the directory, and what one side
signs the other would not verify: an HTTP client drops a default port and lowers capitals by itself. So who writes an
address writes the canonical form, and a coordinator lists no other.

Guarantees: `canonical_address` is idempotent, its result matches `BaseUrl`, and equal addresses have equal results; a
path, a query or a user is refused rather than dropped. Read next: wire_types.py (`BaseUrl`), SPEC.md, section 1.
"""

import re
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

from protocol.errors import MalformedMessage

MAX_ADDRESS: Final = 300
_MAX_HOST: Final = 253
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_PARTS: Final = re.compile(r"(https?)://(?:\[([^\[\]]*)\]|([^\[\]:]*))(?::([^:]*))?", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PORT: Final = re.compile(r"[0-9]{1,5}")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DOTS: Final = re.compile("[\u3002\uff0e\uff61]")


class AddressFault(StrEnum):
    """What is wrong with an address, for whoever says it to people."""

    SCHEME = "scheme"
    USER = "user"
    PATH = "path"
    PORT = "port"
    UNDERSCORE = "underscore"
    NUMBER = "number"
    HOST = "host"
    LENGTH = "length"


class BadAddress(MalformedMessage):
    """This is no address of a node."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(f"no address of a node: {fault}")
        self.fault = fault


def canonical_address(text: str) -> str:
    """The address in its one form: small letters, no default port, no dot at the end, international names in their
    ASCII form (RFC 5891), IPv6 as RFC 5952 has it. BadAddress for more or less than scheme, host and perhaps a port.
    """
    if len(text) > MAX_ADDRESS:
        raise BadAddress(AddressFault.LENGTH)
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in _DEFAULT_PORTS:
        raise BadAddress(AddressFault.SCHEME)
    if "@" in rest:
        raise BadAddress(AddressFault.USER)
    if set(rest) & set("/\\?#"):
        raise BadAddress(AddressFault.PATH)
    found = _PARTS.fullmatch(text)
    if found is None:
        raise BadAddress(AddressFault.HOST)
    scheme = scheme.lower()
    host = _host(found[3]) if found[2] is None else f"[{_ipv6(found[2])}]"
    port = _port(found[4])
    address = f"{scheme}://{host}" + (f":{port}" if port not in (None, _DEFAULT_PORTS[scheme]) else "")
    if len(address) > MAX_ADDRESS:
        raise BadAddress(AddressFault.LENGTH)
    return address


def is_canonical(text: str) -> bool:
    """Whether this is an address, in its one form."""
    try:
        return canonical_address(text) == text
    except BadAddress:
        return False


def same_address(one: str, other: str) -> bool:
    """Whether two addresses of a directory are one. What an earlier version listed may be in no canonical form."""
    return one == other or _comparable(one) == _comparable(other)


def _comparable(address: str) -> str:
    try:
        return canonical_address(address)
    except BadAddress:
        return address


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not _PORT.fullmatch(text) or not 1 <= int(text) <= 65535:
        raise BadAddress(AddressFault.PORT)
    return int(text)


def _ipv6(text: str) -> str:
    try:
        address = IPv6Address(text)
    except (AddressValueError, ValueError):
        raise BadAddress(AddressFault.NUMBER) from None
    # One that maps an IPv4 address is that address by another name.
    if address.ipv4_mapped is not None or address.scope_id is not None:
        raise BadAddress(AddressFault.NUMBER)
    return address.compressed


def _host(text: str) -> str:
    host = _ascii(_DOTS.sub(".", text)).lower()
    host = host[:-1] if host.endswith(".") else host
    if "_" in host:
        raise BadAddress(AddressFault.UNDERSCORE)
    labels = host.split(".")
    if len(host) > _MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress(AddressFault.HOST)
    if _NUMBER.fullmatch(labels[-1]):
        # What ends in a number is an IPv4 address, in four parts: others are read in several ways.
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise BadAddress(AddressFault.NUMBER) from None
    return host


def _ascii(host: str) -> str:
    """The host in ASCII; that of an international name, which must be one when it says so."""
    if host.isascii() and "xn--" not in host.lower():
        return host
    import idna

    try:
        plain = host if host.isascii() else idna.encode(host.rstrip("."), uts46=True, std3_rules=True).decode()
        idna.decode(plain.lower().rstrip("."))
    except (idna.IDNAError, UnicodeError):
        raise BadAddress(AddressFault.HOST) from None
    return plain
