"""A document laid out for reading: sentences with their cues, sections under their headings. Decides nothing."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.dates import sentence_bounds
from extractors.lexicon import Cue, Words, cue_matcher, field_of
from schemas import Block, BlockKind, Document

DATE_LINE_WORDS = 14
"""Words up to which a paragraph can be the date line of a teaser."""
_BADGE_WORDS = 10
_LINE_LENGTH = 240
"""Characters a date line may have."""
_LINES = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING})
_TEASER_LEVEL = 6
_ENTRY_REST = re.compile(r"\s*[)\]]?\s*(?:[|–—:·•]|-\s|\t)\s*(?P<name>[^\n|]+)")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence, or the whole of a heading, list item, field value or table row; cues carry document offsets."""

    start: int
    end: int
    block: int
    cues: list[Cue]
    _nouns: list[Cue] | None = None

    def with_tag(self, *prefixes: str) -> list[Cue]:
        """The cues whose tag starts with one of `prefixes`, in order."""
        return [cue for cue in self.cues if cue.tag.startswith(prefixes)]

    @property
    def nouns(self) -> list[Cue]:
        """The event nouns, in order; of two on the same words the longer one."""
        if self._nouns is None:
            nouns = _longest([cue for cue in self.cues if cue.tag.startswith("events.")])
            # "by video conference" says how one attends, not what is attended.
            ways = [cue for cue in self.cues if cue.tag == "cues.online"]
            self._nouns = [
                noun for noun in nouns if noun.tag == "events.webinar" or not any(w.start <= noun.start and noun.end <= w.end for w in ways)
            ]
        return self._nouns


@dataclass(slots=True)
class Section:
    """A heading and the blocks below it up to the next heading; `parent` is the section of the heading above in rank."""

    heading: int | None
    blocks: list[int] = field(default_factory=list)
    parent: int | None = None
    level: int = 0


@dataclass(slots=True)
class Context:
    """All the readers of events look at."""

    document: Document
    language: str
    sentences: list[Sentence]
    sections: list[Section]
    section_of: list[int]
    field_keys: list[str | None]
    by_block: list[list[Sentence]]
    teasers: frozenset[int] = frozenset()
    """Blocks that are no headings by their markup but stand over a date line of their own, as in listings."""
    entry_lines: frozenset[int] = frozenset()
    """Lines that open with a date and go on with a name ("6 May 2026 | Contract law"), where a page has at least two."""
    leads: list[int | None] = field(default_factory=list)
    """For each block the last one before it that is neither a list item nor a table row."""
    dated_blocks: frozenset[int] = frozenset()
    """Blocks that hold a date phrase."""
    entries: int = 0
    """Sections under a heading of their own that hold an event noun and a date: the entries of a newsletter."""
    dated: Sequence[tuple[int, int]] = ()
    """The spans of the date phrases, in order."""
    _starts: list[int] = field(default_factory=list)
    _sentence_starts: list[int] = field(default_factory=list)
    _lower: frozenset[str] | None = None

    def text(self, start: int, end: int) -> str:
        """The canonical text ``[start, end)``."""
        return self.document.text[start:end]

    @property
    def lower_words(self) -> frozenset[str]:
        """The words the document writes without a capital."""
        if self._lower is None:
            self._lower = frozenset(word for word in _WORD.findall(self.document.text) if word.islower())
        return self._lower

    def dates_of(self, block: int) -> list[tuple[int, int]]:
        """The date phrases of a block."""
        return _between(self.dated, self.document.blocks[block])

    def block_at(self, offset: int) -> int | None:
        """The index of the block that holds `offset`, or None."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self.document.blocks[index].end:
            return None
        return index

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds `offset`, or None."""
        index = bisect_right(self._sentence_starts, offset) - 1
        if index < 0:
            return None
        sentence = self.sentences[index]
        return sentence if offset < max(sentence.end, sentence.start + 1) else None

    def heading_of(self, block: int) -> Block | None:
        """The heading above a block, or None."""
        heading = self.sections[self.section_of[block]].heading
        return None if heading is None else self.document.blocks[heading]

    def heading_index(self, block: int) -> int | None:
        """The index of the heading above a block, or None."""
        return self.sections[self.section_of[block]].heading

    @property
    def title_index(self) -> int | None:
        """The index of the page's title block; without one, of a first line that could be it; else None."""
        title = next((index for index, block in enumerate(self.document.blocks) if block.kind is BlockKind.TITLE), None)
        if title is None and self.document.blocks:
            first = self.document.blocks[0]
            free_field = first.kind is BlockKind.FIELD and self.field_keys[0] in {None, "event_title"}
            if free_field or (
                first.kind in {BlockKind.PARAGRAPH, BlockKind.HEADING}
                and 0 not in self.teasers
                and _short(self.text(first.start, first.end))
            ):
                return 0
        return title


