"""The same body once: forms of one name gathered under the longest as written, in the nominative where the document has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.events.context import Context
from extractors.lexicon import Words
from extractors.organisations import tables
from extractors.organisations.folding import fold_name, initials, is_short_form, same_inflected
from extractors.organisations.short_forms import beside, is_acronym
from extractors.organisations.spans import Span
from schemas import Evidence, Organisation

_COMPARED = 200
"""With how many other names that begin or end alike a name is compared."""


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
    index = _Index(tables.language_words(language).stops | {"of", "and", "for", "the"})
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        raw = context.text(span.start, span.end)
        key = fold_name(raw)
        home = index.home(span, key, raw)
        if home is None:
            home = _Group([], [], None)
            index.groups.append(home)
        home.members.append(span)
        if span.body is not None:
            home.bodies.add(span.body)
        if home.acronym is None and (len(home.members) == 1 or " " in key):
            home.acronym = span.acronym
        index.note(home, key)
    found = [_entry(context, group, language) for group in index.groups]
    return sorted(found, key=lambda organisation: organisation.evidence[0].start or 0)


class _Index:
    """The groups so far, found again by what a new name can share with them; no name is compared with all others."""

    def __init__(self, skip: frozenset[str]) -> None:
        self.skip = skip
        self.groups: list[_Group] = []
        self._exact: dict[str, _Group] = {}
        self._rows: dict[int, _Group] = {}
        self._first: dict[str, list[_Group]] = {}
        self._last: dict[str, list[_Group]] = {}
        self._initials: dict[str, _Group] = {}

    def note(self, group: _Group, key: str) -> None:
        """Make a group findable by one more of its names."""
        for row in group.bodies:
            self._rows.setdefault(row, group)
        if group.short:
            self._exact.setdefault(group.short, group)
        if key in group.keys or not key:
            return
        group.keys.append(key)
        self._exact.setdefault(key, group)
        words = key.split()
        for table, word in ((self._first, words[0]), (self._last, words[-1])):
            listed = table.setdefault(word[:3], [])
            if group not in listed:
                listed.append(group)
        if len(words) > 1:
            for skip in (self.skip, frozenset[str]()):
                self._initials.setdefault(initials(key, skip), group)

    def home(self, span: Span, key: str, raw: str) -> _Group | None:
        """The group a span belongs to, or None."""
        if not key:
            return None
        if span.body is not None and span.body in self._rows:
            return self._rows[span.body]
        found = self._exact.get(key) or (self._exact.get(fold_name(span.acronym)) if span.acronym else None)
        if found is None:
            words = key.split()
            near = [*self._first.get(words[0][:3], ()), *self._last.get(words[-1][:3], ())][:_COMPARED]
            found = next((g for g in near if any(same_inflected(key, other) or is_short_form(key, other) for other in g.keys)), None)
        if found is None and is_acronym(raw) and len(key) >= 3 and " " not in key:
            found = self._initials.get(key)
        if found is not None and span.body is not None and found.bodies:
            # Two well-known bodies stay two.
            return None
        return found


def _entry(context: Context, group: _Group, language: str) -> Organisation:
    text = context.document.text
    members = sorted(group.members, key=lambda s: s.start)
    body = tables.bodies()[min(group.bodies)] if group.bodies else None
    named = _named(context, group, language)
    name = text[named.start : named.end]
    nominative = _is_nominative(name, language)
    if not nominative and body is not None and body.country is not None and same_inflected(fold_name(name), fold_name(body.name)):
        # The table has the name of a national body in its own language and in the nominative.
        name, nominative = body.name, True
    bracket = beside(text, named.start, named.end) if group.acronym and nominative else None
    if bracket is not None and bracket[0] == group.acronym and text[named.end : bracket[1]].strip() == f"({group.acronym})":
        name += text[named.end : bracket[1]]
    evidence = [Evidence(quote=text[s.start : s.end], start=s.start, end=s.end, rule=s.rule) for s in members]
    forms = dict.fromkeys(item.quote for item in evidence)
    if group.acronym:
        forms.setdefault(group.acronym)
    aliases = [form for form in forms if form != name]
    return Organisation(
        name=name,
        acronym=group.acronym or next((form for form in aliases if is_acronym(form) and " " not in form), None),
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


def _is_nominative(name: str, language: str) -> bool:
    """True when a word of the name is a head in the nominative, or the language has no list of them."""
    known = tables.nominatives(language)
    return not known or any(word in known for word in Words.of(name).forms)


def _named(context: Context, group: _Group, language: str) -> Span:
    """The longest member; of its inflected forms one in the nominative, with its short form beside it, else the most frequent, or first."""
    text = context.document.text
    longest = min(group.members, key=lambda s: (is_acronym(text[s.start : s.end]), s.start - s.end, s.start))
    key = fold_name(text[longest.start : longest.end])
    alike = [span for span in group.members if same_inflected(fold_name(text[span.start : span.end]), key)]
    counts = Counter(text[span.start : span.end] for span in alike)

    def rank(span: Span) -> tuple[bool, bool, int, int]:
        name = text[span.start : span.end]
        return not _is_nominative(name, language), beside(text, span.start, span.end) is None, -counts[name], span.start

    return min(alike, key=rank, default=longest)
