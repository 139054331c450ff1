"""Event records from clusters: dates, mode, status, places, organisers, contacts, deadlines, each where it belongs."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.dates import Reading
from extractors.events import candidates as candidate_rules
from extractors.events.candidates import Candidate
from extractors.events.titles import phrase
from extractors.events.cluster import Cluster, cluster, fold_title
from extractors.events.context import Context, Sentence, gap
from extractors.events.roles import Role
from extractors.lexicon import Cue
from schemas import (
    BlockKind,
    Code,
    Contact,
    DateRole,
    Deadline,
    DeadlineKind,
    EventKind,
    EventLink,
    EventMode,
    EventOrganisation,
    EventRecord,
    EventStatus,
    Evidence,
    Organisation,
    OrganisationRole,
    Place,
    PlaceMention,
    Precision,
    When,
)

_DEADLINE_KINDS = {
    DateRole.DEADLINE_REGISTRATION: DeadlineKind.REGISTRATION, DateRole.DEADLINE_SUBMISSION: DeadlineKind.SUBMISSION,
    DateRole.DEADLINE_QUESTION: DeadlineKind.QUESTION, DateRole.DEADLINE_OTHER: DeadlineKind.OTHER,
}  # fmt: skip
_FIELD_ROLES = {
    "organiser": OrganisationRole.ORGANISER, "host": OrganisationRole.HOST, "partner": OrganisationRole.CO_ORGANISER,
    "buyer": OrganisationRole.BUYER, "funder": OrganisationRole.FUNDER,
}  # fmt: skip
_CUE_ROLES = {
    "roles.organiser_by": (OrganisationRole.ORGANISER, "behind"), "roles.organiser_does": (OrganisationRole.ORGANISER, "front"),
    "roles.co_organiser_by": (OrganisationRole.CO_ORGANISER, "behind"), "roles.host_by": (OrganisationRole.HOST, "behind"),
    "roles.host_does": (OrganisationRole.HOST, "front"), "roles.participant_does": (OrganisationRole.PARTICIPANT, "front"),
    "roles.participant_by": (OrganisationRole.PARTICIPANT, "behind"), "roles.speaker_by": (OrganisationRole.SPEAKER, "behind"),
    "roles.partner_by": (OrganisationRole.PARTNER, "behind"), "roles.funder_by": (OrganisationRole.FUNDER, "behind"),
    "roles.buyer_by": (OrganisationRole.BUYER, "behind"),
}  # fmt: skip
_PLACE_KEYS = frozenset({"place", "venue", "country"})
_ROLE_REACH = 90
_RUNS = frozenset({OrganisationRole.ORGANISER, OrganisationRole.CO_ORGANISER, OrganisationRole.HOST})
_ASKING = frozenset({EventKind.MARKET_CONSULTATION, EventKind.CONFERENCE, EventKind.WORKSHOP, EventKind.MATCHMAKING, EventKind.AWARD})
"""Kinds of gatherings that ask for answers, papers or candidates; the call an information day is about has deadlines of its own."""


@dataclass(slots=True)
class Found:
    """What the other extractors found in the document."""

    places: Sequence[PlaceMention] = ()
    organisations: Sequence[Organisation] = ()
    contacts: Sequence[Contact] = ()
    codes: Sequence[Code] = ()


@dataclass(slots=True)
class Event:
    """An event being put together."""

    cluster: Cluster
    when: When
    kind: EventKind
    sentences: list[Sentence]
    blocks: set[int]
    section: int | None
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    mode: EventMode = EventMode.UNKNOWN
    status: EventStatus = EventStatus.SCHEDULED
    places: list[Place] = field(default_factory=list)
    organisations: list[EventOrganisation] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    replaced: list[When] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where the event is first spoken of."""
        return min(member.reading.start for member in self.cluster.members)


def assemble(
    context: Context, readings: Sequence[Reading], roles: Sequence[Role], found: Found, *, today: dt.date | None
) -> tuple[list[EventRecord], list[Deadline]]:
    """The events of a document, and all its deadlines. `today` is the publication date, else the day of reading, if known."""
    events = [_open(context, entry) for entry in cluster(context, candidate_rules.find(context, readings, roles))]
    events.extend(_parallel(context, events))
    events.sort(key=lambda event: event.start)
    deadlines = _deadlines(readings, roles)
    for event in events:
        _times(context, event, events)
        _mode(context, event, events, found)
        _places(context, event, events, found)
        _status(context, event, events, readings, roles, today)
    events = [event for event in events if _supported(context, event, found)]
    _organisations(context, events, found)
    _contacts(context, events, found)
    _attach_deadlines(context, events, deadlines)
    return _records(context, events, found), [deadline for deadline, _ in deadlines]


