"""Bytes of a page or a text file to a Document: canonical text, blocks, links, metadata, language.

It touches no network and no file. What can be read is read, with warning codes for what was odd; what cannot be read
raises ReadError with the reason. Nothing is taken out of the text here: dates, places and names are found elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from extractors.blocks import MAX_LINES, TooManyLinesError, analyse
from extractors.errors import ReadError
from extractors.fields import Labels
from extractors.pieces import Laid, Piece, assemble, clean
from schemas import BlockKind, Document, Link, PublishedDate, Region

if TYPE_CHECKING:
    from extractors.structured_data import Tags

MAX_BYTES: Final = 41_000_000
"""More bytes than this are refused unread; 10 million characters take at most 40 MB in any encoding."""
MAX_CHARACTERS: Final = 10_000_000
"""A decoded text longer than this is refused."""

WARNINGS: Final[dict[str, str]] = {
    "charset-mismatch": "the declared character encoding was wrong and not used",
    "charset-broken-bytes": "some bytes fit no encoding and stand as U+FFFD",
    "language-conflict": "the declared language is not the one the text is in",
    "media-type-mismatch": "the document was declared as plain text but is HTML",
    "markup-simplified": "the page has too many tags, or tags nested too deeply, so it was read with its tags stripped",
    "main-text-unsure": "trafilatura found no main text worth trusting, so all of the page's own blocks were kept",
    "sidecar-unknown-key": "the sidecar has a key that is not known; it was not used",
    "sidecar-bad-value": "the sidecar has a value that cannot be used; it was not used",
}
"""Every warning code that reading can give, and what it means."""

SIDECAR_KEYS: Final = frozenset({"published", "url", "language", "title"})

_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "application/xhtml", "application/vnd.wap.xhtml+xml"})
_HTML_SUFFIXES: Final = (".html", ".htm", ".xhtml", ".shtml", ".mhtm", ".php", ".asp", ".aspx", ".jsp")
_TEXT_SUFFIXES: Final = (".txt", ".text", ".md", ".markdown", ".rst", ".asc", ".log")
_DOCTYPE = re.compile(
    r"\s{0,1000}(?:<\?xml[^>]{0,500}>\s{0,1000})?(?:<!--[^>]{0,2000}>\s{0,1000})?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_COMMON_TAG = re.compile(r"</?(?:p|div|br|h[1-6]|ul|li|table|span|a|section|article)\b[^<>]{0,2000}>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,500}\?>")
_URL = re.compile(r"\bhttps?://[^\s<>\"'«»“”]{3,2000}", re.IGNORECASE)
_TITLE_BREAK = re.compile(r"\s+[|–—·»:]{1,2}\s+|\s+-\s+|\s*\|\s*")


@dataclass(slots=True)
class _Reading:
    """What one format's reader found."""

    pieces: list[Piece]
    title: str | None = None
    author: str | None = None
    site_name: str | None = None
    published: str | None = None
    language: str | None = None
    canonical: str | None = None
    loose: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def _labels() -> Labels:
    from extractors.lexicon import field_of

    return field_of


