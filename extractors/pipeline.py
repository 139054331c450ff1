"""One document through every extractor, in order: read, detect, translate, find mentions, put events together.

Pure: text in, facts out. No network, no store, no clock: the day of reading is an argument.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from pydantic import ValidationError

from extractors import codes, contacts, languages, ner, organisations, page, places, translation
from extractors.dates import Reading, mark_tense, resolve, sentence_bounds
from extractors.dates import read as read_dates
from extractors.errors import ProcnewsError
from extractors.events import assemble, roles, structured
from extractors.events.context import Context, build, is_date_line
from extractors.events.draft import Found
from extractors.lexicon import load
from schemas import (
    Block,
    BlockKind,
    Code,
    Contact,
    DateMention,
    DateRole,
    Document,
    EventRecord,
    Evidence,
    ExtractionResult,
    LanguageDecision,
    Mentions,
    Organisation,
    Person,
    Place,
    PlaceMention,
    PublishedDate,
)

PIPELINE_VERSION: Final = "1"
"""Raised whenever the same document would give another result; the store re-reads what an older version read."""


def extract(
    data: bytes,
    source: str,
    *,
    media_type: str | None = None,
    meta: Mapping[str, str] | None = None,
    published: str | None = None,
    language: str | None = None,
    translate: bool = True,
    read_on: str | None = None,
) -> ExtractionResult:
    """Everything that can be read out of one document's bytes.

    `published` (ISO 8601) and `language` (BCP 47) outrank the page's own; `meta` is the sidecar;
    `read_on` (ISO 8601) is the day of reading, against which an event is past when the page has no
    publication date. Raises `extractors.errors.ProcnewsError` for what cannot be read.
    """
    document = page.read(data, source, media_type=media_type, meta=meta)
    if published:
        document.published = _given(published)
    if language:
        document.language = LanguageDecision(
            code=languages.normalise(language), confidence=1.0, decided_by="given", reason="given by the caller"
        )
    return extract_document(document, translate=translate, read_on=read_on)


def _given(published: str) -> PublishedDate:
    """The caller's publication date; a time behind it is left off."""
    try:
        return PublishedDate(value=published.strip().split("T")[0], basis="given")
    except ValidationError as error:
        raise ProcnewsError("bad-date", f"published {published!r} is no date; give YYYY-MM-DD, YYYY-MM or YYYY") from error


def extract_document(document: Document, *, translate: bool = True, read_on: str | None = None) -> ExtractionResult:
    """The same for a document already read."""
    document.translation = translation.translate(document) if translate else translation.off()
    code = document.language.code
    readings = _dates(document, code)
    context = build(document, code, [(reading.start, reading.end) for reading in readings])
    readings, decided = _resolve(context, readings)
    spans = [(reading.start, reading.end) for reading in readings]
    entities = _entities(context)
    country = _country(document)
    all_codes = codes.find_codes(document.text, language=code, every=True)
    named = [_span(item.evidence) for item in all_codes if item.kind in {"programme", "project"}]
    bodies = organisations.find(context, entities, taken=spans, programmes=named)
    body_spans = [(e.start, e.end, body.name) for body in bodies for e in body.evidence if e.start is not None and e.end is not None]
    people = [(entity.start, entity.end) for entity in entities if entity.label == "PER"]
    cards = contacts.find_contacts(
        document,
        region=country[0],
        region_source=country[1],
        persons=people,
        organisations=body_spans,
        blocked=[*spans, *(_span(item.evidence) for item in all_codes)],
    )
    card_names = [
        (e.start, e.end) for card in cards for e in card.evidence if e.rule == "name" and e.start is not None and e.end is not None
    ]
    where = places.locate(
        document.text,
        language=code,
        spans=[*((entity.start, entity.end, entity.label) for entity in entities), *_beside_dates(context, spans)],
        country_hint=country[0],
        organisations=[(start, end) for start, end, _ in body_spans],
        persons=card_names,
        blocks=document.blocks,
        dates=spans,
    )
    found_codes = _once(all_codes)
    records, deadlines = assemble.assemble(
        context,
        readings,
        decided,
        Found(where, bodies, cards, found_codes),
        today=_today(document, read_on),
    )
    if document.structured_events:
        records = structured.merge(document, records, _known_city(code), today=_today(document, read_on))
    records = [_in_english(document, record) for record in records]
    mentions = Mentions(
        dates=[_mention(reading, role) for reading, role in zip(readings, decided, strict=True) if reading.when is not None],
        places=where,
        organisations=bodies,
        persons=_persons(document, people, cards),
        contacts=cards,
        codes=found_codes,
    )
    return ExtractionResult(
        document=document, mentions=mentions, events=records, deadlines=deadlines, warnings=_warnings(document, readings, records)
    )


