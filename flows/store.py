"""The store: documents, events, deadlines, quarantine, ledger and runs in any database SQLAlchemy speaks. It extracts nothing.

A document's rows and its ledger entry are written in one transaction: a run that dies leaves every document either whole or
untouched. What changes from run to run (times, run ids, links to other documents) has columns of its own beside the JSON.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flows.errors import StoreError
from flows.records import DocumentRows, fold, linked_event, whole_result

STORE_VERSION: Final = "1"
"""Version of the tables; a store of another version is refused, never changed silently."""

Change = Literal["new", "changed", "unchanged", "duplicate"]


class Base(DeclarativeBase):
    """The tables of the store."""


class MetaTable(Base):
    """Facts about the store itself: the version of its tables, and whether the files beside it are behind."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text)


class RunTable(Base):
    """One run of the ingest flow. A run without `finished_at` is going on, or died."""

    __tablename__ = "run"
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    started_at: Mapped[str] = mapped_column(sa.String(32))
    finished_at: Mapped[str | None] = mapped_column(sa.String(32))
    pipeline: Mapped[str] = mapped_column(sa.String(200))
    verdict: Mapped[str | None] = mapped_column(sa.String(20))
    counts: Mapped[str | None] = mapped_column(sa.Text)


class DocumentTable(Base):
    """One document. `json` is its result without events; `run_id` and `fetched_at` belong to the run that last wrote it."""

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    source: Mapped[str] = mapped_column(sa.Text, unique=True)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    title: Mapped[str | None] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(35), index=True)
    published: Mapped[str | None] = mapped_column(sa.String(10))
    json: Mapped[str] = mapped_column(sa.Text)
    first_seen_at: Mapped[str] = mapped_column(sa.String(32))
    fetched_at: Mapped[str] = mapped_column(sa.String(32))
    run_id: Mapped[str] = mapped_column(sa.String(32))