def read(
    data: bytes,
    source: str,
    *,
    media_type: str | None = None,
    meta: Mapping[str, str] | None = None,
    document_id: str | None = None,
) -> Document:
    """Read the bytes of a plain text or HTML document.

    `source` is its URL or path, `media_type` what the transport said (``text/html; charset=utf-8``), `meta` the sidecar
    (`published`, `url`, `language`, `title`). The format is that of the media type, else of the source's suffix, else sniffed.
    Raises ReadError: empty-document, binary-document, too-large, no-text, undecodable, too-deep.
    """
    from extractors.charset import declared_in_markup, decode, reject_binary

    if len(data) > MAX_BYTES:
        raise ReadError("too-large", f"{source}: {len(data):,} bytes, more than the {MAX_BYTES:,} that are read; split the document")
    if not data.strip():
        raise ReadError("empty-document", f"{source}: the document is empty; check the download or remove the file")
    reject_binary(data, source)
    kind, transport_charset = _media_type(media_type)
    decoded = decode(data, source, declared=(transport_charset, declared_in_markup(data)))
    if len(decoded.text) > MAX_CHARACTERS:
        raise ReadError(
            "too-large", f"{source}: {len(decoded.text):,} characters, more than the {MAX_CHARACTERS:,} that are read; split the document"
        )
    warnings = list(decoded.warnings)
    is_html = _is_html(kind, source, decoded.text, warnings)
    sidecar = _sidecar(meta or {}, warnings)
    address = sidecar.get("url") or (source if source.lower().startswith(("http://", "https://")) else None)
    try:
        reading = _read_html(decoded.text, source, address) if is_html else _read_plain(decoded.text)
    except TooManyLinesError:
        raise ReadError("too-large", f"{source}: more than {MAX_LINES:,} lines; split the document") from None
    warnings.extend(reading.warnings)

    text, blocks, links, times = assemble(reading.pieces)
    if not any(map(str.isalnum, text)):
        if "markup-simplified" in warnings:
            raise ReadError(
                "too-deep", f"{source}: the page nests its tags too deeply to lay out and has no text without them; check the page"
            )
        raise ReadError(
            "no-text", f"{source}: no text in the document; if its text is made by scripts or stands in images, save it as text"
        )
    document = Document(
        id=document_id or _identity(source, sidecar.get("url"), reading.canonical),
        source=source,
        content_hash=hashlib.sha256(data).hexdigest(),
        media_type="text/html" if is_html else "text/plain",
        title=sidecar.get("title") or reading.title,
        author=reading.author,
        site_name=reading.site_name,
        published=_published(sidecar, reading),
        language=_decide_language(text, sidecar, reading, warnings),
        text=text,
        blocks=blocks,
        links=_links(text, links, reading.loose),
        times=times,
        structured_events=reading.events,
        warnings=list(dict.fromkeys(warnings)),
    )
    _mark_languages(document)
    return document


# ---------------------------------------------------------------- what the document is


