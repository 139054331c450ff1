"""The store: one transaction per document, ids that stay, filters, quarantine, duplicates, and stores that cannot be used."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from flows import outputs
from flows.errors import StoreError
from flows.records import DocumentRows, first_day, fold, last_day, rows_of
from flows.store import EventFilter, Store
from schemas import Document, EventRecord, ExtractionResult, LanguageDecision, Place, When
from schemas.events import EventKind, EventMode, EventOrganisation, EventStatus, OrganisationRole


def event(number: int, document: str = "d1", *, title: str = "Workshop", start: str = "2024-03-19", **more: Any) -> EventRecord:
    return EventRecord(
        id=f"{document}-e{number}",
        document_id=document,
        source=f"{document}.txt",
        language="en",
        title=title,
        when=When(edtf=start.replace("--", "XXXX-"), start=start, end=more.pop("end", start)),
        confidence=0.9,
        **more,
    )


def rows(
    events: Sequence[EventRecord] = (), *, document: str = "d1", source: str | None = None, text: str = "Workshop", language: str = "en"
) -> DocumentRows:
    made = Document(
        id=document,
        source=source or f"{document}.txt",
        content_hash="0" * 64,
        language=LanguageDecision(code=language, confidence=1.0, decided_by="given"),
        text=text,
    )
    return rows_of(ExtractionResult(document=made, events=list(events)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'data' / 'procnews.db'}")
    yield opened
    opened.close()


def save(store: Store, document: DocumentRows, *, input_hash: str = "h1", pipeline: str = "p1") -> str:
    return store.save(document, input_hash=input_hash, pipeline=pipeline, run_id="r1", fetched_at="2024-01-01T00:00:00+00:00")


def test_new_unchanged_changed(store: Store) -> None:
    assert save(store, rows([event(1), event(2)])) == "new"
    assert save(store, rows([event(1), event(2)])) == "unchanged"
    assert save(store, rows([event(1), event(3)], text="Workshop moved")) == "changed"
    assert [record["id"] for record in store.events()] == ["d1-e1", "d1-e3"]
    assert store.counts().documents == 1


def test_an_event_that_stays_keeps_when_it_was_first_seen(store: Store, tmp_path: Path) -> None:
    save(store, rows([event(1), event(2, title="Training")]))
    with sqlite3.connect(tmp_path / "data" / "procnews.db") as database:
        database.execute("update event set first_seen_at = 'earlier', changed_at = 'earlier'")
        database.execute("update document set first_seen_at = '2000'")
    save(store, rows([event(1), event(2, title="Training moved")], text="new"))
    with sqlite3.connect(tmp_path / "data" / "procnews.db") as database:
        seen = dict(database.execute("select id, first_seen_at || ' ' || (changed_at = 'earlier') from event"))
        assert seen == {"d1-e1": "earlier 1", "d1-e2": "earlier 0"}
        assert database.execute("select first_seen_at from document").fetchone() == ("2000",)


def test_the_ledger_knows_input_and_pipeline(store: Store) -> None:
    save(store, rows([event(1)]))
    assert store.known_inputs(["d1.txt", "d2.txt"], "p1") == {"d1.txt": "h1"}
    assert store.known_inputs(["d1.txt"], "p2") == {}
    save(store, rows([event(1)]), input_hash="h2", pipeline="p2")
    assert store.known_inputs(["d1.txt"], "p2") == {"d1.txt": "h2"}
    assert store.known_inputs(["d1.txt"], "p1") == {}


def test_rows_and_ledger_are_written_together_or_not_at_all(store: Store) -> None:
    with pytest.raises(StoreError) as error:
        save(store, rows([event(1), event(1)]))
    assert error.value.code == "store-conflict" and "d1.txt" in str(error.value)
    assert store.counts().documents == 0 and store.known_inputs(["d1.txt"], "p1") == {}


@pytest.mark.parametrize("order", [("a.html", "b.html"), ("b.html", "a.html")])
def test_two_copies_of_one_document_are_one_whichever_comes_first(store: Store, order: tuple[str, str]) -> None:
    for source in order:
        save(store, rows([event(1, title=f"from {source}")], source=source))
    assert [json.loads(line)["document"]["source"] for line in store.results()] == ["a.html"]
    assert [record["title"] for record in store.events()] == ["from a.html"]
    assert set(store.known_inputs(["a.html", "b.html"], "p1")) == {"a.html", "b.html"}


def test_a_duplicate_is_looked_at_again_when_its_document_goes(store: Store) -> None:
    save(store, rows([event(1)], source="a.html"))
    assert save(store, rows([event(1)], source="b.html")) == "duplicate"
    assert save(store, rows([event(1, "d2")], document="d2", source="a.html")) == "changed"
    assert store.known_inputs(["a.html", "b.html"], "p1") == {"a.html": "h1"}


def test_a_document_that_becomes_a_duplicate_leaves_no_rows(store: Store) -> None:
    save(store, rows([event(1)], source="a.html"))
    save(store, rows([event(1, "d2")], document="d2", source="b.html"))
    assert save(store, rows([event(1)], source="b.html")) == "duplicate"
    assert [record["document_id"] for record in store.events()] == ["d1"]


def test_events_by_date_unknown_years_last(store: Store) -> None:
    starts = ["2024-03-19", "--06-06", "2023", "2024-03", "2023-11-08"]
    save(store, rows([event(number, start=start) for number, start in enumerate(starts)]))
    assert [record["when"]["start"] for record in store.events()] == ["2023", "2023-11-08", "2024-03", "2024-03-19", "--06-06"]


@pytest.fixture
def mixed(store: Store) -> Store:
    save(
        store,
        rows(
            [
                event(
                    1, title="Forårskonference", kind=EventKind.CONFERENCE, end="2024-03-20", places=[Place(city="Brussels", country="BE")]
                ),
                event(2, title="100% green_buying", kind=EventKind.WEBINAR, start="2024-05", end=None, mode=EventMode.ONLINE),
                event(3, title="Training", start="--06-06", kind=EventKind.TRAINING, places=[Place(country="NL"), Place(country="BE")]),
                event(
                    4,
                    title="Meeting",
                    start="2025-01-10",
                    status=EventStatus.CANCELLED,
                    mode=EventMode.HYBRID,
                    organisations=[EventOrganisation(name="Ministère de l'Économie", role=OrganisationRole.ORGANISER)],
                ),
            ]
        ),
    )
    return store


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EventFilter(), [1, 2, 4, 3]),
        (EventFilter(kinds=["conference", "training"]), [1, 3]),
        (EventFilter(countries=["BE"]), [1, 3]),
        (EventFilter(countries=["NL"]), [3]),
        (EventFilter(statuses=["cancelled"]), [4]),
        (EventFilter(languages=["da"]), []),
        (EventFilter(online=True), [2, 4]),
        (EventFilter(from_day="2024-03-20", to_day="2024-05-01"), [1, 2]),
        (EventFilter(from_day="2024-05-31"), [2, 4]),
        (EventFilter(to_day="2024-03-18"), []),
        (EventFilter(query="forars KONFERENCE"), [1]),
        (EventFilter(query="ministere economie"), [4]),
        (EventFilter(query="brussels"), [1]),
        (EventFilter(query="100%"), [2]),
        (EventFilter(query="n_b"), [2]),
        (EventFilter(query="%"), [2]),
        (EventFilter(query="x' or 1=1 --"), []),
    ],
)
def test_filters(mixed: Store, wanted: EventFilter, numbers: list[int]) -> None:
    assert [record["id"] for record in mixed.events(wanted)] == [f"d1-e{number}" for number in numbers]


def test_links_are_beside_the_record_and_in_what_is_read(store: Store) -> None:
    save(store, rows([event(1)]))
    save(store, rows([event(1, "d2")], document="d2"))
    before = [json.loads(text) for text in store.event_jsons()]
    store.set_links({"d1-e1": "link-1", "d2-e1": "link-1"})
    assert [json.loads(text) for text in store.event_jsons()] == before
    assert [(record["link_id"], record["same_as"]) for record in store.events()] == [("link-1", ["d2-e1"]), ("link-1", ["d1-e1"])]
    whole = [json.loads(line) for line in store.results()]
    assert [result["events"][0]["same_as"] for result in whole] == [["d2-e1"], ["d1-e1"]]
    assert save(store, rows([event(1)])) == "unchanged"
    store.set_links({"d1-e1": "link-1"})
    assert [(record["link_id"], record["same_as"]) for record in store.events()] == [("link-1", []), (None, [])]


def test_what_is_read_is_the_record_itself(store: Store) -> None:
    made = rows([event(1), event(2, start="--06-06")])
    save(store, made)
    line = next(store.results())
    result = ExtractionResult.model_validate_json(line)
    assert rows_of(result) == made
    assert list(json.loads(line)) == list(ExtractionResult.model_fields)


def test_quarantine_counts_attempts_and_empties_itself(store: Store) -> None:
    store.quarantine("a.txt", "/in/a.txt", "no-text", "a.txt: no text", "r1")
    store.quarantine("a.txt", "/in/a.txt", "binary-document", "a.txt: binary", "r2")
    store.quarantine("d1.txt", "/in/d1.txt", "no-text", "d1.txt: no text", "r2")
    entry = store.quarantined()[0]
    assert (entry.source, entry.code, entry.attempts) == ("a.txt", "binary-document", 2)
    save(store, rows())
    assert [entry.source for entry in store.quarantined()] == ["a.txt"]
    assert store.drop_quarantined(["a.txt", "z.txt"]) == 1
    assert store.quarantined() == []


def test_files_are_behind_after_every_change_only(store: Store) -> None:
    assert store.files_are_behind()
    store.mark_files(current=True)
    save(store, rows([event(1)]))
    assert store.files_are_behind()
    store.mark_files(current=True)
    save(store, rows([event(1)]), input_hash="h2")
    assert not store.files_are_behind()


def test_files_have_the_same_bytes_whatever_the_order_of_arrival(tmp_path: Path) -> None:
    written = []
    for name, order in (("one", "ab"), ("two", "ba")):
        opened = Store.open(f"sqlite:///{tmp_path / name}.db")
        for document in order:
            save(opened, rows([event(1, document), event(2, document, start="2023-01-01")], document=document))
        outputs.write(opened, tmp_path / name)
        written.append([(tmp_path / name / file).read_bytes() for file in (outputs.RESULTS, outputs.EVENTS)])
    assert written[0] == written[1]
    assert len(written[0][0].splitlines()) == 2 and len(written[0][1].splitlines()) == 4
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [outputs.EVENTS, outputs.RESULTS]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("old\n")

    def lines() -> Iterator[str]:
        yield "new"
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError) as error:
        outputs.write_lines(path, lines())
    assert "No space left" in str(error.value)
    assert path.read_text() == "old\n" and len(list(tmp_path.iterdir())) == 1


def test_several_threads_write_at_once(store: Store) -> None:
    errors: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(10):
                save(store, rows([event(1, f"{name}{number}")], document=f"{name}{number}"))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and store.counts().documents == 40


def test_a_process_that_is_killed_leaves_whole_documents(tmp_path: Path) -> None:
    """The writer is killed without warning in the middle of its work; every document is there with all its events, or not at all."""
    script = """