def _evidence(context: Context, start: int, end: int, rule: str) -> Evidence:
    return Evidence(quote=context.text(start, end), start=start, end=end, rule=rule)


def _supported(context: Context, event: Event, found: Found) -> bool:
    """False for a bare "meeting" in running text with nothing that says one could attend: no verb of happening, time, place or mode."""
    if event.kind not in {EventKind.MEETING, EventKind.OTHER} or any(m.where != "prose" for m in event.cluster.members):
        return True
    if event.when.start_time or event.places or event.mode is not EventMode.UNKNOWN or event.replaced or event.status in {EventStatus.CANCELLED, EventStatus.POSTPONED}:
        return True
    title = event.cluster.title
    capitals = title is not None and title.rule != "page title" and sum(word[:1].isupper() for word in title.text.split()) >= 2
    return capitals or any(s.with_tag("cues.happen", "cues.registration", "cues.online", "cues.in_person") for s in event.sentences)


# -- opening ---------------------------------------------------------------------------------------


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
    event.evidence["when"] = [_evidence(context, m.reading.start, m.reading.end, f"date of a gathering: {m.reason}") for m in entry.members]
    noun = next((m.noun for m in sorted(entry.members, key=lambda m: -m.strength) if m.noun is not None and m.kind is event.kind), None)
    if noun is not None:
        event.evidence["kind"] = [_evidence(context, noun.start, noun.end, noun.tag)]
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
                _evidence(context, cue.start, cue.end, "parallel to an event of that day"),
                *host.evidence["when"][:1],
            ]
            event.evidence["kind"] = [_evidence(context, noun.start, noun.end, noun.tag)]
            made.append(event)
    return made


def _host_of(sentence: Sentence, noun: Cue, events: list[Event]) -> Event | None:
    """The event a sentence speaks of: by its kind, told before."""
    kinds = {candidate_rules.kind_of(other) for other in sentence.nouns if other is not noun}
    told = [event for event in events if event.start < sentence.end and event.kind in kinds and not event.cluster.own_block]
    return told[-1] if told else None


# -- times, mode, status -----------------------------------------------------------------------------


def _times(context: Context, event: Event, events: list[Event]) -> None:
    """Take the times from the member that has them; a time field beside the date field belongs to its event."""
    if event.when.start_time is None:
        for member in event.cluster.members:
            same_day = member.when.start == event.when.start
            if member.when.start_time and same_day:
                update: dict[str, object] = {
                    "start_time": member.when.start_time,
                    "timezone": member.when.timezone,
                    "timezone_source": member.when.timezone_source,
                }
                if member.when.end == event.when.end:
                    update["end_time"] = member.when.end_time
                event.when = event.when.model_copy(update=update)
                break
    if event.when.end_time is None and event.when.end not in {None, event.when.start}:
        # "Closing: 2 October, 16.00": the time told with the last day.
        closing = next((m for m in event.cluster.members if m.when.start == event.when.end and m.when.end == event.when.end and m.when.start_time), None)
        if closing is not None:
            event.when = event.when.model_copy(update={"end_time": closing.when.end_time or closing.when.start_time})
    if event.when.start_time is None or event.when.end_time is None:
        clock = _time_field(context, event, events)
        if clock is not None:
            start, end, zone, low, high = clock
            if event.when.start_time not in {None, start}:
                return
            event.when = event.when.model_copy(
                update={"start_time": start, "end_time": end, "timezone": zone, "timezone_source": "stated" if zone else None}
            )
            event.evidence["when"].append(_evidence(context, low, high, "time field"))


