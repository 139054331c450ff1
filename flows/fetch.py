"""Fetches one web page, safely: public addresses only, checked at every hop, with limits on size and time. It reads no page content.

The host is resolved once per hop, every address it has must be allowed, and the connection goes to the very address that
was checked, so that a second answer of the name server cannot lead elsewhere.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from flows.errors import FetchError, UsageError
from flows.sources import canonical_url

if TYPE_CHECKING:
    import httpcore

MAX_BYTES: Final = 10 * 1024 * 1024
"""Largest page fetched, in bytes, packed and unpacked."""
MAX_REDIRECTS: Final = 5
CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 15.0
TOTAL_SECONDS: Final = 60.0
_STEP: Final = 64 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TEXT_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
# Addresses that carry an IPv4 address inside (6to4, Teredo) and IETF protocol assignments: no web page lives there.
_TUNNELS: Final = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/23"))
_PROTOCOL_ASSIGNMENTS: Final = ipaddress.ip_network("192.0.0.0/24")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched page. `url` is where it was found after redirects; `media_type` is the Content-Type as sent, or None."""

    url: str
    data: bytes
    media_type: str | None


def user_agent() -> str:
    """What procnews calls itself on the web."""
    try:
        return f"procnews/{version('procnews')} (reads procurement announcements)"
    except PackageNotFoundError:
        return "procnews (reads procurement announcements)"


def is_public(address: str) -> bool:
    """True when `address` (IPv4 or IPv6) is an ordinary address of the public internet.

    Private, loopback, link-local (cloud metadata), multicast, reserved and tunnelling addresses are not.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        return ip in _GLOBAL_UNICAST and ip.is_global and not any(ip in tunnel for tunnel in _TUNNELS)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _PROTOCOL_ASSIGNMENTS


def resolve(host: str, port: int, *, allow_private: bool = False) -> str:
    """One address of `host` that may be connected to. Raises FetchError (`unresolvable`, `address-refused`)."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FetchError("unresolvable", f"{host}: the name cannot be resolved ({reason}); check the URL and the network") from None
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not addresses:
        raise FetchError("unresolvable", f"{host}: the name has no address; check the URL")
    refused = [address for address in addresses if not is_public(address)]
    if refused and not allow_private:
        raise FetchError(
            "address-refused",
            f"{host}: {refused[0]} is not a public address and is not fetched; use --allow-private if it is a server of your own",
        )
    return addresses[0]


def fetch(url: str, *, allow_private: bool = False, max_bytes: int = MAX_BYTES, total_seconds: float = TOTAL_SECONDS) -> Fetched:
    """The page at `url`, redirects followed. `max_bytes` bounds what is sent and what it unpacks to.

    Raises FetchError for everything that goes wrong; its message names the URL and what to do.
    """
    import httpcore
    import httpx

    from flows.checked_network import CheckedBackend

    # The environment's proxies are not used: a proxy would resolve the name again, out of sight of the check.
    backend = CheckedBackend(lambda host, port: resolve(host, port, allow_private=allow_private), time.monotonic() + total_seconds)
    here = canonical_url(url)
    with httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(), network_backend=backend, max_keepalive_connections=0, http1=True, http2=False
    ) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _one_hop(pool, here, max_bytes)
            if isinstance(answer, Fetched):
                return answer
            try:
                here = canonical_url(urljoin(here, answer))
            except (UsageError, ValueError) as error:
                raise FetchError("bad-redirect", f"{url}: leads to an address that is not fetched ({error})") from None
    raise FetchError("too-many-redirects", f"{url}: more than {MAX_REDIRECTS} redirects; give the final address")


def _one_hop(pool: httpcore.ConnectionPool, url: str, max_bytes: int) -> Fetched | str:
    """The page at `url`, or the Location it redirects to."""
    import httpcore

    asked = _ascii_url(url)
    headers = [
        ("Host", urlsplit(asked).netloc),
        ("User-Agent", user_agent()),
        ("Accept", "text/html, application/xhtml+xml, text/plain;q=0.9"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ]
    timeouts = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": READ_SECONDS}
    try:
        with pool.stream("GET", asked, headers=headers, extensions={"timeout": timeouts}) as response:
            sent = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in _REDIRECTS and sent.get("location"):
                return sent["location"]
            if response.status != 200:
                raise FetchError("http-status", f"{url}: the server answered {response.status}; open the page in a browser to see why")
            media_type = sent.get("content-type")
            kind = (media_type or "").partition(";")[0].strip().lower()
            if kind and kind not in _TEXT_TYPES:
                raise FetchError("unsupported-media-type", f"{url}: is {kind[:80]}, not a page of text; only HTML and plain text are read")
            return Fetched(url, _body(response.iter_stream(), sent.get("content-encoding", ""), url, max_bytes), media_type)
    except httpcore.TimeoutException:
        raise FetchError("timeout", f"{url}: took too long to arrive; try again later") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchError("connection-failed", f"{url}: the connection failed ({error}); check the URL and the network") from None


def _ascii_url(url: str) -> str:
    """The URL as it goes over the wire: the host in IDNA, other signs percent-encoded."""
    import httpx

    try:
        asked = httpx.URL(url)
        return str(asked.copy_with(host=asked.raw_host.decode("ascii")))
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError) as error:
        raise FetchError("bad-url", f"{url}: cannot be asked for ({error}); check the URL") from None


def _body(chunks: Iterator[bytes], encoding: str, url: str, max_bytes: int) -> bytes:
    encoding = encoding.strip().lower()
    if encoding in {"gzip", "x-gzip"}:
        chunks = _unpacked(chunks, url, max_bytes)
    elif encoding not in {"", "identity"}:
        raise FetchError("unsupported-encoding", f"{url}: sent as {encoding[:40]!r}, which was not asked for; save the page to a file")
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise _too_large(url, max_bytes)
    return bytes(body)


def _unpacked(chunks: Iterator[bytes], url: str, max_bytes: int) -> Iterator[bytes]:
    """Gunzips step by step, never holding more than one step beyond `max_bytes`; both sides count towards the limit."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    received = 0
    try:
        for chunk in chunks:
            received += len(chunk)
            if received > max_bytes:
                raise _too_large(url, max_bytes)
            rest = chunk
            while rest:
                yield unpacker.decompress(rest, _STEP)
                rest = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise FetchError("broken-encoding", f"{url}: sent as gzip but cannot be unpacked ({error}); save the page to a file") from None
    if not unpacker.eof:
        raise FetchError("broken-encoding", f"{url}: the gzip data ends early; try again later")


def _too_large(url: str, max_bytes: int) -> FetchError:
    return FetchError("too-large", f"{url}: larger than {max_bytes:,} bytes; save only the announcement to a file")
