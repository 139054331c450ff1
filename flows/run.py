"""Runs the ingest flow from start to end in this process: settings, temporary server, flow. It renders nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows import prefect_server, prefect_settings
from flows.errors import UsageError
from flows.report import RunReport
from flows.settings import debug, store_url
from flows.sources import discover
from flows.store import Store

if TYPE_CHECKING:
    from rich.console import Console


def run_ingest(
    inputs: Sequence[str],
    *,
    data: Path,
    store: str | None = None,
    published: str | None = None,
    language: str | None = None,
    read_on: str | None = None,
    translate: bool = True,
    allow_private: bool = False,
    workers: int = 1,
    batch_size: int | None = None,
    retry: bool = False,
    observe: Callable[[str, int], None] | None = None,
    console: Console | None = None,
) -> RunReport:
    """Ingests files, folders and URLs, or with `retry` what is in quarantine, into the store and returns the report.

    `observe` hears of progress (see `flows.ingest.Observer`). With `console` Prefect's log lines go to it, so that a progress
    bar on it stays whole. Raises UsageError when no input leads to a document,
    StoreError and ServerError when nothing can be done.
    """
    if not retry:
        sources, problems = discover(inputs)
        if not sources:
            raise UsageError("no-documents", problems[0].message if problems else "nothing to ingest; give a file, a folder or a URL")
    # A store that cannot be written is found out before seconds are spent on starting the server.
    Store.open(store_url(data, store)).close()
    prefect_settings.apply(data)
    with prefect_server.temporary_server(data / "prefect") as server:
        # The import takes a second; the server starts meanwhile.
        from flows import ingest

        if server is not None:
            server.wait()
        if console is not None:
            _share_console(console)
        parameters = ingest.IngestParameters(
            inputs=list(inputs),
            retry=retry,
            data=str(data),
            store=store,
            published=published,
            language=language,
            read_on=read_on,
            translate=translate,
            allow_private=allow_private,
            workers=workers,
            batch_size=batch_size or ingest.BATCH_SIZE,
        )
        token = ingest.observer.set(observe)
        try:
            return ingest.ingest.with_options(task_runner=ingest.runner(workers))(parameters)
        finally:
            ingest.observer.reset(token)
            if workers > 1:
                from flows.workers import pool

                pool(workers).close()


def _share_console(console: Console) -> None:
    import logging

    for handler in logging.getLogger("prefect").handlers:
        if hasattr(handler, "console"):
            handler.console = console
        if not debug():
            # A failed task or flow is reported once, by the error it raises; its traceback is for PROCNEWS_DEBUG.
            handler.addFilter(lambda record: not record.exc_info)
