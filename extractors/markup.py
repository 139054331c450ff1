"""HTML to pieces in page order: headings, paragraphs, list items, fields, table rows, with links, bold and times marked.

One walk over the tree, as a browser would lay the text out. What is no text of the page (scripts, menus, cookie
banners, hidden elements) is left out; which of the rest is worth keeping is decided in main_text.py, not here.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from extractors.blocks import (
    LABEL_MAX,
    SHORT_LINE,
    VALUE_MAX,
    Anchor,
    Labels,
    Piece,
    Range,
    analyse,
    as_field,
    clean,
    continues_address,
    fields_of_line,
    fits,
    has_many_lines,
    label_alone,
)
from extractors.structured_data import absolute
from schemas import BlockKind, Region

MAX_DEPTH: Final = 200
"""Elements nested deeper than this are not laid out; such a page is read with its tags stripped."""
MAX_TAGS: Final = 60_000
"""A page with more tags is read with its tags stripped."""
MAX_LINKS: Final = 2_000

_DROPPED: Final = frozenset(
    "script style noscript template svg math iframe object embed applet canvas audio video head title select option optgroup datalist button "
    "input textarea nav menu map area frame frameset noframes progress meter img picture source track param link meta base dialog".split()  # noqa: SIM905
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul caption".split()  # noqa: SIM905
)
# Blocks that a browser sets apart by an empty line.
_SPACED: Final = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table section article header footer aside main blockquote figure pre hr address".split())  # noqa: SIM905
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BOLD: Final = frozenset({"b", "strong"})
_SCRIPTS_UP_DOWN: Final = frozenset({"sub", "sup"})
_MENU_ROLES: Final = frozenset("navigation menu menubar search dialog alertdialog toolbar tablist tooltip".split())  # noqa: SIM905

# Class and id words of what is no text of the page; a name is split at everything but letters and digits, and at humps.
_MENU_WORDS: Final = frozenset(
    "nav navbar navigation menu submenu megamenu offcanvas breadcrumb breadcrumbs pagination pager cookie cookies cookiebanner cookiebar consent "
    "gdpr cookieconsent skiplink skiplinks share sharing shares socialshare addtoany addthis sharedaddy toolbar modal popup lightbox langswitcher "
    "languageswitcher comments disqus captcha noprint".split()  # noqa: SIM905
)
_RELATED_WORDS: Final = frozenset(
    "related recommended recommendations similar readmore seealso morenews latest popular trending teasers tags tagcloud newsletter "
    "prevnext adjacent".split()  # noqa: SIM905
)
_LABEL_WORDS: Final = frozenset({"label", "labels", "lbl"})
_VALUE_WORDS: Final = frozenset("value values val item items content data text definition desc description detail details info body".split())  # noqa: SIM905
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAME_WORD = re.compile(r"[a-z0-9]+")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OPENABLE: Final = frozenset("tab tabs tabpanel pane panel accordion collapse collapsible expandable toggle details".split())  # noqa: SIM905


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


@dataclass(slots=True)
class Layout:
    """Everything the walk found: pieces in page order, and mail and telephone addresses from the parts left out."""

    laid: list[Laid] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


class _Flow:
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
        self.pending = False
        if self._last() != "\n":
            self.parts.append("\n")
            self.size += 1

    def mark(self) -> list[int]:
        opened = [-1]
        self.open.append(opened)
        return opened

    def close(self, opened: list[int]) -> Range | None:
        self.open.pop()  # marks nest, so the one to close is the last
        end = self.size - 1 if self._last() == "\n" and self.parts else self.size
        return (opened[0], end) if 0 <= opened[0] < end else None

    def take(self, into: _Flow) -> None:
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
        text = "".join(self.parts)
        text = text[:-1] if text.endswith("\n") else text
        if not text.strip():
            return None
        return Piece(text, found_by="second_pass", anchors=self.anchors, bold=self.bold, times=self.times)


def _parts_words(left: str, right: str) -> bool:
    """True when two elements that touch without a space stand apart on the page: ``Date`` | ``19``, ``19`` | ``March``."""
    return (left.islower() and (right.isupper() or right.isdigit())) or (left.isdigit() and right.isupper())


def _attribute(tag: Tag, name: str) -> str:
    value = tag.attrs.get(name)
    return " ".join(value) if isinstance(value, list) else (value or "")


def _names(tag: Tag) -> frozenset[str]:
    """The words of an element's class and id: ``field__label siteNav`` gives field, label, site, nav."""
    raw = f"{_attribute(tag, 'class')} {tag.attrs.get('id') or ''}"[:1000]
    if not raw.strip():
        return frozenset()
    return frozenset(_NAME_WORD.findall(_HUMP.sub(" ", raw).lower()))


