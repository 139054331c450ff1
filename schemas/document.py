"""What a document is: one canonical text, blocks and links that index into it, language, translation."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from schemas.base import Model, Span
from schemas.edtf import PartialDate


class BlockKind(StrEnum):
    """What a stretch of text is on its page."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    FIELD = "field"
    TABLE_ROW = "table_row"


class Region(StrEnum):
    """Which part of the page a block came from."""

    MAIN = "main"
    HEADER = "header"
    ASIDE = "aside"
    FOOTER = "footer"


class Block(Model):
    """A stretch ``text[start:end]`` of the canonical text; blocks never overlap and keep page order."""

    kind: BlockKind
    start: int
    end: int
    level: int | None = Field(None, description="Heading level, 1 to 6; list nesting depth for list items.")
    label: Span | None = Field(None, description="The label of a field, without its colon.")
    value: Span | None = Field(None, description="The value of a field.")
    cells: list[Span] = Field(default_factory=list, description="The cells of a table row, in order.")
    region: Region = Region.MAIN
    found_by: str = Field("text", description="Which reading pass gave it: text, trafilatura, second_pass.")
    language: str | None = Field(None, description="BCP 47, only where it differs from the document's.")


class Link(Model):
    """A hyperlink of the page, with the anchor text's place in the canonical text where it has one."""

    url: str
    text: str = ""
    start: int | None = None
    end: int | None = None


class TimeElement(Span):
    """A stretch of the text that the page marks as a time, with the machine-readable value it gives (``<time datetime>``)."""

    value: str = Field(description="As given there, usually ISO 8601.")


class LanguageDecision(Model):
    """Which language a text is in, how sure that is, and why it was decided so."""

    code: str = Field(description="BCP 47; 'und' where the detector abstains.")
    confidence: float = Field(ge=0, le=1)
    decided_by: str = Field(description="given, sidecar, markup, script, langdetect, lexicon, or none.")
    reason: str = ""


class PublishedDate(Model):
    """The document's publication date and where it was taken from."""

    value: PartialDate
    basis: str = Field(description="given, sidecar, markup, or text.")


class AlignedSentence(Model):
    """One translated unit: where it stands in the source text and in the English text."""

    start: int
    end: int
    english_start: int
    english_end: int
    flags: list[str] = Field(default_factory=list, description="numbers, loop, untranslated, length, protected.")


class TranslationStatus(StrEnum):
    """What became of the translation to English."""

    TRANSLATED = "translated"
    NOT_NEEDED = "not_needed"
    UNAVAILABLE = "unavailable"
    OFF = "off"
    FAILED = "failed"


class Translation(Model):
    """The English reading of a document, aligned to its source sentence by sentence."""

    status: TranslationStatus
    reason: str = ""
    engine: str | None = Field(None, description="Package pair, version and SHA-256 of the package used.")
    text: str | None = None
    title: str | None = None
    sentences: list[AlignedSentence] = Field(default_factory=list)


class Document(Model):
    """One announcement as read: canonical text (NFC) with everything that points into it."""

    id: str
    source: str = Field(description="URL, or the path as given.")
    content_hash: str = Field(description="SHA-256 of the raw bytes, hexadecimal.")
    media_type: str = "text/plain"
    title: str | None = None
    author: str | None = None
    site_name: str | None = None
    published: PublishedDate | None = None
    language: LanguageDecision
    text: str
    blocks: list[Block] = Field(default_factory=list)
    links: list[Link] = Field(default_factory=list)
    times: list[TimeElement] = Field(default_factory=list, description="Stretches of the text that the markup dates, in order.")
    structured_events: list[dict[str, Any]] = Field(
        default_factory=list, description="schema.org Events found in the markup (JSON-LD, microdata), as given there."
    )
    translation: Translation | None = None
    warnings: list[str] = Field(default_factory=list, description="Warning codes, each explained in docs/warnings.md.")
