"""Which records of different documents are of the same event: same day and kind, and something of their own in common.

Records of one document are never linked with each other: a document keeps its events apart itself.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from extractors.events.candidates import GENERIC
from extractors.events.cluster import fold_title
from schemas import EventMode, EventRecord

_LIKE = 0.6
"""Share of common words from which two titles count as alike."""
_SAME = 0.85
"""Share from which the titles alone decide, with day and kind."""


def link(events: Sequence[EventRecord]) -> dict[str, str]:
    """Event id to link id, for every event; events that are the same bear the same link id.

    The link id is made from the smallest event id of its group, so that it does not depend on the order given.
    Only events that begin on the same day are compared: cost grows with the busiest day, not with the store.
    """
    parent = {event.id: event.id for event in events}
    documents: dict[str, set[str]] = {event.id: {event.document_id} for event in events}

    def root(identity: str) -> str:
        while parent[identity] != identity:
            parent[identity] = parent[parent[identity]]
            identity = parent[identity]
        return identity

    days: dict[str, list[EventRecord]] = defaultdict(list)
    for event in events:
        days[event.when.start].append(event)
    pairs: list[tuple[float, str, str]] = []
    for day in sorted(days):
        ordered = sorted(days[day], key=lambda event: event.id)
        for index, left in enumerate(ordered):
            for right in ordered[index + 1 :]:
                score = same_event(left, right)
                if score > 0:
                    pairs.append((-score, left.id, right.id))
    for _, left_id, right_id in sorted(pairs):
        one, two = root(left_id), root(right_id)
        if one == two or documents[one] & documents[two]:
            continue
        first, second = min(one, two), max(one, two)
        parent[second] = first
        documents[first] |= documents.pop(second)
    return {event.id: hashlib.sha256(f"link\n{root(event.id)}".encode()).hexdigest()[:16] for event in events}


def same_event(left: EventRecord, right: EventRecord) -> float:
    """0 when the two are not the same event, else how sure that is (up to 1). Symmetric."""
    if left.document_id == right.document_id or left.when.start != right.when.start:
        return 0.0
    if len(left.when.start) not in {10, 7} or (len(left.when.start) == 7 and not left.when.start.startswith("--")):
        return 0.0
    if _figures(left.title) != _figures(right.title) and _figures(left.title) and _figures(right.title):
        # "Module 1" and "Module 2" of one series.
        return 0.0
    if left.kind is not right.kind and left.kind not in GENERIC and right.kind not in GENERIC:
        return 0.0
    if left.when.start_time and right.when.start_time and left.when.start_time != right.when.start_time:
        return 0.0
    cities = (_cities(left), _cities(right))
    if cities[0] and cities[1] and not cities[0] & cities[1]:
        return 0.0
    if EventMode.ONLINE in {left.mode, right.mode} and (cities[0] or cities[1]) and left.mode is not right.mode:
        return 0.0
    alike = max(_dice(_words(a), _words(b)) for a in _titles(left) for b in _titles(right))
    if alike >= _SAME:
        return 0.5 + alike / 2
    shared = bool(_own(left) & _own(right))
    if left.language == right.language and alike < 0.5 and not (len(_words(left.title)) <= 3 or len(_words(right.title)) <= 3):
        # In one language, titles with nothing in common are different events, whoever runs them.
        return 0.0
    same_place = bool(cities[0] & cities[1])
    if alike >= _LIKE and (shared or same_place):
        return 0.5 + alike / 3
    if shared and left.kind is right.kind and (same_place or not (cities[0] and cities[1])):
        return 0.55
    return 0.0


def _figures(title: str) -> frozenset[str]:
    """The short figures of a title; years say nothing about which of a series it is."""
    return frozenset(word for word in _words(title) if word.isdigit() and len(word) <= 2)


def _titles(event: EventRecord) -> Iterable[str]:
    return (event.title, event.title_en) if event.title_en else (event.title,)


def _cities(event: EventRecord) -> frozenset[str]:
    return frozenset(place.city for place in event.places if place.city)


def _own(event: EventRecord) -> frozenset[str]:
    """What is the event's own: organisers, contacts' addresses, registration links, the project it belongs to."""
    own = {
        fold_title(organisation.name)
        for organisation in event.organisations
        if organisation.role.value in {"organiser", "co_organiser", "host", "buyer"}
    }
    own |= {contact.email.lower() for contact in event.contacts if contact.email}
    own |= {entry.url for entry in event.links if entry.kind in {"registration", "page"}}
    own |= {f"project {name.lower()}" for name in event.programmes}
    return frozenset(own)


@lru_cache(maxsize=100_000)
def _words(title: str) -> frozenset[str]:
    return frozenset(fold_title(title).split())


def _dice(one: frozenset[str], two: frozenset[str]) -> float:
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0