def _compound(tag: Tag) -> frozenset[str]:
    """The words of an element's class and id with ``-`` and ``_`` taken out: ``read-more`` gives readmore."""
    raw = f"{_attribute(tag, 'class')} {tag.attrs.get('id') or ''}"[:1000].lower()
    return frozenset(raw.replace("-", "").replace("_", "").split())


class _Walker:
    def __init__(self, soup: BeautifulSoup, labels: Labels, base: str | None) -> None:
        self.labels = labels
        self.base = base
        self.layout = Layout()
        self.flow = _Flow()
        self.containers: list[int] = []
        self.region = Region.MAIN
        self.kind: tuple[BlockKind, int | None] = (BlockKind.PARAGRAPH, None)
        self.soft = 0  # above zero, block boundaries are only line breaks
        self.spaced = True
        self.content = False
        self.related = False
        self.linked = False
        self.lists = 0
        self.links = 0
        # the page's own frame: an element around its main part is never skipped for its class
        self.frame = _around(soup, ["h1", "main", "body", "html"], inclusive=True)
        self.headed = _around(soup, list(_HEADINGS))
        self.structured = _around(soup, ["li", "ul", "ol", "dl", "table", *_HEADINGS])
        self.tabled = _around(soup, ["table", "dl", *_HEADINGS])
        self.controls = _around(soup, ["input", "select", "textarea", "button"])

    # ------------------------------------------------------------ pieces

    def flush(self) -> None:
        flow, self.flow = self.flow, _Flow()
        piece = flow.piece()
        if piece is not None:
            piece.kind, piece.level = self.kind
            self.emit(piece)

    def emit(self, piece: Piece) -> None:
        piece.region = self.region
        piece.gap = "\n\n" if self.spaced else "\n"
        self.spaced = False
        self.layout.laid.append(Laid(piece, tuple(self.containers), self.content, self.related, bool(piece.times), self.linked))

    def boundary(self, name: str) -> None:
        if self.soft:
            self.flow.line_break()
            return
        self.flush()
        if name in _SPACED:
            self.spaced = True

    def inline(self, nodes: Iterable[Any]) -> _Flow:
        """The text of `nodes` on its own, block boundaries as line breaks."""
        outer, self.flow = self.flow, _Flow()
        self.soft += 1
        for node in nodes:
            self.visit(node)
        self.soft -= 1
        inner, self.flow = self.flow, outer
        return inner

    # ------------------------------------------------------------ elements

    def visit(self, node: Any) -> None:
        if isinstance(node, NavigableString):
            # comments, doctypes and the like are strings of other kinds
            if not isinstance(node, PreformattedString):
                self.flow.add(clean(str(node)))
            return
        if not isinstance(node, Tag):
            return
        name = node.name
        if name == "br":
            self.flow.line_break()
            return
        names = _names(node)
        if self.skipped(node, names):
            self.collect(node)
            return
        if name not in _BLOCKS:
            self.inline_element(node)
            return
        saved = self.region, self.content, self.related
        self.surroundings(node, names)
        self.boundary(name)
        self.containers.append(id(node))
        self.block_element(node)
        self.boundary(name)
        self.containers.pop()
        self.region, self.content, self.related = saved

    def skipped(self, tag: Tag, names: frozenset[str]) -> bool:
        name = tag.name
        if name in _DROPPED and not (name == "dialog" and tag.has_attr("open")):
            return True
        if not tag.attrs or id(tag) in self.frame:
            return False
        if _attribute(tag, "role").lower() in _MENU_ROLES:
            return True
        if tag.has_attr("hidden") or _attribute(tag, "aria-hidden").lower() == "true" or _HIDDEN_STYLE.search(_attribute(tag, "style")):
            return not (names & _OPENABLE or _attribute(tag, "role") == "tabpanel")
        if name == "label" and (tag.has_attr("for") or id(tag) in self.controls):
            return True
        return bool(names & _MENU_WORDS) or not _MENU_WORDS.isdisjoint(_compound(tag))

    def collect(self, tag: Tag) -> None:
        """Keep the mail and telephone addresses of a part that is left out."""
        if tag.name in {"script", "style", "template", "head", "svg"}:
            return
        for anchor in tag.find_all("a", href=True, limit=200):
            url = _address(anchor, self.base)
            if url is not None and url[:7].lower().startswith(("mailto:", "tel:")):
                self.layout.loose.append(url)

    def surroundings(self, tag: Tag, names: frozenset[str]) -> None:
        name, role = tag.name, _attribute(tag, "role").lower()
        if name in {"main", "article"} or role in {"main", "article"}:
            self.content = True
        if id(tag) not in self.frame:
            if name == "footer" or role == "contentinfo" or "footer" in names:
                self.region = Region.FOOTER
            elif name == "aside" or role == "complementary" or names & {"sidebar", "aside"}:
                self.region = Region.ASIDE
        if (name == "header" and not self.content and self.region is Region.MAIN) or role == "banner":
            self.region = Region.HEADER
        elif name in {"main"} or role == "main":
            self.region = Region.MAIN
        if id(tag) not in self.frame and (names & _RELATED_WORDS or not _RELATED_WORDS.isdisjoint(_compound(tag))):
            self.related = True

    def inline_element(self, tag: Tag) -> None:
        name = tag.name
        flow = self.flow
        flow.edge = name not in _SCRIPTS_UP_DOWN and isinstance(tag.previous_sibling, Tag)
        if name == "a" and tag.has_attr("href"):
            self.anchor(tag)
            return
        if name in _BOLD or name == "time" or (tag.attrs.get("class") and _names(tag) & _LABEL_WORDS):
            opened = flow.mark()
            self.children(tag)
            # a block inside ends the flow it began in
            bounds = flow.close(opened)
            if bounds is not None and flow is self.flow:
                if name == "time":
                    flow.times.append((*bounds, _attribute(tag, "datetime").strip()[:64]))
                else:
                    flow.bold.append(bounds)
            return
        self.children(tag)

    def anchor(self, tag: Tag) -> None:
        url = _address(tag, self.base)
        flow = self.flow
        protected = tag.attrs.get("data-cfemail")
        emitted = len(self.layout.laid)
        linked, self.linked = self.linked, self.linked or url is not None
        opened = flow.mark()
        if isinstance(protected, str):
            flow.add(_unscrambled(protected) or tag.get_text())
        else:
            self.children(tag)
        bounds = flow.close(opened)
        if flow is not self.flow:
            self.flush()
        self.linked = linked
        if url is None:
            return
        self.links += 1
        inside = self.layout.laid[emitted:]
        if bounds is not None and flow is self.flow and self.links <= MAX_LINKS:
            flow.anchors.append(Anchor(url, *bounds))
        elif inside and self.links <= MAX_LINKS:
            # a link around blocks, as teasers have it: its first block stands for it
            inside[0].piece.anchors.append(Anchor(url, 0, len(inside[0].piece.text)))
        elif url.lower().startswith(("mailto:", "tel:")) or bounds is not None:
            self.layout.loose.append(url)

    def block_element(self, tag: Tag) -> None:
        name = tag.name
        if self.soft:
            self.children(tag)
        elif name in _HEADINGS or _attribute(tag, "role") == "heading":
            stated = _attribute(tag, "aria-level")
            level = _HEADINGS.get(name) or (int(stated) if stated in {"1", "2", "3", "4", "5", "6"} else 2)
            self.as_kind(self.inline(tag.children), BlockKind.HEADING, level)
        elif name == "li":
            self.list_item(tag)
        elif name in {"ul", "ol"}:
            self.lists += 1
            self.children(tag)
            self.lists -= 1
        elif name == "dl":
            self.definitions(tag)
        elif name == "table":
            self.table(tag)
        elif name == "pre":
            for piece in analyse(clean(tag.get_text()), self.labels):
                piece.found_by = "second_pass"
                self.emit(piece)
        else:
            self.children(tag)

    def as_kind(self, flow: _Flow, kind: BlockKind, level: int | None) -> None:
        piece = flow.piece()
        if piece is not None:
            piece.kind, piece.level = kind, level
            self.emit(piece)

    def children(self, tag: Tag) -> None:
        nodes = list(tag.children)
        index = 0
        while index < len(nodes):
            node = nodes[index]
            if isinstance(node, Tag) and not self.soft:
                taken = self.pair(node, nodes, index)
                if taken:
                    index += taken
                    continue
            self.visit(node)
            index += 1

    # ------------------------------------------------------------ fields, lists, tables

    def pair(self, node: Tag, nodes: list[Any], index: int) -> int:
        """Emit the field of an element marked as a label and the siblings behind it; how many nodes that took, 0 for none."""
        if not node.attrs.get("class") or not _names(node) & _LABEL_WORDS:
            return 0
        label = _peek([node], LABEL_MAX)
        if not label:
            return 0
        end, value_class = index + 1, None
        while end < len(nodes):
            sibling = nodes[end]
            if isinstance(sibling, Tag):
                own = _attribute(sibling, "class")
                if sibling.name in _HEADINGS or _names(sibling) & _LABEL_WORDS or (value_class is not None and own != value_class):
                    break
                value_class = own
            end += 1
        behind = nodes[index + 1 : end]
        tags = [sibling for sibling in behind if isinstance(sibling, Tag)]
        named = any(_names(sibling) & _VALUE_WORDS for sibling in tags)
        if not (named or self.labels(label.rstrip(" :")) or label.endswith(":")):
            return 0
        if not _peek(behind, VALUE_MAX) or any(id(sibling) in self.tabled or sibling.name in {"table", "dl"} for sibling in tags):
            return 0
        return end - index if self.field(self.inline([node]), self.inline(behind)) else 0

    def field(self, label: _Flow, value: _Flow) -> bool:
        """Emit a field from its label and value; False when they are no label and value."""
        name, text = label.piece(), value.piece()
        if name is None or text is None or len(text.text) > VALUE_MAX or len(name.text) > 60 or "\n" in name.text:
            return False
        self.flush()
        whole = _Flow()
        label.take(whole)
        whole.line_break()
        start = whole.size
        value.take(whole)
        piece = whole.piece()
        if piece is None:
            return False
        self.emit(as_field(piece, (0, len(name.text.rstrip(" :"))), (start, len(piece.text))))
        return True

    def list_item(self, tag: Tag) -> None:
        saved = self.kind
        if id(tag) not in self.structured:
            # a list item of several lines stays one block: a title and its date belong together
            flow = self.inline(tag.children)
            piece = flow.piece()
            if piece is not None and (piece.text.count("\n") <= 6 or len(piece.text) <= VALUE_MAX):
                piece.kind, piece.level = BlockKind.LIST_ITEM, max(self.lists, 1)
                self.emit(piece)
                return
        self.kind = (BlockKind.PARAGRAPH, None) if id(tag) in self.headed else (BlockKind.LIST_ITEM, max(self.lists, 1))
        self.children(tag)
        self.flush()
        self.kind = saved

    def definitions(self, tag: Tag) -> None:
        terms: list[Tag] = []
        items: list[Tag] = []

        def close() -> None:
            if items or terms:
                self.definition(terms, items)
            terms.clear()
            items.clear()

        for child in _through_wrappers(tag):
            if child.name == "dt":
                if items:
                    close()
                terms.append(child)
            else:
                items.append(child)
        close()

    def definition(self, terms: Sequence[Tag], items: Sequence[Tag]) -> None:
        if terms and items and not any(id(item) in self.tabled for item in items):
            label, value = self.inline(terms), self.inline(items)
            if self.field(label, value):
                return
        for term in terms:
            self.as_kind(self.inline([term]), BlockKind.HEADING if items else BlockKind.PARAGRAPH, None)
        for item in items:
            self.visit(item)

    def table(self, tag: Tag) -> None:
        bodies = [tag, *(part for part in tag.children if isinstance(part, Tag) and part.name in {"thead", "tbody", "tfoot"})]
        rows = [
            [cell for cell in row.children if isinstance(cell, Tag) and cell.name in {"td", "th"}]
            for body in bodies
            for row in body.children
            if isinstance(row, Tag) and row.name == "tr"
        ]
        rows = [row for row in rows if row]
        if id(tag) in self.tabled or _is_layout(tag, rows):
            self.children(tag)
            return
        for caption in (part for part in tag.children if isinstance(part, Tag) and part.name == "caption"):
            self.as_kind(self.inline(caption.children), BlockKind.HEADING, None)
        cells = [[self.inline(cell.children) for cell in row] for row in rows]
        texts = [["".join(flow.parts).strip() for flow in row] for row in cells]
        heads = [[cell.name == "th" for cell in row] for row in rows]
        if self.columns_are_fields(texts, heads):
            for label, value in zip(cells[0], cells[1], strict=True):
                self.field(label, value)
            return
        fields = self.rows_are_fields(texts, heads, cells)
        for row, text, is_field in zip(cells, texts, fields, strict=True):
            if not (is_field and self.field(row[0], row[1])):
                self.row(row, text)

    def columns_are_fields(self, texts: list[list[str]], heads: list[list[bool]]) -> bool:
        """True for a table of two rows: labels above, one value below each."""
        if len(texts) != 2 or len(texts[0]) != len(texts[1]) or len(texts[0]) < 2:
            return False
        known = sum(1 for text in texts[0] if self.labels(text.rstrip(" :")))
        short = all(0 < len(text) <= LABEL_MAX for text in texts[0])
        return short and not any(heads[1]) and all(texts[1]) and ((all(heads[0]) and known > 0) or known * 2 > len(texts[0]))

    def rows_are_fields(self, texts: list[list[str]], heads: list[list[bool]], cells: list[list[_Flow]]) -> list[bool]:
        """Which rows of a table are a label and a value: those of two columns whose first one holds labels."""
        filled = [row for row in texts if any(row)]
        if not filled or any(len([text for text in row if text]) > 2 for row in filled) or (heads and all(heads[0]) and len(heads[0]) > 1):
            return [False] * len(texts)
        marks = []
        for text, head, row in zip(texts, heads, cells, strict=True):
            two = len(text) == 2 and bool(text[0]) and bool(text[1])
            label = text[0] if text else ""
            shaped = two and len(label) <= 60 and "\n" not in label and not any(map(str.isdigit, label))
            bold = two and row[0].bold[:1] == [(0, len(label))]
            marks.append(shaped and (head[0] or bold or label.endswith(":") or self.labels(label.rstrip(" :")) is not None))
        pairs = sum(1 for text in texts if len(text) == 2 and all(text))
        return marks if sum(marks) * 2 >= pairs and pairs else [False] * len(texts)

    def row(self, flows: list[_Flow], texts: list[str]) -> None:
        whole = _Flow()
        bounds: list[Range] = []
        for flow, text in zip(flows, texts, strict=True):
            if not text:
                continue
            if whole.size:
                whole.parts.append("\t")
                whole.size += 1
            start = whole.size
            flow.take(whole)
            bounds.append((start, whole.size))
        piece = whole.piece()
        if piece is None:
            return
        if len(bounds) > 1:
            piece.kind, piece.cells = BlockKind.TABLE_ROW, bounds
        self.emit(piece)


