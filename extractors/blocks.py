"""What each stretch of a plain text is: title, heading, paragraph, list item, field, table row; and the canonical text.

Shape decides; words only help, through the `labels` function a caller passes in. No word of any language lives here,
and nothing is read out of a block: dates, places and names are found elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from schemas import Block, BlockKind, Link, Region, Span

Labels = Callable[[str], str | None]
"""Label text (without its colon) to field key such as ``date`` or ``place``; None when it is no known label."""

Range = tuple[int, int]

TITLE_MAX: Final = 200
HEADING_MAX: Final = 90
LABEL_MAX: Final = 40
VALUE_MAX: Final = 400
SHORT_LINE: Final = 80
"""Longest line, in characters, that can be the value of a label on the line above it, or part of a card."""

# Soft hyphen, zero-width and directional characters carry no text; other spaces and line ends become plain ones.
_DROPPED = [0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB]
_SPACES = [0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
_LINE_ENDS = [0x0B, 0x0C, 0x85, 0x2028, 0x2029]
_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in {0x09, 0x0A, 0x0D, *_LINE_ENDS}]
_CLEANING: Final[dict[int, str | None]] = {
    **dict.fromkeys([*_DROPPED, *_CONTROLS]),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_LINE_ENDS, "\n"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # lone surrogates cannot be written as UTF-8
}

_SUSPECT: Final = re.compile("[" + "".join(map(re.escape, map(chr, _CLEANING))) + "]")

_BULLET = re.compile(r"(?:[-–—•*·●○▪▫■□‣◦➢➤►✓✔→⇒](?:\s+|$)|[-–•·●▪■‣◦](?=[^\W\d_])|\(?[a-zA-Z]\)\s+|\(\d{1,2}\)\s+|\d{1,2}\)\s+)")
_NUMBERED = re.compile(r"(\d{1,2})\.\s+(?=\S)")
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")
_RULE_LINE = re.compile(r"[-=_*~#.•·—–\s]+")
_SEPARATORS = re.compile(r"\s*[|•·;\t]\s*")
_LABEL_END = re.compile(r"\s*:(?:\s+|$)")
_KNOWN_LABEL_END = re.compile(r"\s*:\s*|\s+[-–—|]\s+|\t")
_YEAR_INSIDE = re.compile(r"\S\s+(?:19|20)\d\d\b|\d[:.]\d\d\b")
_CONTACT = re.compile(r"@|https?:|www\.|(?:\d[\s()/.-]{0,2}){6}")
_SENTENCE_END: Final = (".", "!", "?", "…", ":", ";", ",", "。")
_WORD = re.compile(r"[^\W\d_]+")

_MANY_LINES: Final = frozenset({"contact", "speakers", "partner"})
_NUMERIC: Final = frozenset({"date", "time", "start", "end", "phone", "published", "updated"})
_ADDRESS: Final = frozenset({"place", "venue"})


@dataclass(slots=True)
class Anchor:
    """A link over ``text[start:end]`` of its piece."""

    url: str
    start: int
    end: int


@dataclass(slots=True)
class Piece:
    """A block before it has its place in the canonical text: all its offsets count from its own beginning.

    `gap` stands between the piece before it and this one: a line end, or a blank line where the page leaves one.
    `bold` are the ranges set in bold, `times` the ranges of ``<time>`` elements with their ``datetime``.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    gap: str = "\n"
    level: int | None = None
    label: Range | None = None
    value: Range | None = None
    cells: list[Range] = field(default_factory=list)
    region: Region = Region.MAIN
    found_by: str = "text"
    anchors: list[Anchor] = field(default_factory=list)
    bold: list[Range] = field(default_factory=list)
    times: list[tuple[int, int, str]] = field(default_factory=list)

    def part(self, start: int, end: int) -> Piece:
        """The piece ``text[start:end]``, with what lies inside it."""

        def cut(ranges: Iterable[Range]) -> list[Range]:
            return [(max(a, start) - start, min(b, end) - start) for a, b in ranges if a < end and b > start]

        return Piece(
            text=self.text[start:end],
            kind=self.kind,
            gap=self.gap,
            level=self.level,
            region=self.region,
            found_by=self.found_by,
            anchors=[Anchor(a.url, max(a.start, start) - start, min(a.end, end) - start) for a in self.anchors if a.start < end and a.end > start],
            bold=cut(self.bold),
            times=[(max(a, start) - start, min(b, end) - start, value) for a, b, value in self.times if a < end and b > start],
        )


