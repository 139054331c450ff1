"""HTML to pieces in page order: headings, paragraphs, list items, fields, table rows, with links, bold and times marked.

One walk over the tree, as a browser would lay the text out. What is no text of the page (scripts, menus, cookie
banners, hidden elements) is left out; which of the rest is worth keeping is decided in main_text.py, not here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from extractors.addresses import attribute, link_address, unscrambled
from extractors.blocks import analyse
from extractors.fields import LABEL_MAX, VALUE_MAX, Labels, as_field
from extractors.inline import Flow
from extractors.page_fields import pair_labels, split_lines
from extractors.pieces import Anchor, Laid, Piece, Range, clean
from extractors.structured_data import Tags
from schemas import BlockKind, Region


def word_set(words: str) -> frozenset[str]:
    """The words of a string as a set."""
    return frozenset(words.split())


MAX_DEPTH: Final = 150
"""Elements nested deeper than this are not laid out; such a page is read with its tags stripped."""
MAX_TAGS: Final = 30_000
"""A page with more tags is read with its tags stripped."""
MAX_LINKS: Final = 2_000

_DROPPED: Final = word_set(
    "script style noscript template svg math iframe object embed applet canvas audio video head title select option optgroup datalist "
    "button input textarea nav menu map area frame frameset noframes progress meter img picture source track param link meta base dialog"
)
BLOCKS: Final = word_set(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul caption"
)
# Blocks that a browser sets apart by an empty line.
SPACED: Final = word_set("p h1 h2 h3 h4 h5 h6 ul ol dl table section article header footer aside main blockquote figure pre hr address")
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BOLD: Final = frozenset({"b", "strong"})
_SCRIPTS_UP_DOWN: Final = frozenset({"sub", "sup"})
_MENU_ROLES: Final = word_set("navigation menu menubar search dialog alertdialog toolbar tablist tooltip")

# Class and id words of what is no text of the page; a name is split at everything but letters and digits, and at humps.
_MENU_WORDS: Final = word_set(
    "nav navbar navigation menu submenu megamenu offcanvas breadcrumb breadcrumbs pagination pager cookie cookies cookiebanner cookiebar "
    "consent gdpr cookieconsent skiplink skiplinks share sharing shares socialshare addtoany addthis sharedaddy "
    "toolbar modal popup lightbox "
    "langswitcher languageswitcher comments disqus captcha noprint"
)
_RELATED_WORDS: Final = word_set(
    "related recommended recommendations similar readmore seealso morenews latest popular trending teasers tags tagcloud newsletter "
    "prevnext adjacent"
)
_LABEL_WORDS: Final = frozenset({"label", "labels", "lbl"})
_VALUE_WORDS: Final = word_set("value values val item items content data text definition desc description detail details info body")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAME_WORD = re.compile(r"[a-z0-9]+")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OPENABLE: Final = word_set("tab tabs tabpanel pane panel accordion collapse collapsible expandable toggle details")


@dataclass(slots=True)
class Layout:
    """Everything the walk found: pieces in page order, and mail and telephone addresses from the parts left out."""

    laid: list[Laid] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def _names(tag: Tag) -> frozenset[str]:
    """The words of an element's class and id: ``field__label siteNav`` gives field, label, site, nav."""
    raw = f"{attribute(tag, 'class')} {tag.attrs.get('id') or ''}"[:1000]
    if not raw.strip():
        return frozenset()
    return frozenset(_NAME_WORD.findall(_HUMP.sub(" ", raw).lower()))


def _compound(tag: Tag) -> frozenset[str]:
    """The words of an element's class and id with ``-`` and ``_`` taken out: ``read-more`` gives readmore."""
    raw = f"{attribute(tag, 'class')} {tag.attrs.get('id') or ''}"[:1000].lower()
    return frozenset(raw.replace("-", "").replace("_", "").split())


