"""The contract as JSON Schema 2020-12, and its committed copies. It defines nothing: schemas/ does."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any, Final

from flows.errors import UsageError

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAMES: Final = ("Document", "EventRecord", "ExtractionResult")
"""The models that are published."""


def find(name: str) -> str:
    """The published name that `name` means: ``event-record``, ``eventrecord`` and ``EventRecord`` are one. Raises UsageError."""
    wanted = "".join(char for char in name.lower() if char.isalnum())
    for published in NAMES:
        if published.lower() == wanted:
            return published
    raise UsageError("no-such-schema", f"{name!r} is no schema; there are {', '.join(NAMES)}")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a published model, as it is written out: every key is there."""
    import schemas

    model: type[schemas.Model] = getattr(schemas, name)
    made = model.model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": f"urn:procnews:{schemas.SCHEMA_VERSION}:{name}", **made}


def text(name: str) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def folder() -> Path:
    """Where the committed copies are."""
    return Path(str(resources.files("schemas"))) / "json"


def write(target: Path | None = None) -> list[Path]:
    """Writes every schema file anew; their paths. Raises UsageError where that cannot be."""
    target = target or folder()
    paths = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            path = target / f"{name}.json"
            path.write_text(text(name), encoding="utf-8", newline="\n")
            paths.append(path)
    except OSError as error:
        raise UsageError("unwritable", f"{target} cannot be written ({error.strerror}); run it in a checkout you may write to") from None
    return paths
