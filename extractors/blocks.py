"""What each stretch of a plain text is: title, heading, paragraph, list item, field, table row.

Shape decides; words only help, through the `labels` function a caller passes in. No word of any language lives here,
and nothing is read out of a block: dates, places and names are found elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from extractors.fields import (
    SHORT_LINE,
    Labels,
    as_field,
    continues_address,
    fields_of_line,
    fits,
    has_many_lines,
    label_alone,
    split_field,
)
from extractors.pieces import Piece, Range, clean
from schemas import BlockKind

MAX_LINES: Final = 200_000
"""A text with more lines than this (empty ones aside) is no document; see `TooManyLinesError`."""
TITLE_MAX: Final = 200
HEADING_MAX: Final = 90

_BULLET = re.compile(r"(?:[-–—•*·●○▪▫■□‣◦➢➤►✓✔→⇒](?:\s+|$)|[-–•·●▪■‣◦](?=[^\W\d_])|\(?[a-zA-Z]\)\s+|\(\d{1,2}\)\s+|\d{1,2}\)\s+)")
_NUMBERED = re.compile(r"(\d{1,2})\.\s+(?=\S)")
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")
_RULE_LINE = re.compile(r"[-=_*~#.•·—–\s]+")
_CONTACT = re.compile(r"@|https?:|www\.|(?:\d[\s()/.-]{0,2}){6}")
_SENTENCE_END: Final = (".", "!", "?", "…", ":", ";", ",", "。")
_WORD = re.compile(r"[^\W\d_]+")


class TooManyLinesError(ValueError):
    """A text has more lines than `MAX_LINES`."""


@dataclass(slots=True)
class _Line:
    text: str
    indent: int
    blank_before: bool
    marker: bool = False
    number: int = 0
    hashes: int = 0
    underlined: bool = False
    cells: list[Range] = field(default_factory=list)

    @property
    def plain(self) -> bool:
        return not (self.marker or self.cells)

    @property
    def ended(self) -> bool:
        return self.text.endswith(_SENTENCE_END)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    blank = False
    for raw in clean(text).split("\n"):
        content = raw.strip()
        if not content:
            blank = True
            continue
        if len(lines) >= MAX_LINES:
            raise TooManyLinesError
        if _RULE_LINE.fullmatch(content):
            # a line of dashes below a line of text underlines it; any other one only separates
            if len(content) >= 3 and lines and not blank and content[0] in "=-" and len(lines[-1].text) <= HEADING_MAX:
                lines[-1].underlined = True
            blank = True
            continue
        indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
        line = _Line("", indent, blank or not lines)
        blank = False
        hashes = _HASHES.match(content)
        bullet = None if hashes else _BULLET.match(content)
        number = None if hashes else _NUMBERED.match(content)
        if hashes:
            line.hashes = len(hashes[1])
            content = content[hashes.end() :]
        elif bullet and bullet.end() < len(content):
            line.marker = True
            content = content[bullet.end() :]
        elif number:
            line.number = int(number[1])
        line.text, line.cells = _cells(content)
        lines.append(line)
    _keep_rows(lines)
    _number_lists(lines)
    return lines


def _cells(content: str) -> tuple[str, list[Range]]:
    if "\t" not in content:
        return " ".join(content.split()), []
    parts = [" ".join(part.split()) for part in content.split("\t")]
    parts = [part for part in parts if part]
    ranges, position = [], 0
    for part in parts:
        ranges.append((position, position + len(part)))
        position += len(part) + 1
    return "\t".join(parts), ranges if len(ranges) > 1 else []


def _keep_rows(lines: list[_Line]) -> None:
    """Tab-separated lines are rows only in company of the same width; a single one is a line with gaps."""
    for index, line in enumerate(lines):
        if not line.cells:
            continue
        neighbours = lines[max(index - 1, 0) : index] + lines[index + 1 : index + 2]
        if not any(neighbour.text.count("\t") == line.text.count("\t") for neighbour in neighbours):
            line.cells = []
    for line in lines:
        if not line.cells and line.text.count("\t") != 1:
            line.text = line.text.replace("\t", " ")


def _number_lists(lines: list[_Line]) -> None:
    """``1. 2. 3.`` in front of lines count as markers only when they count up and are not days before one month's name."""
    runs: list[list[_Line]] = []
    for line in lines:
        if line.number and runs and runs[-1][-1].number == line.number - 1:
            runs[-1].append(line)
        elif line.number == 1:
            runs.append([line])
    for run in runs:
        followers = {line.text.split(" ", 2)[1].casefold() for line in run}
        if len(run) < 2 or len(followers) < len(run):
            continue
        for line in run:
            line.marker = True
            line.text = line.text.split(" ", 1)[1]


