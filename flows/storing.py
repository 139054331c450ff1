"""Puts what became of each document into the store, and links the events there. It reads no document and knows no Prefect."""

from __future__ import annotations

from pathlib import Path

from flows.errors import StoreError, one_line
from flows.processing import Outcome
from flows.report import Counts, Failure
from flows.sources import Source, is_url
from flows.store import Store, now


def save(store: Store, outcome: Outcome, counts: Counts, run_id: str, pipeline: str) -> Failure | None:
    """Stores what became of one document and counts it; (source, code, message) when it went to quarantine."""
    source = outcome.source
    counts.seen += 1
    code, message = outcome.code, outcome.message
    if outcome.status == "unchanged":
        counts.unchanged += 1
        store.known_again(source.name)
        return None
    if outcome.rows is not None:
        try:
            change = store.save(
                outcome.rows, input_hash=outcome.input_hash, pipeline=pipeline, run_id=run_id, fetched_at=outcome.fetched_at or now()
            )
        except StoreError as error:
            code, message = error.code, one_line(error)
        else:
            if change == "new":
                counts.new += 1
            elif change == "changed":
                counts.changed += 1
            elif change == "duplicate":
                counts.duplicates += 1
            else:
                counts.unchanged += 1
            if change in {"new", "changed"}:
                counts.events += len(outcome.rows.events)
            return None
    counts.quarantined += 1
    store.quarantine(source.name, source.url or str(source.path.absolute() if source.path else source.name), code, message, run_id)
    return (source.name, code, message)


def quarantined_sources(store: Store) -> list[Source]:
    """What is in quarantine, under the names it had."""
    return [
        Source(entry.source, url=entry.locator) if is_url(entry.locator) else Source(entry.source, path=Path(entry.locator))
        for entry in store.quarantined()
    ]


def link_events(store: Store) -> None:
    """Finds the records that tell of the same event and writes their common link."""
    from extractors.linking import link
    from schemas import EventRecord

    store.set_links(link([EventRecord.model_validate_json(text) for text in store.event_jsons()]))
