"""What makes a field: a label and its value on one line, or a label alone above its value.

Shape decides; words only help, through the `labels` function a caller passes in. No word of any language lives here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from extractors.pieces import Piece, Range
from schemas import BlockKind

Labels = Callable[[str], str | None]
"""Label text (without its colon) to field key such as ``date`` or ``place``; None when it is no known label."""

LABEL_MAX: Final = 40
VALUE_MAX: Final = 400
SHORT_LINE: Final = 80
"""Longest line, in characters, that can be the value of a label on the line above it."""

_MARKER = re.compile(r"[-–—•*·●▪■‣◦]\s")
_BULLET = re.compile(r"(?:[-–—•*·●○▪▫■□‣◦➢➤►✓✔→⇒](?:\s+|$)|[-–•·●▪■‣◦](?=[^\W\d_])|\(?[a-zA-Z]\)\s+|\(\d{1,2}\)\s+|\d{1,2}\)\s+)")
_SEPARATORS = re.compile(r"\s*[|•·;\t]\s*")
_LABEL_END = re.compile(r"\s*:(?:\s+|$)")
_KNOWN_LABEL_END = re.compile(r"\s*:\s*|\s+[-–—|]\s+|\t")
_YEAR_INSIDE = re.compile(r"\S\s+(?:19|20)\d\d\b|\d[:.]\d\d\b")
_CONTACT = re.compile(r"@|https?:|www\.|(?:\d[\s()/.-]{0,2}){6}")
_SENTENCE_END: Final = (".", "!", "?", "…", ":", ";", ",", "。")
_MANY_LINES: Final = frozenset({"contact", "speakers", "partner"})
_NUMERIC: Final = frozenset({"date", "time", "start", "end", "phone", "published", "updated"})
_ADDRESS: Final = frozenset({"place", "venue"})


def _plain_label(label: str) -> bool:
    """True when `label` has the shape of a label: a few words, an upper-case start, nothing of a sentence or a date."""
    words = label.split()
    if not words or len(words) > 4 or len(label) > LABEL_MAX or any(character.isdigit() for character in label):
        return False
    first = next((character for character in label if character.isalpha()), "")
    if not first or first.islower() or not (label[0].isalpha() or label[0] in "(¿«„“\"'"):
        return False
    return not any(mark in label.rstrip("?.") for mark in ',;!?…"') and ". " not in label


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
        value = rest.lstrip(" :\t–—-|" if key else " :\t")
        # "Contact us" with its first word in bold is a sentence
        if label and ((key and (colon or not value[:1].islower())) or (colon and _plain_label(label))):
            start = len(line) - len(value)
            return (0, len(label)), (start, len(line)), key
    for end in _KNOWN_LABEL_END.finditer(line[: LABEL_MAX + 4]):
        label = line[: end.start()]
        key = labels(label) if label and len(label) <= LABEL_MAX else None
        clock = ":" in end[0] and label[-1:].isdigit() and line[end.end() : end.end() + 1].isdigit()
        sentence = ":" not in end[0] and line[end.end() : end.end() + 1].islower()
        if key and not clock and not sentence and not line.startswith("//", end.end()) and len(line) - end.end() <= VALUE_MAX:
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
    if not value or len(value) > SHORT_LINE or value.endswith(":") or label_alone(value, labels) or _MARKER.match(value):
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
