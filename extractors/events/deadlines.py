"""Deadlines: dates by which something is due, and the events they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.dates import Reading
from extractors.events.context import Context
from extractors.events.draft import Event
from extractors.events.roles import Role
from schemas import (
    DateRole,
    Deadline,
    DeadlineKind,
    EventKind,
    Evidence,
    Precision,
    When,
)

_DEADLINE_KINDS = {
    DateRole.DEADLINE_REGISTRATION: DeadlineKind.REGISTRATION, DateRole.DEADLINE_SUBMISSION: DeadlineKind.SUBMISSION,
    DateRole.DEADLINE_QUESTION: DeadlineKind.QUESTION, DateRole.DEADLINE_OTHER: DeadlineKind.OTHER,
}  # fmt: skip
_ASKING = frozenset({EventKind.MARKET_CONSULTATION, EventKind.CONFERENCE, EventKind.WORKSHOP, EventKind.MATCHMAKING, EventKind.AWARD})
"""Kinds of gatherings that ask for answers, papers or candidates; the call an information day is about has deadlines of its own."""


def find_deadlines(readings: Sequence[Reading], roles: Sequence[Role]) -> list[tuple[Deadline, int]]:
    """Every deadline among the dates, once per kind and day, with the offset it stands at. Of an interval the last day counts."""
    made: list[tuple[Deadline, int]] = []
    for reading, role in zip(readings, roles, strict=True):
        kind = _DEADLINE_KINDS.get(role.role)
        if (
            kind is None
            or reading.when is None
            or reading.when.precision in {Precision.YEAR, Precision.SEASON, Precision.QUARTER, Precision.HALF_YEAR}
        ):
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


def attach_deadlines(context: Context, events: list[Event], deadlines: list[tuple[Deadline, int]]) -> None:
    """Give each deadline to the events of its own item, sentence or section, else to the event it most likely closes for."""
    for deadline, at in deadlines:
        sentence = context.sentence_at(at)
        if sentence is None:
            continue
        own = [event for event in events if any(s.block == sentence.block for s in event.sentences) and event.cluster.own_block]
        same = [event for event in events if any(s is sentence for s in event.sentences)]
        sectioned = [event for event in events if event.section is not None and event.section == context.section_of[sentence.block]]
        main = [event for event in events if event.cluster.main]
        targets = own or same or sectioned
        if (
            not targets
            and deadline.kind is DeadlineKind.REGISTRATION
            and len(events) > 1
            and all(event.cluster.own_block for event in events)
        ):
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
