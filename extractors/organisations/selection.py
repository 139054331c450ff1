"""Which proposals stand: what is no body is dropped, weak ones need support, and of spans that overlap one stays. Groups nothing."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from extractors.events.context import Context
from extractors.lexicon import Words
from extractors.ner import Entity
from extractors.organisations import tables
from extractors.organisations.folding import fold_name
from extractors.organisations.proposals import LEAST, Span
from extractors.organisations.tagged import is_acronym

_WORD = re.compile(r"[^\W\d_]+")
_BRACKET = re.compile(
    r"\s?\((?:[^()\n]{0,40}?[\s„“\"«:,])?(?P<short>[^\W\d_][\w&./+\- ]{1,17})[“”\"»]?\)(?! ?(?:Nr|nr|No|n°|nº|N°|č|br|št|nru|αριθ|№)\b)"
)
_DASH = re.compile(r"\s?[–—-]\s(?P<short>[^\W\d_]{2,8})(?=$|[\s,.;)])")
_ECHOES = 400
"""How many repetitions of names found are looked at in one document."""


def choose(
    context: Context, spans: Sequence[Span], taken: Sequence[tuple[int, int]], programmes: Sequence[tuple[int, int]], entities: Sequence[Entity]
) -> list[Span]:
    """The spans that name a body, in order, none overlapping another."""
    people = [(entity.start, entity.end) for entity in entities if entity.label == "PER"]
    programme_names = {fold_name(context.text(start, end)) for start, end in programmes}
    barred = _Spans([*taken, *programmes])
    fit = [span for span in spans if _fits(context, span, barred, people)]
    fit = [span for span in fit if not _common(context, span) and not _of_programme(context, span, programmes, programme_names)]
    fit = _with_long_form(fit)
    _support(context, fit, entities)
    chosen = _without_overlaps([span for span in fit if span.strength >= LEAST])
    for span in chosen:
        _short_form_beside(context, span)
    chosen = _listed(context, chosen)
    return _echoes(context, chosen, barred)


class _Spans:
    """Spans that can be asked quickly whether one of them covers or touches another."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        merged: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        self.starts = [start for start, _ in merged]
        self.ends = [end for _, end in merged]

    def covers(self, start: int, end: int) -> bool:
        index = bisect_right(self.starts, start) - 1
        return index >= 0 and end <= self.ends[index]

    def touches(self, start: int, end: int) -> bool:
        index = bisect_left(self.starts, end) - 1
        return index >= 0 and self.ends[index] > start


# -- what is no body -------------------------------------------------------------------------------------------


def _fits(context: Context, span: Span, barred: _Spans, people: Sequence[tuple[int, int]]) -> bool:
    name = context.text(span.start, span.end)
    if "\n" in name or len(name) < 2 or name.strip(" .") in tables.not_bodies()[0]:
        return False
    if span.body is None and tables.is_not_a_body(name):
        return False
    if span.body is None and barred.covers(span.start, span.end):
        return False
    sure = span.legal or span.heads or span.body is not None or span.rule == "field"
    return bool(sure) or not any(start == span.start and end >= span.end for start, end in people)


def _common(context: Context, span: Span) -> bool:
    """True for capitalised common words and event names: what the page itself writes small elsewhere, or what ends in an event noun."""
    if span.legal or span.body is not None:
        return False
    sentence = context.sentence_at(span.start)
    if sentence is not None and any(noun.end == span.end and noun.start >= span.start for noun in sentence.nouns):
        return True
    if span.rule == "field":
        return False
    words = [word for word in _WORD.findall(context.text(span.start, span.end)) if len(word) > 2]
    if not words:
        return not is_acronym(context.text(span.start, span.end))
    small = context.lower_words
    if span.heads and any(tables.text_matcher().find(Words.of(head)) for head in span.heads):
        return True
    if span.rule == "model" and not span.heads:
        if tables.text_matcher().find(Words.of(words[-1])):
            return True
        return sum(word.lower() in small for word in words) >= 0.6 * len(words)
    capitals = [word for word in words if not word.islower()]
    return len(capitals) <= 2 and len(words) <= 3 and all(word.lower() in small for word in words) and span.acronym is None


def _of_programme(context: Context, span: Span, programmes: Sequence[tuple[int, int]], names: set[str]) -> bool:
    """True for a programme's or project's own name, and for a common word beside it ("network of BRINC")."""
    if span.body is not None:
        return False
    name = context.text(span.start, span.end)
    if fold_name(name) in names:
        return True
    inside = [(start, end) for start, end in programmes if span.start <= start and end <= span.end]
    words = _WORD.findall(name)
    rest = [word for word in words if word.lower() not in names and not any(word in context.text(start, end) for start, end in inside)]
    if span.rule == "model" and not span.heads and inside:
        return True
    return len(rest) < len(words) and not span.legal and sum(word[0].isupper() for word in rest) <= 1


def _with_long_form(spans: list[Span]) -> list[Span]:
    """Without short forms of well-known bodies whose longer forms do not stand in the document."""
    rows = {span.body for span in spans if span.body is not None and not span.needs_form}
    return [span for span in spans if not span.needs_form or span.body in rows]


# -- support ---------------------------------------------------------------------------------------------------


