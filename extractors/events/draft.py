"""An event being put together, and which parts of a page speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.events import candidates as candidate_rules
from extractors.events.cluster import Cluster
from extractors.events.context import Context, Sentence
from schemas import (
    Code,
    Contact,
    Deadline,
    EventKind,
    EventMode,
    EventOrganisation,
    EventStatus,
    Evidence,
    Organisation,
    Place,
    PlaceMention,
    When,
)


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


def evidence(context: Context, start: int, end: int, rule: str) -> Evidence:
    """The words ``[start, end)`` of the document as evidence."""
    return Evidence(quote=context.text(start, end), start=start, end=end, rule=rule)


def belongs(context: Context, event: Event, block: int, events: list[Event]) -> bool:
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


def scope(context: Context, event: Event, events: list[Event]) -> list[Sentence]:
    """The sentences that speak of the event: its own, and those of its part of the page that name no other gathering."""
    taken = {id(sentence) for other in events if other is not event for sentence in other.sentences}
    found: list[Sentence] = []
    for sentence in context.sentences:
        if sentence in event.sentences:
            found.append(sentence)
        elif id(sentence) not in taken and belongs(context, event, sentence.block, events):
            kinds = {candidate_rules.kind_of(noun) for noun in sentence.nouns}
            if len(events) == 1 or not kinds or event.kind in kinds or kinds <= candidate_rules.GENERIC:
                found.append(sentence)
    return found