def _wraps(first: _Line, second: _Line, width: int) -> bool:
    """True when the first word of `second` would not have fitted on `first`: the break is the margin's, not the author's."""
    return len(first.text) + first.indent + 1 + len(second.text.split(" ", 1)[0]) > width


def _joins(lines: list[_Line], labels: Labels) -> list[list[_Line]]:
    """Lines joined to paragraphs where a hard margin broke them; every other line stays alone."""
    groups: list[list[_Line]] = []
    index = 0
    while index < len(lines):
        end = index + 1
        while end < len(lines) and not lines[end].blank_before and lines[end].plain and not lines[end].hashes and not lines[end - 1].cells:
            end += 1
        groups.extend(_join_chunk(lines[index:end], labels))
        index = end
    return groups


def _join_chunk(chunk: list[_Line], labels: Labels) -> list[list[_Line]]:
    if len(chunk) == 1:
        return [chunk]
    width = max(len(line.text) + line.indent for line in chunk)
    pairs = list(pairwise(chunk))
    full = [_wraps(first, second, width - 3) for first, second in pairs]
    # a paragraph may end anywhere with a full stop; only the other breaks have to be the margin's
    open_ends = [wrapped for wrapped, (first, _) in zip(full, pairs, strict=True) if wrapped or not first.ended]
    margin = (
        45 <= width <= 120
        and len(chunk) >= 3
        and any(not first.ended for first, _ in pairs)
        and sum(open_ends) >= 0.8 * len(open_ends)
        and sum(full) >= 2
    )
    groups = [[chunk[0]]]
    for (first, second), wrapped in zip(pairs, full, strict=True):
        lower = second.text[0].islower() and len(first.text) >= 45 and len(first.text) <= 120 and not first.text.endswith(".")
        inside_item = groups[-1][0].marker and second.indent > groups[-1][0].indent and not first.text.endswith((".", ";"))
        joined = (margin and wrapped) or (lower and width <= 120) or (inside_item and (second.text[0].islower() or wrapped))
        if joined and not first.underlined and not (split_field(second.text, labels) and not second.text[0].islower()):
            groups[-1].append(second)
        else:
            groups.append([second])
    return groups


def _is_title(line: _Line, labels: Labels) -> bool:
    text = line.text
    if not line.plain or not 0 < len(text) <= TITLE_MAX or text.endswith((".", ":", ";", ",")) or _CONTACT.search(text):
        return False
    digits = sum(map(str.isdigit, text))
    if digits * 3 > len(text) or len(_WORD.findall(text)) == 0:
        return False
    return split_field(text, labels) is None


def _is_kicker(line: _Line, below: _Line | None) -> bool:
    """True for the word or two in capitals that some pages set above their headline."""
    return (
        below is not None
        and line.text.isupper()
        and len(line.text.split()) <= 2
        and below.plain
        and len(below.text.split()) >= 4
        and len(below.text) <= TITLE_MAX
        and not below.ended
    )


