"""Addresses of links: made absolute, told apart by scheme, and put right where a page hides them from harvesters."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from extractors.pieces import clean

if TYPE_CHECKING:
    from bs4 import Tag


def attribute(tag: Tag, name: str) -> str:
    """An attribute of an element as one string, empty where it has none."""
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else (value or "")


def absolute(url: str, base: str | None) -> str | None:
    """`url` as an absolute http(s), mailto or tel address, or None: other schemes, and relative ones without a base, are left."""
    url = "".join(url.split()) if not url.strip().lower().startswith("mailto:") else url.strip()
    if not url or url.startswith("#") or len(url) > 4_000:
        return None
    try:
        if base and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url):
            url = urljoin(base, url)
        parts = urlsplit(url)
        scheme = parts.scheme.lower()
        if scheme in {"mailto", "tel"}:
            return url if parts.path.strip() else None
        return url if scheme in {"http", "https"} and parts.hostname else None
    except ValueError:
        return None


def normal_address(url: str) -> str:
    """`url` without its fragment and with scheme and host in lower case, so that one page has one name."""
    parts = urlsplit(url.strip())
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def unscrambled(code: str) -> str | None:
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


def link_address(tag: Tag, base: str | None) -> str | None:
    """The absolute address of a link, those that pages hide from harvesters put right."""
    href = attribute(tag, "href")
    protected = tag.attrs.get("data-cfemail")
    if isinstance(protected, str) or "/email-protection#" in href:
        address = unscrambled(protected if isinstance(protected, str) else href.rpartition("#")[2])
        return f"mailto:{address}" if address else None
    token = tag.attrs.get("data-mailto-token")
    hidden = _UNCRYPT.search(html.unescape(href)) if "UnCryptMailto" in href else None
    scrambled = token if isinstance(token, str) else hidden[1].replace("\\", "") if hidden else None
    if scrambled is not None:
        candidates = (_rotate(scrambled[:500], by) for by in range(-26, 27))
        return next((candidate for candidate in candidates if candidate.startswith("mailto:")), None)
    return absolute(clean(href), base)