def _time_field(context: Context, event: Event, events: list[Event]) -> tuple[str, str | None, str | None, int, int] | None:
    from extractors.dates import find_clocks  # noqa: PLC0415 - only events without a time need it

    for index, key in enumerate(context.field_keys):
        block = context.document.blocks[index]
        if key not in {"time", "start", "date"} or block.value is None or not _belongs(context, event, index, events):
            continue
        if key == "date" and index not in event.blocks:
            continue
        language = block.language or context.language
        clocks = find_clocks(context.text(block.value.start, block.value.end), language, labelled=key == "time")
        if clocks:
            start, end, zone, low, high = clocks[0]
            return start, end, zone, low + block.value.start, high + block.value.start
    for index in sorted(event.blocks):
        for cell in context.document.blocks[index].cells:
            clocks = find_clocks(context.text(cell.start, cell.end), context.document.blocks[index].language or context.language, labelled=True)
            if clocks and clocks[0][4] - clocks[0][3] >= 0.6 * len(context.text(cell.start, cell.end).strip()):
                start, end, zone, low, high = clocks[0]
                return start, end, zone, low + cell.start, high + cell.start
    told = _told_time(context, event, events)
    if told is not None:
        return told
    # A line of its own right behind the date's block: "kl. 10.00-15.00".
    for index in sorted(event.blocks):
        for near in (index + 1, index - 1):
            if 0 <= near < len(context.document.blocks) and near not in event.blocks:
                block = context.document.blocks[near]
                if block.end - block.start > 60 or block.kind in {BlockKind.HEADING, BlockKind.TITLE} or block.label is not None:
                    continue
                if any(near in other.blocks for other in events):
                    continue
                clocks = find_clocks(context.text(block.start, block.end), block.language or context.language, labelled=False)
                here = context.document.blocks[index]
                if clocks and here.end - here.start <= 120 and clocks[0][4] - clocks[0][3] >= 0.35 * (block.end - block.start):
                    start, end, zone, low, high = clocks[0]
                    return start, end, zone, low + block.start, high + block.start
    return None


def _told_time(context: Context, event: Event, events: list[Event]) -> tuple[str, str | None, str | None, int, int] | None:
    """A time in the event's own short section, or in a sentence of its own paragraph that says when it begins."""
    from extractors.dates import find_clocks  # noqa: PLC0415

    pieces: list[tuple[int, int, str]] = []
    if event.section is not None:
        for index in context.sections[event.section].blocks[:6]:
            block = context.document.blocks[index]
            if block.kind is BlockKind.PARAGRAPH and block.end - block.start <= 240 and not any(index in other.blocks for other in events if other is not event):
                pieces.append((block.start, block.end, block.language or context.language))
    for index in sorted(event.blocks):
        block = context.document.blocks[index]
        if block.kind is not BlockKind.PARAGRAPH:
            continue
        for sentence in context.by_block[index]:
            own = any(sentence is s for s in event.sentences)
            other = any(s is sentence for e in events if e is not event for s in e.sentences)
            starts = sentence.with_tag("cues.happen") and not sentence.with_tag("cues.deadline", "cues.registration", "cues.submission", "cues.question")
            if not own and not other and starts:
                pieces.append((sentence.start, sentence.end, block.language or context.language))
    for start, end, language in pieces:
        clocks = find_clocks(context.text(start, end), language, labelled=False)
        if clocks:
            first, last, zone, low, high = clocks[0]
            return first, last, zone, low + start, high + start
    return None


def _belongs(context: Context, event: Event, block: int, events: list[Event]) -> bool:
    """True when a block speaks of the event: its own, its section's, or the page's for the page's own or only event."""
    if block in event.blocks:
        return True
    if event.section is not None and context.section_of[block] == event.section:
        return True
    if event.cluster.own_block and len(events) > 1:
        return False
    others = {other.section for other in events if other is not event and other.section is not None}
    owned = any(block in other.blocks for other in events if other is not event)
    if context.section_of[block] in others or (owned and len(events) > 1):
        return False
    return event.cluster.main or len(events) == 1 or (event.section is None and not any(other.cluster.main for other in events))


def _scope(context: Context, event: Event, events: list[Event]) -> list[Sentence]:
    """The sentences that speak of the event: its own, and those of its part of the page that name no other gathering."""
    taken = {id(sentence) for other in events if other is not event for sentence in other.sentences}
    found: list[Sentence] = []
    for sentence in context.sentences:
        if sentence in event.sentences:
            found.append(sentence)
        elif id(sentence) not in taken and _belongs(context, event, sentence.block, events):
            kinds = {candidate_rules.kind_of(noun) for noun in sentence.nouns}
            if len(events) == 1 or not kinds or event.kind in kinds or kinds <= candidate_rules.GENERIC:
                found.append(sentence)
    return found


