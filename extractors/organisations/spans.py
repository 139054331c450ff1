"""A proposed name and what speaks for it, and spans that can be asked quickly what they cover. Finds and decides nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

STRONG = 0.7
"""A name with a sure head."""
WEAK = 0.45
"""A name with a head that also names other things."""
LEAST = 0.5
"""What a span needs to stand."""


@dataclass(slots=True)
class Span:
    """A proposed name with what speaks for it; offsets are the document's."""

    start: int
    end: int
    rule: str
    strength: float
    acronym: str | None = None
    legal: str | None = None
    heads: list[str] = field(default_factory=list)
    body: int | None = None
    """The row of bodies.toml, for a form of a well-known body."""
    needs_form: bool = False
    """True for a short form that counts only where a longer form of its row stands in the document."""


class Stretches:
    """Stretches of a text; those that touch are one."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        merged: list[tuple[int, int]] = []
        for start, end in sorted(stretches):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        self._starts = [start for start, _ in merged]
        self._ends = [end for _, end in merged]

    def cover(self, start: int, end: int) -> bool:
        """True when one stretch holds all of ``[start, end)``."""
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and end <= self._ends[index]

    def touch(self, start: int, end: int) -> bool:
        """True when one stretch shares a character with ``[start, end)``."""
        index = bisect_left(self._starts, end) - 1
        return index >= 0 and self._ends[index] > start
