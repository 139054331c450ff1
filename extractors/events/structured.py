"""schema.org Events of a page's markup: they complete the events read from the text, and stand alone where the text has none.

The text is what people read: where both say something, the text's value stays and a conflict is told as a warning.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from extractors.events.candidates import kind_of, specific
from extractors.events.cluster import fold_title, similarity
from extractors.lexicon import Words, cue_matcher
from schemas import (
    Basis,
    Document,
    EventKind,
    EventMode,
    EventOrganisation,
    EventRecord,
    EventStatus,
    Evidence,
    EvidenceSource,
    OrganisationRole,
    Place,
    Precision,
    When,
)

Resolve = Callable[[str, str | None], Place | None]
"""A city's name and its country as the markup gives them, to a place; None where nothing is known."""

_DATE = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?")
_MODES = {"online": EventMode.ONLINE, "offline": EventMode.IN_PERSON, "mixed": EventMode.HYBRID}
_STATUS = {"cancelled": EventStatus.CANCELLED, "postponed": EventStatus.POSTPONED, "rescheduled": EventStatus.POSTPONED}


def merge(document: Document, records: Sequence[EventRecord], resolve: Resolve, *, today: dt.date | None) -> list[EventRecord]:
    """The records with the page's structured events taken in, in order; new ones behind. `today` decides what is past."""
    merged = list(records)
    for raw in document.structured_events:
        found = _read(document, raw, resolve, today)
        if found is None:
            continue
        index = next((k for k, record in enumerate(merged) if _same(record, found)), None)
        if index is None:
            if not any(record.id == found.id for record in merged):
                merged.append(found)
        else:
            merged[index] = _complete(merged[index], found)
    return merged


def _same(record: EventRecord, found: EventRecord) -> bool:
    same_day = record.when.start == found.when.start
    alike = similarity(record.title, found.title)
    return (same_day and (alike >= 0.3 or record.kind is found.kind or EventKind.OTHER in {record.kind, found.kind})) or alike >= 0.9


def _complete(record: EventRecord, found: EventRecord) -> EventRecord:
    """`record` with what only the markup gives; what both give and differs is a warning."""
    update: dict[str, Any] = {}
    warnings = list(record.warnings)
    evidence = dict(record.evidence)
    when = record.when
    if when.start == found.when.start:
        times = {
            key: getattr(found.when, key)
            for key in ("start_time", "end_time", "timezone")
            if getattr(when, key) is None and getattr(found.when, key)
        }
        if when.start_time and found.when.start_time and when.start_time != found.when.start_time:
            warnings.append("markup-conflict")
            times = {}
        if times and when.timezone is None and found.when.timezone:
            times["timezone_source"] = "stated"
        if times:
            update["when"] = when.model_copy(update=times)
            evidence["when"] = [*evidence.get("when", []), *found.evidence["when"]]
    elif when.start != found.when.start and similarity(record.title, found.title) >= 0.9:
        warnings.append("markup-conflict")
    if not record.places and found.places and record.mode is not EventMode.ONLINE:
        update["places"], evidence["places"] = found.places, found.evidence["places"]
    if record.mode is EventMode.UNKNOWN and found.mode is not EventMode.UNKNOWN:
        update["mode"] = found.mode
        evidence["mode"] = found.evidence.get("mode", [])
    if not record.organisations and found.organisations:
        update["organisations"] = found.organisations
    if record.kind is EventKind.OTHER and found.kind is not EventKind.OTHER:
        update["kind"] = found.kind
        evidence["kind"] = found.evidence.get("kind", [])
    if record.status is EventStatus.SCHEDULED and found.status in {EventStatus.CANCELLED, EventStatus.POSTPONED}:
        update["status"] = found.status
        evidence["status"] = found.evidence.get("status", [])
    update["warnings"] = sorted(set(warnings))
    update["evidence"] = dict(sorted(evidence.items()))
    update["confidence"] = max(record.confidence, 0.95) if "markup-conflict" not in warnings else record.confidence
    return record.model_copy(update=update)


def _said(value: str, key: str) -> Evidence:
    return Evidence(quote=value, source=EvidenceSource.MARKUP, rule=f"schema.org {key}")


