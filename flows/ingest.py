"""The Prefect flow `ingest`: documents in, rows out. Prefect sees batches; a document is a plain function, so it costs no task.

What was done is in the store's own ledger, so Prefect's caching and result files stay off, and a run that died is simply
started again. Importing this module imports Prefect.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, Field

from flows import outputs, prefect_settings, settings
from flows.processing import Options, Outcome, pipeline_name, process
from flows.report import Counts, Failure, RunReport
from flows.sources import Source, discover
from flows.store import Store
from flows.storing import link_events, quarantined_sources, save

if "prefect" not in sys.modules:
    prefect_settings.apply(settings.data_dir())

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

BATCH_SIZE = 50
"""Documents per task. Smaller batches pay for orchestration, larger ones report progress late."""

Observer = Callable[[str, int], None]
"""Told of progress: ("found", documents in all), then ("document", 1) for each, ("linking", 0), ("writing", 0)."""

observer: ContextVar[Observer | None] = ContextVar("observer", default=None)
"""Who wants to hear of the progress of the flow in this process."""


_interrupted = threading.Event()
"""Set when the run is broken off: the batches under way end after the document they are at."""


class IngestParameters(BaseModel):
    """What a run of the flow works on. Paths are those of the machine the flow runs on."""

    inputs: list[str] = Field(default_factory=list, description="Files, folders and http(s) URLs.")
    retry: bool = Field(False, description="Work on what is in quarantine; the inputs are then left out.")
    data: str = Field(default_factory=lambda: str(settings.data_dir()), description="Folder for the files the run writes.")
    store: str | None = Field(None, description="SQLAlchemy URL of the store; without it SQLite in the data folder.")
    published: str | None = Field(None, description="Publication date of every document, YYYY-MM-DD.")
    language: str | None = Field(None, description="BCP 47 language of every document.")
    read_on: str | None = Field(None, description="Day of reading, YYYY-MM-DD; without it today.")
    translate: bool = Field(True, description="Translate to English where a package is installed.")
    allow_private: bool = Field(False, description="Fetch from private addresses too.")
    workers: int = Field(1, ge=1, le=256, description="Processes that work up documents; 1 works in the flow's own process.")
    batch_size: int = Field(BATCH_SIZE, ge=1, le=1000, description="Documents per task.")

    @property
    def options(self) -> Options:
        """What a single document needs to know."""
        return Options(self.published, self.language, self.read_on, self.translate, self.allow_private)


@flow(name="ingest")
def ingest(parameters: IngestParameters) -> RunReport:
    """Reads, extracts and stores every document of the inputs, links events, and writes the JSON Lines files.

    A document that fails goes to quarantine and the run goes on. Raises StoreError when the store cannot be written.
    """
    data = Path(parameters.data)
    store = open_store(settings.store_url(data, parameters.store))
    sources, problems = (quarantined_sources(store), []) if parameters.retry else discover(parameters.inputs)
    pipeline = pipeline_name(parameters.translate)
    report = RunReport(store.start_run(pipeline), pipeline, problems=[problem.message for problem in problems])
    _tell("found", len(sources))
    futures = [process_batch.submit(batch, parameters, report.run_id, pipeline) for batch in _batches(sources, parameters.batch_size)]
    try:
        for future in as_completed(futures):
            counts, failures = future.result()
            report.counts.add(counts)
            report.failures.extend(failures)
    except KeyboardInterrupt:
        _interrupted.set()
        # Who pressed the keys knows; Prefect would report a crash.
        logging.getLogger("prefect").setLevel(logging.CRITICAL)
        logging.getLogger("prefect.flow_runs").setLevel(logging.CRITICAL)
        raise
    report.failures.sort()
    if store.files_are_behind() or not outputs.are_there(data):
        _tell("linking", 0)
        link_events(store)
        _tell("writing", 0)
        outputs.write(store, data)
        store.mark_files(current=True)
    stored = store.counts()
    report.events_stored, report.documents_stored = stored.events, stored.documents
    store.finish_run(report.run_id, report.verdict, json.dumps(asdict(report.counts)))
    return report


@task(name="process-batch", cache_policy=NO_CACHE, persist_result=False, retries=2, retry_delay_seconds=1)
def process_batch(sources: list[Source], parameters: IngestParameters, run_id: str, pipeline: str) -> tuple[Counts, list[Failure]]:
    """Works up one batch and stores each document as it is ready; the counts, and the failures as (source, code, message).

    Trying a batch again is safe: what was stored before is then unchanged.
    """
    store = open_store(settings.store_url(Path(parameters.data), parameters.store))
    known = store.known_inputs([source.name for source in sources], pipeline)
    counts = Counts()
    failures: list[Failure] = []
    for outcome in _outcomes(sources, parameters, known):
        failure = save(store, outcome, counts, run_id, pipeline)
        if failure is not None:
            failures.append(failure)
        _tell("document", 1)
        if _interrupted.is_set():
            break
    return counts, failures


def _outcomes(sources: list[Source], parameters: IngestParameters, known: dict[str, str]) -> Iterator[Outcome]:
    if parameters.workers > 1:
        from flows.workers import pool

        yield from pool(parameters.workers).process_all(sources, parameters.options, known)
    else:
        for source in sources:
            yield process(source, parameters.options, known.get(source.name))


@lru_cache(maxsize=4)
def open_store(url: str) -> Store:
    """The store at `url`, opened once per process."""
    return Store.open(url)


def runner(workers: int) -> TaskRunner[PrefectFuture[Any]]:
    """The task runner of a single-machine run: one batch at a time in this process, two to keep a process pool busy."""
    return cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=1 if workers == 1 else 2))


def _batches(sources: Sequence[Source], size: int) -> Iterator[list[Source]]:
    for start in range(0, len(sources), size):
        yield list(sources[start : start + size])


def _tell(what: str, number: int) -> None:
    if (listener := observer.get()) is not None:
        listener(what, number)