def _mode(context: Context, event: Event, events: list[Event], found: Found) -> None:
    scope = _scope(context, event, events) or event.sentences
    close = [*event.sentences, *(s for s in scope if s not in event.sentences)]
    title = context.title_index
    if title is not None and (event.cluster.main or len(events) == 1):
        close.extend(s for s in context.by_block[title] if s not in close)
    hybrid = [cue for s in close for cue in s.with_tag("cues.hybrid")]
    online = [cue for s in close for cue in s.with_tag("cues.online") if not _online_form(s, cue)]
    present = [cue for s in close for cue in s.with_tag("cues.in_person")]
    field_mode = [
        cue for s in close if context.field_keys[s.block] in {"mode", "place", "venue"} for cue in s.with_tag("cues.online", "cues.hybrid")
    ]
    if event.kind is EventKind.WEBINAR and not hybrid and not online:
        online = [cue for s in close for cue in s.with_tag("events.webinar")]
    if hybrid:
        event.mode, used = EventMode.HYBRID, hybrid[:1]
    elif online:
        placed = _has_place(context, event, events, found)
        if placed and field_mode and _placed_field(context, field_mode, found):
            # "Where: congress centre, Trondheim, and live stream": the field gives both.
            field_mode, present = [], present or online
        event.mode = (
            EventMode.HYBRID if (placed and not field_mode and (present or event.kind is not EventKind.WEBINAR)) else EventMode.ONLINE
        )
        if placed and field_mode and context.field_keys[event.sentences[0].block] is None:
            event.mode = EventMode.ONLINE
        used = online[:1]
    elif present:
        event.mode, used = EventMode.IN_PERSON, present[:1]
    else:
        return
    event.evidence["mode"] = [_evidence(context, cue.start, cue.end, cue.tag) for cue in used]


def _placed_field(context: Context, cues: Sequence[Cue], found: Found) -> bool:
    """True when a field that names a way to attend online names a city or a venue, too."""
    blocks = {context.block_at(cue.start) for cue in cues}
    return any(m.kind in {"city", "venue"} and context.block_at(m.evidence.start or 0) in blocks for m in found.places)


def _online_form(sentence: Sentence, cue: Cue) -> bool:
    """ "Register online", "tenders via the online portal": the form is online, not the gathering."""
    near = [
        other
        for other in sentence.with_tag("cues.registration", "cues.submission", "cues.question", "cues.published")
        if other.start != cue.start
    ]
    return any(gap(other.start, other.end, cue.start, cue.end) <= 4 for other in near) and not any(
        gap(noun.start, noun.end, cue.start, cue.end) <= 2 for noun in sentence.nouns
    )


def _has_place(context: Context, event: Event, events: list[Event], found: Found) -> bool:
    return bool(_pick_places(context, event, events, found))


def _status(
    context: Context, event: Event, events: list[Event], readings: Sequence[Reading], roles: Sequence[Role], today: dt.date | None
) -> None:
    scope = list(event.sentences)
    if event.cluster.main or len(events) == 1:
        title = context.title_index
        scope.extend(s for s in context.sentences if s.block == title or (_belongs(context, event, s.block, events) and s not in scope))
    elif event.section is not None:
        scope.extend(s for s in context.sentences if context.section_of[s.block] == event.section and s not in scope)
    cancelled = [cue for s in scope for cue in s.with_tag("cues.cancelled")]
    postponed = [cue for s in scope for cue in s.with_tag("cues.postponed")]
    for reading, role in zip(readings, roles, strict=True):
        if role.role is DateRole.REPLACED and reading.when is not None and any(s.start <= reading.start < s.end for s in scope):
            event.replaced.append(reading.when)
            event.evidence.setdefault("replaced", []).append(_evidence(context, reading.start, reading.end, role.reason))
    if postponed or event.replaced:
        event.status = EventStatus.POSTPONED
        event.evidence["status"] = [_evidence(context, cue.start, cue.end, cue.tag) for cue in postponed[:1]] or event.evidence["replaced"][
            :1
        ]
    elif cancelled:
        event.status = EventStatus.CANCELLED
        event.evidence["status"] = [_evidence(context, cue.start, cue.end, cue.tag) for cue in cancelled[:1]]
    elif today is not None and not event.when.start.startswith("--"):
        last = event.when.end or event.when.start
        if last < today.isoformat()[: len(last)]:
            event.status = EventStatus.PAST
    elif any(member.reading.past for member in event.cluster.members):
        event.status = EventStatus.PAST


# -- places ------------------------------------------------------------------------------------------


