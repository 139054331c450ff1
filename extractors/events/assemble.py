"""Event records from clusters: each opened, filled from its part of the page, and written."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from extractors.dates import Reading
from extractors.events import candidates as candidate_rules
from extractors.events.candidates import Candidate
from extractors.events.cluster import Cluster, cluster, fold_title
from extractors.events.context import Context, Sentence, gap
from extractors.events.deadlines import attach_deadlines, find_deadlines
from extractors.events.draft import Event, Found, belongs, evidence
from extractors.events.roles import Role
from extractors.events.titles import phrase
from extractors.events.when import set_status, set_times
from extractors.events.where import set_mode, set_places
from extractors.events.who import set_contacts, set_organisations
from extractors.lexicon import Cue
from schemas import (
    Deadline,
    EventKind,
    EventLink,
    EventMode,
    EventRecord,
    EventStatus,
    Precision,
)


def assemble(
    context: Context, readings: Sequence[Reading], roles: Sequence[Role], found: Found, *, today: dt.date | None
) -> tuple[list[EventRecord], list[Deadline]]:
    """The events of a document, and all its deadlines. `today` is the publication date, else the day of reading, if known."""
    events = [_open(context, entry) for entry in cluster(context, candidate_rules.find(context, readings, roles))]
    events.extend(_parallel(context, events))
    events.sort(key=lambda event: event.start)
    deadlines = find_deadlines(readings, roles)
    for event in events:
        set_times(context, event, events)
        set_mode(context, event, events, found)
        set_places(context, event, events, found)
        set_status(context, event, events, readings, roles, today)
    events = [event for event in events if _supported(context, event, found)]
    set_organisations(context, events, found)
    set_contacts(context, events, found)
    attach_deadlines(context, events, deadlines)
    return _records(context, events, found), [deadline for deadline, _ in deadlines]


def _supported(context: Context, event: Event, found: Found) -> bool:
    """False for a bare "meeting" in running text with nothing that says one could attend: no verb of happening, time, place or mode."""
    if event.kind not in {EventKind.MEETING, EventKind.OTHER} or any(m.where != "prose" for m in event.cluster.members):
        return True
    if all(m.noun is None for m in event.cluster.members):
        # "The survey takes place from 1 to 30 October": things take place that nobody attends.
        return event.when.precision is Precision.DAY and bool(event.when.start_time or event.places)
    if event.when.start_time or event.places or event.mode is not EventMode.UNKNOWN or event.replaced:
        return True
    if event.status in {EventStatus.CANCELLED, EventStatus.POSTPONED}:
        return True
    title = event.cluster.title
    capitals = title is not None and title.rule != "page title" and sum(word[:1].isupper() for word in title.text.split()) >= 2
    return capitals or any(s.with_tag("cues.happen", "cues.registration", "cues.online", "cues.in_person") for s in event.sentences)


def _open(context: Context, entry: Cluster) -> Event:
    best = entry.best
    sentences = list({id(member.sentence): member.sentence for member in entry.members}.values())
    blocks = {sentence.block for sentence in sentences}
    section = None
    for member in entry.members:
        if member.where in {"field", "line", "heading", "entry"} and not entry.main:
            section = context.section_of[member.sentence.block]
            break
    if section is None and not entry.main and not entry.own_block:
        owned = {context.section_of[block] for block in blocks}
        heading = context.sections[next(iter(owned))].heading if len(owned) == 1 else None
        # A section is an event's own only when its heading names the event's kind.
        if heading is not None and any(candidate_rules.kind_of(noun) is entry.kind for s in context.by_block[heading] for noun in s.nouns):
            section = next(iter(owned))
    event = Event(entry, best.when, entry.kind, sentences, blocks, section)
    event.evidence["when"] = [evidence(context, m.reading.start, m.reading.end, f"date of a gathering: {m.reason}") for m in entry.members]
    noun = next((m.noun for m in sorted(entry.members, key=lambda m: -m.strength) if m.noun is not None and m.kind is event.kind), None)
    if noun is not None:
        event.evidence["kind"] = [evidence(context, noun.start, noun.end, noun.tag)]
    event.warnings.extend(sorted({warning for m in entry.members for warning in m.reading.warnings}))
    return event


def _parallel(context: Context, events: list[Event]) -> list[Event]:
    """Gatherings named behind "in parallel with" and its like, without a date of their own: the day of the one they accompany."""
    made: list[Event] = []
    for sentence in context.sentences:
        for cue in sentence.with_tag("cues.parallel"):
            nouns = [
                noun
                for noun in sentence.nouns
                if 0 <= noun.start - cue.end <= 60 and candidate_rules.kind_of(noun) not in {EventKind.OTHER}
            ]
            if not nouns:
                continue
            noun, kind = nouns[0], candidate_rules.kind_of(nouns[0])
            if any(event.kind is kind for event in [*events, *made]):
                continue
            host = _host_of(sentence, noun, events)
            if host is None:
                continue
            language = context.document.blocks[sentence.block].language or context.language
            title = phrase(context, sentence, noun, (), language)
            if len(title.text.split()) < 2:
                continue
            first = host.cluster.best
            when = host.when.model_copy(update={"start_time": None, "end_time": None})
            member = Candidate(
                first.reading,
                when,
                sentence,
                "prose",
                noun,
                kind,
                False,
                title,
                0.5,
                "named as parallel to an event of that day",
                nouns=[noun],
            )
            event = Event(Cluster([member], title), when, kind, [sentence], {sentence.block}, None)
            event.evidence["when"] = [
                evidence(context, cue.start, cue.end, "parallel to an event of that day"),
                *host.evidence["when"][:1],
            ]
            event.evidence["kind"] = [evidence(context, noun.start, noun.end, noun.tag)]
            made.append(event)
    return made


def _host_of(sentence: Sentence, noun: Cue, events: list[Event]) -> Event | None:
    """The event a sentence speaks of: by its kind, told before."""
    kinds = {candidate_rules.kind_of(other) for other in sentence.nouns if other is not noun}
    told = [event for event in events if event.start < sentence.end and event.kind in kinds and not event.cluster.own_block]
    return told[-1] if told else None


def _records(context: Context, events: list[Event], found: Found) -> list[EventRecord]:
    document = context.document
    records: list[EventRecord] = []
    seen: dict[str, int] = {}
    programmes = list(dict.fromkeys(code.value for code in found.codes if code.kind in {"programme", "project"}))
    for event in events:
        title = event.cluster.title
        if title is None:
            noun = next((m.noun for m in event.cluster.members if m.noun is not None), None)
            if noun is None:
                continue
            text, start, end, rule = context.text(noun.start, noun.end), noun.start, noun.end, "event noun"
        else:
            text, start, end, rule = title.text, title.start, title.end, title.rule
        event.evidence["title"] = [evidence(context, start, end, rule)]
        key = fold_title(text)
        seen[key] = seen.get(key, 0) + 1
        identity = hashlib.sha256(f"{document.id}\n{key}\n{seen[key]}".encode()).hexdigest()[:16]
        kind = event.kind
        if event.mode is EventMode.ONLINE and any(member.seminar for member in event.cluster.members) and kind is EventKind.CONFERENCE:
            kind = EventKind.WEBINAR
        records.append(
            EventRecord(
                id=identity,
                document_id=document.id,
                source=document.source,
                language=document.language.code,
                title=text,
                title_en=text if document.language.code.split("-")[0] == "en" else None,
                kind=kind,
                status=event.status,
                when=event.when,
                replaced=[when for when in event.replaced if when.start != event.when.start],
                mode=event.mode,
                places=event.places,
                organisations=event.organisations,
                contacts=event.contacts,
                deadlines=event.deadlines,
                links=_links(context, event, events),
                programmes=programmes,
                codes=[code for code in found.codes if code.kind not in {"programme", "project"}] if len(events) == 1 else [],
                confidence=_confidence(event),
                warnings=event.warnings,
                evidence=dict(sorted(event.evidence.items())),
            )
        )
    return records


def _links(context: Context, event: Event, events: list[Event]) -> list[EventLink]:
    """Links of the event's own blocks whose words say what they are for."""
    made: list[EventLink] = []
    for link in context.document.links:
        if link.start is None or not link.url.startswith("http"):
            continue
        block = context.block_at(link.start)
        sentence = context.sentence_at(link.start)
        if block is None or sentence is None or not belongs(context, event, block, events):
            continue
        near = [cue for cue in sentence.cues if gap(cue.start, cue.end, link.start, link.end or link.start) <= 20]
        kind = None
        if any(cue.tag == "cues.registration" for cue in near):
            kind = "registration"
        elif any(cue.tag == "cues.agenda" for cue in near):
            kind = "programme"
        elif any(cue.tag == "cues.online" for cue in near) and event.mode in {EventMode.ONLINE, EventMode.HYBRID}:
            kind = "stream"
        if kind and not any(other.url == link.url for other in made):
            made.append(EventLink(kind=kind, url=link.url))
    return made


def _confidence(event: Event) -> float:
    """How far the page's own structure and words back the record: 0.3 for prose alone to 1.0 for fields with a place."""
    score = max(member.strength for member in event.cluster.members)
    score += 0.05 * min(len(event.cluster.members) - 1, 2)
    if event.places or event.mode is EventMode.ONLINE:
        score += 0.05
    if event.when.start.startswith("--"):
        score -= 0.15
    if event.kind is EventKind.OTHER:
        score -= 0.1
    if "weekday-conflict" in event.warnings:
        score -= 0.1
    return round(min(max(score, 0.05), 0.99), 2)
