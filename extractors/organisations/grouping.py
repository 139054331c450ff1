"""The same body once: forms of one name gathered under the longest as written, in the nominative where the document has it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.events.context import Context
from extractors.organisations import tables
from extractors.organisations.folding import fold_name, initials, is_short_form, same_inflected
from extractors.organisations.proposals import Span
from extractors.organisations.tagged import is_acronym
from schemas import Evidence, Organisation

_BRACKET = re.compile(r"\s?\((?P<short>[^\W\d_][\w&./+\- ]{1,17})\)")


@dataclass(slots=True)
class _Group:
    members: list[Span]
    keys: list[str]
    acronym: str | None
    bodies: set[int] = field(default_factory=set)

    @property
    def short(self) -> str | None:
        return fold_name(self.acronym) if self.acronym else None


def group(context: Context, spans: Sequence[Span], language: str) -> list[Organisation]:
    """One entry per body, in order of the first mention: same row, name, inflected name, short form, or part of a longer name."""
    groups: list[_Group] = []
    skip = tables.language_words(language).stops | {"of", "and", "for", "the"}
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        key = fold_name(context.text(span.start, span.end))
        home = next((group for group in groups if _belongs(span, key, group, skip, context.text(span.start, span.end))), None)
        if home is None:
            groups.append(_Group([span], [key], span.acronym, set() if span.body is None else {span.body}))
            continue
        home.members.append(span)
        if key not in home.keys:
            home.keys.append(key)
        if span.body is not None:
            home.bodies.add(span.body)
        if home.acronym is None and len(key.split()) > 1:
            home.acronym = span.acronym
    found = [_entry(context, group, language) for group in groups]
    return sorted(found, key=lambda organisation: organisation.evidence[0].start or 0)


def _belongs(span: Span, key: str, group: _Group, skip: frozenset[str], raw: str) -> bool:
    if span.body is not None and group.bodies:
        return span.body in group.bodies
    if key in group.keys or (group.short is not None and key == group.short) or (span.acronym and fold_name(span.acronym) in group.keys):
        return True
    if any(same_inflected(key, other) or is_short_form(key, other) for other in group.keys):
        return True
    if is_acronym(raw) and len(key) >= 3 and " " not in key:
        return any(key in {initials(other, skip), initials(other, frozenset())} for other in group.keys if " " in other)
    return False


def _entry(context: Context, group: _Group, language: str) -> Organisation:
    text = context.document.text
    members = sorted(group.members, key=lambda s: s.start)
    named = _name(context, group, language)
    name = text[named.start : named.end]
    if group.acronym:
        bracket = _BRACKET.match(text, named.end, min(len(text), named.end + 24))
        if bracket and bracket["short"].strip() == group.acronym:
            name = text[named.start : bracket.end()]
    evidence = [Evidence(quote=text[s.start : s.end], start=s.start, end=s.end, rule=s.rule) for s in members]
    aliases = [form for form in dict.fromkeys(item.quote for item in evidence) if form != name]
    if group.acronym and group.acronym not in aliases and group.acronym != name:
        aliases.append(group.acronym)
    body = tables.bodies()[min(group.bodies)] if group.bodies else None
    acronym = group.acronym or next((s for s in aliases if is_acronym(s) and " " not in s), None)
    return Organisation(
        name=name,
        acronym=acronym,
        aliases=aliases,
        type=body.type if body else _type(members),
        country=body.country if body else None,
        evidence=evidence,
    )


def _type(members: Sequence[Span]) -> str | None:
    legal = next((span.legal for span in members if span.legal), None)
    if legal is not None:
        return tables.kind_of_legal_form(legal)
    heads = next((span.heads for span in members if span.heads), None)
    return tables.kind_of_heads(heads) if heads else None


def _name(context: Context, group: _Group, language: str) -> Span:
    """The longest member; of its inflected forms the one in the nominative, else the most frequent, else the first."""
    text = context.document.text
    longest = min(group.members, key=lambda s: (is_acronym(text[s.start : s.end]), s.start - s.end, s.start))
    key = fold_name(text[longest.start : longest.end])
    forms = [span for span in group.members if same_inflected(fold_name(text[span.start : span.end]), key)]
    if len(forms) < 2:
        return longest
    counts = Counter(text[span.start : span.end] for span in forms)
    nominative = tables.nominatives(language)

    def rank(span: Span) -> tuple[bool, bool, int, int]:
        words = [word.lower() for word in text[span.start : span.end].split()]
        has_bracket = bool(group.acronym) and text[span.end : span.end + 2 + len(group.acronym or "")].endswith(group.acronym or "\0")
        return (not any(word in nominative for word in words), not has_bracket, -counts[text[span.start : span.end]], span.start)

    return min(forms, key=rank)
