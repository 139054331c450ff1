"""Candidates that speak of one gathering become one event; what differs in kind, day or item stays apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.events.candidates import GENERIC, Candidate, block_title, kind_of, specific, title_nouns
from extractors.events.context import Context
from extractors.events.titles import Title
from schemas import EventKind, Precision, When


@dataclass(slots=True)
class Cluster:
    """One gathering: its candidates, the first of them the one that opened it."""

    members: list[Candidate]
    title: Title | None = None
    main: bool = False

    @property
    def best(self) -> Candidate:
        """The candidate whose date is taken: fields before headings, items, lines and prose; the more exact one of equals."""
        return max(
            self.members,
            key=lambda c: (
                c.when.precision is Precision.DAY,
                c.strength,
                c.when.start_time is not None,
                c.when.end != c.when.start,
                -c.reading.start,
            ),
        )

    @property
    def kind(self) -> EventKind:
        """The kind the members name; a specific one before a general one, the strongest first."""
        for pool in (
            [c for c in self.members if c.noun is not None and c.kind not in GENERIC],
            [c for c in self.members if c.noun is not None and c.kind is EventKind.MEETING],
        ):
            if pool:
                return max(pool, key=lambda c: (c.strength, -c.reading.start)).kind
        return EventKind.OTHER

    @property
    def own_block(self) -> bool:
        """True when the event has an item or heading to itself."""
        return any(c.own_block for c in self.members)


def cluster(context: Context, candidates: Sequence[Candidate]) -> list[Cluster]:
    """Group the candidates of a page, in page order, and settle which is the page's own event and every title."""
    clusters: list[Cluster] = []
    ordered = sorted(candidates, key=lambda c: (_rank(c), c.reading.start))
    for candidate in ordered:
        home = next((entry for entry in clusters if _same(entry, candidate)), None)
        if home is None:
            clusters.append(Cluster([candidate]))
        else:
            home.members.append(candidate)
    clusters.sort(key=lambda entry: min(c.reading.start for c in entry.members))
    _take_page_kind(context, clusters)
    _name(context, clusters)
    return clusters


def _take_page_kind(context: Context, clusters: list[Cluster]) -> None:
    """A "meeting" told on the page of a market consultation, an info day and so on is that: the first one takes the title's kind."""
    named = specific(title_nouns(context))
    if named is None or kind_of(named) in GENERIC:
        return
    loose = [entry for entry in clusters if not entry.own_block]
    if loose and loose[0].kind in GENERIC:
        for member in loose[0].members:
            member.nouns = [named, *member.nouns]
            member.kind, member.noun, member.seminar = kind_of(named), named, named.tag == "events.seminar"


def _rank(candidate: Candidate) -> int:
    return {"field": 0, "named field": 0, "title": 1, "heading": 2, "entry": 3, "item": 3, "row": 3, "line": 4}.get(candidate.where, 5)


def _same(entry: Cluster, candidate: Candidate) -> bool:
    first = entry.members[0]
    if candidate.own_block and entry.own_block and not _alike(first.title, candidate.title):
        # Each item of a list is its own event, except a page's day heading or agenda day inside the event's interval.
        return False
    if not any(_dates_agree(member.when, candidate.when) for member in entry.members):
        return False
    if candidate.own_block != entry.own_block and not _kinds_agree(entry, candidate):
        return False
    return _kinds_agree(entry, candidate)


def _kinds_agree(entry: Cluster, candidate: Candidate) -> bool:
    kinds = {member.kind for member in entry.members}
    if candidate.kind in kinds or candidate.noun is None:
        return True
    if candidate.kind in GENERIC or kinds <= GENERIC:
        return True
    # "Info day: market consultation ...": the title names both.
    named = {kind_of(noun) for member in entry.members for noun in member.nouns} | {kind_of(noun) for noun in candidate.nouns}
    return (
        bool({kind_of(noun) for noun in candidate.nouns} & {kind_of(noun) for member in entry.members for noun in member.nouns})
        and len(named) <= 3
    )