def _places(context: Context, event: Event, events: list[Event], found: Found) -> None:
    if event.mode is EventMode.ONLINE:
        return
    picked = _pick_places(context, event, events, found)
    if not picked:
        return
    event.places = [_merge(picked)]
    event.evidence["places"] = [mention.evidence for mention in picked]
    if event.mode is EventMode.UNKNOWN:
        event.mode = EventMode.IN_PERSON
        event.evidence["mode"] = [mention.evidence for mention in picked[:1]]


def _pick_places(context: Context, event: Event, events: list[Event], found: Found) -> list[PlaceMention]:
    """Mentions that say where: the place field, the event's own sentences nearest to its date, its section, the page's title and lead."""
    mentions = [m for m in found.places if m.evidence.start is not None]
    by_block: dict[int, list[PlaceMention]] = {}
    for mention in mentions:
        index = context.block_at(mention.evidence.start or 0)
        if index is not None:
            by_block.setdefault(index, []).append(mention)
    fields = [i for i, key in enumerate(context.field_keys) if key in _PLACE_KEYS and i in by_block and _belongs(context, event, i, events)]
    if not fields and event.cluster.own_block:
        fields = []
    if fields:
        return _complete([*(m for index in fields for m in by_block[index]), *_venues_told(event, by_block)])
    for sentence in event.sentences:
        inside = [m for m in by_block.get(sentence.block, []) if sentence.start <= (m.evidence.start or 0) < sentence.end]
        chosen = _near_date(context, event, sentence, inside)
        if chosen:
            return _complete(chosen)
    if event.cluster.own_block or event.section is not None:
        section = event.section if event.section is not None else None
        blocks = [i for i in by_block if (section is not None and context.section_of[i] == section)]
        for index in blocks:
            cities = [m for m in by_block[index] if m.kind in {"city", "venue"}]
            if cities:
                return _complete(cities[:1] + [m for m in by_block[index] if m is not cities[0]])
    return _inherited(context, event, events, by_block)


def _within(inner: When, outer: When) -> bool:
    return outer.start <= inner.start and (inner.end or inner.start) <= (outer.end or outer.start)


def _venues_told(event: Event, by_block: dict[int, list[PlaceMention]]) -> list[PlaceMention]:
    """Venues that the event's own sentences name, for a place field that gives only the city."""
    return [
        m
        for sentence in event.sentences
        for m in by_block.get(sentence.block, [])
        if m.kind == "venue" and sentence.start <= (m.evidence.start or 0) < sentence.end
    ]


def _near_date(context: Context, event: Event, sentence: Sentence, inside: list[PlaceMention]) -> list[PlaceMention]:
    readings = [m.reading for m in event.cluster.members if m.sentence is sentence]
    if not inside or not readings:
        return []
    others = (
        [m for m in inside if m.kind in {"city", "venue"}]
        or [m for m in inside if m.kind == "country" and len(inside) == 1]
        or [m for m in inside if m.kind == "region"]
    )
    if not others:
        return inside if len({m.place.country for m in inside}) == 1 else []

    def distance(mention: PlaceMention) -> int:
        start, end = mention.evidence.start or 0, mention.evidence.end or 0
        return min(gap(start, end, reading.start, reading.end) for reading in readings)

    first = min(others, key=lambda m: (distance(m), m.evidence.start or 0))
    rest = [
        m
        for m in inside
        if m is not first and gap(m.evidence.start or 0, m.evidence.end or 0, first.evidence.start or 0, first.evidence.end or 0) <= 60
    ]
    return [first, *rest]


def _complete(mentions: list[PlaceMention]) -> list[PlaceMention]:
    """One venue, one city, one region and one country of the mentions, in order; a country must be the city's."""
    venue = next((m for m in mentions if m.kind == "venue"), None)
    city = next((m for m in mentions if m.kind == "city"), None)
    country = next((m for m in mentions if m.kind == "country" and (city is None or m.place.country == city.place.country)), None)
    region = next((m for m in mentions if m.kind == "region" and (city is None or m.place.country == city.place.country)), None)
    return [m for m in (venue, city, region, country) if m is not None]