def _text(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    if isinstance(value, list):
        value = next((item for item in value if item), None)
        return _text(value)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _read(document: Document, raw: dict[str, Any], resolve: Resolve, today: dt.date | None) -> EventRecord | None:
    title, start = _text(raw.get("name")), _text(raw.get("startDate"))
    begin = _DATE.match(start) if start else None
    if title is None or start is None or begin is None or not _calendar(begin["date"]):
        return None
    end_text = _text(raw.get("endDate"))
    finish = _DATE.match(end_text) if end_text else None
    if finish is not None and (not _calendar(finish["date"]) or finish["date"] < begin["date"]):
        finish = None
    when = _when(begin, finish)
    places, mode, place_evidence = _location(raw, resolve)
    status_word = (_text(raw.get("eventStatus")) or "").lower()
    status = next((value for word, value in _STATUS.items() if word in status_word), EventStatus.SCHEDULED)
    last = when.end or when.start
    if status is EventStatus.SCHEDULED and today is not None and last < today.isoformat():
        status = EventStatus.PAST
    nouns = [cue for cue in cue_matcher(document.language.code).find(Words.of(title)) if cue.tag.startswith("events.")]
    noun = specific(nouns)
    kind = kind_of(noun) if noun is not None else EventKind.OTHER
    organisers = raw.get("organizer")
    names = [name for name in (_text(item) for item in (organisers if isinstance(organisers, list) else [organisers])) if name]
    evidence = {
        "title": [_said(title, "name")],
        "when": [_said(start, "startDate"), *([_said(end_text, "endDate")] if end_text and finish else [])],
    }
    if place_evidence:
        evidence["places"] = place_evidence
    if status_word:
        evidence["status"] = [_said(status_word, "eventStatus")]
    if said := _text(raw.get("eventAttendanceMode")):
        evidence["mode"] = [_said(said, "eventAttendanceMode")]
    elif mode is not EventMode.UNKNOWN and place_evidence:
        evidence["mode"] = place_evidence[:1]
    if noun is not None:
        evidence["kind"] = [_said(title, "name")]
    key = fold_title(title)
    return EventRecord(
        id=hashlib.sha256(f"{document.id}\n{key}\n1".encode()).hexdigest()[:16],
        document_id=document.id,
        source=document.source,
        language=document.language.code,
        title=title,
        title_en=title if document.language.code.split("-")[0] == "en" else None,
        kind=EventKind.WEBINAR
        if kind is EventKind.CONFERENCE and noun is not None and noun.tag == "events.seminar" and mode is EventMode.ONLINE
        else kind,
        status=status,
        when=when,
        mode=mode,
        places=places,
        organisations=[
            EventOrganisation(name=name, role=OrganisationRole.ORGANISER, evidence=[_said(name, "organizer")]) for name in names
        ],
        confidence=0.9,
        evidence=dict(sorted(evidence.items())),
    )


def _calendar(day: str) -> bool:
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _when(begin: re.Match[str], finish: re.Match[str] | None) -> When:
    first = begin["date"]
    last = finish["date"] if finish else None
    zone = begin["zone"]
    # Midnight to midnight is how calendars write a day without a time.
    bare = begin["time"] in {None, "00:00"} and (finish is None or finish["time"] in {None, "00:00", "23:59"})
    return When(
        edtf=first if last in {None, first} else f"{first}/{last}",
        start=first,
        end=last,
        start_time=None if bare else begin["time"],
        end_time=None if bare or finish is None else finish["time"],
        timezone=None if bare or not zone else "UTC" if zone == "Z" else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}",
        timezone_source=None if bare or not zone else "stated",
        precision=Precision.DAY,
        basis=Basis.STATED,
    )


def _location(raw: dict[str, Any], resolve: Resolve) -> tuple[list[Place], EventMode, list[Evidence]]:
    said = (_text(raw.get("eventAttendanceMode")) or "").lower()
    mode = next((value for word, value in _MODES.items() if word in said), EventMode.UNKNOWN)
    location = raw.get("location")
    items = location if isinstance(location, list) else [location]
    places: list[Place] = []
    evidence: list[Evidence] = []
    for item in items:
        if isinstance(item, dict) and "virtual" in str(item.get("@type", "")).lower():
            mode = EventMode.ONLINE if mode is EventMode.UNKNOWN else mode
            continue
        place = _place(item, resolve)
        if place is not None:
            places.append(place)
            evidence.extend(place.evidence)
    if places and mode is EventMode.UNKNOWN:
        mode = EventMode.IN_PERSON
    if mode is EventMode.ONLINE:
        places, evidence = [], []
    return places[:1], mode, evidence


def _place(item: object, resolve: Resolve) -> Place | None:
    if isinstance(item, str) and item.strip():
        return resolve(item.strip(), None) or Place(venue=item.strip()[:200], evidence=[_said(item.strip()[:200], "location")])
    if not isinstance(item, dict):
        return None
    address = item.get("address")
    name = _text(item.get("name"))
    if isinstance(address, dict):
        city, country, street = (_text(address.get(key)) for key in ("addressLocality", "addressCountry", "streetAddress"))
    else:
        city, country, street = None, None, _text(address)
    said = [_said(value, key) for value, key in ((name, "location"), (city, "addressLocality"), (country, "addressCountry")) if value]
    found = resolve(city, country) if city else None
    if found is None and not (name or city):
        return None
    base = found or Place(city=city, country=country if country and re.fullmatch(r"[A-Z]{2}", country) else None)
    venue = name if name and name != city else None
    return base.model_copy(update={"venue": venue, "address": street, "evidence": said})
