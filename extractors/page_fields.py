"""Fields of a page that its markup does not mark: lines of a paragraph that read as fields, a label above its value.

Works on laid-out pieces; what a field looks like is decided in fields.py.
"""

from __future__ import annotations

from extractors.fields import (
    LABEL_MAX,
    SHORT_LINE,
    VALUE_MAX,
    Labels,
    as_field,
    continues_address,
    fields_of_line,
    fits,
    has_many_lines,
    label_alone,
)
from extractors.pieces import Laid, Piece, append_line
from schemas import BlockKind


def _like(laid: Laid, piece: Piece) -> Laid:
    return Laid(piece, laid.containers, laid.content, laid.related, bool(piece.times), laid.linked)


def split_lines(laid: list[Laid], labels: Labels) -> list[Laid]:
    """Lines of a paragraph or list item that are fields become blocks of their own."""
    result: list[Laid] = []
    for item in laid:
        piece = item.piece
        if piece.kind not in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} or len(piece.text) > 20 * VALUE_MAX:
            result.append(item)
            continue
        parts: list[tuple[Piece, bool]] = []
        start = 0
        for line in piece.text.split("\n"):
            part = piece.part(start, start + len(line))
            start += len(line) + 1
            bold = part.bold[0][1] if part.bold and part.bold[0][0] == 0 and part.bold[0][1] < len(line) else 0
            found = fields_of_line(part, labels, bold=bold)
            known = any(label_alone(f.text[slice(*f.label)], labels) for f in found if f.label)
            # in a list or a line of prose only a known or a bold label makes a field
            if found and (known or bold or (piece.kind is BlockKind.PARAGRAPH and "\n" in piece.text)):
                parts.extend((one, True) for one in found)
            else:
                part.kind, part.label, part.value = piece.kind, None, None
                parts.append((part, False))
        if not any(is_field for _, is_field in parts):
            result.append(item)
            continue
        merged: list[Piece] = []
        behind_field = True
        for part, is_field in parts:
            if merged:
                part.gap = "\n" if part.gap in {"\n", "\n\n"} else part.gap
            if not is_field and not behind_field:
                append_line(merged[-1], part)
            else:
                merged.append(part)
            behind_field = is_field
        result.extend(_like(item, part) for part in merged)
    return result


def pair_labels(laid: list[Laid], labels: Labels) -> list[Laid]:
    """A block that is a known label alone and the short block behind it become one field."""
    result: list[Laid] = []
    index = 0
    while index < len(laid):
        item = laid[index]
        index += 1
        piece = item.piece
        following = laid[index] if index < len(laid) else None
        short = piece.kind in {BlockKind.PARAGRAPH, BlockKind.HEADING} and len(piece.text) <= LABEL_MAX and "\n" not in piece.text
        key = label_alone(piece.text, labels) if short else None
        if key is not None and has_many_lines(key) and following is not None and _neighbours(item, following):
            piece.kind = BlockKind.HEADING
        if key is None or following is None or has_many_lines(key) or not _neighbours(item, following):
            result.append(_lined(item, labels))
            continue
        first, _, rest = following.piece.text.partition("\n")
        whole = all(continues_address(key, line) for line in rest.split("\n")) if rest else True
        if following.piece.kind not in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} or not fits(key, first, labels) or not whole:
            result.append(_lined(item, labels))
            continue
        index += 1
        start = len(piece.text) + 1
        label = (0, len(piece.text.rstrip(" :")))
        append_line(piece, following.piece)
        while index < len(laid) and _neighbours(item, laid[index]) and continues_address(key, laid[index].piece.text):
            append_line(piece, laid[index].piece)
            index += 1
        result.append(_like(item, as_field(piece, label, (start, len(piece.text)))))
    return result


def _lined(item: Laid, labels: Labels) -> Laid:
    """A block of two lines, a known label and its value, is a field."""
    piece = item.piece
    head, _, value = piece.text.partition("\n")
    if piece.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} and value and "\n" not in value:
        key = label_alone(head, labels)
        if key is not None and not has_many_lines(key) and fits(key, value, labels):
            return _like(item, as_field(piece, (0, len(head.rstrip(" :"))), (len(head) + 1, len(piece.text))))
    return item


def _neighbours(first: Laid, second: Laid) -> bool:
    """True when two blocks stand in one small part of the page: their parents, or the parents' parents, are the same."""
    if first.piece.region is not second.piece.region or len(second.piece.text) > 4 * SHORT_LINE:
        return False
    a, b = first.containers[:-1], second.containers[:-1]
    common = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        common += 1
    return max(len(a), len(b)) - common <= 1