def analyse(text: str, labels: Labels) -> list[Piece]:
    """The pieces of a plain text, in order."""
    groups = _joins(_lines(text), labels)
    pieces: list[Piece] = []
    titled = False
    heads = [group[0] for group in groups]
    indents: list[int] = []
    index = 0
    while index < len(groups):
        group = groups[index]
        line = group[0]
        content = " ".join(part.text for part in group)
        gap = "\n\n" if line.blank_before else "\n"
        following = heads[index + 1] if index + 1 < len(groups) else None
        index += 1
        piece = Piece(content, gap=gap)
        if line.cells:
            pieces.extend(_row(piece, line, labels))
            continue
        if line.marker:
            while indents and line.indent < indents[-1]:
                indents.pop()
            if not indents or line.indent > indents[-1]:
                indents.append(line.indent)
            found = split_field(content, labels)
            if found is not None and found[2] is not None and found[1][0] < found[1][1]:
                pieces.append(as_field(piece, found[0], found[1]))
            else:
                piece.text = content.replace("\t", " ")
                piece.kind, piece.level = BlockKind.LIST_ITEM, len(indents)
                pieces.append(piece)
            continue
        indents.clear()
        if pieces and (len(pieces[-1].text) > SHORT_LINE or pieces[-1].kind is BlockKind.LIST_ITEM):
            titled = True  # what follows prose or a list is no title of the page any more
        if not titled and len(group) == 1 and len(pieces) < 3 and (line.hashes or line.underlined or _is_title(line, labels)):
            if _is_kicker(line, following) and not line.hashes and not line.underlined:
                pieces.append(piece)
                continue
            alone = label_alone(content, labels)
            if alone is None or following is None or not fits(alone, following.text, labels):
                titled = True
                piece.text = content.replace("\t", " ")
                piece.kind = BlockKind.TITLE
                pieces.append(piece)
                continue
        key = label_alone(content, labels) if len(group) == 1 else None
        if key is not None and following is not None and following.plain and not has_many_lines(key) and fits(key, following.text, labels):
            value = " ".join(part.text for part in groups[index])
            index += 1
            while (
                index < len(groups) and not heads[index].blank_before and heads[index].plain and continues_address(key, heads[index].text)
            ):
                value += "\n" + " ".join(part.text for part in groups[index])
                index += 1
            label = content.rstrip(" :")
            start = len(content) + 1
            pieces.append(as_field(Piece(f"{content}\n{value}", gap=gap), (0, len(label)), (start, start + len(value))))
            continue
        if key is not None and has_many_lines(key) and following is not None and following.plain:
            piece.kind = BlockKind.HEADING
            pieces.append(piece)
            continue
        fields = fields_of_line(piece, labels)
        if fields:
            pieces.extend(fields)
            continue
        piece.text = content.replace("\t", " ")  # a tab that sets no label apart is a gap
        if len(group) == 1 and _is_heading(line, heads[index - 2] if index > 1 else None, following, groups[index] if following else []):
            piece.kind, piece.level = BlockKind.HEADING, line.hashes or None
        pieces.append(piece)
    return pieces


def _row(piece: Piece, line: _Line, labels: Labels) -> list[Piece]:
    label, value = line.text[slice(*line.cells[0])], line.cells[1]
    if len(line.cells) == 2 and label_alone(label, labels):
        return [as_field(piece, (0, len(label.rstrip(" :"))), value)]
    piece.kind, piece.cells = BlockKind.TABLE_ROW, line.cells
    return [piece]


def _is_heading(line: _Line, above: _Line | None, below: _Line | None, below_group: list[_Line]) -> bool:
    text = line.text
    if line.hashes or line.underlined:
        return True
    if below is None or len(text) > HEADING_MAX or text.endswith((".", ",", ";", ":")) or _CONTACT.search(text):
        return False
    first = next((character for character in text if character.isalnum()), "")
    if not first or sum(map(str.isdigit, text)) * 3 > len(text):
        return False
    if first.islower() and not (line.blank_before and below.blank_before and text != text.lower()):
        return False
    if text.endswith("?"):
        return True
    if above is not None and not line.blank_before and above.plain and len(above.text) < 40 and not above.ended:
        return False
    long_below = len(below.text) > SHORT_LINE or len(below_group) > 1 or (below.ended and len(below.text) >= 40)
    return below.marker or long_below
