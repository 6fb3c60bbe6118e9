"""Where this node may connect to.

Guarantees: a connection goes to an address that was checked, and to that very address: the name is resolved once, here,
and what was checked is what is dialled, so that a name which answers differently the second time (DNS rebinding) gains
nothing. Only global unicast addresses are dialled, and networks that the configured allow-list names: no loopback,
private, link-local, multicast or reserved ones, nor those that carry another address inside (6to4, Teredo, NAT64).
However a host is written (decimal, octal, IPv4-mapped), the address that it stands for counts. The name stays in `Host`
and in the TLS handshake. A total deadline holds for every read of the connection, headers and handshake included.

Read next: policed_http.py, the connection that keeps to it.
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from federation.errors import AddressRefused, Unreachable

Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""Host and port -> addresses, best first; OSError or UnicodeError when there are none."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")

_deadline: ContextVar[float | None] = ContextVar("_deadline", default=None)


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The operating system's answer. It has its own time-out, which the total deadline does not shorten."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for _, _, _, _, address in found))


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Public addresses, and those of the networks in `allowed`."""

    allowed: tuple[Network, ...] = ()
    resolve: Resolver = system_resolver

    @classmethod
    def allowing(cls, networks: Iterable[str], resolve: Resolver = system_resolver) -> "AddressPolicy":
        """From configured text, `10.20.0.0/16`; ValueError names the one that is not a network."""
        return cls(tuple(ip_network(network) for network in networks), resolve)

    def permits(self, address: str) -> bool:
        """Whether this address (text, as a resolver gives it) may be connected to; ValueError when it is none."""
        parsed = ip_address(address)
        if any(parsed in network for network in self.allowed):
            return True
        if isinstance(parsed, IPv6Address):
            if parsed.ipv4_mapped is not None:
                return self.permits(str(parsed.ipv4_mapped))
            if parsed not in _GLOBAL_UNICAST or parsed.sixtofour is not None or parsed.teredo is not None:
                return False
        return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of this host that may be dialled, best first.

        Raises AddressRefused when all that it has are forbidden, Unreachable when it has none.
        """
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError):
            raise Unreachable("the host's name does not resolve") from None
        permitted = [address for address in found if self.permits(address)]
        if found and not permitted:
            raise AddressRefused("the host is at an address that is not allowed")
        return permitted


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """All reads and connections inside the block, in this thread, end within `seconds` altogether."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining() -> float:
    """Seconds until the deadline of the block around; infinite without one."""
    end = _deadline.get()
    return float("inf") if end is None else end - time.monotonic()
