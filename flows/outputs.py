"""Writes the store's content as JSON Lines beside it: results.jsonl and events.jsonl. The same content gives the same bytes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from flows.errors import StoreError
from flows.records import canonical_json
from flows.store import Store

RESULTS = "results.jsonl"
EVENTS = "events.jsonl"


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Writes the lines to a new file and puts it in place of the old one in one step. Raises StoreError (`output-unwritable`)."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise StoreError("output-unwritable", f"{path} cannot be written ({error.strerror}); name another folder with --data") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def are_there(data: Path) -> bool:
    """True when both files exist."""
    return (data / RESULTS).is_file() and (data / EVENTS).is_file()


def write(store: Store, data: Path) -> None:
    """Writes both files into `data`: a result a line by source, an event a line by date."""
    write_lines(data / RESULTS, store.results())
    write_lines(data / EVENTS, (canonical_json(event) for event in store.events()))