import sys
sys.path.insert(0, sys.argv[2])
import test_store as made
from flows.store import Store
store = Store.open(sys.argv[1])
for number in range(10**6):
    made.save(store, made.rows([made.event(i, f"d{number}") for i in range(20)], document=f"d{number}"))
    print(number, flush=True)
"""
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    process = subprocess.Popen([sys.executable, "-c", script, url, str(Path(__file__).parent)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(5):
        assert process.stdout.readline().strip().isdigit()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    store = Store.open(url)
    counts = store.counts()
    assert counts.documents >= 5 and counts.events == 20 * counts.documents
    assert len(store.known_inputs([f"d{number}.txt" for number in range(counts.documents + 5)], "p1")) == counts.documents


def test_stores_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a database, but long enough to be looked at as one " * 20)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table something (x)")
    other.close()
    Store.open(f"sqlite:///{tmp_path / 'old.db'}").close()
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute("update meta set value = '0' where key = 'store_version'")
    old.close()
    cases = [
        ("none.db", False, "no-store"),
        ("file", True, "store-unavailable"),
        ("file/below/x.db", True, "store-unavailable"),
        ("other.db", False, "store-unavailable"),
        ("old.db", True, "store-version"),
    ]
    for name, create, code in cases:
        with pytest.raises(StoreError) as error:
            Store.open(f"sqlite:///{tmp_path / name}", create=create)
        assert error.value.code == code, name
        assert name.split("/", maxsplit=1)[0] in str(error.value) and "\n" not in str(error.value)
    for url in ("not a url", "mysql+nothing://user:secret@db.example/x"):
        with pytest.raises(StoreError) as error:
            Store.open(url)
        assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-03", "2024-02-03", "2024-02-03"),
        ("--02-29", None, None),
        ("--02", None, None),
        ("0000-02", "0000-02-01", "0000-02-28"),
        (None, None, None),
    ],
)
def test_days_of_partial_dates(date: str | None, first: str | None, last: str | None) -> None:
    assert (first_day(date), last_day(date)) == (first, last)


def test_folding() -> None:
    assert fold("  Ærø  ŁÓDŹ Straße l’École ") == "aero lodz strasse l'ecole"