def _media_type(declared: str | None) -> tuple[str | None, str | None]:
    """Type and charset of a Content-Type value."""
    if not declared or not declared.strip():
        return None, None
    kind, _, parameters = declared.partition(";")
    match = re.search(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", parameters, re.IGNORECASE)
    return kind.strip().lower() or None, match[1] if match else None


def _is_html(kind: str | None, source: str, text: str, warnings: list[str]) -> bool:
    looks = _DOCTYPE.match(text[:8_000]) is not None
    path = urlsplit(source).path.lower() if "://" in source[:12] else source.lower()
    if kind in _HTML_TYPES:
        return True
    if kind == "text/plain" or (kind is None and path.endswith(_TEXT_SUFFIXES)):
        if looks:
            warnings.append("media-type-mismatch")
        return looks
    if kind is None and path.endswith(_HTML_SUFFIXES):
        return True
    return looks or len(_COMMON_TAG.findall(text[:20_000])) >= 3


def _sidecar(meta: Mapping[str, str], warnings: list[str]) -> dict[str, str]:
    """The values of the sidecar that can be used, checked; a warning for each other one."""
    from extractors import languages
    from extractors.addresses import absolute
    from extractors.structured_data import date_value

    values: dict[str, str] = {}
    for key in sorted(map(str, meta)):
        if key not in SIDECAR_KEYS:
            warnings.append("sidecar-unknown-key")
            continue
        raw = meta.get(key)
        value = clean(raw).strip() if isinstance(raw, str) else ""
        if key == "published":
            value = value if re.fullmatch(r"(?:19|20)\d\d", value) else date_value(value) or ""
            good = bool(value)
        elif key == "url":
            good = absolute(value, None) is not None and value.lower().startswith("http")
        elif key == "language":
            good = languages.normalise(value) != languages.UNDETERMINED
        else:
            value = " ".join(value.split())
            good = 0 < len(value) <= 1_000
        if good:
            values[key] = value
        else:
            warnings.append("sidecar-bad-value")
    return values


def _identity(source: str, url: str | None, canonical: str | None) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the address that names the document, else of its source."""
    from extractors.addresses import normal_address

    name = url or (canonical if canonical and _believable(canonical, source) else None) or source
    if name.lower().startswith(("http://", "https://")):
        name = normal_address(name)
    return hashlib.sha256(name.encode("utf-8", errors="replace")).hexdigest()[:16]


def _believable(canonical: str, source: str) -> bool:
    """False for a canonical address that would merge pages: another host's, or the bare front page of the site."""
    own = urlsplit(canonical)
    if own.path in {"", "/"} and not own.query:
        return urlsplit(source).path in {"", "/"} and source.lower().startswith("http")
    if not source.lower().startswith(("http://", "https://")):
        return True
    return (own.hostname or "").removeprefix("www.") == (urlsplit(source).hostname or "").removeprefix("www.")


def _published(sidecar: Mapping[str, str], reading: _Reading) -> PublishedDate | None:
    if "published" in sidecar:
        return PublishedDate(value=sidecar["published"], basis="sidecar")
    return PublishedDate(value=reading.published, basis="markup") if reading.published else None


# ---------------------------------------------------------------- language and links


def _decide_language(text: str, sidecar: Mapping[str, str], reading: _Reading, warnings: list[str]) -> Any:
    from extractors import language

    declared = sidecar.get("language") or reading.language
    decision = language.detect(text, declared=declared, declared_by="sidecar" if "language" in sidecar else "markup")
    if language.conflicts(declared, decision):
        warnings.append("language-conflict")
    return decision


def _mark_languages(document: Document) -> None:
    from extractors import language

    for index, decision in language.detect_blocks(document).items():
        document.blocks[index].language = decision.code


def _links(text: str, links: list[Link], loose: list[str]) -> list[Link]:
    """The links of the blocks, the addresses written out in the text, and the mail and telephone links without a place in it."""
    covered = sorted((link.start, link.end) for link in links if link.start is not None and link.end is not None)
    found = list(links)
    position = 0
    for match in _URL.finditer(text):
        url = _trimmed(match[0])
        start, end = match.start(), match.start() + len(url)
        while position < len(covered) and covered[position][1] <= start:
            position += 1
        if position < len(covered) and covered[position][0] < end:
            continue
        found.append(Link(url=url, text=url, start=start, end=end))
    found.sort(key=lambda link: (link.start or 0, link.end or 0))
    known = {link.url for link in found}
    for url in dict.fromkeys(loose):
        if url not in known:
            found.append(Link(url=url))
    return found


def _trimmed(url: str) -> str:
    """`url` without the punctuation of the sentence around it; a closing bracket stays when it was opened inside."""
    while url and (
        url[-1] in ".,;:!?…*_" or (url[-1] in ")]}" and url.count(url[-1]) > url.count({")": "(", "]": "[", "}": "{"}[url[-1]]))
    ):
        url = url[:-1]
    return url


# ---------------------------------------------------------------- plain text


def _read_plain(text: str) -> _Reading:
    labels = _labels()
    pieces = analyse(text, labels)
    return _Reading(pieces, title=_title_of(pieces, labels))


def _title_of(pieces: list[Piece], labels: Labels) -> str | None:
    """The text of the title block, else the value of a field that names the event."""
    for piece in pieces:
        if piece.kind is BlockKind.TITLE:
            return piece.text.replace("\n", " ")
    for piece in pieces[:10]:
        if piece.kind is BlockKind.FIELD and piece.label and piece.value and labels(piece.text[slice(*piece.label)]) == "event_title":
            return piece.text[slice(*piece.value)].replace("\n", " ")
    return None


# ---------------------------------------------------------------- HTML


def _read_html(markup: str, source: str, address: str | None) -> _Reading:
    from extractors.markup import MAX_DEPTH, MAX_TAGS, lay_out
    from extractors.tag_stripping import measure

    count, depth = measure(markup)
    if count > MAX_TAGS or depth > MAX_DEPTH:
        return _read_stripped(markup)

    from bs4 import BeautifulSoup

    from extractors import structured_data
    from extractors.main_text import judge, keep

    # an XML declaration in a text already decoded only misleads the parsers
    markup = _XML_DECLARATION.sub("", clean(markup), count=1)
    soup = BeautifulSoup(markup, "lxml")
    tags = structured_data.index_tags(soup)
    if tags.depth > MAX_DEPTH:
        return _read_stripped(markup)
    labels = _labels()
    meta = structured_data.metas(tags)
    scripts = structured_data.json_ld(tags)
    base = _base(tags, address)
    canonical = structured_data.canonical(tags, base)
    try:
        layout = lay_out(soup, tags, labels, base or canonical)
    except RecursionError:
        # the caller has used up most of the stack already
        return _read_stripped(markup)
    judgement = judge(markup)
    site_name = _one_line(meta.get("og:site_name") or judgement.site_name)
    headline = _head_title(tags, meta, site_name)
    _mark_title(layout.laid, headline)
    laid, trusted = keep(layout.laid, judgement)
    pieces = [item.piece for item in laid]
    if not any(piece.kind is BlockKind.TITLE for piece in pieces) and headline:
        pieces.insert(0, Piece(headline, kind=BlockKind.TITLE, region=Region.HEADER, found_by="second_pass"))
        if len(pieces) > 1:
            pieces[1].gap = "\n\n"
    dropped = {id(item) for item in layout.laid} - {id(item) for item in laid}
    loose = [
        anchor.url
        for item in layout.laid
        if id(item) in dropped
        for anchor in item.piece.anchors
        if anchor.url[:7].lower().startswith(("mailto:", "tel:"))
    ]
    return _Reading(
        pieces,
        title=_title_of(pieces, labels),
        author=_one_line(judgement.author),
        site_name=site_name,
        published=structured_data.published(tags, meta, scripts),
        language=structured_data.declared_language(tags, meta),
        canonical=canonical,
        loose=[*layout.loose, *loose],
        events=structured_data.events(tags, scripts),
        warnings=[] if trusted else ["main-text-unsure"],
    )


def _read_stripped(markup: str) -> _Reading:
    """The reading of a page that is too deep or too large to lay out: its text without tags."""
    from extractors.tag_stripping import strip_tags

    reading = _read_plain(strip_tags(markup))
    reading.warnings.append("markup-simplified")
    return reading


def _one_line(value: str | None) -> str | None:
    line = " ".join(clean(value).split()) if value else ""
    return line[:300].strip() or None


def _base(tags: Tags, address: str | None) -> str | None:
    """The address that relative links start from: <base href> on top of the page's own address."""
    from extractors.addresses import absolute

    href = next((tag.get("href") for tag in tags.named("base")), None)
    stated = absolute(href, address) if isinstance(href, str) else None
    return stated if stated and stated.lower().startswith("http") else address


def _head_title(tags: Tags, meta: Mapping[str, str], site_name: str | None) -> str | None:
    """The page's <title> (else og:title) without the site's name."""
    tag = next((tag for tag in tags.named("title") if tag.find_parent("svg") is None), None)
    title = _one_line(tag.get_text() if tag is not None else None) or _one_line(meta.get("og:title"))
    if title is None:
        return None
    parts = [part for part in _TITLE_BREAK.split(title) if part.strip()]
    breaks = [match[0] for match in _TITLE_BREAK.finditer(title)]
    if len(parts) < 2 or len(breaks) != len(parts) - 1:
        return title
    for index in (-1, 0):
        if site_name and parts[index].strip().casefold() == site_name.casefold():
            return _joined(parts, breaks, index)
    # with no name to compare, only a bar surely sets the site's name apart
    return _joined(parts, breaks, -1) if "|" in breaks[-1] and len(parts[-1]) < len(title) / 2 else title


def _joined(parts: list[str], breaks: list[str], without: int) -> str:
    kept, marks = (parts[:-1], breaks[:-1]) if without == -1 else (parts[1:], breaks[1:])
    return "".join(part + mark for part, mark in zip(kept, [*marks, ""], strict=True)).strip()


def _mark_title(laid: list[Laid], headline: str | None) -> None:
    """Make one block the title: the page's own <h1>, else the first block that says what the <title> says."""
    firsts = [item for item in laid if item.piece.kind is BlockKind.HEADING and item.piece.level == 1]
    wanted = (headline or "").casefold()

    def says(item: Laid) -> bool:
        text = item.piece.text.replace("\n", " ").casefold()
        return bool(wanted) and (text == wanted or (len(text) >= 10 and (text in wanted or wanted in text)))

    chosen = (
        next((item for item in firsts if says(item)), None)
        or next((item for item in firsts if item.content), None)
        or next((item for item in firsts if item.piece.region is Region.MAIN), None)
        or next(iter(firsts), None)
    )
    if chosen is None and wanted:
        early = [item for item in laid[:40] if item.piece.kind in {BlockKind.HEADING, BlockKind.PARAGRAPH} and "\n" not in item.piece.text]
        chosen = next((item for item in early if item.piece.text.casefold() == wanted), None) or next(
            (item for item in early if item.piece.kind is BlockKind.HEADING and says(item)), None
        )
    if chosen is not None:
        chosen.piece.kind, chosen.piece.level = BlockKind.TITLE, None