def _inherited(context: Context, event: Event, events: list[Event], by_block: dict[int, list[PlaceMention]]) -> list[PlaceMention]:
    """From the list's lead-in, the heading, the page's title and fields, or the only city of the page's own text."""
    title = context.title_index
    sources: list[int] = []
    for block in sorted(event.blocks):
        if context.document.blocks[block].kind in {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}:
            lead = candidate_rules.lead_in(context, block)
            if lead is not None:
                sources.append(lead)
        heading = context.heading_index(block)
        if heading is not None:
            sources.append(heading)
    if title is not None and (event.cluster.main or len(events) == 1 or event.cluster.own_block):
        sources.append(title)
    for index in sources:
        cities = [m for m in by_block.get(index, []) if m.kind in {"city", "venue"}]
        if cities:
            return _complete([cities[0], *(m for m in by_block[index] if m is not cities[0])])
    if event.cluster.own_block:
        fields = [i for i, key in enumerate(context.field_keys) if key in _PLACE_KEYS and i in by_block]
        shared = [i for i in fields if context.sections[context.section_of[i]].heading is None]
        return _complete([m for i in shared for m in by_block[i]])
    if not (event.cluster.main or len(events) == 1):
        # An event of the page within the days of the page's own event: the page's place field holds for it too.
        main = next((other for other in events if other.cluster.main), None)
        if main is not None and _within(event.when, main.when):
            shared = [i for i, key in enumerate(context.field_keys) if key == "place" and i in by_block and context.sections[context.section_of[i]].heading is None]
            return _complete([m for i in shared for m in by_block[i] if m.kind != "venue"])
        return []
    settings = _settings(context, event, events, by_block)
    return _complete(settings) if settings else []


def _settings(context: Context, event: Event, events: list[Event], by_block: dict[int, list[PlaceMention]]) -> list[PlaceMention]:
    """Sentences of the event's own text that speak of the gathering and name a city."""
    for sentence in context.sentences:
        block = context.document.blocks[sentence.block]
        if block.region.value in {"footer", "aside", "header"} or not _belongs(context, event, sentence.block, events):
            continue
        if context.field_keys[sentence.block] in {"contact", "organiser", "email", "phone", "buyer", "name"}:
            continue
        inside = [
            m
            for m in by_block.get(sentence.block, [])
            if sentence.start <= (m.evidence.start or 0) < sentence.end and m.kind in {"city", "venue"}
        ]
        speaks = sentence.nouns or sentence.with_tag("cues.happen", "cues.in_person")
        if inside and speaks:
            all_inside = [m for m in by_block[sentence.block] if sentence.start <= (m.evidence.start or 0) < sentence.end]
            return [inside[0], *(m for m in all_inside if m is not inside[0])]
    return []


def _merge(picked: list[PlaceMention]) -> Place:
    values: dict[str, object] = {}
    for mention in picked:
        for key, value in mention.place.model_dump(exclude={"evidence"}).items():
            if value and key not in values:
                values[key] = value
    return Place.model_validate({**values, "evidence": [mention.evidence for mention in picked]})


# -- organisations, contacts, deadlines ----------------------------------------------------------------


def _organisations(context: Context, events: list[Event], found: Found) -> None:
    mentions = sorted(
        (
            (e.start, e.end, organisation)
            for organisation in found.organisations
            for e in organisation.evidence
            if e.start is not None and e.end is not None
        ),
        key=lambda m: (m[0], -m[1]),
    )
    for start, end, organisation in mentions:
        index = context.block_at(start)
        sentence = context.sentence_at(start)
        if index is None or sentence is None:
            continue
        made: tuple[OrganisationRole, int, int] | None = None
        key = context.field_keys[index]
        joint = [cue for cue in sentence.with_tag("roles.co_organiser_by") if end <= cue.start <= end + 4]
        if key in _FIELD_ROLES:
            block = context.document.blocks[index]
            made = (_FIELD_ROLES[key], block.start, block.end)
        else:
            made = _role_by_cue(context, sentence, start, end, mentions)
            if made is None and joint and sentence.nouns and len(context.text(sentence.start, start).split()) <= 1:
                # "The municipality, together with the university, offers three seminars."
                made = OrganisationRole.ORGANISER, joint[0].start, joint[0].end
        if made is None:
            continue
        role, low, high = made
        for event in _events_of(context, events, sentence):
            if not any(other.name == organisation.name and other.role is role for other in event.organisations):
                event.organisations.append(
                    EventOrganisation(
                        name=organisation.name,
                        role=role,
                        evidence=[_evidence(context, min(low, start), max(high, end), f"role {role.value}")],
                    )
                )
    _lead_subject(context, events, mentions)


