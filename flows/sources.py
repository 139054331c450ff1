"""Finds the documents a command names: files, folders, URLs, standard input. It reads bytes and sidecars, and extracts nothing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from extractors.errors import ReadError
from flows.errors import UsageError

SUFFIXES = frozenset({".txt", ".html", ".htm", ".xhtml"})
"""What counts as a document in a folder. A file that is named itself may have any suffix."""

_SIDECAR = ".meta.json"
_SIDECAR_HOLDS = "published, url, language, title"
_MAX_SIDECAR_BYTES = 64 * 1024
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One document to read. `name` is its lasting name in the store; exactly one of `path` and `url` is set, or neither for stdin."""

    name: str
    path: Path | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """An argument that leads to no document, with what to do about it."""

    argument: str
    message: str


def is_url(argument: str) -> bool:
    """True when `argument` looks like ``scheme://...``, whatever the scheme."""
    scheme, separator, _ = argument.partition("://")
    return bool(separator) and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()


def canonical_url(url: str) -> str:
    """The URL as a lasting name: scheme and host in small letters, no default port, no fragment. Raises UsageError for a bad one."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = parts.hostname
    except ValueError as error:
        raise UsageError("bad-url", f"{url!r} is not a URL ({error}); give one like https://example.org/news") from None
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        raise UsageError("bad-url", f"{url!r}: only http and https are read; save the page to a file and give its path")
    if not host:
        raise UsageError("bad-url", f"{url!r} names no host; give a URL like https://example.org/news")
    if parts.username is not None or parts.password is not None:
        raise UsageError("bad-url", f"the URL for {host} carries a user name or password, which would be stored; leave it out")
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme.lower()]:
        netloc += f":{port}"
    return urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", parts.query, ""))


def is_document(path: Path) -> bool:
    """True for a file a folder is searched for: a document's suffix, not hidden, not a README."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.stem.lower() != "readme"


def discover(arguments: Sequence[str]) -> tuple[list[Source], list[Problem]]:
    """The documents behind files, folders (searched to the bottom) and URLs, sorted by name, and the arguments that gave none.

    A file of a folder is named by the folder's own name and the path below it (``samples/da/a.txt``), so that the name
    is the same in every checkout. A file given by a relative path keeps that path. Two different files under one name
    are a problem: the second would replace the first in the store.
    """
    found: dict[str, Source] = {}
    problems: list[Problem] = []

    def add(source: Source, argument: str) -> None:
        known = found.setdefault(source.name, source)
        if known != source and known.path is not None and source.path is not None and known.path.resolve() != source.path.resolve():
            problems.append(
                Problem(argument, f"{source.path} and {known.path} would both be stored as {source.name!r}; ingest a folder above both")
            )

    for argument in arguments:
        if is_url(argument):
            try:
                url = canonical_url(argument)
            except UsageError as error:
                problems.append(Problem(argument, str(error)))
                continue
            add(Source(url, url=url), argument)
            continue
        path = Path(argument)
        try:
            if path.is_dir():
                documents = list(_documents_below(path))
                if not documents:
                    problems.append(Problem(argument, f"{argument}: no document in this folder; looked for {', '.join(sorted(SUFFIXES))}"))
                for document in documents:
                    add(Source(_name_below(path, document), path=document), argument)
            elif path.is_file():
                add(Source(_name_of_file(path), path=path), argument)
            elif path.exists():
                problems.append(Problem(argument, f"{argument}: neither a file nor a folder; give a file, a folder or a URL"))
            else:
                problems.append(Problem(argument, f"{argument}: no such file or folder; check the path"))
        except OSError as error:
            problems.append(Problem(argument, f"{argument}: cannot be looked at ({error.strerror}); check the path and its permissions"))
    return sorted(found.values(), key=lambda source: source.name), problems


def _documents_below(root: Path) -> Iterator[Path]:
    for folder, subfolders, names in os.walk(root, followlinks=False):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder) / name
            if is_document(path):
                yield path


def _name_below(root: Path, document: Path) -> str:
    return str(PurePosixPath(root.resolve().name or "root", *document.relative_to(root).parts))


def _name_of_file(path: Path) -> str:
    if path.is_absolute() or ".." in path.parts:
        resolved = path.absolute()
        return str(PurePosixPath(resolved.parent.name, resolved.name)) if resolved.parent.name else resolved.name
    return path.as_posix()


def read_bytes(source: Source) -> bytes:
    """The bytes of a local document or of standard input. Raises ReadError (`too-large`) and UsageError (`unreadable`)."""
    from extractors.page import MAX_BYTES

    if source.url is not None:
        raise ValueError(f"{source.name} is a URL; flows.fetch reads it")
    try:
        if source.path is None:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with source.path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError("unreadable", f"{source.name}: cannot be read ({error.strerror}); check that it exists and may be read") from None
    if len(data) > MAX_BYTES:
        raise ReadError("too-large", f"{source.name}: more than the {MAX_BYTES:,} bytes that are read; split the document")
    return data


def read_sidecar(source: Source) -> dict[str, Any] | None:
    """What ``NAME.meta.json`` beside ``NAME.html`` says, or None without one. Raises UsageError (`bad-sidecar`) for a broken one."""
    if source.path is None:
        return None
    path = source.path.with_name(source.path.stem + _SIDECAR)
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_SIDECAR_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError("bad-sidecar", f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    if len(raw) > _MAX_SIDECAR_BYTES:
        raise UsageError("bad-sidecar", f"{path}: larger than {_MAX_SIDECAR_BYTES // 1024} KB; it holds {_SIDECAR_HOLDS}")
    try:
        meta = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UsageError("bad-sidecar", f"{path}: not JSON ({error}); mend or remove it") from None
    if not isinstance(meta, dict):
        raise UsageError("bad-sidecar", f"{path}: must be one JSON object; it holds {_SIDECAR_HOLDS}")
    return meta
