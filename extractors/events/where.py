"""Where an event is and how one attends: its place and its mode."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.events import candidates as candidate_rules
from extractors.events.context import Context, Sentence, gap
from extractors.events.draft import Event, Found, belongs, evidence, scope
from extractors.lexicon import Cue
from schemas import (
    BlockKind,
    EventKind,
    EventMode,
    Place,
    PlaceMention,
    When,
)

_MODE_KEYS = frozenset({"mode", "place", "venue"})
_PLACE_KEYS = frozenset({"place", "venue", "country"})


def set_mode(context: Context, event: Event, events: list[Event], found: Found) -> None:
    """Online, hybrid or in person by the words of the event's part of the page; "register online" counts for nothing."""
    speaking = scope(context, event, events) or event.sentences
    close = [*event.sentences, *(s for s in speaking if s not in event.sentences)]
    title = context.title_index
    if title is not None and (event.cluster.main or len(events) == 1):
        close.extend(s for s in context.by_block[title] if s not in close)
    hybrid = [cue for s in close for cue in s.with_tag("cues.hybrid")]
    own = {id(s) for s in event.sentences}
    online = [
        cue
        for s in close
        if id(s) in own or s.block == title or context.field_keys[s.block] in _MODE_KEYS or _of_attending(s)
        for cue in s.with_tag("cues.online")
        if not _online_form(s, cue)
    ]
    present = [cue for s in close for cue in s.with_tag("cues.in_person")]
    field_mode = [cue for s in close if context.field_keys[s.block] in _MODE_KEYS for cue in s.with_tag("cues.online", "cues.hybrid")]
    if event.kind is EventKind.WEBINAR and not hybrid and not online and not _has_place(context, event, events, found):
        event.mode = EventMode.ONLINE
        event.evidence["mode"] = event.evidence.get("kind", [])
        return
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
    event.evidence["mode"] = [evidence(context, cue.start, cue.end, cue.tag) for cue in used]


def _of_attending(sentence: Sentence) -> bool:
    """True for a sentence about the gathering or taking part in it: "the slides are online" is none."""
    return bool(sentence.nouns or sentence.with_tag("cues.happen", "cues.registration", "cues.hybrid", "roles.participant"))


def _placed_field(context: Context, cues: Sequence[Cue], found: Found) -> bool:
    """True when a field that names a way to attend online names a city or a venue, too."""
    blocks = {context.block_at(cue.start) for cue in cues}
    return any(m.kind in {"city", "venue"} and context.block_at(m.evidence.start or 0) in blocks for m in found.places)


def _online_form(sentence: Sentence, cue: Cue) -> bool:
    """ "Register online", "tenders via the online portal": the form is online, not the gathering."""
    if (
        sentence.with_tag("cues.registration")
        and sentence.with_tag("cues.deadline")
        and not any(gap(noun.start, noun.end, cue.start, cue.end) <= 12 for noun in sentence.nouns)
    ):
        # "Register by 1 March online".
        return True
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


def set_places(context: Context, event: Event, events: list[Event], found: Found) -> None:
    """The event's place, with its venue, city and country; none for an online event."""
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
    fields = [i for i, key in enumerate(context.field_keys) if key in _PLACE_KEYS and i in by_block and belongs(context, event, i, events)]
    if not fields and event.cluster.own_block:
        fields = []
    if fields:
        return _complete([*(m for index in fields for m in by_block[index]), *_venues_told(event, by_block)])
    for sentence in event.sentences:
        inside = [m for m in by_block.get(sentence.block, []) if sentence.start <= (m.evidence.start or 0) < sentence.end]
        chosen = _near_date(context, event, sentence, inside)
        if chosen and not any(m.place.city for m in chosen) and event.cluster.main and context.title_index is not None:
            # A venue without its city: the title's.
            chosen = [*chosen, *(m for m in by_block.get(context.title_index, []) if m.kind == "city")][: len(chosen) + 1]
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
            shared = [
                i
                for i, key in enumerate(context.field_keys)
                if key == "place" and i in by_block and context.sections[context.section_of[i]].heading is None
            ]
            return _complete([m for i in shared for m in by_block[i] if m.kind != "venue"])
        return []
    settings = _settings(context, event, events, by_block)
    return _complete(settings) if settings else []


def _settings(context: Context, event: Event, events: list[Event], by_block: dict[int, list[PlaceMention]]) -> list[PlaceMention]:
    """Sentences of the event's own text that speak of the gathering and name a city."""
    for sentence in context.sentences:
        block = context.document.blocks[sentence.block]
        if block.region.value in {"footer", "aside", "header"} or not belongs(context, event, sentence.block, events):
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