def _short(text: str) -> bool:
    """A line that can head something: up to 18 words and no full stop at its end."""
    return 0 < len(text.split()) <= 18 and not text.rstrip().endswith((".", ";", ","))


def is_date_line(text: str, start: int, spans: Sequence[tuple[int, int]]) -> bool:
    """A short line that is to a third or more a date, where `start` is its offset and `spans` are date phrases."""
    end = start + len(text)
    if len(text) > _LINE_LENGTH:
        return False
    words = len(text.split())
    if words > DATE_LINE_WORDS or (text.rstrip().endswith((".", "!", "?")) and words > 8):
        return False
    dated = sum(min(high, end) - max(low, start) for low, high in spans if low < end and high > start)
    return dated > 0 and dated >= 0.3 * len(text.strip())


def _longest(cues: list[Cue]) -> list[Cue]:
    """Of cues that overlap the longest, of equals the first and the one with the longer pattern; in order."""
    kept: list[Cue] = []
    ends: list[int] = []
    for cue in sorted(cues, key=lambda cue: (cue.start - cue.end, cue.start, -len(cue.pattern.strip("*")), cue.tag)):
        at = bisect_right(ends, cue.start)
        if at == len(kept) or cue.end <= kept[at].start:
            kept.insert(at, cue)
            ends.insert(at, cue.end)
    return kept


def build(document: Document, language: str, dated: Sequence[tuple[int, int]] = ()) -> Context:
    """Lay out `document`, whose main language is `language` (BCP 47); `dated` are the spans of its date phrases, in order."""
    text = document.text
    sentences: list[Sentence] = []
    by_block: list[list[Sentence]] = []
    field_keys: list[str | None] = []
    for index, block in enumerate(document.blocks):
        block_language = block.language or language
        key = field_of(text[block.label.start : block.label.end], block_language) if block.label else None
        if key is None and block.label is not None:
            label = cue_matcher(block_language).find(Words.of(text[block.label.start : block.label.end]))
            key = "date" if any(cue.tag == "cues.postponed" for cue in label) else None
        field_keys.append(key)
        start, end = block.start, block.end
        cues = _cues(text, start, end, block_language)
        mine: list[Sentence] = []
        if block.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
            bounds = sentence_bounds(text[start:end], block_language)
        else:
            bounds = [0, end - start]
        for low, high in itertools.pairwise(bounds):
            if high > low:
                inside = [cue for cue in cues if start + low <= cue.start < start + high]
                mine.append(Sentence(start + low, start + high, index, inside))
        by_block.append(mine)
        sentences.extend(mine)
    lines = {
        index
        for index, block in enumerate(document.blocks)
        if is_date_line(text[block.start : block.end], block.start, _between(dated, block))
    }
    entry_lines = _entry_lines(document, dated)
    teasers = _teasers(document, field_keys, lines - entry_lines, dated) | _entry_fields(document, field_keys, by_block) | entry_lines
    teasers |= _numbered_heads(document)
    sections, section_of = _sections(document, teasers, lines - entry_lines)
    starts = [block.start for block in document.blocks]
    dated_blocks = frozenset(index for index, block in enumerate(document.blocks) if _between(dated, block))
    entries = sum(
        1
        for section in sections
        if section.heading is not None
        and any(_between(dated, document.blocks[index]) for index in section.blocks)
        and any(sentence.nouns for index in section.blocks for sentence in by_block[index])
    )
    return Context(
        document,
        language,
        sentences,
        sections,
        section_of,
        field_keys,
        by_block,
        teasers=teasers,
        entry_lines=entry_lines,
        leads=_leads(document),
        dated_blocks=dated_blocks,
        entries=entries,
        dated=dated,
        _starts=starts,
        _sentence_starts=[sentence.start for sentence in sentences],
    )


def _leads(document: Document) -> list[int | None]:
    leads: list[int | None] = []
    last: int | None = None
    for index, block in enumerate(document.blocks):
        leads.append(last)
        if block.kind not in {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}:
            last = index
    return leads


def _between(spans: Sequence[tuple[int, int]], block: Block) -> list[tuple[int, int]]:
    return list(spans[bisect_left(spans, (block.start, -1)) : bisect_left(spans, (block.end, -1))])


