"""Which parts of a page are its message: trafilatura judges the main text, a second look saves the facts it drops.

Kept are what trafilatura keeps; what stands between; and from the rest (footers, asides, short pages) only blocks that
carry facts: contact data, dates, fields, tables. Menus and teaser lists stay out. No block is changed, only kept or left.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

from extractors.pieces import Laid
from schemas import BlockKind, Region

MIN_MAIN: Final = 200
"""A main text shorter than this (characters) is no judgement on the rest of the page."""
MIN_SHARE: Final = 0.25
"""Nor is one that holds less than this share of the page's own text."""
CARD: Final = 500
"""Longest card, in characters, that is kept whole around contact data."""

_WORD = re.compile(r"\w+")
_CONTACT = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,64}|(?:\+|\b00)\d[\d ()/.-]{6,20}\d|\b(?:\d[ ./-]?){8,14}\b", re.IGNORECASE
)
_DATE = re.compile(
    r"\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[.:h]\d{2}\b"
    r"|\b\d{1,2}(?:\.|st|nd|rd|th)?\s+(?:\w{1,3}\s+)?[^\W\d_]{3,14}\.?,?\s+(?:\w{1,3}\s+)?(?:19|20)\d\d\b|\b[^\W\d_]{3,14}\s+\d{1,2},?\s+(?:19|20)\d\d\b"
)
_SHINGLE: Final = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """What trafilatura says of a page: its main text, author and site name; all empty when it gave up."""

    text: str = ""
    author: str | None = None
    site_name: str | None = None


@lru_cache(maxsize=1)
def _trafilatura() -> ModuleType:
    import trafilatura

    # its complaints about pages are ours to make, as warnings of the document
    for name in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return trafilatura


def judge(markup: str) -> Judgement:
    """Ask trafilatura for the main text and metadata of a page. A page that it cannot read gives an empty judgement."""
    from lxml import html as lxml_html

    trafilatura = _trafilatura()
    try:
        tree: Any = lxml_html.document_fromstring(
            markup, parser=lxml_html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True)
        )
        # only author and site name are asked for: the dates it finds may be those of the event
        metadata = trafilatura.extract_metadata(tree, extensive=False)
        document = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True, include_links=False)
    except Exception:
        # a foreign parser on foreign markup may raise anything; the page is then read without its help
        return Judgement()
    return Judgement(
        text=(document.text or "") if document is not None else "",
        author=metadata.author if metadata is not None else None,
        site_name=metadata.sitename if metadata is not None else None,
    )


class _Main:
    """The main text, ready to be asked whether a block is part of it."""

    def __init__(self, text: str) -> None:
        self.lines: set[tuple[str, ...]] = set()
        words: list[str] = []
        for line in text.split("\n"):
            own = [word.casefold() for word in _WORD.findall(line)]
            words.extend(own)
            for part in line.split("|"):
                self.lines.add(tuple(word.casefold() for word in _WORD.findall(part)))
        self.shingles = {hash(tuple(words[index : index + _SHINGLE])) for index in range(len(words) - _SHINGLE + 1)}

    def has(self, text: str) -> bool:
        words = [word.casefold() for word in _WORD.findall(text)]
        if not words:
            return False
        if len(words) < _SHINGLE:
            return tuple(words) in self.lines
        found = sum(hash(tuple(words[index : index + _SHINGLE])) in self.shingles for index in range(len(words) - _SHINGLE + 1))
        return found >= 0.6 * (len(words) - _SHINGLE + 1)


def has_contact(laid: Laid) -> bool:
    """True for a block with a mail address or a telephone number, shown or linked."""
    return any(anchor.url[:7].lower().startswith(("mailto:", "tel:")) for anchor in laid.piece.anchors) or bool(
        _CONTACT.search(laid.piece.text[:2_000])
    )


def has_facts(laid: Laid) -> bool:
    """True for a block that carries contact data, a date, a time or a field."""
    piece = laid.piece
    return piece.kind is BlockKind.FIELD or laid.has_time or has_contact(laid) or bool(_DATE.search(piece.text[:2_000]))


def _linked(laid: Laid) -> int:
    """How many characters of a block are link text, mail and telephone links aside."""
    if laid.linked:
        return len(laid.piece.text)
    return sum(a.end - a.start for a in laid.piece.anchors if not a.url[:7].lower().startswith(("mailto:", "tel:")))