def _is_layout(table: Tag, rows: list[list[Tag]]) -> bool:
    """True when a table only arranges the page: it says so, has long text in its cells, or one cell a row."""
    if _attribute(table, "role") in {"presentation", "none"}:
        return True
    if all(len(row) < 2 for row in rows):
        return True
    return any(len(cell.get_text()) > 1_500 for row in rows for cell in row)


def _around(soup: BeautifulSoup, names: list[str], *, inclusive: bool = False) -> set[int]:
    """The ids of all elements around one of the named ones (with them, if `inclusive`)."""
    found: set[int] = set()
    for tag in soup.find_all(names):
        if inclusive:
            found.add(id(tag))
        for parent in tag.parents:
            if id(parent) in found:
                break  # and so are those around it
            found.add(id(parent))
    return found


def _peek(nodes: Sequence[Any], limit: int) -> str:
    """The text of `nodes` when it is no longer than `limit` characters and made of few elements, else nothing."""
    words: list[str] = []
    size = seen = 0
    for node in nodes:
        for part in [node, *itertools.islice(node.descendants, 200)] if isinstance(node, Tag) else [node]:
            seen += 1
            if isinstance(part, NavigableString) and not isinstance(part, PreformattedString):
                words.extend(str(part[: 2 * limit]).split())
                size += len(part.strip())
            if seen > 200 or size > limit:
                return ""
    return clean(" ".join(words))


