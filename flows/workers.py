"""A pool of processes that work up documents, models loaded once in each. It stores nothing and knows no Prefect."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache

from flows.processing import Options, Outcome, process
from flows.sources import Source

RECYCLE_AFTER = 2000
"""Documents after which all processes are replaced by fresh ones, because long-lived NLP processes grow."""


def _prepare_worker() -> None:
    # Ctrl-C ends the parent, which ends its workers; a traceback from each would only bury the message.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A worker waits for work on a pipe that its fellow workers hold open too; it would wait for ever for a parent that was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class WorkerPool:
    """Processes that run `process`. Several threads may use one pool."""

    def __init__(self, workers: int, recycle_after: int = RECYCLE_AFTER):
        self._workers = workers
        self._recycle_after = recycle_after
        self._lock = threading.Lock()
        self._executor: ProcessPoolExecutor | None = None
        self._taken = 0

    def _current(self, more: int) -> ProcessPoolExecutor:
        with self._lock:
            if self._executor is not None and self._taken >= self._recycle_after:
                self._executor.shutdown(wait=False)
                self._executor = None
            if self._executor is None:
                self._executor = self._new_executor(self._workers)
                self._taken = 0
            self._taken += more
            return self._executor

    def _discard(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._executor is broken:
                self._executor = None
        broken.shutdown(wait=False)

    def process_all(self, sources: Sequence[Source], options: Options, known: Mapping[str, str]) -> Iterator[Outcome]:
        """An outcome for every source, in the order they are ready.

        When a worker process dies (out of memory, a crash in native code) the documents that were not ready are tried once
        more, one after the other; one that kills its process again fails with `worker-died`.
        """
        executor = self._current(len(sources))
        waiting: dict[Future[Outcome], Source] = {}
        suspects: list[Source] = []
        for position, source in enumerate(sources):
            try:
                waiting[executor.submit(process, source, options, known.get(source.name))] = source
            except (BrokenProcessPool, RuntimeError):
                suspects.extend(sources[position:])
                break
        for future in as_completed(waiting):
            try:
                yield future.result()
            except BrokenProcessPool:
                suspects.append(waiting[future])
        if suspects:
            self._discard(executor)
            yield from self._one_by_one(suspects, options, known)

    def _one_by_one(self, sources: Sequence[Source], options: Options, known: Mapping[str, str]) -> Iterator[Outcome]:
        """With one document under way at a time it is known which one kills its process."""
        executor = self._new_executor(1)
        try:
            for source in sources:
                try:
                    yield executor.submit(process, source, options, known.get(source.name)).result()
                except BrokenProcessPool:
                    message = f"{source.name}: the process working on it died, twice (out of memory?); try it alone with `procnews extract`"
                    yield Outcome(source, "failed", code="worker-died", message=message)
                    executor.shutdown(wait=False)
                    executor = self._new_executor(1)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    @staticmethod
    def _new_executor(workers: int) -> ProcessPoolExecutor:
        # Not "fork": the parent runs threads, and a fork copies their locks as they stand.
        return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare_worker)

    def close(self) -> None:
        """Ends all processes; documents not begun are dropped."""
        with self._lock:
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)
                self._executor = None


@lru_cache(maxsize=1)
def pool(workers: int) -> WorkerPool:
    """The process's one pool."""
    return WorkerPool(workers)