class _Parts:
    """The elements around the blocks: how much text each holds, how much of it is links, and whether any is main text."""

    def __init__(self, laid: list[Laid], main: list[bool]) -> None:
        self.size: dict[int, int] = defaultdict(int)
        self.links: dict[int, int] = defaultdict(int)
        self.main: dict[int, int] = defaultdict(int)
        self.blocks: dict[int, int] = defaultdict(int)
        self.contact: set[int] = set()
        for item, is_main in zip(laid, main, strict=True):
            size, links = len(item.piece.text), _linked(item)
            contact = has_contact(item)
            for container in item.containers:
                self.size[container] += size
                self.links[container] += links
                self.blocks[container] += 1
                if is_main:
                    self.main[container] += size
                if contact:
                    self.contact.add(container)

    def heart(self, laid: list[Laid], main: list[bool]) -> int | None:
        """The innermost element that holds three quarters of the main text."""
        total = sum(len(item.piece.text) for item, is_main in zip(laid, main, strict=True) if is_main)
        best: tuple[int, int] | None = None
        for item in laid:
            for depth, container in enumerate(item.containers):
                if self.main[container] * 4 >= total * 3 and (best is None or depth > best[0]):
                    best = (depth, container)
        return best[1] if best else None

    def teasers(self, item: Laid, heart: int | None) -> bool:
        """True when the largest part around a block without any main text in it is mostly links, and offers no contact."""
        outside = item.containers
        if heart is not None and heart in outside:
            outside = outside[outside.index(heart) + 1 :]
        part = next((container for container in outside if not self.main[container]), None)
        if part is None:
            return False
        return self.blocks[part] >= 2 and self.links[part] * 10 >= self.size[part] * 4 and part not in self.contact

    def card(self, item: Laid) -> int | None:
        """The largest part around a block that is small enough to be a card."""
        return next((container for container in item.containers if self.size[container] <= CARD), None)


def keep(laid: list[Laid], judgement: Judgement) -> tuple[list[Laid], bool]:
    """The blocks worth keeping, in page order, marked with the pass that found them; and whether the main text was trusted."""
    judge_main = _Main(judgement.text)
    # outside the main part a word or two in common is chance
    main = [
        judge_main.has(item.piece.text) and (item.piece.region is Region.MAIN or len(item.piece.text.split()) >= _SHINGLE) for item in laid
    ]
    own = sum(len(item.piece.text) for item in laid if item.piece.region is Region.MAIN and not item.related)
    matched = sum(len(item.piece.text) for item, is_main in zip(laid, main, strict=True) if is_main)
    trusted = matched >= MIN_MAIN and matched >= MIN_SHARE * own
    parts = _Parts(laid, main)
    heart = parts.heart(laid, main) if trusted else None
    chosen = [
        (is_main and (trusted or item.piece.region is Region.MAIN)) or _worth(item, parts, heart, trusted)
        for item, is_main in zip(laid, main, strict=True)
    ]
    # links above the title are a menu, whoever kept them
    title = next((index for index, item in enumerate(laid) if item.piece.kind is BlockKind.TITLE), 0)
    chosen[:title] = [is_chosen and not _mostly_linked(item) for is_chosen, item in zip(chosen[:title], laid[:title], strict=True)]
    cards = {
        card
        for item, is_chosen in zip(laid, chosen, strict=True)
        if is_chosen and has_contact(item) and (card := parts.card(item)) is not None
    }
    seen: set[str] = set()
    result: list[Laid] = []
    for item, is_main, is_chosen in zip(laid, main, chosen, strict=True):
        aside = item.related or _mostly_linked(item)
        if not (is_chosen or (not aside and any(container in cards for container in item.containers))):
            continue
        text = item.piece.text
        if not is_main and len(text) >= 15 and item.piece.kind is not BlockKind.TITLE and text in seen:
            continue
        seen.add(text)
        if is_main:
            item.piece.found_by = "trafilatura"
        result.append(item)
    return _without_empty_headings(result, trusted), trusted


def _mostly_linked(item: Laid) -> bool:
    return _linked(item) * 10 >= len(item.piece.text) * 7


def _worth(item: Laid, parts: _Parts, heart: int | None, trusted: bool) -> bool:
    """Whether a block that trafilatura dropped is kept."""
    piece = item.piece
    if piece.kind is BlockKind.TITLE:
        return True
    inside = (heart is not None and heart in item.containers) if trusted else piece.region is Region.MAIN
    if piece.region in {Region.ASIDE, Region.FOOTER, Region.HEADER}:
        inside = False
    if trusted and (item.related or parts.teasers(item, heart)):
        return has_contact(item)
    if not inside:
        return has_facts(item)
    return not (trusted and _mostly_linked(item) and piece.kind is not BlockKind.HEADING) or has_facts(item)


def _without_empty_headings(laid: list[Laid], trusted: bool) -> list[Laid]:
    """`laid` without the headings of the second pass that nothing kept stands under."""
    if not trusted:
        return laid
    result: list[Laid] = []
    for index, item in enumerate(laid):
        piece = item.piece
        if piece.kind is BlockKind.HEADING and piece.found_by == "second_pass" and not has_facts(item):
            below = laid[index + 1].piece if index + 1 < len(laid) else None
            if (
                below is None
                or below.region is not piece.region
                or (below.kind is BlockKind.HEADING and (below.level or 6) <= (piece.level or 6))
            ):
                continue
        result.append(item)
    return result
