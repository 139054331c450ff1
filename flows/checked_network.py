"""Network connections that go only to checked addresses and end by a deadline. It knows nothing of HTTP or pages."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore


class CheckedStream(httpcore.NetworkStream):
    """A connection whose reads and writes all end by one deadline, however slowly the other side sends."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float):
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to `max_bytes` bytes."""
        return self._inner.read(max_bytes, _left(self._deadline, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends `buffer`."""
        self._inner.write(buffer, _left(self._deadline, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Closes the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS; the certificate is checked against the name, not the address."""
        left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        return CheckedStream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection says of itself."""
        return self._inner.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections to the address that `resolve(host, port)` allows, and to no other.

    `deadline` is in seconds of `time.monotonic()`. Whatever `resolve` raises goes to the caller.
    """

    def __init__(self, resolve: Callable[[str, int], str], deadline: float):
        self._resolve = resolve
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the checked address of `host`."""
        address = self._resolve(host, port)
        left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        return CheckedStream(self._sockets.connect_tcp(address, port, left, local_address, socket_options), self._deadline)


def _left(deadline: float, timeout: float | None, error: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("the time for the whole transfer is over")
    return left if timeout is None else min(left, timeout)
