"""One document from its bytes to its rows: a plain function, without Prefect and without a database. It never raises for a document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Literal

from extractors.errors import ProcnewsError
from flows.errors import one_line
from flows.records import DocumentRows, canonical_json, rows_of, sha256
from flows.sources import Source, read_bytes, read_sidecar

if TYPE_CHECKING:
    from schemas import ExtractionResult


@dataclass(frozen=True, slots=True)
class Options:
    """How documents are read. `published` and `language` hold for every document of the run, above what the document says.

    `read_on` (ISO 8601) is the day against which an undated document's events are past; without it the day it is read.
    """

    published: str | None = None
    language: str | None = None
    read_on: str | None = None
    translate: bool = True
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """A document as it came: its bytes and what is known about it from outside. `fetched_at` is ISO 8601, UTC."""

    data: bytes
    media_type: str | None
    meta: dict[str, Any] | None
    fetched_at: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: its rows, or nothing to do, or a code and a message."""

    source: Source
    status: Literal["done", "unchanged", "failed"]
    input_hash: str = ""
    fetched_at: str = ""
    rows: DocumentRows | None = None
    code: str = ""
    message: str = ""


def read(source: Source, options: Options) -> Input:
    """Reads a file with its sidecar, or fetches a URL. Raises ProcnewsError."""
    if source.url is not None:
        from flows.fetch import fetch

        page = fetch(source.url, allow_private=options.allow_private)
        return Input(page.data, page.media_type, {"url": page.url}, _now())
    return Input(read_bytes(source), None, read_sidecar(source), _now())


def input_hash(document: Input, options: Options) -> str:
    """SHA-256 over everything that decides the result beside the pipeline: bytes, media type, sidecar, options."""
    outside = [document.media_type, sorted((document.meta or {}).items()), options.published, options.language, options.read_on]
    return sha256(hashlib.sha256(document.data).hexdigest() + canonical_json(outside))


@lru_cache(maxsize=4)
def pipeline_name(translate: bool) -> str:
    """The pipeline's version with a fingerprint of the models it finds here: another model is another pipeline.

    So a document is worked up again when a translation package or an NER model was installed since.
    """
    from extractors.pipeline import PIPELINE_VERSION

    models = [f"{entry.name}={entry.dist.version if entry.dist else ''}" for entry in entry_points(group="spacy_models")]
    packages: list[str] = []
    if translate:
        from extractors.translation import installed_packages

        packages = [f"{package.from_code}-{package.to_code}={package.version}" for package in installed_packages()]
    return f"{PIPELINE_VERSION}+{sha256(canonical_json([sorted(models), sorted(packages), translate]))[:12]}"


def extract_input(source: Source, document: Input, options: Options) -> ExtractionResult:
    """What the pipeline makes of a document. Raises ProcnewsError for one that cannot be read."""
    from extractors.pipeline import extract

    return extract(
        document.data,
        source.name,
        media_type=document.media_type,
        meta=document.meta,
        published=options.published,
        language=options.language,
        translate=options.translate,
        read_on=options.read_on or document.fetched_at[:10],
    )


def process(source: Source, options: Options, known_hash: str | None = None) -> Outcome:
    """Reads and extracts one document, unless its input still has `known_hash`. Every error becomes a failed outcome."""
    try:
        document = read(source, options)
        hashed = input_hash(document, options)
        if hashed == known_hash:
            return Outcome(source, "unchanged", hashed, document.fetched_at)
        rows = rows_of(extract_input(source, document, options))
        if rows.source != source.name:
            rows = replace(rows, source=source.name)
        return Outcome(source, "done", hashed, document.fetched_at, rows)
    except ProcnewsError as error:
        return Outcome(source, "failed", code=error.code, message=one_line(error))
    except Exception as error:
        return Outcome(source, "failed", code="unexpected-error", message=one_line(error))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
