"""Where this node may connect to, and the connection that keeps to it.

Guarantees: a connection goes to an address that was checked, and to that very address: the name is resolved once, here,
and what was checked is what is dialled, so that a name which answers differently the second time (DNS rebinding) gains
nothing. Only global unicast addresses are dialled, and networks that the configured allow-list names: no loopback,
private, link-local, multicast or reserved ones, nor those that carry another address inside (6to4, Teredo, NAT64).
However a host is written (decimal, octal, IPv4-mapped), the address that it stands for counts. The name stays in `Host`
and in the TLS handshake. A total deadline holds for every read of the connection, headers and handshake included.

Read next: transport.py, the only caller.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore
import httpx

from federation.errors import AddressRefused, Unreachable

Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""Host and port -> addresses, best first; OSError or UnicodeError when there are none."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_KEEP_ALIVE_SECONDS = 4.0  # less than a server's usual 5: it is not the server that closes under a request
_MAX_CONNECTIONS = 50

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


class PolicedTransport(httpx.HTTPTransport):
    """httpx over connections that keep to an address policy and to the deadline."""

    def __init__(self, policy: AddressPolicy, ssl_context: ssl.SSLContext | None = None) -> None:
        context = ssl_context or ssl.create_default_context()
        super().__init__(verify=context, trust_env=False)
        # httpx has no argument for the network backend; its pool is replaced before the first use.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=_MAX_CONNECTIONS,
            keepalive_expiry=_KEEP_ALIVE_SECONDS,
            network_backend=_PolicedBackend(policy),
        )


class _PolicedBackend(httpcore.NetworkBackend):
    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("the host has no address")
        for address in self._policy.addresses(host, port):
            left = _limited(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _LimitedStream(stream)
        raise failure


class _LimitedStream(httpcore.NetworkStream):
    """A stream whose every read ends by the deadline, so that a peer which drips bytes is cut."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _limited(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _limited(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _limited(timeout, httpcore.ConnectTimeout)
        return _LimitedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _limited(timeout: float | None, too_late: type[Exception]) -> float:
    """The shorter of a time-out and what is left until the deadline, in seconds."""
    left = remaining()
    if left <= 0:
        raise too_late("the deadline is over")
    return left if timeout is None else min(timeout, left)
