"""A Prefect server for the time of one run: on loopback, on a free port, gone when the run is gone. It runs no flow.

Prefect can start such a server itself, but only after importing all of it into the client, and without noticing for minutes
that it died. Here the server starts while the client still imports, is watched, and ends when its parent ends, however that is.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.errors import ServerError

_STOP_SECONDS = 5.0


@dataclass(slots=True)
class TemporaryServer:
    """A server that is starting or running."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def api_url(self) -> str:
        """What goes into PREFECT_API_URL."""
        return f"http://127.0.0.1:{self.port}/api"

    def wait(self) -> None:
        """Returns when the server answers. Raises ServerError when it dies or takes too long."""
        limit = float(os.environ.get("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180"))
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise ServerError("prefect-server", f"Prefect's local server ended at once ({last_line(self.log)}); run `procnews doctor`")
            if _answers(self.port):
                return
            time.sleep(0.05)
        raise ServerError(
            "prefect-server",
            f"Prefect's local server did not answer within {limit:.0f} s ({last_line(self.log)}); "
            "set PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS higher, or run `procnews doctor`",
        )


@contextlib.contextmanager
def temporary_server(home: Path) -> Iterator[TemporaryServer | None]:
    """A server with its files in `home`, or None when `PREFECT_API_URL` names one already. Sets PREFECT_API_URL while it lasts."""
    if os.environ.get("PREFECT_API_URL"):
        yield None
        return
    try:
        home.mkdir(parents=True, exist_ok=True)
        log = home / "server.log"
        with log.open("w", encoding="utf-8") as errors:
            # -P: a file in the current folder must not be taken for a module of the server.
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "flows.prefect_server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"},
                # Ctrl-C is for the run, which then still has its end to report to the server.
                start_new_session=True,
            )
    except OSError as error:
        raise ServerError(
            "prefect-server", f"Prefect's files cannot be kept in {home} ({error.strerror}); name another folder with --data"
        ) from None
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port.isdigit():
            process.wait(_STOP_SECONDS)
            raise ServerError("prefect-server", f"Prefect's local server did not start ({last_line(log)}); run `procnews doctor`")
        server = TemporaryServer(process, int(port), log)
        os.environ["PREFECT_API_URL"] = server.api_url
        yield server
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        _stop(process)


def last_line(log: Path) -> str:
    """The last line of a log that says something, cut to 200 characters."""
    try:
        lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    return lines[-1][:200] if lines else "it said nothing"


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[str]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    try:
        process.terminate()
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def serve() -> None:
    """Runs the server: binds a free port, writes it to standard output, serves until standard input ends."""
    import socket

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()

    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on", access_log=False)
    )

    def end_with_parent() -> None:
        sys.stdin.read()
        server.should_exit = True
        time.sleep(_STOP_SECONDS)
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    server.run(sockets=[listener])


if __name__ == "__main__":
    serve()