def _through_wrappers(tag: Tag) -> list[Tag]:
    """The <dt> and <dd> of a list, those in <div> wrappers too."""
    found = []
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name in {"dt", "dd"}:
                found.append(child)
            elif child.name in {"div", "span", "li"}:
                found.extend(inner for inner in child.children if isinstance(inner, Tag) and inner.name in {"dt", "dd"})
    return found


# ---------------------------------------------------------------- addresses that pages scramble


def _unscrambled(code: str) -> str | None:
    """The address in a ``data-cfemail`` attribute: hexadecimal, each byte combined with the first one."""
    try:
        raw = bytes.fromhex(code[:512])
        address = bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8")
    except (ValueError, IndexError):
        return None
    return clean(address) if "@" in address and " " not in address else None


# The alphabets that TYPO3 rotates when it hides a mail address.
_ROTATED: Final = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))
_UNCRYPT = re.compile(r"linkTo_UnCryptMailto\(\s*(?:'|%27|&#39;)([^'%&]{3,500})")


def _rotate(text: str, by: int) -> str:
    out = []
    for character in text:
        code = ord(character)
        for first, last in _ROTATED:
            if first <= code <= last:
                code = first + (code - first + by) % (last - first + 1)
                break
        out.append(chr(code))
    return "".join(out)