class EventTable(Base):
    """One event record. `link_id` names the event it shares with records of other documents; it is not part of the record."""

    __tablename__ = "event"
    id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    document_id: Mapped[str] = mapped_column(sa.ForeignKey("document.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(35), index=True)
    title: Mapped[str] = mapped_column(sa.Text)
    title_en: Mapped[str | None] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.String(30), index=True)
    status: Mapped[str] = mapped_column(sa.String(20))
    mode: Mapped[str] = mapped_column(sa.String(20))
    start: Mapped[str] = mapped_column(sa.String(10))
    end: Mapped[str | None] = mapped_column(sa.String(10))
    first_day: Mapped[str | None] = mapped_column(sa.String(10), index=True)
    last_day: Mapped[str | None] = mapped_column(sa.String(10))
    countries: Mapped[str] = mapped_column(sa.Text)
    search_text: Mapped[str] = mapped_column(sa.Text)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    json: Mapped[str] = mapped_column(sa.Text)
    link_id: Mapped[str | None] = mapped_column(sa.String(100), index=True)
    first_seen_at: Mapped[str] = mapped_column(sa.String(32))
    changed_at: Mapped[str] = mapped_column(sa.String(32))


class DeadlineTable(Base):
    """One deadline of a document, for sorting by date; the record of it is in the document's JSON."""

    __tablename__ = "deadline"
    document_id: Mapped[str] = mapped_column(sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    date: Mapped[str] = mapped_column(sa.String(10))
    first_day: Mapped[str | None] = mapped_column(sa.String(10), index=True)


class LedgerTable(Base):
    """Which input of a source was last worked up, by which pipeline: the look-up that makes an unchanged document cheap."""

    __tablename__ = "ledger"
    source: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    document_id: Mapped[str] = mapped_column(sa.String(100))
    input_hash: Mapped[str] = mapped_column(sa.String(64))
    pipeline: Mapped[str] = mapped_column(sa.String(200))
    run_id: Mapped[str] = mapped_column(sa.String(32))


class QuarantineTable(Base):
    """A source that could not be worked up, and why. `locator` is the path or URL to try again."""

    __tablename__ = "quarantine"
    source: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    locator: Mapped[str] = mapped_column(sa.Text)
    code: Mapped[str] = mapped_column(sa.String(60))
    message: Mapped[str] = mapped_column(sa.Text)
    attempts: Mapped[int]
    first_at: Mapped[str] = mapped_column(sa.String(32))
    last_at: Mapped[str] = mapped_column(sa.String(32))
    run_id: Mapped[str] = mapped_column(sa.String(32))


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which stored events are asked for; every field given must hold. Days are ``YYYY-MM-DD``."""

    kinds: Sequence[str] = ()
    countries: Sequence[str] = ()
    languages: Sequence[str] = ()
    statuses: Sequence[str] = ()
    from_day: str | None = None
    to_day: str | None = None
    query: str | None = None
    online: bool = False


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A quarantine entry."""

    source: str
    locator: str
    code: str
    message: str
    attempts: int
    first_at: str
    last_at: str


@dataclass(slots=True)
class StoreCounts:
    """How much a store holds."""

    documents: int = 0
    events: int = 0
    quarantined: int = 0
    languages: list[str] = field(default_factory=list)


def now() -> str:
    """The time, ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Store:
    """An open store. Safe to share between threads; every method is one transaction."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._writes = engine.execution_options(procnews_writes=True)

    # --- opening -------------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Store:
        """Opens the store at an SQLAlchemy URL, making its tables when it is new and `create` allows.

        Raises StoreError (`no-store`, `store-unavailable`, `store-version`) with what to do.
        """
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise StoreError("bad-store-url", "the store's URL cannot be read; give one like sqlite:///procnews.db") from None
        shown = parsed.render_as_string(hide_password=True)
        try:
            _prepare_file(parsed, create)
            engine = _engine(parsed)
            store = cls(engine)
            if create:
                with store._writes.begin() as connection:
                    Base.metadata.create_all(connection)
                    if connection.scalar(sa.select(MetaTable.value).where(MetaTable.key == "store_version")) is None:
                        connection.execute(sa.insert(MetaTable).values(key="store_version", value=STORE_VERSION))
            version = store._meta("store_version")
        except (SQLAlchemyError, OSError, ModuleNotFoundError) as error:
            raise StoreError("store-unavailable", f"the store {shown} cannot be {_opened(create)}: {_reason(error)}") from None
        if version != STORE_VERSION:
            raise StoreError(
                "store-version",
                f"the store {shown} has table version {version!r}, this procnews needs {STORE_VERSION!r}; ingest into a new one",
            )
        return store

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def _meta(self, key: str) -> str | None:
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(MetaTable.value).where(MetaTable.key == key))

    # --- runs ----------------------------------------------------------------------------------------------------

    def start_run(self, pipeline: str) -> str:
        """Notes that a run begins; its id."""
        run_id = uuid4().hex
        with self._writes.begin() as connection:
            connection.execute(sa.insert(RunTable).values(id=run_id, started_at=now(), pipeline=pipeline))
        return run_id

    def finish_run(self, run_id: str, verdict: str, counts: str) -> None:
        """Notes how a run ended; `counts` is JSON."""
        with self._writes.begin() as connection:
            connection.execute(sa.update(RunTable).where(RunTable.id == run_id).values(finished_at=now(), verdict=verdict, counts=counts))

    # --- documents -----------------------------------------------------------------------------------------------

    def known_inputs(self, sources: Sequence[str], pipeline: str) -> dict[str, str]:
        """The input hash of every source that `pipeline` has worked up already."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.select(LedgerTable.source, LedgerTable.input_hash).where(
                    LedgerTable.source.in_(sources), LedgerTable.pipeline == pipeline
                )
            )
            return {row.source: row.input_hash for row in rows}

    def save(self, rows: DocumentRows, *, input_hash: str, pipeline: str, run_id: str, fetched_at: str) -> Change:
        """Writes a document, its events, its deadlines and its ledger entry in one transaction, and clears its quarantine entry.

        Rows of an earlier version of the document are replaced; events that are still there keep their ids. Two sources with
        one document id (a page saved twice, whose canonical address names it) are one document: the source that sorts first
        has the rows, whichever came first; the other is a `duplicate`.
        Raises StoreError (`store-conflict`) when two events claim one id.
        """
        try:
            with self._writes.begin() as connection:
                change = _compare(connection, rows)
                if change == "duplicate":
                    own = connection.scalars(sa.select(DocumentTable.id).where(DocumentTable.source == rows.source)).all()
                    _remove(connection, own)
                    if own:
                        _set_meta(connection, "files", "behind")
                elif change != "unchanged":
                    _replace(connection, rows, run_id, fetched_at)
                    _set_meta(connection, "files", "behind")
                connection.execute(sa.delete(LedgerTable).where(LedgerTable.source == rows.source))
                connection.execute(
                    sa.insert(LedgerTable).values(
                        source=rows.source, document_id=rows.id, input_hash=input_hash, pipeline=pipeline, run_id=run_id
                    )
                )
                connection.execute(sa.delete(QuarantineTable).where(QuarantineTable.source == rows.source))
                return change
        except IntegrityError as error:
            raise StoreError(
                "store-conflict", f"{rows.source}: an id is already taken ({_reason(error)}); report it with the document"
            ) from None

    def known_again(self, source: str) -> None:
        """An unchanged document needs no quarantine entry any more (its fetch may have failed in between)."""
        with self._writes.begin() as connection:
            connection.execute(sa.delete(QuarantineTable).where(QuarantineTable.source == source))

    # --- quarantine ----------------------------------------------------------------------------------------------

    def quarantine(self, source: str, locator: str, code: str, message: str, run_id: str) -> None:
        """Notes that a source could not be worked up. What the store holds of it from earlier stays."""
        with self._writes.begin() as connection:
            known = connection.execute(
                sa.select(QuarantineTable.attempts, QuarantineTable.first_at).where(QuarantineTable.source == source)
            ).first()
            connection.execute(sa.delete(QuarantineTable).where(QuarantineTable.source == source))
            time = now()
            connection.execute(
                sa.insert(QuarantineTable).values(
                    source=source,
                    locator=locator,
                    code=code,
                    message=message,
                    attempts=(known.attempts if known else 0) + 1,
                    first_at=known.first_at if known else time,
                    last_at=time,
                    run_id=run_id,
                )
            )

    def quarantined(self) -> list[Quarantined]:
        """All quarantine entries, by source."""
        columns = (
            QuarantineTable.source,
            QuarantineTable.locator,
            QuarantineTable.code,
            QuarantineTable.message,
            QuarantineTable.attempts,
            QuarantineTable.first_at,
            QuarantineTable.last_at,
        )
        with self._engine.connect() as connection:
            return [Quarantined(*row) for row in connection.execute(sa.select(*columns).order_by(QuarantineTable.source))]

    def drop_quarantined(self, sources: Sequence[str]) -> int:
        """Removes quarantine entries; how many there were."""
        with self._writes.begin() as connection:
            return connection.execute(sa.delete(QuarantineTable).where(QuarantineTable.source.in_(sources))).rowcount

    # --- reading -------------------------------------------------------------------------------------------------

    def counts(self) -> StoreCounts:
        """How many documents, events and quarantine entries there are, and in which languages."""
        with self._engine.connect() as connection:
            return StoreCounts(
                documents=connection.scalar(sa.select(sa.func.count()).select_from(DocumentTable)) or 0,
                events=connection.scalar(sa.select(sa.func.count()).select_from(EventTable)) or 0,
                quarantined=connection.scalar(sa.select(sa.func.count()).select_from(QuarantineTable)) or 0,
                languages=list(connection.scalars(sa.select(DocumentTable.language).distinct().order_by(DocumentTable.language))),
            )

    def events(self, wanted: EventFilter | None = None) -> Iterator[dict[str, Any]]:
        """Stored event records as JSON objects, links filled in, by first day (unknown years last), then source and place in it."""
        conditions = _conditions(wanted or EventFilter())
        with self._engine.connect() as connection:
            same = _linked_ids(connection)
            rows = connection.execution_options(yield_per=200).execute(
                sa.select(EventTable.id, EventTable.json, EventTable.link_id)
                .join(DocumentTable, DocumentTable.id == EventTable.document_id)
                .where(*conditions)
                .order_by(EventTable.first_day.is_(None), EventTable.first_day, EventTable.start, DocumentTable.source, EventTable.position)
            )
            for event_id, text, link_id in rows:
                yield linked_event(text, link_id, _others(same, link_id, event_id))

    def results(self) -> Iterator[str]:
        """Every stored document as the canonical JSON of its whole result, by source."""
        with self._engine.connect() as connection:
            same = _linked_ids(connection)
            documents = connection.execution_options(yield_per=50).execute(
                sa.select(DocumentTable.id, DocumentTable.json).order_by(DocumentTable.source)
            )
            with self._engine.connect() as second:
                for document_id, text in documents:
                    events = second.execute(
                        sa.select(EventTable.id, EventTable.json, EventTable.link_id)
                        .where(EventTable.document_id == document_id)
                        .order_by(EventTable.position)
                    )
                    yield whole_result(text, [linked_event(row.json, row.link_id, _others(same, row.link_id, row.id)) for row in events])

    # --- links and files -----------------------------------------------------------------------------------------

    def event_jsons(self) -> Iterator[str]:
        """Every stored event record as JSON without links, by id: what the linking of events reads."""
        with self._engine.connect() as connection:
            yield from connection.execution_options(yield_per=200).scalars(sa.select(EventTable.json).order_by(EventTable.id))

    def set_links(self, links: Mapping[str, str]) -> None:
        """Writes the link of every event; an event that is not in `links` has none."""
        with self._writes.begin() as connection:
            known = {row.id: row.link_id for row in connection.execute(sa.select(EventTable.id, EventTable.link_id))}
            for event_id, link_id in known.items():
                if links.get(event_id) != link_id:
                    connection.execute(sa.update(EventTable).where(EventTable.id == event_id).values(link_id=links.get(event_id)))

    def files_are_behind(self) -> bool:
        """True when something was stored since the links and the JSON Lines files were last made."""
        return self._meta("files") != "current"

    def mark_files(self, *, current: bool) -> None:
        """Notes that links and files are up to date, or no longer."""
        with self._writes.begin() as connection:
            _set_meta(connection, "files", "current" if current else "behind")


def _prepare_file(url: URL, create: bool) -> None:
    """Makes the folder of an SQLite file that is not there yet. Raises StoreError when there is none and none may be made."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    if path.exists():
        return
    if not create:
        raise StoreError(
            "no-store", f"there is no store at {path} yet; run `procnews ingest` first, or name another with --store or --data"
        )
    path.parent.mkdir(parents=True, exist_ok=True)


def _engine(url: URL) -> Engine:
    engine = sa.create_engine(url)
    if url.get_backend_name() != "sqlite":
        return engine

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _: object) -> None:
        # The driver would begin transactions by rules of its own; `on_begin` says when and how.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A writer that began as a reader cannot wait for another writer; it would fail at once with "database is locked".
        writes = connection.get_execution_options().get("procnews_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _opened(create: bool) -> str:
    return "opened for writing" if create else "read"


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    if isinstance(original, ModuleNotFoundError):
        return f"its driver {original.name!r} is not installed; install it, for PostgreSQL with pip install 'procnews[postgresql]'"
    if isinstance(original, OSError) and original.strerror:
        return f"{original.strerror} ({original.filename}); name a writable place with --data or --store"
    text = " ".join(str(original).split())
    if "no such table" in text or "not a database" in text:
        return f"it is not a procnews store ({text}); name another with --data or --store"
    return f"{text}; name a writable place with --data or --store"


def _set_meta(connection: Connection, key: str, value: str) -> None:
    if connection.execute(sa.update(MetaTable).where(MetaTable.key == key).values(value=value)).rowcount == 0:
        connection.execute(sa.insert(MetaTable).values(key=key, value=value))


def _compare(connection: Connection, rows: DocumentRows) -> Change:
    columns = sa.select(DocumentTable.id, DocumentTable.source, DocumentTable.json)
    own = connection.execute(columns.where(DocumentTable.source == rows.source)).first()
    if own is None or own.id != rows.id:
        holder = connection.execute(columns.where(DocumentTable.id == rows.id)).first()
        if holder is not None and holder.source < rows.source:
            return "duplicate"
    if own is None:
        return "new"
    events = connection.scalars(sa.select(EventTable.json).where(EventTable.document_id == own.id).order_by(EventTable.position))
    same = own.id == rows.id and own.json == rows.json and list(events) == [event.json for event in rows.events]
    return "unchanged" if same else "changed"


def _replace(connection: Connection, rows: DocumentRows, run_id: str, fetched_at: str) -> None:
    time = now()
    # The source's earlier rows, and those of a source that held the same id.
    held = connection.execute(
        sa.select(DocumentTable.id, DocumentTable.first_seen_at).where(
            sa.or_(DocumentTable.source == rows.source, DocumentTable.id == rows.id)
        )
    ).all()
    kept = sa.select(EventTable.id, EventTable.content_hash, EventTable.first_seen_at, EventTable.changed_at, EventTable.link_id)
    known: dict[str, Any] = {}
    for document in held:
        known |= {row.id: row for row in connection.execute(kept.where(EventTable.document_id == document.id))}
    _remove(connection, [document.id for document in held], keep_ledger_of=rows.id)
    connection.execute(
        sa.insert(DocumentTable).values(
            id=rows.id,
            source=rows.source,
            content_hash=rows.content_hash,
            media_type=rows.media_type,
            title=rows.title,
            language=rows.language,
            published=rows.published,
            json=rows.json,
            first_seen_at=min((document.first_seen_at for document in held), default=time),
            fetched_at=fetched_at,
            run_id=run_id,
        )
    )
    for event in rows.events:
        before = known.get(event.id)
        connection.execute(
            sa.insert(EventTable).values(
                id=event.id,
                document_id=rows.id,
                position=event.position,
                language=rows.language,
                title=event.title,
                title_en=event.title_en,
                kind=event.kind,
                status=event.status,
                mode=event.mode,
                start=event.start,
                end=event.end,
                first_day=event.first_day,
                last_day=event.last_day,
                countries=event.countries,
                search_text=event.search_text,
                content_hash=event.content_hash,
                json=event.json,
                link_id=before.link_id if before else None,
                first_seen_at=before.first_seen_at if before else time,
                changed_at=before.changed_at if before and before.content_hash == event.content_hash else time,
            )
        )
    for deadline in rows.deadlines:
        connection.execute(
            sa.insert(DeadlineTable).values(
                document_id=rows.id, position=deadline.position, kind=deadline.kind, date=deadline.date, first_day=deadline.first_day
            )
        )


def _remove(connection: Connection, documents: Sequence[str], keep_ledger_of: str | None = None) -> None:
    """Deletes documents with their rows. Their ledger entries go too, so that a duplicate of one is looked at again."""
    for table in (EventTable, DeadlineTable):
        connection.execute(sa.delete(table).where(table.document_id.in_(documents)))
    connection.execute(sa.delete(DocumentTable).where(DocumentTable.id.in_(documents)))
    gone = [document for document in documents if document != keep_ledger_of]
    connection.execute(sa.delete(LedgerTable).where(LedgerTable.document_id.in_(gone)))


def _conditions(wanted: EventFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.kinds:
        conditions.append(EventTable.kind.in_(wanted.kinds))
    if wanted.languages:
        conditions.append(EventTable.language.in_(wanted.languages))
    if wanted.statuses:
        conditions.append(EventTable.status.in_(wanted.statuses))
    if wanted.countries:
        conditions.append(sa.or_(*(EventTable.countries.contains(f"|{country}|", autoescape=True) for country in wanted.countries)))
    if wanted.from_day:
        conditions.append(EventTable.last_day >= wanted.from_day)
    if wanted.to_day:
        conditions.append(EventTable.first_day <= wanted.to_day)
    if wanted.online:
        conditions.append(EventTable.mode.in_(("online", "hybrid")))
    if wanted.query:
        conditions.extend(EventTable.search_text.contains(word, autoescape=True) for word in fold(wanted.query).split())
    return conditions


def _linked_ids(connection: Connection) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for event_id, link_id in connection.execute(
        sa.select(EventTable.id, EventTable.link_id).where(EventTable.link_id.is_not(None)).order_by(EventTable.id)
    ):
        groups.setdefault(link_id, []).append(event_id)
    return groups


def _others(groups: Mapping[str, Iterable[str]], link_id: str | None, event_id: str) -> list[str]:
    return [other for other in groups.get(link_id or "", ()) if other != event_id]
