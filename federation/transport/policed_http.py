"""Connections that keep to an address policy and to the deadline of the block around: httpx over address_policy.py.

Apart from it, as httpx takes long to import and most commands ask nothing of the network. Read next: client.py, the
only caller.
"""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from federation.transport.address_policy import AddressPolicy, remaining

_KEEP_ALIVE_SECONDS = 4.0  # less than a server's usual 5: it is not the server that closes under a request
_MAX_CONNECTIONS = 50


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
