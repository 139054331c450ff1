"""Prefect's settings for a run of procnews, put into the environment before Prefect is imported. It imports no Prefect.

Prefect reads its settings once, when it is imported. Whatever the user has set in the environment wins.
"""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

OFFLINE: Final = {
    # Two switches, because the client honours one and the server the other.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
"""What keeps Prefect from sending anything anywhere."""

DEFAULTS: Final = {
    **OFFLINE,
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    # A temporary server that ends with the run has no use for schedules, automations, cleaning, pages or stored log lines.
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_UI_ENABLED": "false",
}
"""What `apply` sets where the environment says nothing."""

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def apply(data: Path, environment: MutableMapping[str, str] | None = None) -> None:
    """Sets Prefect's environment, its files under `data`/prefect. Raises RuntimeError when Prefect is imported already.

    With `PREFECT_API_URL` set the flow runs against that server; only what keeps Prefect quiet and offline is set then.
    """
    if environment is None:
        if "prefect" in sys.modules:
            raise RuntimeError("Prefect was imported before its settings were made; import flows.prefect_settings first")
        environment = os.environ
    own_server = not environment.get("PREFECT_API_URL")
    for name, value in DEFAULTS.items():
        if own_server or name in OFFLINE or name == "PREFECT_LOGGING_LEVEL":
            environment.setdefault(name, value)
    environment.setdefault("PREFECT_HOME", str(data / "prefect"))
    if own_server:
        environment.setdefault("PREFECT_LOGGING_TO_API_ENABLED", "false")
        # A proxy of the environment must not be asked for the way to our own machine.
        for name in ("NO_PROXY", "no_proxy"):
            hosts = [host for host in environment.get(name, "").split(",") if host]
            environment[name] = ",".join(dict.fromkeys([*hosts, *_LOOPBACK]))
