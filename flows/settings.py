"""Where a run keeps its files: the data directory and the store's address. It creates nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

DATA_VARIABLE = "PROCNEWS_DATA"
STORE_VARIABLE = "PROCNEWS_STORE"
DEBUG_VARIABLE = "PROCNEWS_DEBUG"


def data_dir(given: Path | None = None) -> Path:
    """The data directory: as given, else `PROCNEWS_DATA`, else the platform's place for application data."""
    if given is not None:
        return given.expanduser().absolute()
    if named := os.environ.get(DATA_VARIABLE):
        return Path(named).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "procnews"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "procnews"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "procnews"


def store_url(data: Path, given: str | None = None) -> str:
    """The SQLAlchemy URL of the store: as given, else `PROCNEWS_STORE`, else `procnews.db` in `data`. A bare path means SQLite."""
    named = given or os.environ.get(STORE_VARIABLE)
    if not named:
        return f"sqlite:///{data / 'procnews.db'}"
    return named if "://" in named else f"sqlite:///{Path(named).expanduser().absolute()}"


def debug() -> bool:
    """True when `PROCNEWS_DEBUG` asks for tracebacks."""
    return os.environ.get(DEBUG_VARIABLE, "") not in {"", "0"}