def _dates_agree(one: When, two: When) -> bool:
    """Same first day, or the one inside the other; a month agrees with a day of it."""
    if one.start == two.start and (one.end == two.end or one.precision is two.precision is Precision.DAY):
        return True
    first, second = _bounds(one), _bounds(two)
    return (first[0] <= second[0] and second[1] <= first[1]) or (second[0] <= first[0] and first[1] <= second[1])


def _bounds(when: When) -> tuple[str, str]:
    low, high = when.start, when.end or when.start
    if low.startswith("--") or high.startswith("--"):
        return low, high
    return low + "-00" * ((10 - len(low)) // 3), high + "-99" * ((10 - len(high)) // 3)


def _alike(one: Title | None, two: Title | None) -> bool:
    if one is None or two is None:
        return False
    return similarity(one.text, two.text) >= 0.75


def fold_title(text: str) -> str:
    """A title's letters and figures, lower case, without diacritics, single spaces."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c))
    return " ".join(kept.split())


def similarity(one: str, two: str) -> float:
    """Share of words two titles have in common (Dice), 0 to 1."""
    a, b = set(fold_title(one).split()), set(fold_title(two).split())
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _name(context: Context, clusters: list[Cluster]) -> None:
    """Settle titles: an item's own text, a heading, the page's title for the page's own event, a phrase for the rest."""
    main = _main(context, clusters)
    for entry in clusters:
        entry.main = entry is main
        rivals = [member.title for member in entry.members if member.title is not None]
        if entry is main:
            page = _page_title(context, entry)
            if page is not None:
                rivals.append(page)
        entry.title = max(rivals, key=lambda title: (title.quality, len(title.text)), default=None)
    # Two events must not both bear the page's title when a phrase of their own is there.
    taken: dict[str, Cluster] = {}
    for entry in sorted(clusters, key=lambda e: (not e.main, min(c.reading.start for c in e.members))):
        if entry.title is None:
            continue
        key = fold_title(entry.title.text)
        if key in taken and not entry.own_block:
            other = [m.title for m in entry.members if m.title is not None and fold_title(m.title.text) != key]
            if other:
                entry.title = max(other, key=lambda title: title.quality)
        taken.setdefault(fold_title(entry.title.text), entry)


def _page_title(context: Context, entry: Cluster) -> Title | None:
    """The page's title; one that names no gathering counts only for an event that the page opens with or gives fields for."""
    index = context.title_index
    if index is None:
        return None
    names = bool(title_nouns(context))
    early = any(m.where in {"field", "line", "title"} or m.sentence.block <= index + 3 for m in entry.members)
    return block_title(context, index, "page title", 0.8 if names else 0.45 if early else 0.3)


def _main(context: Context, clusters: list[Cluster]) -> Cluster | None:
    """The page's own event: the one with the page's fields, else the first whose kind the title names, else an only one."""
    title = context.title_index
    fielded = [
        entry
        for entry in clusters
        if any(
            m.where in {"field", "title"} and (m.title is None or title is None or m.title.start == context.document.blocks[title].start)
            for m in entry.members
        )
    ]
    fielded = fielded or [entry for entry in clusters if any(m.where == "named field" for m in entry.members)]
    if fielded:
        return fielded[0]
    loose = [entry for entry in clusters if not entry.own_block]
    # An event that a section's heading names is one of the page's, not the page's own, where there are others.
    unheaded = [
        entry for entry in loose if not any(m.title is not None and m.title.rule == "heading of the section" for m in entry.members)
    ]
    loose = unheaded or (loose if len(clusters) == 1 else [])
    nouns = title_nouns(context)
    kinds = {kind_of(noun) for noun in nouns}
    if nouns:
        named = [entry for entry in loose if entry.kind in kinds]
        if named:
            return named[0]
        if kinds <= GENERIC and loose:
            return loose[0]
        return loose[0] if len(clusters) == 1 and loose else None
    return loose[0] if len(clusters) == 1 and loose else None