class _Walker:
    def __init__(self, tags: Tags, labels: Labels, base: str | None) -> None:
        self.labels = labels
        self.base = base
        self.layout = Layout()
        self.flow = Flow()
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
        self.frame = _around(tags, ["h1", "main", "body", "html"], inclusive=True)
        self.headed = _around(tags, _HEADINGS)
        self.structured = _around(tags, ["li", "ul", "ol", "dl", "table", *_HEADINGS])
        self.tabled = _around(tags, ["table", "dl", *_HEADINGS])
        self.menus = _around(tags, ["nav", "menu"])
        self.controls = _around(tags, ["input", "select", "textarea", "button"])

    # ------------------------------------------------------------ pieces

    def flush(self) -> None:
        flow, self.flow = self.flow, Flow()
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
        if name in SPACED:
            self.spaced = True

    def inline(self, nodes: Iterable[Any]) -> Flow:
        """The text of `nodes` on its own, block boundaries as line breaks."""
        outer, self.flow = self.flow, Flow()
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
        if name not in BLOCKS:
            self.inline_element(node)
            return
        saved = self.region, self.content, self.related
        self.boundary(name)  # what came before still belongs to the part around it
        self.surroundings(node, names)
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
        if attribute(tag, "role").lower() in _MENU_ROLES:
            return True
        if tag.has_attr("hidden") or attribute(tag, "aria-hidden").lower() == "true" or _HIDDEN_STYLE.search(attribute(tag, "style")):
            return not (names & _OPENABLE or attribute(tag, "role") == "tabpanel")
        if name == "label" and (tag.has_attr("for") or id(tag) in self.controls):
            return True
        return bool(names & _MENU_WORDS) or not _MENU_WORDS.isdisjoint(_compound(tag))

    def collect(self, tag: Tag) -> None:
        """Keep the mail and telephone addresses of a part that is left out."""
        if tag.name in {"script", "style", "template", "head", "svg"}:
            return
        for anchor in tag.find_all("a", href=True, limit=200):
            url = link_address(anchor, self.base)
            if url is not None and url[:7].lower().startswith(("mailto:", "tel:")):
                self.layout.loose.append(url)

    def surroundings(self, tag: Tag, names: frozenset[str]) -> None:
        name, role = tag.name, attribute(tag, "role").lower()
        if name in {"main", "article"} or role in {"main", "article"}:
            self.content = True
        if id(tag) not in self.frame:
            if name == "footer" or role == "contentinfo" or "footer" in names:
                self.region = Region.FOOTER
            elif name == "aside" or role == "complementary" or names & {"sidebar", "aside"}:
                self.region = Region.ASIDE
        # a <header> may be the page's or that of one part of it; only the page's own is apart from the main text
        own = tag.parent is not None and (tag.parent.name == "body" or id(tag) in self.menus or bool(names & {"site", "masthead"}))
        if role == "banner" or (name == "header" and own and not self.content and self.region is Region.MAIN):
            self.region = Region.HEADER
        elif name == "main" or role == "main":
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
                    flow.times.append((*bounds, attribute(tag, "datetime").strip()[:64]))
                else:
                    flow.bold.append(bounds)
            return
        self.children(tag)

    def anchor(self, tag: Tag) -> None:
        url = link_address(tag, self.base)
        flow = self.flow
        protected = tag.attrs.get("data-cfemail")
        emitted, begun = len(self.layout.laid), flow.size > 0
        linked, self.linked = self.linked, True
        opened = flow.mark()
        if isinstance(protected, str):
            flow.add(unscrambled(protected) or tag.get_text())
        else:
            self.children(tag)
        bounds = flow.close(opened)
        if flow is not self.flow:
            self.flush()
            if begun and emitted < len(self.layout.laid):
                # the text in front of the link was laid out with the first block inside it
                self.layout.laid[emitted].linked = linked
                emitted += 1
        self.linked = linked
        if url is None:
            # it leads nowhere that can be named, but it is a link: menus are known by them
            if bounds is not None and flow is self.flow:
                flow.anchors.append(Anchor("", *bounds))
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
        elif name in _HEADINGS or attribute(tag, "role") == "heading":
            stated = attribute(tag, "aria-level")
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
                if piece.kind is BlockKind.TITLE:
                    piece.kind, piece.level = BlockKind.HEADING, 2
                self.spaced = self.spaced or piece.gap == "\n\n"
                self.emit(piece)
        else:
            self.children(tag)

    def as_kind(self, flow: Flow, kind: BlockKind, level: int | None) -> None:
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
                own = attribute(sibling, "class")
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

    def field(self, label: Flow, value: Flow) -> bool:
        """Emit a field from its label and value; False when they are no label and value."""
        name, text = label.piece(), value.piece()
        if name is None or text is None or len(text.text) > VALUE_MAX or len(name.text) > 60 or "\n" in name.text:
            return False
        self.flush()
        whole = Flow()
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
        parts = [part for part in tag.children if isinstance(part, Tag)]
        rows = [
            [cell for cell in row.children if isinstance(cell, Tag) and cell.name in {"td", "th"}]
            for part in parts
            for row in ([part] if part.name == "tr" else part.children if part.name in {"thead", "tbody", "tfoot"} else [])
            if isinstance(row, Tag) and row.name == "tr"
        ]
        rows = [row for row in rows if row]
        if id(tag) in self.tabled or _is_layout(tag, rows):
            self.children(tag)
            return
        for caption in (part for part in parts if part.name == "caption"):
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

    def rows_are_fields(self, texts: list[list[str]], heads: list[list[bool]], cells: list[list[Flow]]) -> list[bool]:
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

    def row(self, flows: list[Flow], texts: list[str]) -> None:
        whole = Flow()
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
    if attribute(table, "role") in {"presentation", "none"}:
        return True
    if all(len(row) < 2 for row in rows):
        return True
    longest = 150 if len(rows) == 1 else 1_500
    return any(len(cell.get_text()) > longest for row in rows for cell in row)


def _around(tags: Tags, names: Iterable[str], *, inclusive: bool = False) -> set[int]:
    """The ids of all elements around one of the named ones (with them, if `inclusive`)."""
    found: set[int] = set()
    for tag in itertools.chain.from_iterable(map(tags.named, names)):
        for parent in tag.parents:
            if id(parent) in found:
                break  # and so are those around it
            found.add(id(parent))
    if inclusive:
        found.update(id(tag) for name in names for tag in tags.named(name))
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


# ---------------------------------------------------------------- after the walk


def lay_out(soup: BeautifulSoup, tags: Tags, labels: Labels, base: str | None) -> Layout:
    """Walk a page once and give its pieces in page order. `base` is the address that relative links start from."""
    walker = _Walker(tags, labels, base)
    walker.visit(soup.body or soup)
    walker.flush()
    walker.layout.laid = pair_labels(split_lines(walker.layout.laid, labels), labels)
    return walker.layout