def _lead_subject(context: Context, events: list[Event], mentions: Sequence[tuple[int, int, Organisation]]) -> None:
    """A page of one event, or of a consultation's meetings, that names no organiser: the body its lead opens with speaks."""
    coming = [event for event in _coming(events) if not event.cluster.own_block]
    if not coming or len(coming) > 3 or any(o.role in _RUNS for event in events for o in event.organisations):
        return
    title = context.title_index
    leads = [
        s
        for s in context.sentences
        if context.document.blocks[s.block].kind is BlockKind.PARAGRAPH and s.block != title and len(context.text(s.start, s.end).split()) >= 8
    ][:2]
    for sentence in leads:
        first = next((m for m in mentions if sentence.start <= m[0] < sentence.end), None)
        if first is None or len(context.text(sentence.start, first[0]).split()) > 2 or context.text(sentence.start, first[0]).strip(" \"'„“«’").endswith(","):
            continue
        start, end, organisation = first
        for event in coming:
            event.organisations.append(
                EventOrganisation(name=organisation.name, role=OrganisationRole.ORGANISER, evidence=[_evidence(context, start, end, "the body the lead opens with")])
            )
        return


def _role_by_cue(
    context: Context, sentence: Sentence, start: int, end: int, mentions: Sequence[tuple[int, int, Organisation]]
) -> tuple[OrganisationRole, int, int] | None:
    best: tuple[int, OrganisationRole, int, int] | None = None
    for cue in sentence.with_tag("roles."):
        if cue.tag not in _CUE_ROLES:
            continue
        role, side = _CUE_ROLES[cue.tag]
        if side == "behind" and cue.end <= start:
            distance, between = start - cue.end, context.text(cue.end, start)
        elif side == "front" and end <= cue.start:
            distance, between = cue.start - end, context.text(end, cue.start)
        elif side == "front" and cue.end <= start and not any(sentence.start <= s < cue.start for s, _, _ in mentions):
            # The verb comes first: "Am 5. Mai veranstaltet das Ministerium ...".
            side, distance, between = "behind", start - cue.end, context.text(cue.end, start)
        else:
            continue
        if distance > _ROLE_REACH or any(mark in between for mark in ";:") or (side == "front" and "(" in between and ")" not in between):
            continue
        # Other bodies may stand between only in a list: "organised by A, B and C".
        others = [(s, e) for s, e, _ in mentions if (cue.end <= s and e <= start if side == "behind" else end <= s and e <= cue.start)]
        loose = between
        for s, e in others:
            loose = loose.replace(context.text(s, e), "")
        limit = 18 if side == "behind" else 45
        if len(" ".join(loose.split())) > limit + 8 * len(others):
            continue
        if any(
            other.tag.startswith("roles.") and other is not cue and min(cue.end, end) <= other.start and other.end <= max(start, cue.start)
            for other in sentence.cues
        ):
            continue
        score = distance
        # A longer cue says more: "co-organised by" holds "organised by".
        if best is None or (score - (cue.end - cue.start),) < (best[0],):
            best = (score - (cue.end - cue.start), role, cue.start, cue.end)
    return (best[1], best[2], best[3]) if best else None


def _events_of(context: Context, events: list[Event], sentence: Sentence) -> list[Event]:
    """The events a sentence speaks of: those with it, those of its section, the page's own, or an only one; else all of a listing."""
    own = [event for event in events if any(s is sentence for s in event.sentences)]
    if own:
        return own
    sectioned = [event for event in events if event.section is not None and event.section == context.section_of[sentence.block]]
    if sectioned:
        return sectioned
    kinds = {candidate_rules.kind_of(noun) for noun in sentence.nouns}
    named = [event for event in events if event.kind in kinds and not event.cluster.own_block]
    if len(named) == 1 and not named[0].cluster.main:
        return named
    events = _coming(events)
    loose = [event for event in events if not event.cluster.own_block and event.section is None]
    if named and len(loose) <= 3 and all(event in loose for event in named):
        # What the page says of its own event holds for those told along with it.
        return loose
    if len(events) == 1:
        return list(events)
    main = [event for event in events if event.cluster.main]
    if main:
        return main
    if any(event.section is not None and event.section == context.section_of[sentence.block] for event in events):
        return []
    # What stands outside all entries of a listing of one kind holds for each of them.
    return list(events) if _one_listing(events) else []


def _coming(events: list[Event]) -> list[Event]:
    """Without the earlier editions a page looks back on beside its coming event: what the page says in general is not said of them."""
    coming = [event for event in events if event.status is not EventStatus.PAST]
    return coming or events