def _teasers(document: Document, field_keys: Sequence[str | None], lines: set[int], dated: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Short lines right above a date line, a block that opens with a date or a field for the date, where a page has at least two."""
    found = set()
    for index, block in enumerate(document.blocks):
        if index == 0:
            continue
        first = next(iter(_between(dated, block)), None)
        opens = first is not None and block.kind in _LINES and len(document.text[block.start : first[0]].split()) <= 1
        asked = block.kind is BlockKind.FIELD and field_keys[index] in {"date", "start"} and first is not None
        if not (opens or asked or (index in lines and block.kind in _LINES)):
            continue
        above = index - 1
        while asked and above > 0 and document.blocks[above].kind is BlockKind.FIELD and field_keys[above] is not None:
            above -= 1
        head = document.blocks[above]
        plain = head.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} or (head.kind is BlockKind.FIELD and field_keys[above] is None)
        if plain and above not in lines and not _between(dated, head) and _short(document.text[head.start : head.end]):
            found.add(above)
    return frozenset(found) if len(found) >= 2 else frozenset()


def _cues(text: str, start: int, end: int, language: str) -> list[Cue]:
    found = cue_matcher(language).find(Words.of(text[start:end]))
    return [Cue(cue.tag, cue.start + start, cue.end + start, cue.first, cue.last, cue.pattern) for cue in found]


def _entry_lines(document: Document, dated: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Short blocks of the form DATE | NAME, not below a heading of their own; none where a page has fewer than two."""
    found = set()
    for index, block in enumerate(document.blocks):
        if block.kind not in {BlockKind.HEADING, BlockKind.PARAGRAPH} or block.end - block.start > 140:
            continue
        first = next(iter(_between(dated, block)), None)
        if first is None or document.text[block.start : first[0]].strip(" ([*•–-"):
            continue
        rest = _ENTRY_REST.match(document.text[first[1] : block.end])
        above = document.blocks[index - 1] if index else None
        headed = (
            above is not None and above.kind is BlockKind.HEADING and not _between(dated, above) and block.kind is not BlockKind.HEADING
        )
        if rest is not None and len(rest["name"].split()) >= 3 and not headed:
            found.add(index)
    return frozenset(found) if len(found) >= 2 else frozenset()


def _numbered_heads(document: Document) -> frozenset[int]:
    """Single short items, each right above a paragraph of its own ("2. Market event"): numbered headings, where there are at least two."""
    blocks = document.blocks
    found = set()
    for index, block in enumerate(blocks[:-1]):
        if block.kind is not BlockKind.LIST_ITEM or blocks[index + 1].kind is not BlockKind.PARAGRAPH:
            continue
        alone = index == 0 or blocks[index - 1].kind is not BlockKind.LIST_ITEM
        text = document.text[block.start : block.end]
        below = document.text[blocks[index + 1].start : blocks[index + 1].end]
        if alone and len(text.split()) <= 8 and _short(text) and len(below.split()) > 12:
            found.add(index)
    return frozenset(found) if len(found) >= 2 else frozenset()


def _entry_fields(document: Document, field_keys: Sequence[str | None], by_block: Sequence[list[Sentence]]) -> frozenset[int]:
    """Lines such as "Cancelled: Suppliers' meeting" or "Webinar: ESPD" right above a paragraph: headings that look like fields."""
    found = set()
    for index, block in enumerate(document.blocks[:-1]):
        below = document.blocks[index + 1]
        if block.kind is not BlockKind.FIELD or field_keys[index] is not None or below.kind is not BlockKind.PARAGRAPH or index == 0:
            continue
        if len(document.text[below.start : below.end].split()) > 12 and any(
            s.with_tag("events.", "cues.cancelled", "cues.postponed") for s in by_block[index]
        ):
            found.add(index)
    return frozenset(found)


def _sections(document: Document, teasers: frozenset[int], lines: set[int]) -> tuple[list[Section], list[int]]:
    sections = [Section(None)]
    section_of: list[int] = []
    stack: list[int] = [0]
    for index, block in enumerate(document.blocks):
        if (block.kind is BlockKind.HEADING and index not in lines) or index in teasers:
            level = (block.level or 2) if block.kind is BlockKind.HEADING else _TEASER_LEVEL
            while len(stack) > 1 and sections[stack[-1]].level >= level:
                stack.pop()
            sections.append(Section(index, parent=stack[-1], level=level))
            stack.append(len(sections) - 1)
        section_of.append(stack[-1])
        sections[stack[-1]].blocks.append(index)
    _move_badges(sections, section_of, document, teasers, lines)
    return sections, section_of


def _move_badges(sections: list[Section], section_of: list[int], document: Document, teasers: frozenset[int], lines: set[int]) -> None:
    """A date line right above a heading, with no heading right above itself, is that heading's badge."""

    def heads(index: int) -> bool:
        kind = document.blocks[index].kind
        return (kind in {BlockKind.HEADING, BlockKind.TITLE} and index not in lines) or index in teasers

    for index in sorted(lines):
        below = index + 1
        if below >= len(section_of) or not heads(below) or document.blocks[below].kind is BlockKind.TITLE:
            continue
        if index and (heads(index - 1) or index - 1 in lines):
            continue
        words = document.text[document.blocks[index].start : document.blocks[index].end].split()
        if len(words) <= _BADGE_WORDS and section_of[index] != section_of[below]:
            sections[section_of[index]].blocks.remove(index)
            section_of[index] = section_of[below]
            sections[section_of[index]].blocks.insert(0, index)


def gap(start: int, end: int, other_start: int, other_end: int) -> int:
    """Characters between two spans; 0 when they touch or overlap."""
    return max(other_start - end, start - other_end, 0)