def _address(tag: Tag, base: str | None) -> str | None:
    """The absolute address of a link, those that pages hide from harvesters put right."""
    href = _attribute(tag, "href")
    protected = tag.attrs.get("data-cfemail")
    if isinstance(protected, str) or "/email-protection#" in href:
        address = _unscrambled(protected if isinstance(protected, str) else href.rpartition("#")[2])
        return f"mailto:{address}" if address else None
    token = tag.attrs.get("data-mailto-token")
    hidden = _UNCRYPT.search(html.unescape(href)) if "UnCryptMailto" in href else None
    scrambled = token if isinstance(token, str) else hidden[1].replace("\\", "") if hidden else None
    if scrambled is not None:
        candidates = (_rotate(scrambled[:500], by) for by in range(-26, 27))
        return next((candidate for candidate in candidates if candidate.startswith("mailto:")), None)
    return absolute(clean(href), base)


# ---------------------------------------------------------------- after the walk


def lay_out(soup: BeautifulSoup, labels: Labels, base: str | None) -> Layout:
    """Walk a page once and give its pieces in page order. `base` is the address that relative links start from."""
    walker = _Walker(soup, labels, base)
    walker.visit(soup.body or soup)
    for child in [] if soup.body else soup.children:
        walker.visit(child)
    walker.flush()
    walker.layout.laid = _paired(_split_lines(walker.layout.laid, labels), labels)
    return walker.layout