def _one_listing(events: list[Event]) -> bool:
    """True for a page that lists gatherings of one kind, each in an item or section of its own."""
    kinds = [event.kind for event in events]
    apart = all(event.cluster.own_block or event.section is not None for event in events)
    return len(events) >= 2 and apart and max(map(kinds.count, kinds)) >= 0.7 * len(kinds)


def _contacts(context: Context, events: list[Event], found: Found) -> None:
    for contact in found.contacts:
        starts = [evidence.start for evidence in contact.evidence if evidence.start is not None]
        sentence = context.sentence_at(min(starts)) if starts else None
        if sentence is None:
            targets = events if len(events) <= 1 else [event for event in events if event.cluster.main]
        else:
            own = [event for event in events if sentence.block in event.blocks and (event.cluster.own_block or len(events) == 1)]
            sectioned = [event for event in events if event.section is not None and event.section == context.section_of[sentence.block]]
            main = [event for event in events if event.cluster.main]
            aside = context.document.blocks[sentence.block].region.value in {"footer", "aside", "header"} and contact.kind == "desk"
            if aside and len(found.contacts) > 1:
                # The agency's switchboard beside a contact of the event's own.
                targets = []
            elif main and len(events) <= 3:
                targets = own or sectioned or [event for event in _coming(events) if not event.cluster.own_block]
            else:
                targets = own or sectioned or main or (_coming(events) if len(events) == 1 or _one_listing(events) else [])
        for event in targets:
            event.contacts.append(contact)


def _deadlines(readings: Sequence[Reading], roles: Sequence[Role]) -> list[tuple[Deadline, int]]:
    made: list[tuple[Deadline, int]] = []
    for reading, role in zip(readings, roles, strict=True):
        kind = _DEADLINE_KINDS.get(role.role)
        if kind is None or reading.when is None or reading.when.precision in {Precision.YEAR, Precision.SEASON, Precision.QUARTER, Precision.HALF_YEAR}:
            continue
        when = reading.when
        if when.end != when.start:
            # The deadline of an interval is its last day.
            last = when.end or when.start
            when = when.model_copy(update={"start": last, "edtf": when.edtf.split("/")[-1]})
        if when.end_time and not when.start_time:
            when = when.model_copy(update={"start_time": when.end_time, "end_time": None})
        evidence = Evidence(quote=reading.quote, start=reading.start, end=reading.end, rule=role.reason)
        same = next((d for d, _ in made if d.kind is kind and d.when.start == when.start), None)
        if same is not None:
            same.evidence.append(evidence)
            if same.when.start_time is None and when.start_time:
                same.when = when
            continue
        made.append((Deadline(kind=kind, when=when, evidence=[evidence]), reading.start))
    return made


def _attach_deadlines(context: Context, events: list[Event], deadlines: list[tuple[Deadline, int]]) -> None:
    for deadline, at in deadlines:
        sentence = context.sentence_at(at)
        if sentence is None:
            continue
        own = [event for event in events if any(s.block == sentence.block for s in event.sentences) and event.cluster.own_block]
        same = [event for event in events if any(s is sentence for s in event.sentences)]
        sectioned = [event for event in events if event.section is not None and event.section == context.section_of[sentence.block]]
        main = [event for event in events if event.cluster.main]
        targets = own or same or sectioned
        if not targets and deadline.kind is DeadlineKind.REGISTRATION and len(events) > 1 and all(event.cluster.own_block for event in events):
            # One registration for a whole list.
            targets = [event for event in events if _not_before(event.when, deadline.when)]
        if not targets and deadline.kind in {DeadlineKind.SUBMISSION, DeadlineKind.QUESTION}:
            # Answers and questions belong to the page's own event, where its kind asks for any.
            takers = [event for event in main or events if event.kind in _ASKING and _not_before(event.when, deadline.when)]
            targets = takers[:1] or [event for event in main if event.kind in _ASKING]
        elif not targets:
            open_events = [event for event in events if _not_before(event.when, deadline.when)]
            targets = [event for event in (main or events) if event in open_events][:1] or open_events[:1]
        for event in targets:
            event.deadlines.append(deadline)


def _not_before(event: When, deadline: When) -> bool:
    return (
        (event.end or event.start)[-5:] >= deadline.start[-5:]
        if event.start.startswith("--") or deadline.start.startswith("--")
        else (event.end or event.start) >= deadline.start[: len(event.end or event.start)]
    )


# -- records -----------------------------------------------------------------------------------------


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
        event.evidence["title"] = [_evidence(context, start, end, rule)]
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
        if block is None or sentence is None or not _belongs(context, event, block, events):
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
