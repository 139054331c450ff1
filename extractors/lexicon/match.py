"""Finding lexicon patterns in a text: one pass over its words for all patterns at once, in linear time."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# U+02BC is a letter to Unicode and an apostrophe to the languages that write it: a mark here, like every other apostrophe.
_TOKEN = re.compile(r"\d+|[^\W\d_\u02bc]+(?:[\u0300-\u036f]+[^\W\d_\u02bc]*)*|[^\w\s]|[_\u02bc]")
_PATTERN_TOKEN = re.compile(r"\*?[^\W\d_]+\*?|\*?\d+\*?|\*|[^\w\s]|_")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'", "´": "'", "‑": "-", "‐": "-"})
_LONGEST_AFFIX = 24


def fold(word: str) -> str:
    """Lower-case form used for matching: case folded, apostrophes and hyphens made plain, Turkish dotted I kept apart."""
    return unicodedata.normalize("NFC", word.replace("İ", "i").translate(_APOSTROPHES).lower())


@dataclass(frozen=True, slots=True)
class Words:
    """The words and marks of a text: folded forms with their character offsets."""

    text: str
    forms: list[str]
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> Words:
        """Cut `text` into words, numbers and single marks."""
        forms: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in _TOKEN.finditer(text):
            forms.append(fold(match[0]))
            starts.append(match.start())
            ends.append(match.end())
        return cls(text, forms, starts, ends)

    def __len__(self) -> int:
        return len(self.forms)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Indices ``[i, j)`` of the words that lie wholly inside the characters ``[start, end)``."""
        return bisect_left(self.starts, start), bisect_right(self.ends, end)


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern found: its tag, its characters ``[start, end)`` and its words ``[first, last)``."""

    tag: str
    start: int
    end: int
    first: int
    last: int
    pattern: str


class Matcher:
    """All patterns of a set of tags, compiled once; `find` runs them over a text's words together."""

    def __init__(self, patterns: Mapping[str, Iterable[str]]) -> None:
        self._exact: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        self._prefix: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        self._suffix: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        self._infix: list[tuple[str, tuple[str, ...], str, str]] = []
        self._any: list[tuple[tuple[str, ...], str, str]] = []
        for tag, items in patterns.items():
            for pattern in items:
                self._add(tag, pattern)
        for table in (self._exact, self._prefix, self._suffix):
            for entries in table.values():
                entries.sort(key=lambda entry: -len(entry[0]))
        self._prefix_lengths = sorted({len(key) for key in self._prefix}, reverse=True)
        self._suffix_lengths = sorted({len(key) for key in self._suffix}, reverse=True)

    def _add(self, tag: str, pattern: str) -> None:
        parts = tuple(_PATTERN_TOKEN.findall(fold(pattern)))
        if not parts:
            return
        head, rest = parts[0], parts[1:]
        entry = (rest, tag, pattern)
        if head == "*":
            self._any.append(entry)
        elif head.startswith("*") and head.endswith("*"):
            self._infix.append((head.strip("*"), *entry))
        elif head.endswith("*"):
            self._prefix[head[:-1]].append(entry)
        elif head.startswith("*"):
            self._suffix[head[1:]].append(entry)
        else:
            self._exact[head].append(entry)

    def _candidates(self, word: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
        yield from self._exact.get(word, ())
        size = len(word)
        for length in self._prefix_lengths:
            if length <= size:
                yield from self._prefix.get(word[:length], ())
        for length in self._suffix_lengths:
            if length <= size:
                yield from self._suffix.get(word[-length:], ())
        if size > 1:
            for part, *entry in self._infix:
                if part in word:
                    yield entry[0], entry[1], entry[2]  # type: ignore[misc]
        yield from self._any

    def find(self, words: Words, first: int = 0, last: int | None = None) -> list[Cue]:
        """Every match, at most the longest one per tag and starting word, in order of their start."""
        found: list[Cue] = []
        stop = len(words) if last is None else last
        forms = words.forms
        for index in range(first, stop):
            best: dict[str, tuple[int, str]] = {}
            for rest, tag, pattern in self._candidates(forms[index]):
                size = len(rest) + 1
                if index + size > stop or (tag in best and best[tag][0] >= size):
                    continue
                if all(_matches(part, forms[index + 1 + offset]) for offset, part in enumerate(rest)):
                    best[tag] = (size, pattern)
            for tag, (size, pattern) in best.items():
                end = index + size
                found.append(Cue(tag, words.starts[index], words.ends[end - 1], index, end, pattern))
        return found


def _matches(part: str, word: str) -> bool:
    if part == word:
        return True
    if "*" not in part:
        return False
    if part == "*":
        return word.isalpha()
    if part.startswith("*") and part.endswith("*"):
        return part[1:-1] in word
    if part.endswith("*"):
        return word.startswith(part[:-1])
    return part.startswith("*") and word.endswith(part[1:])