def _in_english(document: Document, record: EventRecord) -> EventRecord:
    """The record with its English title and summary: the sentence that names its date, in English. From no flagged sentence."""
    update: dict[str, str] = {}
    title = next(iter(record.evidence.get("title", [])), None)
    if record.title_en is None and title is not None and title.start is not None and title.end is not None:
        english = _english_of(document, title.start, title.end, whole=True)
        if english:
            update["title_en"] = english
    told = next((e for e in record.evidence.get("when", []) if e.start is not None and e.end is not None), None)
    if told is not None and told.start is not None and told.end is not None:
        summary = _sentence_at(document, told.start) if document.language.code == "en" else _english_of(document, told.start, told.end)
        if summary and len(summary) <= _LONGEST_SUMMARY:
            update["summary_en"] = summary
    return record.model_copy(update=update) if update else record


def _sentence_at(document: Document, at: int) -> str | None:
    block = next((block for block in document.blocks if block.start <= at < block.end), None)
    if block is None:
        return None
    text = document.text[block.start : block.end]
    bounds = sentence_bounds(text, "en")
    low, high = next(((a, b) for a, b in pairwise(bounds) if a <= at - block.start < b), (0, len(text)))
    return " ".join(text[low:high].split()) or None


def _english_of(document: Document, start: int, end: int, *, whole: bool = False) -> str | None:
    """The English of the translated unit that holds ``[start, end)``; with `whole` only where the unit is hardly more than that."""
    translated = document.translation
    if translated is None or translated.text is None:
        return None
    unit = next((s for s in translated.sentences if s.start <= start and end <= s.end), None)
    if unit is None or {"loop", "untranslated", "length"} & set(unit.flags) or (whole and end - start < 0.6 * (unit.end - unit.start)):
        return None
    return " ".join(translated.text[unit.english_start : unit.english_end].split()) or None


def _known_city(language: str) -> structured.Resolve:
    """A city of the markup, looked up in the gazetteer."""

    def resolve(city: str, country: str | None) -> Place | None:
        hint = (country,) if country and len(country) == 2 and country.isupper() else ()
        found = next((c for c in places.lookup(city, language=language, countries=hint) if c.kind == "city"), None)
        if found is None or (hint and found.country != country):
            return None
        return Place(
            city=found.name,
            region=found.region,
            country=found.country,
            latitude=found.latitude,
            longitude=found.longitude,
            geonames_id=found.geonames_id,
            nuts=found.nuts,
        )

    return resolve


def _once(found: Sequence[Code]) -> list[Code]:
    """Each code's first mention."""
    return list({(item.kind, item.value): item for item in reversed(found)}.values())[::-1]


def _span(evidence: Evidence) -> tuple[int, int]:
    return evidence.start or 0, evidence.end or 0


def _dates(document: Document, main: str) -> list[Reading]:
    """The date phrases of every block, read in the block's language; a field's label is not read."""
    text = document.text
    found: list[Reading] = []
    for block in document.blocks:
        code = block.language or main
        for start, end in _pieces(block):
            piece = text[start:end]
            readings = read_dates(piece, code, offset=start)
            mark_tense(readings, piece, code, offset=start)
            found.extend(readings)
    return found


def _pieces(block: Block) -> list[tuple[int, int]]:
    if block.value is not None:
        return [(block.value.start, block.value.end)]
    return [(block.start, block.end)]


def _resolve(context: Context, readings: list[Reading]) -> tuple[list[Reading], list[roles.Role]]:
    """Resolve years and decide roles. Background dates lend no year; a publication date found in the text lends its own."""
    document = context.document
    first = roles.decide(context, readings)
    reference = _day(document.published.value) if document.published else None
    years = _heading_years(context)
    if reference is None:
        stated = [r for r, role in zip(readings, first, strict=True) if role.role is DateRole.PUBLISHED and r.stated_year]
        resolve(stated, reference=None)
        day = next((r.when.start for r in stated if r.when is not None and len(r.when.start) == 10), None)
        if day is not None:
            document.published = PublishedDate(value=day, basis="text")
            reference = _day(day)
    decided = list(zip(readings, first, strict=True))
    for reading, role in decided:
        reading.due = role.role.value.startswith("deadline")
    events = [reading for reading, role in decided if role.role is DateRole.EVENT and reading.stated_year]
    background = {DateRole.BACKGROUND, DateRole.PUBLISHED, DateRole.UPDATED}
    due = [reading for reading, role in decided if role.role not in background]
    resolve(readings, reference=reference, years=years, trusted=events or due)
    return readings, roles.decide(context, readings)


def _heading_years(context: Context) -> list[tuple[int, int]]:
    """Years that stand alone in the title and the headings, with their place."""
    found: list[tuple[int, int]] = []
    for block in context.document.blocks:
        if block.kind in {BlockKind.TITLE, BlockKind.HEADING}:
            text = context.text(block.start, block.end)
            for word in text.replace("/", " / ").replace("-", " - ").split():
                bare = word.strip(".,:;()[]'\"’")
                if (
                    len(bare) == 4
                    and bare.isdigit()
                    and 1990 <= int(bare) <= 2099
                    and not any(mark in text for mark in (f"{bare}-", f"-{bare}", f"{bare}–", f"–{bare}", f"{bare}/", f"/{bare}"))
                ):
                    found.append((block.start, int(bare)))
    return found


