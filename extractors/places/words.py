"""The words of a text with their offsets, and ranges of characters that can be asked what they meet. It knows no language."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractors.places.gazetteer import fold_name

LONGEST_TEXT = 400_000
"""Characters of a text that are read."""
SENTENCE_INSIDE = re.compile(r"(?<=[^\W\d_]{4})\.[ \u00a0]+(?=[^\W\d_])|\n")
"""Where a sentence ends inside a stretch of text."""
_WORD = re.compile(r"\d+|[^\W\d_]+(?:[\u0300-\u036f·][^\W\d_]*)*")
_MASK = re.compile(r"\S{1,80}@\S{1,80}|https?://\S{1,300}|www\.\S{1,200}|#\w{1,60}|\b[\w-]{2,40}\.[a-z]{2,6}(?:/\S{0,200})?(?=[\s,;)]|$)")
_PLAIN_DATE = re.compile(r"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:(?:20)?\d\d)?(?![\d.])")
_CLITIC = re.compile(r"['’]([^\W\d_]{1,5})$")


@dataclass(slots=True)
class Word:
    """A word or number of the text with its folded form."""

    text: str
    start: int
    end: int
    key: str
    capital: bool
    masked: bool = False


class Spans:
    """Character ranges of a text, asked which of them meet another range. They may overlap one another."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted({(start, end) for start, end in spans if start < end})
        self._starts = [start for start, _ in self._spans]
        self._longest = max((end - start for start, end in self._spans), default=0)
        self._all = frozenset(self._spans)

    def __bool__(self) -> bool:
        return bool(self._spans)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._spans)

    def over(self, start: int, end: int) -> list[tuple[int, int]]:
        """Those that share a character with ``[start, end)``."""
        low = bisect_left(self._starts, start - self._longest)
        high = bisect_left(self._starts, end)
        return [span for span in self._spans[low:high] if span[1] > start]

    def overlaps(self, start: int, end: int) -> bool:
        """True when one of them shares a character with ``[start, end)``."""
        return bool(self._spans) and bool(self.over(start, end))

    def holds(self, start: int, end: int) -> bool:
        """True when one of them is exactly ``[start, end)``."""
        return (start, end) in self._all


def one_sentence(text: str, spans: Iterable[tuple[int, int]], clitics: frozenset[str] = frozenset()) -> Iterator[tuple[int, int]]:
    """`spans` cut where a sentence ends in them: no name goes on behind one. `clitics` behind an apostrophe go too."""
    for start, stop in spans:
        match = SENTENCE_INSIDE.search(text, start, stop)
        end = min(match.start() if match else stop, len(text))
        while end > start and text[end - 1] in " .,;:":
            end -= 1
        if clitics and (tail := _CLITIC.search(text, start, end)) and tail.end() == end and fold_name(tail[1]) in clitics:
            end = tail.start()
        yield start, end


def with_plain_dates(text: str, dates: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """`dates` and the days written as figures that stand outside of them ("20.4."): parts of a line beside which places stand."""
    known = Spans(dates)
    plain = (match.span() for match in _PLAIN_DATE.finditer(text))
    return [*known, *(span for span in plain if not known.overlaps(*span))]


def words_of(text: str, dates: Iterable[tuple[int, int]] = ()) -> list[Word]:
    """The words and numbers of `text`; those inside addresses of the net and inside `dates` are masked."""
    masks = sorted([*(match.span() for match in _MASK.finditer(text)), *dates])
    words: list[Word] = []
    at = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while at < len(masks) and masks[at][1] <= start:
            at += 1
        piece = match[0]
        capital = piece[0].isupper() or (len(piece) > 2 and (piece[1].isupper() or piece[2].isupper()) and piece[0].islower())
        words.append(Word(piece, start, end, fold_name(piece), capital, at < len(masks) and masks[at][0] <= start))
    return words
