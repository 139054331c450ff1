"""When an event is and how it stands: its times, told with the date or apart, and its status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from extractors.dates import Reading, find_clocks
from extractors.events.context import Context
from extractors.events.draft import Event, belongs, evidence
from extractors.events.roles import Role
from schemas import (
    BlockKind,
    DateRole,
    EventStatus,
)


def set_times(context: Context, event: Event, events: list[Event]) -> None:
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
        closing = next(
            (m for m in event.cluster.members if m.when.start == event.when.end and m.when.end == event.when.end and m.when.start_time),
            None,
        )
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
            event.evidence["when"].append(evidence(context, low, high, "time field"))


def _time_field(context: Context, event: Event, events: list[Event]) -> tuple[str, str | None, str | None, int, int] | None:
    for index, key in enumerate(context.field_keys):
        block = context.document.blocks[index]
        if key not in {"time", "start", "date"} or block.value is None or not belongs(context, event, index, events):
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
            clocks = find_clocks(
                context.text(cell.start, cell.end), context.document.blocks[index].language or context.language, labelled=True
            )
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
    pieces: list[tuple[int, int, str]] = []
    if event.section is not None:
        for index in context.sections[event.section].blocks[:6]:
            block = context.document.blocks[index]
            if (
                block.kind is BlockKind.PARAGRAPH
                and block.end - block.start <= 240
                and not any(index in other.blocks for other in events if other is not event)
            ):
                pieces.append((block.start, block.end, block.language or context.language))
    for index in sorted(event.blocks):
        block = context.document.blocks[index]
        if block.kind is not BlockKind.PARAGRAPH:
            continue
        for sentence in context.by_block[index]:
            own = any(sentence is s for s in event.sentences)
            other = any(s is sentence for e in events if e is not event for s in e.sentences)
            starts = sentence.with_tag("cues.happen") and not sentence.with_tag(
                "cues.deadline", "cues.registration", "cues.submission", "cues.question"
            )
            if not own and not other and starts:
                pieces.append((sentence.start, sentence.end, block.language or context.language))
    for start, end, language in pieces:
        clocks = find_clocks(context.text(start, end), language, labelled=False)
        if clocks:
            first, last, zone, low, high = clocks[0]
            return first, last, zone, low + start, high + start
    return None


def set_status(
    context: Context, event: Event, events: list[Event], readings: Sequence[Reading], roles: Sequence[Role], today: dt.date | None
) -> None:
    """Cancelled and postponed by the words of the event's part of the page; past against `today`, else by the tense told."""
    scope = list(event.sentences)
    if event.cluster.main or len(events) == 1:
        title = context.title_index
        scope.extend(s for s in context.sentences if s.block == title or (belongs(context, event, s.block, events) and s not in scope))
    elif event.section is not None:
        scope.extend(s for s in context.sentences if context.section_of[s.block] == event.section and s not in scope)
    cancelled = [cue for s in scope for cue in s.with_tag("cues.cancelled")]
    postponed = [cue for s in scope for cue in s.with_tag("cues.postponed")]
    for reading, role in zip(readings, roles, strict=True):
        if role.role is DateRole.REPLACED and reading.when is not None and any(s.start <= reading.start < s.end for s in scope):
            event.replaced.append(reading.when)
            event.evidence.setdefault("replaced", []).append(evidence(context, reading.start, reading.end, role.reason))
    for member in event.cluster.members:
        if member.reading.moved_from is not None:
            event.replaced.append(member.reading.moved_from)
            event.evidence.setdefault("replaced", []).append(
                evidence(context, member.reading.start, member.reading.end, "moved from one day to another")
            )
    if postponed or event.replaced:
        event.status = EventStatus.POSTPONED
        event.evidence["status"] = [evidence(context, cue.start, cue.end, cue.tag) for cue in postponed[:1]] or event.evidence["replaced"][
            :1
        ]
    elif cancelled:
        event.status = EventStatus.CANCELLED
        event.evidence["status"] = [evidence(context, cue.start, cue.end, cue.tag) for cue in cancelled[:1]]
    elif today is not None and not event.when.start.startswith("--"):
        last = event.when.end or event.when.start
        if last < today.isoformat()[: len(last)]:
            event.status = EventStatus.PAST
    elif any(member.reading.past for member in event.cluster.members):
        event.status = EventStatus.PAST