def _like(laid: Laid, piece: Piece) -> Laid:
    return Laid(piece, laid.containers, laid.content, laid.related, bool(piece.times), laid.linked)


def _split_lines(laid: list[Laid], labels: Labels) -> list[Laid]:
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
                _append_line(merged[-1], part)
            else:
                merged.append(part)
            behind_field = is_field
        result.extend(_like(item, part) for part in merged)
    return result


def _append_line(piece: Piece, line: Piece) -> None:
    shift = len(piece.text) + 1
    piece.text += "\n" + line.text
    piece.anchors.extend(Anchor(a.url, a.start + shift, a.end + shift) for a in line.anchors)
    piece.bold.extend((a + shift, b + shift) for a, b in line.bold)
    piece.times.extend((a + shift, b + shift, value) for a, b, value in line.times)


def _paired(laid: list[Laid], labels: Labels) -> list[Laid]:
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
        _append_line(piece, following.piece)
        while index < len(laid) and _neighbours(item, laid[index]) and continues_address(key, laid[index].piece.text):
            _append_line(piece, laid[index].piece)
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


# ---------------------------------------------------------------- pages too deep to lay out

_OPTIONAL_END: Final = frozenset("p li td tr th dt dd option thead tbody tfoot colgroup col html head body rp rt".split())  # noqa: SIM905
_VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr keygen command frame".split())  # noqa: SIM905
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")


