"""Event records as CSV (RFC 4180), a line each, for spreadsheets. What a line cannot hold is left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

COLUMNS: Final = (
    "id", "link_id", "title", "title_en", "kind", "status", "mode", "start", "end", "start_time", "end_time", "timezone", "edtf",
    "venue", "city", "country", "organisers", "deadlines", "contacts", "links", "programmes", "language", "source",
)  # fmt: skip

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_FREE_TEXT: Final = frozenset({"title", "title_en", "venue", "city", "organisers", "contacts", "links", "programmes", "source"})


def row(event: Mapping[str, Any]) -> dict[str, str]:
    """One event record (as JSON) as cells by column; several values are set apart by semicolons."""
    when = event["when"]
    places = event["places"]
    contacts = (contact["email"] or contact["name"] or "" for contact in event["contacts"])
    cells: dict[str, Any] = {
        name: event.get(name) for name in ("id", "link_id", "title", "title_en", "kind", "status", "mode", "language", "source")
    }
    cells |= {name: when[name] for name in ("start", "end", "start_time", "end_time", "timezone", "edtf")}
    for name in ("venue", "city", "country"):
        cells[name] = "; ".join(dict.fromkeys(place[name] for place in places if place.get(name)))
    cells["organisers"] = "; ".join(body["name"] for body in event["organisations"] if body["role"] in {"organiser", "co_organiser"})
    cells["deadlines"] = "; ".join(f"{deadline['kind']} {deadline['when']['start']}" for deadline in event["deadlines"])
    cells["contacts"] = "; ".join(filter(None, contacts))
    cells["links"] = "; ".join(link["url"] for link in event["links"])
    cells["programmes"] = "; ".join(event["programmes"])
    return {name: _cell(name, cells[name]) for name in COLUMNS}


def lines(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The header line and a line for every event, with line ends."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    for event in events:
        yield _taken(buffer)
        writer.writerow(row(event))
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _cell(name: str, value: object) -> str:
    text = "" if value is None else str(value)
    # A spreadsheet would run text of a web page that looks like a formula; the apostrophe makes it text again.
    return f"'{text}" if name in _FREE_TEXT and text.startswith(_FORMULA_STARTS) else text