def clean(text: str) -> str:
    """NFC, ``\\n`` line ends, plain spaces; without soft hyphens, zero-width, directional and control characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SUSPECT.search(text):
        text = text.translate(_CLEANING)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def assemble(pieces: Iterable[Piece]) -> tuple[str, list[Block], list[Link]]:
    """The canonical text of the pieces, their blocks and their links, with offsets into that text."""
    chunks: list[str] = []
    blocks: list[Block] = []
    links: list[Link] = []
    position = 0
    for piece in pieces:
        text, at = _normalised(piece.text)
        if not text:
            continue
        if chunks:
            chunks.append(piece.gap)
            position += len(piece.gap)
        base = position

        def span(bounds: Range | None, base: int = base, at: Callable[[int], int] = at) -> Span | None:
            return None if bounds is None else Span(start=base + at(bounds[0]), end=base + at(bounds[1]))

        blocks.append(
            Block(
                kind=piece.kind,
                start=base,
                end=base + len(text),
                level=piece.level,
                label=span(piece.label),
                value=span(piece.value),
                cells=[cell for bounds in piece.cells if (cell := span(bounds)) is not None],
                region=piece.region,
                found_by=piece.found_by,
            )
        )
        for anchor in piece.anchors:
            start, end = at(anchor.start), at(anchor.end)
            links.append(Link(url=anchor.url, text=text[start:end], start=base + start, end=base + end))
        chunks.append(text)
        position += len(text)
    return "".join(chunks), blocks, links


def _normalised(text: str) -> tuple[str, Callable[[int], int]]:
    """`text` in NFC, and the way from offsets in `text` to offsets in the result."""
    if unicodedata.is_normalized("NFC", text):
        return text, lambda offset: offset
    normal = unicodedata.normalize("NFC", text)
    return normal, lambda offset: min(len(unicodedata.normalize("NFC", text[:offset])), len(normal))


# ---------------------------------------------------------------- fields


def _plain_label(label: str) -> bool:
    """True when `label` has the shape of a label: a few words, an upper-case start, nothing of a sentence or a date."""
    words = label.split()
    if not words or len(words) > 4 or len(label) > LABEL_MAX or any(character.isdigit() for character in label):
        return False
    first = next((character for character in label if character.isalpha()), "")
    if not first or first.islower() or not (label[0].isalpha() or label[0] in "(¿«„“\"'"):
        return False
    return not any(mark in label.rstrip("?.") for mark in ",;!?…\"") and ". " not in label


def split_field(line: str, labels: Labels, *, bold: int = 0) -> tuple[Range, Range, str | None] | None:
    """Label, value and key when `line` reads ``Label: value``; the value is empty for a label with nothing behind it.

    `bold` is the length of the line's beginning that the page sets apart as a label. A known label may do with a dash,
    a bar or no space; an unknown one needs the shape of a label and a value that is not a sentence of prose.
    """
    if bold and bold <= LABEL_MAX + 1 and line[:bold].strip():
        label = line[:bold].rstrip(" :\t")
        rest = line[bold:]
        colon = line[:bold].rstrip().endswith(":") or rest.lstrip().startswith(":")
        key = labels(label)
        if label and (key or (colon and _plain_label(label))):
            value = rest.lstrip(" :\t–—-|" if key else " :\t")
            start = len(line) - len(value)
            return (0, len(label)), (start, len(line)), key
    for end in _KNOWN_LABEL_END.finditer(line[: LABEL_MAX + 4]):
        label = line[: end.start()]
        key = labels(label) if label and len(label) <= LABEL_MAX else None
        clock = ":" in end[0] and label[-1:].isdigit() and line[end.end() : end.end() + 1].isdigit()
        if key and not clock and not line.startswith("//", end.end()) and len(line) - end.end() <= VALUE_MAX:
            return (0, len(label)), (end.end(), len(line)), key
        if ":" in end[0]:
            break
    match = _LABEL_END.search(line[: LABEL_MAX + 4])
    if match is None or match.end() >= len(line):
        return None
    label, value = line[: match.start()], line[match.end() :]
    if not _plain_label(label) or len(value) > VALUE_MAX // 2 or labels(label):
        return None
    if value.endswith((".", "!", "?", "…")) and value.count(" ") >= 5:
        return None
    return (0, len(label)), (match.end(), len(line)), None


def label_alone(line: str, labels: Labels) -> str | None:
    """The key when a whole line is nothing but a known label, with or without its colon."""
    label = line.rstrip(" :\t")
    return labels(label) if 0 < len(label) <= LABEL_MAX else None


def fits(key: str, value: str, labels: Labels) -> bool:
    """True when a line below a label alone can be its value: short, no label itself, with digits where digits belong."""
    if not value or len(value) > SHORT_LINE or value.endswith(":") or label_alone(value, labels) or _BULLET.match(value):
        return False
    if key in _NUMERIC or key.startswith("deadline"):
        return any(map(str.isdigit, value))
    if key == "email":
        return "@" in value
    return split_field(value, labels) is None


def has_many_lines(key: str) -> bool:
    """True for labels that stand over a list or a card rather than in front of one value."""
    return key in _MANY_LINES


def continues_address(key: str, line: str) -> bool:
    """True when `line` below the value of a place label goes on with its street or town."""
    return (
        key in _ADDRESS
        and 0 < len(line) <= 60
        and any(map(str.isdigit, line))
        and any(map(str.isalpha, line))
        and not _YEAR_INSIDE.search(line)
        and not _CONTACT.search(line)
        and not line.endswith(_SENTENCE_END)
    )


def as_field(piece: Piece, label: Range, value: Range) -> Piece:
    """`piece` made a field."""
    piece.kind, piece.level = BlockKind.FIELD, None
    piece.label, piece.value = label, value
    return piece


# ---------------------------------------------------------------- plain text


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
    pairs = list(zip(chunk, chunk[1:], strict=False))
    full = [_wraps(first, second, width - 3) for first, second in pairs]
    # a paragraph may end anywhere with a full stop; only the other breaks have to be the margin's
    open_ends = [wrapped for wrapped, (first, _) in zip(full, pairs, strict=True) if wrapped or not first.ended]
    margin = 45 <= width <= 120 and len(chunk) >= 3 and len(open_ends) >= 1 and sum(open_ends) >= 0.8 * len(open_ends) and sum(full) >= 2
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
                piece.kind, piece.level = BlockKind.LIST_ITEM, len(indents)
                pieces.append(piece)
            continue
        indents.clear()
        if not titled and len(group) == 1 and len(pieces) < 3 and (line.hashes or line.underlined or _is_title(line, labels)):
            if _is_kicker(line, following) and not line.hashes and not line.underlined:
                pieces.append(piece)
                continue
            alone = label_alone(content, labels)
            if alone is None or following is None or not fits(alone, following.text, labels):
                titled = True
                piece.kind = BlockKind.TITLE
                pieces.append(piece)
                continue
        key = label_alone(content, labels) if len(group) == 1 else None
        if key is not None and following is not None and following.plain and not has_many_lines(key) and fits(key, following.text, labels):
            value = " ".join(part.text for part in groups[index])
            index += 1
            while index < len(groups) and not heads[index].blank_before and heads[index].plain and continues_address(key, heads[index].text):
                value += "\n" + " ".join(part.text for part in groups[index])
                index += 1
            label = content.rstrip(" :")
            start = len(content) + 1
            pieces.append(as_field(Piece(f"{content}\n{value}", gap=gap), (0, len(label)), (start, start + len(value))))
            continue
        fields = fields_of_line(piece, labels)
        if fields:
            pieces.extend(fields)
            continue
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


def fields_of_line(piece: Piece, labels: Labels, *, bold: int = 0) -> list[Piece]:
    """The fields that one line holds: one, several with bars or dots between them when all their labels are known, or none."""
    text = piece.text
    if "\n" not in text:
        bounds, start = [], 0
        for separator in _SEPARATORS.finditer(text):
            bounds.append((start, separator.start()))
            start = separator.end()
        bounds.append((start, len(text)))
        if len(bounds) > 1:
            found = [split_field(text[a:b], labels) for a, b in bounds]
            if all(item is not None and item[2] is not None and item[1][0] < item[1][1] for item in found):
                fields, behind = [], 0
                for (a, b), item in zip(bounds, found, strict=True):
                    part = piece.part(a, b)
                    part.gap = text[behind:a] or piece.gap
                    behind = b
                    if item is not None:
                        fields.append(as_field(part, item[0], item[1]))
                return fields
    one = split_field(text, labels, bold=bold)
    if one is None or one[1][0] >= one[1][1]:
        return []
    return [as_field(piece, one[0], one[1])]


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