def measure(markup: str) -> tuple[int, int]:
    """How many tags a page has and how deep they nest at most, counted in one pass without building a tree."""
    depth = deepest = count = 0
    for match in _TAG_NAME.finditer(markup):
        count += 1
        name = match[2].lower()
        if name in _OPTIONAL_END or name in _VOID:
            continue
        if match[1]:
            depth = max(depth - 1, 0)
        else:
            depth += 1
            deepest = max(deepest, depth)
    return count, deepest


def strip_tags(markup: str) -> str:
    """The text of a page by dropping its tags, in time linear in its length; blocks become lines."""
    out: list[str] = []
    position = 0
    while True:
        start = markup.find("<", position)
        if start < 0:
            out.append(markup[position:])
            break
        out.append(markup[position:start])
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 4)
            position = len(markup) if end < 0 else end + 3
            continue
        match = _TAG_NAME.match(markup, start)
        if match is None and not markup.startswith(("<!", "<?"), start):
            out.append("<")
            position = start + 1
            continue
        end = markup.find(">", start)
        if end < 0:
            break
        position = end + 1
        name = match[2].lower() if match else ""
        if name in {"script", "style", "noscript", "template"} and match and not match[1]:
            closing = re.compile(rf"</{name}", re.IGNORECASE).search(markup, position)
            position = len(markup) if closing is None else closing.start()
        elif name == "br" or name in _BLOCKS:
            out.append("\n\n" if name in _SPACED else "\n")
    return html.unescape("".join(out))


