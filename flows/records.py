"""Turns an extraction result into the rows the store keeps, and rows back into JSON. It touches no database.

JSON is canonical: the models' own key order, no blanks, UTF-8, nothing that changes from run to run. The same content is the
same bytes.
"""

from __future__ import annotations

import calendar
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from schemas import EventRecord, ExtractionResult


# Letters that Unicode does not take apart, as people without them on the keyboard type them.
_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "’": "'"})


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event: what lists and filters need, and the whole record as JSON. `first_day` and `last_day` are None without a year."""

    id: str
    position: int
    title: str
    title_en: str | None
    kind: str
    status: str
    mode: str
    start: str
    end: str | None
    first_day: str | None
    last_day: str | None
    countries: str
    search_text: str
    content_hash: str
    json: str


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One deadline of a document."""

    position: int
    kind: str
    date: str
    first_day: str | None


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """A document with all its rows. `json` is the result without its events and run data."""

    id: str
    source: str
    content_hash: str
    media_type: str
    title: str | None
    language: str
    published: str | None
    json: str
    events: tuple[EventRow, ...]
    deadlines: tuple[DeadlineRow, ...]


def canonical_json(value: Any) -> str:
    """`value` as canonical JSON: its own key order, no blanks, UTF-8 characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """SHA-256 of the UTF-8 text, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def fold(text: str) -> str:
    """`text` as it is searched: small letters of the basic alphabet where there is one, no accents, single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def first_day(date: str | None) -> str | None:
    """The first calendar day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None when the year is not known."""
    if date is None or date.startswith("-"):
        return None
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date


def last_day(date: str | None) -> str | None:
    """The last calendar day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None when the year is not known."""
    if date is None or date.startswith("-"):
        return None
    if len(date) == 4:
        return f"{date}-12-31"
    if len(date) == 7:
        year, month = int(date[:4]), int(date[5:])
        return f"{date}-{calendar.monthrange(year, month)[1]:02d}" if year else f"{date}-28"
    return date


def rows_of(result: ExtractionResult) -> DocumentRows:
    """The rows of one result. Links to other documents are not content: the store keeps them beside the record."""
    document = result.document
    whole = result.model_dump(mode="json")
    whole["events"] = []
    whole["run"] = {"run_id": None, "fetched_at": None}
    return DocumentRows(
        id=document.id,
        source=document.source,
        content_hash=document.content_hash,
        media_type=document.media_type,
        title=document.title,
        language=document.language.code,
        published=document.published.value if document.published else None,
        json=canonical_json(whole),
        events=tuple(_event_row(event, position) for position, event in enumerate(result.events)),
        deadlines=tuple(
            DeadlineRow(position, deadline.kind.value, deadline.when.start, first_day(deadline.when.start))
            for position, deadline in enumerate(result.deadlines)
        ),
    )


def _event_row(event: EventRecord, position: int) -> EventRow:
    record = event.model_dump(mode="json")
    record["link_id"], record["same_as"] = None, []
    text = canonical_json(record)
    countries = sorted({place.country for place in event.places if place.country})
    words = [event.title, event.title_en or ""]
    words += [name or "" for place in event.places for name in (place.venue, place.city, place.region)]
    words += [organisation.name for organisation in event.organisations]
    return EventRow(
        id=event.id,
        position=position,
        title=event.title,
        title_en=event.title_en,
        kind=event.kind.value,
        status=event.status.value,
        mode=event.mode.value,
        start=event.when.start,
        end=event.when.end,
        first_day=first_day(event.when.start),
        # Without a stated end the event is only known to touch its start.
        last_day=last_day(event.when.end or event.when.start),
        countries="".join(f"|{country}" for country in countries) + "|",
        search_text=fold(" ".join(words)),
        content_hash=sha256(text),
        json=text,
    )


def linked_event(text: str, link_id: str | None, same_as: Sequence[str]) -> dict[str, Any]:
    """A stored event record with its links filled in."""
    record: dict[str, Any] = json.loads(text)
    record["link_id"], record["same_as"] = link_id, list(same_as)
    return record


def whole_result(document_json: str, events: Iterable[Mapping[str, Any]]) -> str:
    """The canonical JSON of a result, put together again from its document and its linked events."""
    result: dict[str, Any] = json.loads(document_json)
    result["events"] = list(events)
    return canonical_json(result)
