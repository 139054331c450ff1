"""Bytes to text: which encoding a document is in, whatever it declares. It never drops or invents a character silently."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from extractors.errors import ReadError
from extractors.language import plausibility

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)
# What the web means by these labels (WHATWG Encoding Standard), where Python takes them literally.
_WEB_LABELS: Final = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
    "utf8": "utf-8",
    "x-user-defined": "cp1252",
}
_USUAL: Final = ("cp1252", "cp1250", "iso8859-2", "cp1257", "cp1254", "cp1253", "cp1251", "koi8-r", "koi8-u", "iso8859-5")
_CONTROL: Final = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_PROBE: Final = 65_536
_DECLARED_BONUS: Final = 2.5
"""A declared encoding keeps its word against one that reads better by less than this (natural logarithm of odds)."""
_HOPELESS: Final = -1.2
"""Below this plausibility per word no reading makes words of the bytes."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text, the encoding that read it, and warning codes."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def _codec(label: str) -> str | None:
    label = label.strip().strip("\"'").lower()
    label = _WEB_LABELS.get(label, label)
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    # codecs that are no character sets (rot13, zip, hex ...) do not decode bytes to text
    return (
        name
        if getattr(codecs.lookup(name), "_is_text_encoding", True) and name not in {"utf-7", "idna", "punycode", "unicode_escape"}
        else None
    )


def declared_in_markup(data: bytes) -> str | None:
    """The charset that the head of an HTML or XML page declares, as written there."""
    head = data[:4096].decode("latin-1")
    match = re.search(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", head, re.IGNORECASE) or re.search(
        r"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", head, re.IGNORECASE
    )
    return match[1] if match else None


def reject_binary(data: bytes, source: str) -> None:
    """Raise ReadError ``binary-document`` when the bytes are no text in any encoding."""
    what = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    if what is not None:
        raise ReadError("binary-document", f"{source}: this is {what}, not text or HTML; convert it to text first")
    if any(data.startswith(bom) for bom, _ in _BOMS) or _wide(data):
        return
    probe = data[:_PROBE]
    controls = len(probe) - len(probe.translate(None, _CONTROL))
    if controls * 100 > len(probe):
        raise ReadError(
            "binary-document",
            f"{source}: {controls} of the first {len(probe)} bytes are control characters, so this is no text; check the file",
        )


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte-order mark: text in it has a NUL in nearly every other byte."""
    probe = data[:4096]
    if len(probe) < 4 or len(data) % 2:
        return None
    even, odd = probe[0::2].count(0), probe[1::2].count(0)
    half = len(probe) // 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _utf8_with_flaws(data: bytes) -> str | None:
    """The text of what is UTF-8 but for a few broken bytes, those replaced by U+FFFD; None for anything else."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sequences = sum(1 for character in text[: 4 * _PROBE] if character > "\x7f" and character != "\ufffd")
    return text if broken and sequences >= 4 * broken else None


def _telling(text: str) -> str:
    """The lines of a decoded text that hold what encodings differ in, without tags."""
    lines, size = [], 0
    for line in re.sub(r"<[^<>]{0,2000}>", " ", text[:_PROBE]).split("\n"):
        if not line.isascii():
            lines.append(line[:1000])
            size += len(lines[-1])
            if size > 4_000:
                break
    return "\n".join(lines)


def decode(data: bytes, source: str, *, declared: Iterable[str | None] = ()) -> Decoded:
    """Decode `data`; `declared` are charset labels from most to least trusted (transport, then markup).

    A byte-order mark decides, then valid UTF-8, whatever is declared. Else the declared charset is used when what it reads
    is plausible, else the most plausible of charset-normalizer's proposal and the usual encodings.
    Raises ReadError ``undecodable`` when no encoding makes words of the bytes.
    """
    labels = [label for label in declared if label and label.strip()]
    codecs_named = [name for name in map(_codec, labels) if name is not None]
    wanted = codecs_named[0] if codecs_named else None

    def mismatch(encoding: str) -> tuple[str, ...]:
        same = wanted is None or wanted == encoding or (wanted.replace("-", "")[:5] == "utf16" and encoding.startswith("utf-16"))
        return () if same else ("charset-mismatch",)

    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(encoding, errors="replace")
            return Decoded(text, encoding, mismatch(encoding) + (("charset-broken-bytes",) if "\ufffd" in text else ()))
    wide = _wide(data)
    if wide is not None:
        return Decoded(data.decode(wide, errors="replace"), wide, mismatch(wide))
    if wanted is not None and wanted.startswith(("iso2022", "hz")):
        try:
            return Decoded(data.decode(wanted), wanted)
        except UnicodeDecodeError:
            pass
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return Decoded(text, "utf-8", () if text.isascii() else mismatch("utf-8"))
    flawed = _utf8_with_flaws(data)
    if flawed is not None:
        return Decoded(flawed, "utf-8", (*mismatch("utf-8"), "charset-broken-bytes"))
    return _most_plausible(data, source, codecs_named, mismatch)


def _most_plausible(data: bytes, source: str, named: list[str], mismatch: Callable[[str], tuple[str, ...]]) -> Decoded:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_PROBE]).best()
    candidates = list(dict.fromkeys([*named, *([codecs.lookup(best.encoding).name] if best is not None else []), *map(_normal, _USUAL)]))
    ranked: list[tuple[float, int, str, str, float]] = []
    for order, encoding in enumerate(candidates):
        if encoding.startswith("utf-8"):
            continue
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        telling = _telling(text)
        score = plausibility(telling)
        bonus = _DECLARED_BONUS if encoding in named else 0.0
        ranked.append((score + bonus, -order, encoding, text, score / max(len(telling.split()), 1)))
    if ranked:
        _, _, encoding, text, per_word = max(ranked)
        if per_word > _HOPELESS:
            return Decoded(text, encoding, mismatch(encoding))
    if not ranked:
        # cp1252 leaves five bytes undefined; a stray one must not cost the document
        text = data.decode("cp1252", errors="replace")
        if text.count("\ufffd") * 100 <= len(text):
            return Decoded(text, "cp1252", (*mismatch("cp1252"), "charset-broken-bytes"))
    raise ReadError(
        "undecodable",
        f"{source}: the bytes are not valid UTF-8 and no other encoding makes words of them; save the document as UTF-8",
    )


def _normal(encoding: str) -> str:
    return codecs.lookup(encoding).name
