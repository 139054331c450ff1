"""Fetching: what is refused, what is cut off, and that the connection goes where the check was made. Servers are on loopback."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from flows import fetch as fetching
from flows.errors import FetchError, UsageError
from flows.fetch import fetch, is_public, user_agent

PAGE = b"<html><body><h1>Workshop on 19 March 2024</h1></body></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    seen: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        path, _, argument = self.path.partition("?to=")
        if path == "/page":
            self.answer(200, PAGE, {"Content-Type": "text/html; charset=utf-8"})
        elif path == "/gzip":
            self.answer(200, gzip.compress(PAGE), {"Content-Type": "text/html", "Content-Encoding": "gzip"})
        elif path == "/bomb":
            self.answer(200, gzip.compress(b"\0" * 50_000_000), {"Content-Type": "text/html", "Content-Encoding": "gzip"})
        elif path == "/cut-gzip":
            self.answer(200, gzip.compress(PAGE)[:-12], {"Content-Type": "text/html", "Content-Encoding": "gzip"})
        elif path == "/brotli":
            self.answer(200, PAGE, {"Content-Type": "text/html", "Content-Encoding": "br"})
        elif path == "/large":
            self.answer(200, b"x" * 300_000, {"Content-Type": "text/plain"})
        elif path == "/image":
            self.answer(200, b"\x89PNG", {"Content-Type": "image/png"})
        elif path == "/redirect":
            self.answer(302, b"", {"Location": argument})
        elif path.startswith("/loop"):
            self.answer(302, b"", {"Location": f"/loop?{len(self.server.seen)}"})  # type: ignore[attr-defined]
        elif path == "/drip":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            for _ in range(100):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.05)
        else:
            self.answer(404, b"", {})

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    seen: list[tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Handler)
    running.seen = []
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def base(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def loopback_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server stands for a public one: only 127.0.0.1 is let through, every other check is the real one."""
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1" or is_public(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "0.0.0.0",
        "192.0.0.8", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
        "ff02::1", "2001:db8::1", "2002:7f00:1::", "2001:0:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "::7f00:1", "fec0::1", "", "x",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


def test_a_page_comes_with_type_and_an_honest_name(base: str, server: Server) -> None:
    page = fetch(f"{base}/page#part", allow_private=True)
    assert (page.data, page.media_type, page.url) == (PAGE, "text/html; charset=utf-8", f"{base}/page")
    headers = server.seen[-1][1]
    assert headers["User-Agent"] == user_agent() and headers["User-Agent"].startswith("procnews/")
    assert headers["Host"] == base.removeprefix("http://")


def test_gzip_is_unpacked(base: str) -> None:
    assert fetch(f"{base}/gzip", allow_private=True).data == PAGE


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1", "0x7f000001", "2130706433"])
def test_own_addresses_are_refused_however_written(host: str, server: Server) -> None:
    before = len(server.seen)
    with pytest.raises(FetchError) as error:
        fetch(f"http://{host}:{server.server_port}/page")
    assert error.value.code in {"address-refused", "unresolvable"}
    assert len(server.seen) == before


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "address-refused"),
        ("http://10.0.0.1/", "address-refused"),
        ("http://127.0.0.2/", "address-refused"),
        ("http://[::ffff:10.0.0.1]/", "address-refused"),
        ("//192.168.0.1/", "address-refused"),
        ("file:///etc/hostname", "bad-redirect"),
        ("gopher://127.0.0.1/", "bad-redirect"),
        ("http://user:secret@127.0.0.1/", "bad-redirect"),
        ("http://127.0.0.1:99999/", "bad-redirect"),
    ],
)
@pytest.mark.usefixtures("loopback_is_public")
def test_a_redirect_is_checked_like_the_first_address(target: str, code: str, base: str) -> None:
    with pytest.raises(FetchError) as error:
        fetch(f"{base}/redirect?to={target}")
    assert error.value.code == code


@pytest.mark.usefixtures("loopback_is_public")
def test_a_good_redirect_is_followed(base: str) -> None:
    page = fetch(f"{base}/redirect?to=/page")
    assert (page.url, page.data) == (f"{base}/page", PAGE)


def test_redirects_end(base: str, server: Server) -> None:
    before = len(server.seen)
    with pytest.raises(FetchError) as error:
        fetch(f"{base}/loop", allow_private=True)
    assert error.value.code == "too-many-redirects"
    assert len(server.seen) - before == fetching.MAX_REDIRECTS + 1


def test_a_name_is_resolved_once_and_the_checked_address_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers differently the second time (rebinding) gets no second question."""
    questions: list[str] = []

    def answers(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        questions.append(host)
        address = {"news.example": "127.0.0.1" if questions.count(host) == 1 else "10.0.0.1"}.get(host, host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(fetching.socket, "getaddrinfo", answers)
    page = fetch(f"http://news.example:{server.server_port}/page")
    assert page.data == PAGE
    assert questions.count("news.example") == 1
    assert server.seen[-1][1]["Host"] == f"news.example:{server.server_port}"


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", answers)
    with pytest.raises(FetchError) as error:
        fetch("http://news.example/")
    assert error.value.code == "address-refused"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/bomb", "too-large"),
        ("/cut-gzip", "broken-encoding"),
        ("/brotli", "unsupported-encoding"),
        ("/image", "unsupported-media-type"),
        ("/nothing", "http-status"),
    ],
)
def test_answers_that_are_not_a_page(path: str, code: str, base: str) -> None:
    with pytest.raises(FetchError) as error:
        fetch(base + path, allow_private=True)
    assert error.value.code == code
    assert base in str(error.value) and "\n" not in str(error.value)


def test_size_is_limited_while_it_arrives(base: str) -> None:
    assert len(fetch(f"{base}/large", allow_private=True).data) == 300_000
    with pytest.raises(FetchError) as error:
        fetch(f"{base}/large", allow_private=True, max_bytes=100_000)
    assert error.value.code == "too-large"


def test_a_server_that_drips_is_left_in_time(base: str) -> None:
    start = time.monotonic()
    with pytest.raises(FetchError) as error:
        fetch(f"{base}/drip", allow_private=True, total_seconds=0.5)
    assert error.value.code == "timeout"
    assert time.monotonic() - start < 3


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError) as error:
        fetch(f"http://127.0.0.1:{port}/", allow_private=True)
    assert error.value.code == "connection-failed"


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "http://", "https:///path", "http://user:pass@example.org/", "http://exa mple.org:x/", "http://[::1/"]
)
def test_bad_urls(url: str) -> None:
    with pytest.raises((UsageError, FetchError)) as error:
        fetch(url)
    assert error.value.code in {"bad-url", "unresolvable"}
    assert "pass" not in str(error.value).replace("password", "")
