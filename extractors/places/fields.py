"""Where the values of fields for places stand: labelled values, table columns and 'Label: value' lines. It reads no value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from extractors.lexicon import field_of
from extractors.places.words import SENTENCE_INSIDE
from schemas import Block, BlockKind

_PLACE_FIELDS = frozenset(["place", "venue", "country"])
_FIELD_LINE = re.compile(r"(?:^[ \t>*•–-]{0,6}|(?<=[.!?;] ))([^\n:.!?;]{2,40}?)[ \t]?:[ \t]+(\S[^\n]{0,300})$", re.MULTILINE)
_NEW_SENTENCE = re.compile(r"[^\W\d_]{3,}\.[ \u00a0]+[^\W\d_]+ (?=[^\W\d_])(?P<second>[^\W\d_]+)")
_BARRED_LINE = re.compile(r"^[^\n|]{1,200}(?:\|[^\n|]{0,200}){1,12}$", re.MULTILINE)
_BARRED_CELL = re.compile(r"[^|\n]+")


def field_values(text: str, language: str, blocks: Sequence[Block] = ()) -> Iterator[tuple[int, int]]:
    """Character ranges of values of fields labelled as place, venue, address, city or country.

    They come from the blocks of kind field, from rows of two table cells, from table columns under such a heading,
    and from 'Label: value' lines elsewhere.
    """
    given: set[tuple[int, int]] = set()
    columns: list[str | None] = []
    for block in blocks:
        label, value = block.label, block.value
        if block.kind != BlockKind.TABLE_ROW:
            columns = []
        elif len(block.cells) > 1:
            keys = [field_of(text[cell.start : cell.end], language) for cell in block.cells]
            if sum(key is not None for key in keys) > 1:
                columns = keys
            elif len(columns) == len(block.cells):
                given.update((cell.start, cell.end) for cell, key in zip(block.cells, columns, strict=True) if key in _PLACE_FIELDS)
            elif len(block.cells) == 2:
                label, value = block.cells
        if label is not None and value is not None and field_of(text[label.start : label.end], language) in _PLACE_FIELDS:
            given.add((value.start, _one_sentence_value(text, value.start, value.end)))
    given.update(_columns_of_lines(text, language))
    seen = sorted(given)
    for match in _FIELD_LINE.finditer(text):
        start, end = match.span(2)
        end = _one_sentence_value(text, start, end)
        at = bisect_right(seen, (start, end))
        free = (at == 0 or seen[at - 1][1] <= start) and (at == len(seen) or end <= seen[at][0])
        if free and field_of(match[1], language) in _PLACE_FIELDS:
            given.add((start, end))
    yield from sorted(given)


def _columns_of_lines(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The place columns of tables drawn with bars: 'Date | Town | Venue' above '14 April | Ioannina | ...'."""
    columns: list[str | None] = []
    for line in _BARRED_LINE.finditer(text):
        cells = [(cell.start(), cell.end()) for cell in _BARRED_CELL.finditer(text, line.start(), line.end())]
        keys = [field_of(text[start:end].strip(), language) for start, end in cells]
        if sum(key is not None for key in keys) > 1:
            columns, last = keys, line.end()
        elif columns and len(cells) == len(columns) and not text[last : line.start()].strip(" \n"):
            last = line.end()
            for (start, end), key in zip(cells, columns, strict=True):
                if key in _PLACE_FIELDS and text[start:end].strip():
                    inside = text[start:end]
                    yield start + len(inside) - len(inside.lstrip()), end - (len(inside) - len(inside.rstrip()))
        else:
            columns = []


def _one_sentence_value(text: str, start: int, end: int) -> int:
    """The end of a field's value: where prose follows it on the same line, the value ends with its sentence."""
    for sentence in _NEW_SENTENCE.finditer(text, start, end):
        if sentence["second"].islower():
            return text.index(".", sentence.start())
    for sentence in SENTENCE_INSIDE.finditer(text, start, end):
        if sentence[0] != "\n" and len(text[sentence.end() : end].split()) >= 3 and text[sentence.end()].isupper():
            return sentence.start()
    return end