def _support(context: Context, spans: Sequence[Span], entities: Sequence[Entity]) -> None:
    """A weak name gains by a model that sees a name there, a role word in its sentence, a short form in brackets, and by standing twice."""
    seen = _Spans([(e.start, e.end) for e in entities if e.label in {"ORG", "FAC"}])
    places = _Spans([(e.start, e.end) for e in entities if e.label == "LOC"])
    counts: dict[str, int] = {}
    for span in spans:
        if span.rule in {"head word", "one-word name"}:
            key = fold_name(context.text(span.start, span.end))
            counts[key] = counts.get(key, 0) + 1
    beside: dict[int, int] = {}
    for span in spans:
        beside[span.start] = beside.get(span.start, 0) + 1
    for span in spans:
        if span.strength >= LEAST or span.strength < 0.38:
            continue
        gain = 0.0
        if span.rule != "model" and seen.touches(span.start, span.end):
            gain += 0.1
        sentence = context.sentence_at(span.start)
        if sentence is not None and sentence.with_tag("roles."):
            gain += 0.1
        if span.heads and (span.acronym is not None or _bracketed(context, span)):
            gain += 0.15
        if span.rule == "short form in brackets" and beside.get(span.start, 0) > 1:
            gain += 0.1
        if counts.get(fold_name(context.text(span.start, span.end)), 0) > 1:
            gain += 0.05
        if places.covers(span.start, span.end):
            gain -= 0.05
        span.strength += gain


def _bracketed(context: Context, span: Span) -> bool:
    match = _BRACKET.match(context.document.text, span.end, min(len(context.document.text), span.end + 64))
    return match is not None and is_acronym(match["short"].replace(" ", ""))


def _without_overlaps(spans: Sequence[Span]) -> list[Span]:
    """Of spans that overlap the longest; what only a model saw yields to all others."""
    kept: list[Span] = []
    starts: list[int] = []
    for span in sorted(spans, key=lambda s: (s.rule == "model", s.start - s.end, -s.strength, s.start, s.rule)):
        at = bisect_left(starts, span.start)
        over = [other for other in kept[max(at - 1, 0) : at + 1] if span.start < other.end and other.start < span.end]
        if over:
            for other in over:
                if span.legal and other.start < span.start <= other.end < span.end and other.legal is None:
                    # "Bundesverband Materialwirtschaft, Einkauf und Logistik e. V."
                    other.end = span.end
                other.acronym = other.acronym or (span.acronym if span.end == other.end else None)
                other.legal = other.legal or span.legal
                if span.body is not None and other.body is None and (span.start, span.end) == (other.start, other.end):
                    other.body = span.body
            continue
        starts.insert(at, span.start)
        kept.insert(at, span)
    return kept


# -- short forms, lists, repetitions ------------------------------------------------------------------------


def _short_form_beside(context: Context, span: Span) -> None:
    """Note the short form in brackets or behind a dash: "Ministerstvo pro místní rozvoj (MMR)", "University of Zaragoza – OBCP"."""
    if span.acronym is not None:
        return
    text = context.document.text
    match = _BRACKET.match(text, span.end, min(len(text), span.end + 64)) or _DASH.match(text, span.end, min(len(text), span.end + 14))
    if match is not None and is_acronym(match["short"].replace(" ", "")):
        span.acronym = match["short"].strip()


def _listed(context: Context, spans: list[Span]) -> list[Span]:
    """Short forms in a list with a body, in a sentence with a role word: "IAT, SP, Zagreb City Holding and ICLEI will organise"."""
    made: list[Span] = []
    for span in spans:
        sentence = context.sentence_at(span.start)
        if sentence is None or not sentence.with_tag("roles."):
            continue
        at = span.start
        for _ in range(8):
            low = max(sentence.start, at - 40)
            match = re.search(r"(?P<name>[A-ZÀ-ÞΑ-ΩА-Я][\w&\-]{1,14})(?:, ?| (?:&|\w{1,3}) )$", context.text(low, at))
            if match is None or not is_acronym(match["name"]) or match["name"] in tables.not_bodies()[0]:
                break
            start = low + match.start("name")
            if any(other.start <= start < other.end for other in (*spans, *made)):
                break
            made.append(Span(start, start + len(match["name"]), "listed with a body", 0.6))
            at = start
    return sorted([*spans, *made], key=lambda s: s.start)


def _echoes(context: Context, spans: list[Span], barred: _Spans) -> list[Span]:
    """The same names, their short forms and companies' names without the legal form wherever else they stand, letter by letter."""
    forms: dict[str, Span] = {}
    for span in spans:
        name = context.text(span.start, span.end)
        if span.needs_form:
            continue
        candidates = [name]
        if span.acronym and len(span.acronym) >= 2 and span.acronym not in tables.not_bodies()[0]:
            candidates.append(span.acronym)
        if span.legal and span.legal in name:
            bare = name.replace(span.legal, "").strip(" ,.„“”\"«»")
            if len(bare) >= 3 and (" " in bare or bare.lower() not in context.lower_words):
                candidates.append(bare)
        for candidate in candidates:
            if len(candidate) >= 2 and (len(candidate.split()) > 1 or candidate.lower() not in context.lower_words or is_acronym(candidate)):
                forms.setdefault(candidate, span)
    if not forms:
        return spans
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(form) for form in sorted(forms, key=lambda f: (-len(f), f))) + r")(?!\w)")
    held = _Spans([(span.start, span.end) for span in spans])
    made = []
    for count, match in enumerate(pattern.finditer(context.document.text)):
        if count >= _ECHOES:
            break
        start, end = match.span()
        if held.touches(start, end) or barred.covers(start, end) or context.block_at(start) is None or _in_address(context, start, end):
            continue
        origin = forms[match[0]]
        made.append(Span(start, end, "named elsewhere", 0.8, legal=origin.legal, heads=origin.heads, body=origin.body))
    return sorted([*spans, *made], key=lambda s: s.start)


def _in_address(context: Context, start: int, end: int) -> bool:
    """True inside an e-mail or web address: "www.enova.example"."""
    text = context.document.text
    return text[max(start - 1, 0) : start] in {"@", ".", "/"} or text[end : end + 1] in {"@", "/"} or bool(re.match(r"\.\w", text[end : end + 2]))
