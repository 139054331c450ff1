"""Bodies named in a document: names by head words, legal forms, tables, definitions, roles and models, one entry per body.

Models only propose; head words, legal forms and position decide. A name that is a place, a person, a programme, a venue
or an event's title is no organisation. docs/organisations.md tells how names are read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from extractors.events.context import Context
from extractors.lexicon import load
from extractors.ner import Entity
from extractors.organisations.folding import fold_name
from extractors.organisations.grouping import group
from extractors.organisations.heads import by_heads
from extractors.organisations.known import by_definitions, by_table
from extractors.organisations.legal_forms import by_legal_forms
from extractors.organisations.positions import by_appositions, by_field, by_models, by_roles
from extractors.organisations.selection import choose
from extractors.organisations.spans import Span
from extractors.organisations.tagged import Tagged
from schemas import BlockKind, Organisation

__all__ = ["find", "fold_name"]

_PLACE_FIELDS = frozenset({"place", "venue"})
_ORGANISATION_FIELDS = frozenset({"organiser", "host", "partner", "buyer", "funder", "organisation"})
_SUBJECT = re.compile(r"\s*(?P<name>[^\W\d_]{4,15})(?= [^\W\d_])")


def find(
    context: Context, entities: Sequence[Entity], *, taken: Sequence[tuple[int, int]] = (), programmes: Sequence[tuple[int, int]] = ()
) -> list[Organisation]:
    """The bodies of a document, in order of their first mention.

    `entities` are model proposals with document offsets; `taken` are spans that are something else (dates,
    e-mails, links), `programmes` those of programmes and projects.
    """
    document = context.document
    spans: list[Span] = []
    ordered = sorted(entities, key=lambda entity: (entity.start, entity.end))
    barred = sorted(taken)
    entity_starts = [entity.start for entity in ordered]
    barred_starts = [start for start, _ in barred]
    for index, block in enumerate(document.blocks):
        language = block.language or context.language
        start, end = (block.value.start, block.value.end) if block.value is not None else (block.start, block.end)
        sentences = context.by_block[index]
        inside = [e for e in ordered[bisect_left(entity_starts, start) : bisect_left(entity_starts, end)] if e.end <= end]
        # A span that began before the block may reach into it.
        held = barred[max(bisect_left(barred_starts, start) - 1, 0) : bisect_left(barred_starts, end)]
        tagged = Tagged(context, start, end, language, sentences, held, inside)
        if not tagged.raws:
            continue
        found = [
            *by_heads(tagged, sentences),
            *by_legal_forms(tagged),
            *by_table(tagged, load(language).countries),
            *by_definitions(tagged),
        ]
        found.extend(by_appositions(tagged))
        found.extend(by_models(tagged, inside))
        for sentence in sentences:
            found.extend(by_roles(tagged, sentence))
        if context.field_keys[index] in _ORGANISATION_FIELDS and block.value is not None:
            found.extend(by_field(tagged, context, start, end))
        if block.kind in {BlockKind.TITLE, BlockKind.HEADING}:
            # Headings are full of capitals: only names with a head, a legal form or a row of their own count.
            found = [span for span in found if span.legal or span.heads or span.body is not None]
        if context.field_keys[index] in _PLACE_FIELDS:
            # The value names a venue: a body's name in it counts if it stands elsewhere too.
            found = [span for span in found if span.legal or span.body is not None]
        spans.extend(found)
    spans.extend(_short_subjects(context))
    return group(context, choose(context, spans, taken, programmes, ordered), context.language)


def _short_subjects(context: Context) -> list[Span]:
    """A short form in capitals that opens a sentence about an event or a role: "EUROCITIES helped ... to organise"."""
    found: list[Span] = []
    for sentence in context.sentences:
        text = context.text(sentence.start, sentence.end)
        match = _SUBJECT.match(text)
        if match is None or not match["name"].isupper() or not sentence.with_tag("roles.", "events."):
            continue
        behind = text[match.end() :].split()
        if len(behind) < 4 or sum(word.isupper() for word in behind[:4]) > 1:
            continue
        start = sentence.start + match.start("name")
        found.append(Span(start, start + len(match["name"]), "short form as subject", 0.55))
    return found
