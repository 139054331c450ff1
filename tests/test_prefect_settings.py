"""Prefect's settings and its temporary server: quiet, offline, on loopback, and gone when the run is gone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from flows import prefect_settings
from flows.errors import ServerError
from flows.prefect_server import last_line, temporary_server


def test_defaults_are_set_and_files_go_to_the_data_folder(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    prefect_settings.apply(tmp_path, environment)
    assert environment["DO_NOT_TRACK"] == "1" and environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["PREFECT_LOGGING_LEVEL"] == "WARNING"
    assert environment["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert environment["PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED"] == "false"


def test_what_the_user_has_set_stays(tmp_path: Path) -> None:
    environment = {"PREFECT_LOGGING_LEVEL": "DEBUG", "PREFECT_HOME": "/elsewhere", "NO_PROXY": "intranet.example"}
    prefect_settings.apply(tmp_path, environment)
    assert (environment["PREFECT_LOGGING_LEVEL"], environment["PREFECT_HOME"]) == ("DEBUG", "/elsewhere")
    assert environment["NO_PROXY"].split(",") == ["intranet.example", "127.0.0.1", "localhost", "::1"]
    prefect_settings.apply(tmp_path, environment)
    assert environment["NO_PROXY"].count("127.0.0.1") == 1


def test_a_server_of_the_user_keeps_its_own_settings(tmp_path: Path) -> None:
    environment = {"PREFECT_API_URL": "http://127.0.0.1:4200/api"}
    prefect_settings.apply(tmp_path, environment)
    assert environment["DO_NOT_TRACK"] == "1"
    assert not any(name.startswith("PREFECT_SERVER_SERVICES") for name in environment)


def test_settings_that_come_too_late_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prefect", sys)
    with pytest.raises(RuntimeError, match="before"):
        prefect_settings.apply(tmp_path)


def test_prefect_knows_every_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that Prefect has renamed would be ignored in silence."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    from prefect.settings import Settings

    known = {name.upper() for field in _fields(Settings) for name in field}
    names = {name for name in prefect_settings.DEFAULTS if name.startswith("PREFECT_")} | {"PREFECT_HOME", "PREFECT_LOGGING_TO_API_ENABLED"}
    assert names - known == set()


def _fields(model: type, prefix: str = "PREFECT_") -> list[list[str]]:
    from pydantic import AliasChoices

    found = []
    for name, field in model.model_fields.items():  # type: ignore[attr-defined]
        names = [f"{prefix}{name}".upper()]
        if isinstance(field.validation_alias, AliasChoices):
            names += [choice.upper() for choice in field.validation_alias.choices if isinstance(choice, str)]
        found.append(names)
        if hasattr(field.annotation, "model_fields"):
            found += _fields(field.annotation, f"{prefix}{name}_".upper())
    return found


def test_the_last_line_of_a_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("Traceback\n  file\nValueError: no\n\n")
    assert last_line(tmp_path / "log") == "ValueError: no"
    assert last_line(tmp_path / "none") == "it said nothing"


def test_a_server_of_the_user_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    with temporary_server(tmp_path / "prefect") as server:
        assert server is None
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    (tmp_path / "file").touch()
    with pytest.raises(ServerError) as error, temporary_server(tmp_path / "file" / "prefect"):
        pass
    assert str(tmp_path / "file") in str(error.value)


@pytest.mark.flow
def test_a_server_that_dies_is_noticed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "nonsense://x")
    start = time.monotonic()
    with pytest.raises(ServerError) as error, temporary_server(tmp_path / "prefect") as server:
        assert server is not None
        server.wait()
    assert "doctor" in str(error.value) and "\n" not in str(error.value)
    assert time.monotonic() - start < 60


PARENT = """
import sys
from pathlib import Path
from flows import prefect_settings, prefect_server
prefect_settings.apply(Path(sys.argv[1]))
with prefect_server.temporary_server(Path(sys.argv[1]) / "prefect") as server:
    server.wait()
    print(server.process.pid, server.port, flush=True)
    sys.stdin.read()
"""


@pytest.mark.flow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them")
def test_the_server_answers_on_loopback_and_ends_with_a_killed_parent(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert parent.stdout is not None and parent.stdin is not None
    pid, port = map(int, parent.stdout.readline().split())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=10) as answer:
        assert answer.status == 200
    with socket.socket() as other:
        # Bound to 127.0.0.1 alone: the same port is free on another address of the machine.
        other.bind(("127.0.0.2", port))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    end = time.monotonic() + 20
    while _runs(pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
