"""What a page says of itself in its markup: schema.org Events (JSON-LD, microdata), publication date, language, addresses.

Broken JSON-LD is repaired where its meaning is plain. Dates are taken from explicit metadata alone, never from the
page's words: those may be the dates of the event.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from extractors.addresses import absolute, attribute

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_SCRIPT: Final = 1_000_000
"""Longest JSON-LD script, in characters, that is read."""
MAX_EVENTS: Final = 100
MAX_DEPTH: Final = 8
MAX_NODES: Final = 2_000
"""Most values one structured event may hold; the rest is cut off."""
MAX_STRING: Final = 5_000

# Kinds of schema.org Event whose names do not end in "Event".
_OTHER_EVENTS: Final = frozenset({"Festival", "Hackathon", "CourseInstance", "EventSeries"})
_TYPE_PREFIX = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)


@dataclass(slots=True)
class Tags:
    """The elements of a page by name, and those of its microdata, each list in page order; `depth` is how deep they nest."""

    by_name: dict[str, list[Tag]]
    item_scopes: list[Tag]
    item_props: list[Tag]
    depth: int = 0

    def named(self, name: str) -> list[Tag]:
        """All elements of one name."""
        return self.by_name.get(name, [])


def index_tags(soup: BeautifulSoup) -> Tags:
    """Every element of a page, sorted in one pass."""
    from bs4 import Tag

    tags = Tags(defaultdict(list), [], [])
    depths = {id(soup): 0}
    for node in soup.descendants:
        if isinstance(node, Tag):
            depths[id(node)] = depths.get(id(node.parent), 0) + 1
            tags.by_name[node.name].append(node)
            if node.attrs.get("itemtype"):
                tags.item_scopes.append(node)
            if node.attrs.get("itemprop"):
                tags.item_props.append(node)
    tags.depth = max(depths.values())
    return tags


# ---------------------------------------------------------------- JSON-LD


def _without_wrappers(text: str) -> str:
    text = text.strip().lstrip("\ufeff").strip()
    for opening, closing in (
        ("<!--", "-->"),
        ("//<![CDATA[", "//]]>"),
        ("/*<![CDATA[*/", "/*]]>*/"),
        ("<![CDATA[", "]]>"),
        ("//<!--", "//-->"),
    ):
        if text.startswith(opening):
            text = text[len(opening) :].strip()
            if text.endswith(closing):
                text = text[: -len(closing)]
            text = text.strip()
    return text.rstrip(";").strip()


def _repaired(text: str) -> str:
    """`text` with trailing commas, comments and control characters outside its rules put right, in one pass."""
    out: list[str] = []
    inside = False
    index, size = 0, len(text)
    while index < size:
        character = text[index]
        if inside:
            if character == "\\" and index + 1 < size:
                following = text[index + 1]
                # a backslash that starts no escape is meant as itself
                out.append(character + following if following in '"\\/bfnrtu' else "\\\\" + following)
                index += 2
                continue
            if character == '"':
                inside = False
            out.append(" " if character < " " and character not in "\n\t" else character)
        elif character == '"':
            inside = True
            out.append(character)
        elif character == "/" and text.startswith("/*", index):
            end = text.find("*/", index + 2)
            index = size if end < 0 else end + 2
            continue
        elif character == "/" and text.startswith("//", index):
            end = text.find("\n", index)
            index = size if end < 0 else end
            continue
        elif character in "]}":
            while out and (out[-1].isspace() or out[-1] == ","):
                out.pop()
            out.append(character)
        else:
            out.append(character)
        index += 1
    return "".join(out)


def _closed(text: str) -> str:
    """`text` with the brackets closed that it leaves open: what a page cut off in the middle still says."""
    stack: list[str] = []
    inside = escaped = False
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "{[":
            stack.append("}" if character == "{" else "]")
        elif character in "}]" and stack:
            stack.pop()
    tail = '"' if inside else ""
    return text.rstrip().rstrip(",") + tail + "".join(reversed(stack))


def parse_json_ld(text: str) -> list[Any]:
    """Every JSON value in a JSON-LD script; an empty list where nothing can be made of it."""
    text = _without_wrappers(text[:MAX_SCRIPT])
    if not text:
        return []
    if "&quot;" in text and '"' not in text:
        import html

        text = html.unescape(text)
    decoder = json.JSONDecoder(strict=False)
    for attempt in (text, _repaired(text), _closed(_repaired(text))):
        values: list[Any] = []
        position = 0
        try:
            while position < len(attempt):
                value, position = decoder.raw_decode(attempt, position)
                values.append(value)
                while position < len(attempt) and (attempt[position].isspace() or attempt[position] in ",;"):
                    position += 1
        except (ValueError, RecursionError):
            if values and attempt is not text:
                return values
            continue
        return values
    return []


def _types(node: dict[str, Any]) -> list[str]:
    raw = node.get("@type", [])
    return [_TYPE_PREFIX.sub("", item) for item in (raw if isinstance(raw, list) else [raw]) if isinstance(item, str)]


def is_event(node: dict[str, Any]) -> bool:
    """True when a node's ``@type`` is schema.org Event or one of its kinds."""
    return any(name.endswith("Event") or name in _OTHER_EVENTS for name in _types(node))


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in `value`, outer ones first; what lies inside an event belongs to that event."""
    stack = [value]
    seen = 0
    while stack and seen < 50 * MAX_NODES:
        seen += 1
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            if not is_event(node):
                stack.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            stack.extend(reversed(node))


def _limited(value: Any, by_id: dict[str, dict[str, Any]], budget: list[int], depth: int = 0) -> Any:
    budget[0] -= 1
    if isinstance(value, str):
        return value[:MAX_STRING]
    if isinstance(value, (bool, int, float)) or value is None:
        # JSON has no NaN and no infinity, though Python reads and writes them
        return value if not isinstance(value, float) or math.isfinite(value) else None
    if depth >= MAX_DEPTH or budget[0] <= 0:
        return None
    if isinstance(value, list):
        return [_limited(item, by_id, budget, depth + 1) for item in value[:MAX_NODES] if budget[0] > 0]
    if set(value) == {"@id"} and isinstance(value["@id"], str) and value["@id"] in by_id:
        value = by_id[value["@id"]]
    return {str(key)[:200]: _limited(item, by_id, budget, depth + 1) for key, item in value.items() if budget[0] > 0}


def json_ld(tags: Tags) -> list[Any]:
    """The values of every JSON-LD script of a page."""
    values: list[Any] = []
    scripts = [script for script in tags.named("script") if attribute(script, "type").strip().lower().startswith("application/ld+json")]
    for script in scripts[:50]:
        values.extend(parse_json_ld(script.string or script.get_text()))
    return values


def events(tags: Tags, scripts: list[Any]) -> list[dict[str, Any]]:
    """The schema.org Events of a page as plain dictionaries: those of its JSON-LD `scripts`, then those of its microdata."""
    nodes = list(_walk(scripts))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    found: list[dict[str, Any]] = []
    seen: set[tuple[str, str]] = set()
    for node in [*(node for node in nodes if is_event(node)), *_microdata(tags)]:
        if len(found) >= MAX_EVENTS:
            break
        event = _limited(node, by_id, [MAX_NODES])
        key = (str(event.get("name", "")).strip().casefold(), str(event.get("startDate", ""))[:10])
        if key not in seen or key == ("", ""):
            seen.add(key)
            found.append(event)
    return found


# ---------------------------------------------------------------- microdata


def _microdata(tags: Tags) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    taken: set[int] = set()
    for scope in tags.item_scopes[: 4 * MAX_EVENTS]:
        if id(scope) not in taken and scope.has_attr("itemscope") and "schema.org/" in attribute(scope, "itemtype").lower():
            node = _item(scope, taken, 0, [MAX_NODES])
            if is_event(node):
                found.append(node)
    return found


def _item(scope: Tag, taken: set[int], depth: int, budget: list[int]) -> dict[str, Any]:
    taken.add(id(scope))
    node: dict[str, Any] = (
        {"@type": _TYPE_PREFIX.sub("", attribute(scope, "itemtype").split()[0])} if attribute(scope, "itemtype").split() else {}
    )
    stack = list(reversed([child for child in scope.children if _is_tag(child)]))
    while stack and budget[0] > 0:
        tag: Any = stack.pop()
        budget[0] -= 1
        names = attribute(tag, "itemprop").split()
        nested = tag.has_attr("itemscope")
        if names:
            value: Any = _item(tag, taken, depth + 1, budget) if nested and depth < MAX_DEPTH else _property(tag)
            for name in names:
                if name not in node:
                    node[name] = value
                elif isinstance(node[name], list):
                    node[name].append(value)
                else:
                    node[name] = [node[name], value]
        if not nested:
            stack.extend(reversed([child for child in tag.children if _is_tag(child)]))
    return node


def _is_tag(node: Any) -> bool:
    return getattr(node, "name", None) is not None


def _property(tag: Tag) -> str:
    for name in {
        "meta": ("content",),
        "time": ("datetime",),
        "data": ("value",),
        "a": ("href",),
        "link": ("href",),
        "img": ("src",),
    }.get(tag.name, ()):
        if tag.has_attr(name):
            return attribute(tag, name).strip()
    if tag.has_attr("content"):
        return attribute(tag, "content").strip()
    return " ".join(tag.get_text(" ").split())


# ---------------------------------------------------------------- metadata

_PUBLISHED_META: Final = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publication-date",
    "date_published",
    "sailthru.date",
    "parsely-pub-date",
    "article.published",
    "date",
)
_ARTICLES: Final = frozenset(
    {
        "Article",
        "NewsArticle",
        "BlogPosting",
        "Report",
        "WebPage",
        "ReportageNewsArticle",
        "TechArticle",
        "CreativeWork",
        "AboutPage",
        "ItemPage",
    }
)
_ISO = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?![\d])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")


def date_value(text: str) -> str | None:
    """The calendar date (``YYYY-MM-DD``, or ``YYYY-MM``) that a metadata value gives, or None when it gives none for sure."""
    text = text.strip()[:64]
    if match := _MONTH.fullmatch(text):
        return text if 1 <= int(match[2]) <= 12 and 1990 <= int(match[1]) <= 2100 else None
    try:
        if match := _ISO.match(text):
            value = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := _DAY_FIRST.match(text):
            value = date(int(match[3]), int(match[2]), int(match[1]))
        else:
            value = parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return value.isoformat() if 1990 <= value.year <= 2100 else None


def metas(tags: Tags) -> dict[str, str]:
    """The page's ``<meta>`` values by lower-case name, property, itemprop or http-equiv; the first one of a name counts."""
    found: dict[str, str] = {}
    for tag in tags.named("meta")[:400]:
        content = attribute(tag, "content").strip()
        if content:
            for key in ("property", "name", "itemprop", "http-equiv"):
                name = attribute(tag, key).strip().lower()
                if name:
                    found.setdefault(name, content)
    return found


