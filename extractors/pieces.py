"""Pieces of a document on their way to its canonical text: cleaned text with marks, then blocks and links with offsets.

The canonical text is in NFC, has ``\\n`` line ends and plain spaces. Pieces are set apart by a line end, or by a blank
line where the page leaves one. Nothing is judged or left out here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from schemas import Block, BlockKind, Link, Region, Span, TimeElement

Range = tuple[int, int]

# Soft hyphen, zero-width and directional characters carry no text; other spaces and line ends become plain ones.
_DROPPED = [
    0x00AD,
    0x034F,
    0x061C,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    0xFFF9,
    0xFFFA,
    0xFFFB,
]
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


@dataclass(slots=True)
class Anchor:
    """A link over ``text[start:end]`` of its piece; `url` is empty where it leads nowhere that can be named."""

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
            anchors=[
                Anchor(a.url, max(a.start, start) - start, min(a.end, end) - start) for a in self.anchors if a.start < end and a.end > start
            ],
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


def assemble(pieces: Iterable[Piece]) -> tuple[str, list[Block], list[Link], list[TimeElement]]:
    """The canonical text of the pieces; their blocks, links and marked times with offsets into that text."""
    chunks: list[str] = []
    blocks: list[Block] = []
    links: list[Link] = []
    times: list[TimeElement] = []
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
        for anchor in filter(lambda anchor: anchor.url, piece.anchors):
            start, end = at(anchor.start), at(anchor.end)
            links.append(Link(url=anchor.url, text=text[start:end], start=base + start, end=base + end))
        times.extend(TimeElement(start=base + at(start), end=base + at(end), value=value) for start, end, value in piece.times if value)
        chunks.append(text)
        position += len(text)
    return "".join(chunks), blocks, links, times


def _normalised(text: str) -> tuple[str, Callable[[int], int]]:
    """`text` in NFC, and the way from offsets in `text` to offsets in the result."""
    if unicodedata.is_normalized("NFC", text):
        return text, lambda offset: offset
    normal = unicodedata.normalize("NFC", text)
    return normal, lambda offset: min(len(unicodedata.normalize("NFC", text[:offset])), len(normal))


def append_line(piece: Piece, line: Piece) -> None:
    """Put another line of text below a piece, with its marks."""
    shift = len(piece.text) + 1
    piece.text += "\n" + line.text
    piece.anchors.extend(Anchor(a.url, a.start + shift, a.end + shift) for a in line.anchors)
    piece.bold.extend((a + shift, b + shift) for a, b in line.bold)
    piece.times.extend((a + shift, b + shift, value) for a, b, value in line.times)


@dataclass(slots=True)
class Laid:
    """A piece with what the page says about its surroundings.

    `containers` are the ids of the elements around it, outermost first; `content` is true inside <main> or <article>,
    `related` inside a part that the page names related, latest or the like, `linked` inside a link around blocks.
    """

    piece: Piece
    containers: tuple[int, ...]
    content: bool
    related: bool
    has_time: bool = False
    linked: bool = False
