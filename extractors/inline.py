"""Inline text of a page under construction: white space collapsed as a browser does, links, bold and times marked."""

from __future__ import annotations

from extractors.pieces import Anchor, Piece, Range


class Flow:
    """Inline text under construction, white space collapsed as a browser does, with marks over ranges of it."""

    __slots__ = ("anchors", "bold", "edge", "open", "parts", "pending", "size", "times")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.pending = False
        self.edge = False
        self.anchors: list[Anchor] = []
        self.bold: list[Range] = []
        self.times: list[tuple[int, int, str]] = []
        self.open: list[list[int]] = []

    def _last(self) -> str:
        return self.parts[-1][-1] if self.parts else "\n"

    def _put(self, text: str) -> None:
        for mark in self.open:
            if mark[0] < 0:
                mark[0] = self.size
        self.parts.append(text)
        self.size += len(text)

    def add(self, raw: str) -> None:
        """Add text, its white space collapsed; ends of it count as one space."""
        words = raw.split()
        if not words:
            self.pending = self.pending or bool(raw)
            return
        last = self._last()
        glued = self.edge and not raw[0].isspace() and _parts_words(last, words[0][0])
        if (self.pending or raw[0].isspace() or glued) and last != "\n":
            self.parts.append(" ")
            self.size += 1
        self._put(" ".join(words))
        self.pending = raw[-1].isspace()
        self.edge = False

    def line_break(self) -> None:
        """Break the line; two breaks in a row are one."""
        self.pending = False
        if self._last() != "\n":
            self.parts.append("\n")
            self.size += 1

    def mark(self) -> list[int]:
        """Begin a range at the next character that is added. Ranges nest."""
        opened = [-1]
        self.open.append(opened)
        return opened

    def close(self, opened: list[int]) -> Range | None:
        """End the innermost range; None when nothing was added in it."""
        self.open.pop()  # marks nest, so the one to close is the last
        end = self.size - 1 if self._last() == "\n" and self.parts else self.size
        return (opened[0], end) if 0 <= opened[0] < end else None

    def take(self, into: Flow) -> None:
        """Append this flow's text and marks to another."""
        text = "".join(self.parts).rstrip("\n")
        if not text:
            return
        base = into.size
        into._put(text)
        into.anchors.extend(Anchor(a.url, a.start + base, a.end + base) for a in self.anchors)
        into.bold.extend((start + base, end + base) for start, end in self.bold)
        into.times.extend((start + base, end + base, value) for start, end, value in self.times)

    def piece(self) -> Piece | None:
        """What was gathered as a piece, or None when there is no text in it."""
        text = "".join(self.parts)
        text = text[:-1] if text.endswith("\n") else text
        if not text.strip():
            return None
        return Piece(text, found_by="second_pass", anchors=self.anchors, bold=self.bold, times=self.times)


def _parts_words(left: str, right: str) -> bool:
    """True when two elements that touch without a space stand apart on the page: ``Date`` | ``19``, ``19`` | ``March``."""
    return (left.islower() and (right.isupper() or right.isdigit())) or (left.isdigit() and right.isupper())