def published(tags: Tags, meta: dict[str, str], scripts: list[Any]) -> str | None:
    """The publication date that the markup states, or None. Dates of events are not taken for it."""
    for name in _PUBLISHED_META[:3]:
        if value := date_value(meta.get(name, "")):
            return value
    for node in _walk(scripts):
        stated = node.get("datePublished") if _ARTICLES.intersection(_types(node)) else None
        if isinstance(stated, str) and (value := date_value(stated)):
            return value
    for name in _PUBLISHED_META[3:]:
        if value := date_value(meta.get(name, "")):
            return value
    for tag in [*tags.item_props, *(time for time in tags.named("time") if time.has_attr("pubdate"))]:
        marked = tag.has_attr("pubdate") or attribute(tag, "itemprop") == "datePublished"
        if marked and tag.find_parent(itemtype=re.compile(r"Event$")) is None:
            value = date_value(attribute(tag, "datetime") or attribute(tag, "content") or tag.get_text())
            if value:
                return value
    return None


def declared_language(tags: Tags, meta: dict[str, str]) -> str | None:
    """The language that the page declares: ``<html lang>``, content-language, Dublin Core or Open Graph; None without one."""
    html = next(iter(tags.named("html")), None)
    for value in (
        attribute(html, "lang") or attribute(html, "xml:lang") if html else "",
        meta.get("content-language", ""),
        meta.get("dc.language", ""),
        meta.get("dcterms.language", ""),
        meta.get("og:locale", ""),
    ):
        tag = re.split(r"[,;\s]", value.strip(), maxsplit=1)[0]
        if tag:
            return tag
    return None


def canonical(tags: Tags, base: str | None) -> str | None:
    """The page's ``<link rel="canonical">`` as an absolute http(s) address, or None."""
    for tag in tags.named("link")[:400]:
        if "canonical" in attribute(tag, "rel").lower().split():
            found = absolute(attribute(tag, "href"), base)
            return found if found and found.lower().startswith("http") else None
    return None
