"""Which proposals stand: what is no body is dropped, weak ones need support, and of spans that overlap one stays. Groups nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from extractors.events.context import Context
from extractors.lexicon import Words
from extractors.ner import Entity
from extractors.organisations import tables
from extractors.organisations.folding import fold_name
from extractors.organisations.short_forms import beside, is_acronym
from extractors.organisations.spans import LEAST, Span, Stretches

_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\w+")
_LISTED = re.compile(r"(?P<name>[^\W\d_][\w&-]{1,14})(?:, ?| (?:&|\w{1,3}) )$")
_LIST_LENGTH = 8
_GAP = 80
"""Characters between two bodies of a list that have one more name between them."""
_ECHOES = 400
"""How many repetitions of names found are taken up in one document."""
_SUPPORTABLE = 0.38
"""Weaker spans no support helps: buildings and what only a model calls one."""
_BY_POSITION = frozenset({"field", "behind a noun for a body"})


def choose(
    context: Context,
    spans: Sequence[Span],
    taken: Sequence[tuple[int, int]],
    programmes: Sequence[tuple[int, int]],
    entities: Sequence[Entity],
) -> list[Span]:
    """The spans that name a body, in order, none overlapping another."""
    people: dict[int, int] = {}
    for entity in entities:
        if entity.label == "PER":
            people[entity.start] = max(entity.end, people.get(entity.start, 0))
    barred = Stretches([*taken, *programmes])
    fit = [span for span in spans if _fits(context, span, barred, people) and not _common(context, span)]
    fit = _without_programmes(context, fit, programmes)
    rows = {span.body for span in fit if span.body is not None and not span.needs_form}
    fit = [span for span in fit if not span.needs_form or span.body in rows]
    _support(context, fit, entities)
    chosen = _without_overlaps([span for span in fit if span.strength >= LEAST])
    for span in chosen:
        if span.acronym is None:
            found = beside(context.document.text, span.start, span.end)
            span.acronym = found[0] if found else None
    chosen = _listed(context, chosen)
    chosen = _among_bodies(context, chosen, barred, entities)
    return _echoes(context, chosen, barred)


# -- what is no body -------------------------------------------------------------------------------------------


def _fits(context: Context, span: Span, barred: Stretches, people: Mapping[int, int]) -> bool:
    """False for what stands in another span, on two lines, in the list of short forms that are none, or is a person."""
    name = context.text(span.start, span.end)
    if "\n" in name or len(name) < 2 or name.strip(" .") in tables.not_bodies()[0]:
        return False
    if span.body is not None:
        return True
    if tables.is_not_a_body(name) or barred.cover(span.start, span.end):
        return False
    person = people.get(span.start, 0) >= span.end
    if person and span.rule == "head word" and len(span.heads) == 1 and " " in name and not name.lower().startswith(span.heads[0]):
        # "Kaidi Rannamets": a surname that ends like a head.
        return tables.is_whole_head(span.heads[0], context.language)
    return not person or bool(span.legal or span.heads) or span.rule in _BY_POSITION


def _common(context: Context, span: Span) -> bool:
    """True for capitalised common words and event names: what the page itself writes small elsewhere, or what ends in an event noun."""
    if span.legal or span.body is not None:
        return False
    sentence = context.sentence_at(span.start)
    nouns = sentence.nouns if sentence is not None else []
    if any(noun.end == span.end and noun.start >= span.start for noun in nouns):
        return True
    if span.rule == "field":
        return False
    name = context.text(span.start, span.end)
    words = [word for word in _WORD.findall(name) if len(word) > 2]
    if not words:
        return not is_acronym(name)
    if any(tables.text_matcher().find(Words.of(head)) for head in span.heads):
        return True
    small = sum(word.lower() in context.lower_words for word in words)
    if span.rule == "model" and not span.heads:
        event = any(span.start <= noun.start and noun.end <= span.end for noun in nouns)
        return event or bool(tables.text_matcher().find(Words.of(words[-1]))) or small >= 0.6 * len(words)
    # "Public Procurement Network": each word may stand small somewhere; the name is common if all of it does.
    return span.acronym is None and small == len(words) and (len(words) == 1 or name.lower() in context.document.text)


def _without_programmes(context: Context, spans: list[Span], programmes: Sequence[tuple[int, int]]) -> list[Span]:
    """Without programmes' and projects' own names, and common words beside them ("network of BRINC")."""
    if not programmes:
        return spans
    known = {fold_name(context.text(start, end)) for start, end in programmes}
    at = Stretches(programmes)
    kept = []
    for span in spans:
        name = context.text(span.start, span.end)
        words = _WORD.findall(name)
        inside = (
            [context.text(low, high) for low, high in programmes if span.start <= low and high <= span.end]
            if at.touch(span.start, span.end)
            else []
        )
        rest = [word for word in words if word.lower() not in known and not any(word in part for part in inside)]
        programme = fold_name(name) in known or (span.rule == "model" and not span.heads and bool(inside))
        thin = len(rest) < len(words) and not span.legal and sum(word[0].isupper() for word in rest) <= 1
        if span.body is not None or not (programme or thin):
            kept.append(span)
    return kept


# -- support ---------------------------------------------------------------------------------------------------


def _support(context: Context, spans: Sequence[Span], entities: Sequence[Entity]) -> None:
    """A weak name gains by a model that sees a name there, a role word in its sentence, a short form in brackets, and by standing twice."""
    seen = Stretches([(e.start, e.end) for e in entities if e.label in {"ORG", "FAC"}])
    places = Stretches([(e.start, e.end) for e in entities if e.label == "LOC"])
    headed = Counter(fold_name(context.text(s.start, s.end)) for s in spans if s.rule in {"head word", "one-word name"})
    begins = Counter(span.start for span in spans)
    for span in spans:
        if not _SUPPORTABLE <= span.strength < LEAST:
            continue
        sentence = context.sentence_at(span.start)
        in_brackets = span.acronym is not None or beside(context.document.text, span.start, span.end) is not None
        span.strength += (
            0.1 * (span.rule != "model" and seen.touch(span.start, span.end))
            + 0.1 * (sentence is not None and bool(sentence.with_tag("roles.")))
            + 0.15 * (bool(span.heads) and in_brackets)
            + 0.1 * (span.rule == "short form in brackets" and begins[span.start] > 1)
            + 0.05 * (headed[fold_name(context.text(span.start, span.end))] > 1)
            - 0.05 * places.cover(span.start, span.end)
        )


def _without_overlaps(spans: Sequence[Span]) -> list[Span]:
    """Of spans that overlap the longest; what only a model saw yields to all others."""
    kept: list[Span] = []
    starts: list[int] = []
    for span in sorted(spans, key=lambda s: (s.rule == "model", s.start - s.end, -s.strength, s.start, s.rule)):
        at = bisect_left(starts, span.start)
        over = [other for other in kept[max(at - 1, 0) : at + 1] if span.start < other.end and other.start < span.end]
        for other in over:
            if span.legal and other.legal is None and other.start < span.start <= other.end < span.end:
                # "Bundesverband Materialwirtschaft, Einkauf und Logistik e. V."
                other.end = span.end
            other.acronym = other.acronym or (span.acronym if span.end == other.end else None)
            other.legal = other.legal or span.legal
            if other.body is None and (span.start, span.end) == (other.start, other.end):
                other.body = span.body
        if not over:
            starts.insert(at, span.start)
            kept.insert(at, span)
    return kept


# -- lists and repetitions -------------------------------------------------------------------------------------


def _listed(context: Context, spans: list[Span]) -> list[Span]:
    """Short forms in a list with a body, in a sentence with a role word: "IAT, SP, Zagreb City Holding and ICLEI will organise"."""
    held = Stretches([(span.start, span.end) for span in spans])
    made: dict[int, Span] = {}
    for span in spans:
        sentence = context.sentence_at(span.start)
        if sentence is None or not sentence.with_tag("roles."):
            continue
        at = span.start
        for _ in range(_LIST_LENGTH):
            low = max(sentence.start, at - 40)
            match = _LISTED.search(context.text(low, at))
            if match is None or not is_acronym(match["name"]) or match["name"] in tables.not_bodies()[0]:
                break
            start, end = low + match.start("name"), low + match.end("name")
            if start in made or held.touch(start, end):
                break
            made[start] = Span(start, end, "listed with a body", 0.6)
            at = start
    return sorted([*spans, *made.values()], key=lambda s: s.start)


def _among_bodies(context: Context, spans: list[Span], barred: Stretches, entities: Sequence[Entity]) -> list[Span]:
    """Names without a head in the middle of a list of bodies: "the Chamber of Commerce, Pimec and the City of Girona"."""
    # One capitalised word in a list of bodies is hardly a person; what is a place the gazetteer knows better.
    people = Stretches([(e.start, e.end) for e in entities if e.label == "PER" and " " in context.text(e.start, e.end)])
    between = tables.list_gap(context.language)
    made = []
    for before, behind in pairwise(spans):
        match = between.fullmatch(context.text(before.end, behind.start)) if 4 <= behind.start - before.end <= _GAP else None
        if match is None:
            continue
        name, start, end = match["name"], before.end + match.start("name"), before.end + match.end("name")
        words = name.split()
        sentence = context.sentence_at(start)
        if sentence is None or behind.start >= sentence.end or not (words[0][0].isupper() and words[-1][0].isupper()):
            continue
        if people.touch(start, end) or barred.touch(start, end) or any(noun.start < end and start < noun.end for noun in sentence.nouns):
            continue
        common = all(word.lower() in context.lower_words for word in words) or name in tables.not_bodies()[0]
        if not common and not tables.is_place(name, context.language):
            made.append(Span(start, end, "listed between bodies", 0.6))
    return sorted([*spans, *made], key=lambda s: s.start)


def _echoes(context: Context, spans: list[Span], barred: Stretches) -> list[Span]:
    """The same names, their short forms and companies' names without the legal form wherever else they stand, letter by letter."""
    forms: dict[str, Span] = {}
    for span in spans:
        for form in () if span.needs_form else _forms(context, span):
            forms.setdefault(form, span)
    by_word: dict[str, list[tuple[str, int]]] = {}
    for form in sorted(forms, key=lambda f: (-len(f), f)):
        first = _TOKEN.search(form)
        if first is not None:
            by_word.setdefault(first[0], []).append((form, first.start()))
    held = Stretches([(span.start, span.end) for span in spans])
    text = context.document.text
    made: list[Span] = []
    done = 0
    for token in _TOKEN.finditer(text) if by_word else ():
        if len(made) >= _ECHOES:
            break
        for form, lead in by_word.get(token[0], ()):
            start = token.start() - lead
            end = start + len(form)
            if start < done or not text.startswith(form, start) or _goes_on(text, start, end):
                continue
            if not held.touch(start, end) and not barred.cover(start, end) and context.block_at(start) is not None:
                origin = forms[form]
                made.append(Span(start, end, "named elsewhere", 0.8, legal=origin.legal, heads=origin.heads, body=origin.body))
            done = end
            break
    return sorted([*spans, *made], key=lambda s: s.start)


def _forms(context: Context, span: Span) -> list[str]:
    """What a body found may be called elsewhere: its name, its short form, a company's name without the legal form."""
    name = context.text(span.start, span.end)
    forms = [name]
    if span.acronym and span.acronym not in tables.not_bodies()[0]:
        forms.append(span.acronym)
    if span.legal and span.legal in name:
        bare = name.replace(span.legal, "").strip(' ,.„“”"«»')
        forms.extend([bare] if len(bare) >= 3 else [])
    return [f for f in forms if len(f) >= 2 and (" " in f or is_acronym(f) or f.lower() not in context.lower_words)]


def _goes_on(text: str, start: int, end: int) -> bool:
    """True where a word goes on on either side, or an address does: "www.enova.example"."""
    before, behind = text[max(start - 1, 0) : start], text[end : end + 2]
    word = (before.isalnum() and start > 0) or behind[:1].isalnum() or "_" in {before, behind[:1]}
    return word or before in {"@", ".", "/"} or behind[:1] in {"@", "/"} or (behind[:1] == "." and behind[1:].isalnum())
