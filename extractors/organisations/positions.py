"""Names by where they stand: beside role words, behind nouns for bodies, in fields, where a model sees one. Knows no head's meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.events.context import Context, Sentence
from extractors.lexicon import Cue
from extractors.ner import Entity
from extractors.organisations import names, tables
from extractors.organisations.short_forms import is_acronym
from extractors.organisations.spans import LEAST, Span
from extractors.organisations.tagged import APOSTROPHES, Tagged

_LIST_MARKS = re.compile(r"\s*(?:[,;]|\s[–—-]\s|\n|/| \| )\s*")
_LONGEST_PIECE = 140
_ONE_WORD, _BUILDING = 0.4, 0.35
"""Strengths of one ordinary word and of a building that only a model calls a body."""


def _capitals(t: Tagged, first: int, last: int) -> list[int]:
    return [k for k in range(first, last) if t.capital[k]]


def _heads(t: Tagged, first: int, last: int) -> list[str]:
    return [t.forms[k] for k in t.heads(first, last)]


def _barred(t: Tagged, first: int, last: int) -> bool:
    return any(t.barred[first:last])


# -- models -----------------------------------------------------------------------------------------------------


def by_models(t: Tagged, entities: Iterable[Entity]) -> list[Span]:
    """What a model calls an organisation, cut at articles; a single ordinary word needs more support."""
    found: list[Span] = []
    for entity in entities:
        if entity.label != "ORG":
            continue
        first, last = t.within(entity.start, entity.end)
        if first >= last:
            continue
        first, last = names.strip(t, first, last)
        capitals = _capitals(t, first, last)
        if not capitals or _barred(t, first, last) or _says_kind_only(t, first, last, capitals):
            continue
        strength = LEAST
        if len(capitals) == 1 and not t.acronym(capitals[0]):
            # One ordinary word: a generic noun ("Amministrazione"), a place, a product.
            if t.table.noun_capitals or t.opens_sentence(first) or tables.is_place(t.raws[first], t.language):
                continue
            strength = _ONE_WORD
        heads = t.heads(first, last)
        if any(t.has(k, "venue", "street") for k in (first, last - 1)) and not any(t.strong(k) for k in heads):
            strength = _BUILDING
        start, end = t.span(first, last)
        found.append(Span(start, end, "model", strength, heads=[t.forms[k] for k in heads]))
    return found


def _says_kind_only(t: Tagged, first: int, last: int, capitals: list[int]) -> bool:
    """True for words that name a kind of body, a job, a building or an event and nothing beyond."""
    if t.heads(first, last):
        alone = len(capitals) == 1 and not t.acronym(capitals[0]) and not t.has(first, "name")
        return alone or all(t.has(k, "generic") or t.head(k) for k in capitals)
    return all(t.has(k, "generic", "job", "apposition", "venue", "street") or t.event[k] for k in capitals)


# -- roles ------------------------------------------------------------------------------------------------------


def by_roles(t: Tagged, sentence: Sentence) -> list[Span]:
    """Names in the place of a body: right in front of "organises", right behind "organised by"."""
    found: list[Span | None] = []
    for cue in sentence.with_tag("roles."):
        first, last = t.within(cue.start, cue.end)
        if first >= last:
            continue
        if cue.tag.endswith("_does") and not cue.tag.startswith("roles.speaker"):
            # Verbs come second in many languages: "Am 5. Mai veranstaltet die Stadt ...", "Seminář pořádá Úřad ...".
            found.append(_name_in_front(t, first, cue) or _name_behind(t, last, cue))
        elif cue.tag.endswith("_by"):
            found.append(_name_behind(t, last, cue))
    return [span for span in found if span is not None]


def _name_in_front(t: Tagged, index: int, cue: Cue) -> Span | None:
    last, acronym = index, None
    if last >= 3 and t.raws[last - 1] == ")":
        opened = next((k for k in range(last - 2, max(last - 6, -1), -1) if t.raws[k] == "("), None)
        if opened is None:
            return None
        acronym = t.words.text[t.words.ends[opened] : t.words.starts[last - 1]].strip()
        last = opened
    first = last
    while first > 0 and (first == last or t.near[first]) and last - first < names.MAX_WORDS and not t.barred[first - 1]:
        before = first - 1
        if t.capital[before] and not t.event[before]:
            first = before
        elif before >= 1 and first < last and t.near[before] and t.capital[before - 1] and _joins_name(t, before):
            first = before - 1
        else:
            break
    return _role_span(t, *names.strip(t, first, last), cue, acronym)


def _joins_name(t: Tagged, index: int) -> bool:
    """True for a linking word or a mark between two capitalised words of one name."""
    if t.has(index, "link"):
        return not t.joiner(index) and t.forms[index] not in t.table.loose
    return t.raws[index] == "&" or (t.glued(index) and (t.raws[index] == "-" or t.raws[index] in APOSTROPHES))


def _name_behind(t: Tagged, index: int, cue: Cue) -> Span | None:
    first = index
    while first < len(t) and t.near[first] and t.stop[first] and first - index < 3 and not t.capital[first]:
        first += 1
    if first >= len(t) or not t.capital[first] or not t.near[first]:
        return None
    last = names.right(t, first, first + 1)
    return _role_span(t, *names.strip(t, first, last), cue, None)


def _role_span(t: Tagged, first: int, last: int, cue: Cue, acronym: str | None) -> Span | None:
    """A name beside a role word, if it looks like a body's: two capitals, a short form or a head, and no person's or event's word."""
    if first >= last or _barred(t, first, last) or t.person[first]:
        return None
    capitals, heads = _capitals(t, first, last), _heads(t, first, last)
    short = acronym is not None or any(t.acronym(k) for k in capitals)
    if not short and (len(capitals) < 2 or (not heads and _may_be_person(t, first, last))):
        return None
    if any(t.event[k] or t.has(k, "job") for k in capitals) or all(t.has(k, "generic") or t.head(k) for k in capitals):
        return None
    if acronym is not None and not (is_acronym(acronym.replace(" ", "")) and len(acronym) <= 15):
        acronym = None
    start, end = t.span(first, last)
    return Span(start, end, f"in the place of a body ({cue.tag})", 0.6, acronym=acronym, heads=heads)