_CHUNK = 5_000
"""Characters of a block that a model reads at once."""
_LONGEST_SUMMARY = 600
"""Characters a summary may have; a longer "sentence" is a page that lost its marks."""
_PIECE = re.compile(r"[^,|–—·•()/\n-]+(?:-[^,|–—·•()/\n-]+)*")


def _beside_dates(context: Context, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """What a date line says besides its date, piece by piece: "Thursday 25 September, The Hague" proposes the place."""
    found: list[tuple[int, int, str]] = []
    for block in context.document.blocks:
        text = context.text(block.start, block.end)
        if block.kind is not BlockKind.PARAGRAPH or not is_date_line(text, block.start, spans):
            continue
        for match in _PIECE.finditer(text):
            start, end = block.start + match.start(), block.start + match.end()
            while start < end and context.document.text[start].isspace():
                start += 1
            while end > start and context.document.text[end - 1].isspace():
                end -= 1
            piece = context.text(start, end)
            dated = any(low < end and high > start for low, high in spans)
            if piece[:1].isupper() and not dated and len(piece.split()) <= 4:
                found.append((start, end, "LOC"))
    return found


def _day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def _today(document: Document, read_on: str | None) -> dt.date | None:
    if document.published is not None and (day := _day(document.published.value)) is not None:
        return day
    return _day(read_on) if read_on else None


def _entities(context: Context) -> list[ner.Entity]:
    """Model proposals for every block, with document offsets; blocks in another language go to its own model."""
    text = context.document.text
    by_model: dict[str, list[tuple[int, int]]] = {}
    for block in context.document.blocks:
        by_model.setdefault(ner.model_name(block.language or context.language), []).extend(_chunks(text, block.start, block.end))
    found: list[ner.Entity] = []
    for name, pieces in by_model.items():
        for (start, _), entities in zip(pieces, ner.entities([text[low:high] for low, high in pieces], name), strict=True):
            found.extend(ner.Entity(entity.start + start, entity.end + start, entity.label) for entity in entities)
    return sorted(found, key=lambda entity: (entity.start, entity.end))


def _chunks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A block in pieces a model reads at once: its memory grows with the longest."""
    pieces: list[tuple[int, int]] = []
    while end - start > _CHUNK:
        space = text.rfind(" ", start + 1, start + _CHUNK)
        cut = space if space > start else start + _CHUNK
        pieces.append((start, cut))
        start = cut
    pieces.append((start, end))
    return pieces


def _country(document: Document) -> tuple[str | None, str | None]:
    """The page's country and what says so: the source's national domain, else the language's first country."""
    host = document.source.split("//")[-1].split("/")[0].split(":")[0] if "//" in document.source else ""
    ending = host.rsplit(".", 1)[-1].lower() if "." in host else ""
    known = {"uk": "GB", "el": "GR"}.get(ending, ending.upper())
    if len(known) == 2 and known.isalpha() and known not in {"EU", "IO", "AI", "TV", "ME", "CO"}:
        return known, "page_country"
    lexicon = load(document.language.code)
    # A language of several countries decides nothing about a local number.
    return (lexicon.countries[0], "language") if lexicon.countries and document.language.code != "en" else (None, None)


def _mention(reading: Reading, role: roles.Role) -> DateMention:
    assert reading.when is not None
    return DateMention(
        when=reading.when,
        role=role.role,
        role_reason=role.reason,
        warnings=sorted(set(reading.warnings)),
        evidence=Evidence(quote=reading.quote, start=reading.start, end=reading.end, rule="dates"),
    )


def _persons(document: Document, people: Sequence[tuple[int, int]], cards: Sequence[Contact]) -> list[Person]:
    """People named: contacts' names and model proposals of two words or more, once each."""
    named: dict[str, list[Evidence]] = {}
    for card in cards:
        if card.name and card.kind == "person":
            named.setdefault(card.name, []).extend(e for e in card.evidence if e.rule == "name")
    for start, end in people:
        name = document.text[start:end]
        if len(name.split()) >= 2 and "\n" not in name:
            evidence = Evidence(quote=name, start=start, end=end, rule="model")
            if not any(item.start == start for item in named.setdefault(name, [])):
                named[name].append(evidence)
    return [Person(name=name, evidence=evidence) for name, evidence in named.items() if evidence]


def _warnings(document: Document, readings: Sequence[Reading], records: Sequence[EventRecord]) -> list[str]:
    found = list(document.warnings)
    found.extend(warning for reading in readings for warning in reading.warnings)
    found.extend(warning for record in records for warning in record.warnings)
    return sorted(set(found))


__all__ = ["PIPELINE_VERSION", "Code", "Organisation", "PlaceMention", "extract", "extract_document"]
