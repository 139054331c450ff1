"""The words of one block with all that is known of each: capitals, gaps, cues, tags of the tables. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.events.context import Context, Sentence
from extractors.lexicon import Words, auxiliaries
from extractors.ner import Entity
from extractors.organisations import tables
from extractors.organisations.short_forms import is_acronym

_BARRED = re.compile(
    r"[^\s@]{0,80}@[^\s@]{1,80}|(?:https?://|www\.)\S{1,200}|\b[\w-]{1,40}(?:\.[\w-]{1,40}){0,3}\.(?:com|org|net|eu|int|info|gov|example|test|[a-z]{2})/\S{0,100}"
)
OPEN_QUOTES = {"„": '“”"', "“": '”"', "«": "»", "»": "«", '"': '"', "‚": "‘’", "”": "”", "‘": "’"}
APOSTROPHES = frozenset({"'", "’"})
SPACES = frozenset({"", " ", "\u00a0", "\u202f"})


class Tagged:
    """One block's words. Indices are those of `words`; offsets given out are the document's."""

    def __init__(
        self,
        context: Context,
        start: int,
        end: int,
        language: str,
        sentences: Sequence[Sentence],
        taken: Sequence[tuple[int, int]],
        entities: Sequence[Entity],
    ) -> None:
        text = context.text(start, end)
        self.offset = start
        self.language = language
        self.words = words = Words.of(text)
        self.forms = words.forms
        self.raws = [text[low:high] for low, high in zip(words.starts, words.ends, strict=True)]
        self.capital = [raw != raw.lower() and raw[0].isalpha() for raw in self.raws]
        self.gaps = [text[high:low] for high, low in zip([0, *words.ends[:-1]], words.starts, strict=True)] if self.raws else []
        self.near = [index > 0 and gap in SPACES for index, gap in enumerate(self.gaps)]
        self.table = tables.language_words(language)
        self.tags: list[dict[str, int]] = [{} for _ in self.raws]
        for cue in tables.matcher(language).find(words):
            self.tags[cue.first][cue.tag] = cue.last
        self.stop = [form in self.table.stops for form in self.forms]
        self.verb = [form in auxiliaries(language) for form in self.forms]
        self.role = [False] * len(self.raws)
        self.event = [False] * len(self.raws)
        self._cues(sentences)
        self.person = [False] * len(self.raws)
        self.seen = [False] * len(self.raws)
        for entity in entities:
            for index in range(*self.within(entity.start, entity.end)):
                self.person[index] = self.person[index] or entity.label == "PER"
                self.seen[index] = self.seen[index] or entity.label in {"ORG", "LOC"}
        self.barred = [False] * len(self.raws)
        for low, high in [*taken, *((match.start() + start, match.end() + start) for match in _BARRED.finditer(text))]:
            if low < end and high > start:
                for index in range(*self._touching(low, high)):
                    self.barred[index] = True

    def __len__(self) -> int:
        return len(self.raws)

    def _cues(self, sentences: Sequence[Sentence]) -> None:
        for sentence in sentences:
            for cue in sentence.cues:
                mark = self.role if cue.tag.startswith("roles.") else self.event if cue.tag.startswith("events.") else None
                if mark is not None:
                    for index in range(*self.within(cue.start, cue.end)):
                        mark[index] = True

    def _touching(self, start: int, end: int) -> tuple[int, int]:
        first, last = self.within(start, end)
        while first > 0 and self.words.ends[first - 1] + self.offset > start:
            first -= 1
        while last < len(self) and self.words.starts[last] + self.offset < end:
            last += 1
        return first, last

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Indices ``[i, j)`` of the words wholly inside the document's characters ``[start, end)``."""
        return self.words.within(max(start - self.offset, 0), max(end - self.offset, 0))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The document's characters of the words ``[first, last)``."""
        return self.words.starts[first] + self.offset, self.words.ends[last - 1] + self.offset

    def has(self, index: int, *wanted: str) -> bool:
        """True when one of the tags starts at a word."""
        return any(tag in self.tags[index] for tag in wanted)

    def head(self, index: int) -> tuple[str, int] | None:
        """The head that starts at a word, strong before weak, with its end; an English one in another language needs a capital."""
        tags = self.tags[index]
        for tag in ("head", "weak"):
            if tag in tags:
                return tag, tags[tag]
        if self.capital[index]:
            if "foreign" in tags:
                return "head", tags["foreign"]
            if "foreign_weak" in tags:
                return "weak", tags["foreign_weak"]
        return None

    def strong(self, index: int) -> bool:
        """True for a sure head."""
        found = self.head(index)
        return found is not None and found[0] == "head"

    def hangs(self, index: int) -> bool:
        """True for a hyphen glued to the word in front of it: "Teknik- og ..."."""
        return 0 < index < len(self) and self.raws[index] == "-" and self.glued(index)

    def heads(self, first: int, last: int) -> list[int]:
        """The words of a span that are heads, strong or weak."""
        return [index for index in range(first, last) if self.head(index) is not None]

    def joiner(self, index: int) -> bool:
        """True for a word for "and"."""
        return self.forms[index] in self.table.joiners

    def glued(self, index: int) -> bool:
        """True when nothing stands between a word and the one in front of it."""
        return index > 0 and self.gaps[index] == ""

    def opens_sentence(self, index: int) -> bool:
        """True where a capital says nothing: first in the block or behind a mark that ends a sentence or opens speech."""
        if index == 0 or not self.near[index]:
            return True
        return self.forms[index - 1] in {".", "!", "?", ":", "•", "–", "—", "*", "…", "|"} | set(OPEN_QUOTES) | {"-"} and not (
            self.forms[index - 1] == "-" and self.glued(index)
        )

    def acronym(self, index: int) -> bool:
        """True for a short form, see `is_acronym`."""
        return is_acronym(self.raws[index])

    def closing(self, index: int, reach: int = 9) -> int | None:
        """The index of the quotation mark that closes the one at `index`, at most `reach` words on."""
        wanted = OPEN_QUOTES.get(self.raws[index])
        if wanted is None:
            return None
        for at in range(index + 1, min(index + 1 + reach, len(self))):
            if self.raws[at] in wanted:
                return at
        return None