def _may_be_person(t: Tagged, first: int, last: int) -> bool:
    """True for plain words that no model was there to judge: nouns in German, two words in a script that models know badly."""
    return t.table.noun_capitals or (last - first == 2 and t.raws[first][0] >= "\u0370" and not t.seen[first])


# -- nouns for bodies -------------------------------------------------------------------------------------------


def by_appositions(t: Tagged) -> list[Span]:
    """Names behind a noun that says what they are: "virksomheden Nordlys Energi", "la empresa Nubalia"."""
    found: list[Span] = []
    for index in range(len(t)):
        stop = t.tags[index].get("apposition")
        if stop is None or (t.capital[index] and not t.table.noun_capitals and not t.opens_sentence(index)):
            continue
        if t.table.follows and stop + 1 < len(t) and t.near[stop] and not t.capital[stop] and t.has(stop, "subject"):
            # "la asociación empresarial Madera y Territorio"
            stop += 1
        if stop >= len(t) or not t.near[stop] or t.barred[stop]:
            continue
        close = t.closing(stop)
        if close is not None and t.capital[stop + 1]:
            start, end = t.span(stop + 1, close)
            found.append(Span(start, end, "behind a noun for a body", 0.6))
        elif (named := _apposed(t, stop)) is not None:
            start, end = t.span(*named)
            found.append(Span(start, end, "behind a noun for a body", 0.55))
    return found


def _apposed(t: Tagged, first: int) -> tuple[int, int] | None:
    """The words of the name that begins at `first` behind a noun for a body, or None."""
    if not t.capital[first] or t.event[first] or t.has(first, "job", "apposition") or t.strong(first):
        return None
    if t.table.noun_capitals and not t.acronym(first) and not (first + 1 < len(t) and t.capital[first + 1] and t.near[first + 1]):
        return None
    last = names.right(t, first, first + 1)
    behind = last + 1
    if (
        behind < len(t)
        and t.joiner(last)
        and t.near[last]
        and t.capital[behind]
        and not t.acronym(behind)
        and not names.own_head(t, behind)
    ):
        # "kancelaria Nowak i Partnerzy": one noun, one name.
        last += 2
    first, last = names.strip(t, first, last)
    return (first, last) if first < last and not all(t.has(k, "generic") for k in _capitals(t, first, last)) else None


# -- fields -----------------------------------------------------------------------------------------------------


def by_field(t: Tagged, context: Context, start: int, end: int) -> list[Span]:
    """The value ``[start, end)`` of a field for a body, cut at commas, line ends and "and" where each piece is a name of its own."""
    value = context.text(start, end)
    sentence = context.sentence_at(start)
    cues = [(c.start - start, c.end - start) for c in (sentence.with_tag("roles.") if sentence else []) if c.start > start and c.end <= end]
    pieces: list[tuple[int, int]] = []
    at = 0
    for low, high in sorted([*((match.start(), match.end()) for match in _LIST_MARKS.finditer(value)), *cues]):
        if low >= at:
            pieces.append((at, low))
            at = high
    pieces.append((at, len(value)))
    found: list[Span] = []
    for low, high in pieces:
        if high - low > _LONGEST_PIECE:
            continue
        for number, (first, last) in enumerate(_joined(t, *t.within(start + low, start + high))):
            span = _field_name(t, first, last, whole=low == 0 and number == 0)
            if span is not None:
                found.append(span)
    return found


def _joined(t: Tagged, first: int, last: int) -> list[tuple[int, int]]:
    """The parts of "Luleå kommun och Region Norrbotten": cut at "and" where a head stands on both sides."""
    parts = []
    begin = first
    for index in range(first + 1, last):
        if not t.joiner(index) or t.raws[index - 1] == "-" or not _headed(t, begin, index, small=True):
            continue
        small_head = index + 1 < last and t.capital[index + 1] and bool(t.heads(index + 1, min(last, index + 7)))
        if names.own_head(t, index + 1) or small_head:
            parts.append((begin, index))
            begin = index + 1
    return [*parts, (begin, last)]


def _headed(t: Tagged, first: int, last: int, *, small: bool) -> bool:
    """True where a name of a field has a head, a legal form or is a one-word name; `small` heads may open it."""
    return any(t.has(k, "legal", "name") or (t.head(k) and (small or t.capital[k] or k > first)) for k in range(first, last))


def _field_name(t: Tagged, first: int, last: int, *, whole: bool) -> Span | None:
    """The name a piece of a field's value is. Further pieces need a head of their own: "Danish Business Authority, Copenhagen"."""
    if first >= last or _barred(t, first, last) or not (whole or _headed(t, first, last, small=False)):
        return None
    first, last = names.strip(t, first, last)
    last = next((k for k in range(first + 1, last) if t.raws[k] == "("), last)
    capitals = _capitals(t, first, last)
    if not capitals or last - first > names.MAX_WORDS or all(t.has(k, "generic", "job") for k in capitals):
        return None
    start, end = t.span(first, last)
    return Span(start, end, "field", 0.85, heads=_heads(t, first, last))
