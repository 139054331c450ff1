"""The ingest flow as it is run: a process with its own server, offline, good documents among bad ones, killed and started again.

Every run is the real command in a process of its own. Prefect's files are shared between the runs of this module, because
setting up an empty Prefect database takes most of the time of a small run.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows import outputs
from flows.processing import Options, Outcome, input_hash, pipeline_name, process, read
from flows.report import Counts, RunReport
from flows.sources import Source, discover
from flows.store import Store
from flows.storing import link_events, save
from flows.workers import WorkerPool

READ_ON = "2024-01-15"

ENGLISH = """Workshop on innovation procurement

The City of Example invites public buyers to a workshop on {day} March 2024 from 10:00 to 15:00 in Brussels, Belgium.
Register by 1 March 2024. Contact: Ida Holm, ida.holm@example.org.
"""

DANISH = """<html lang="da"><head><title>Konference om innovationsindkøb</title></head><body><article>
<h1>Konference om innovationsindkøb</h1>
<p>Eksempel Kommune inviterer til en konference om offentlige indkøb den 19. og 20. marts 2024 i København.
Konferencen samler indkøbere fra hele landet og handler om grønne og innovative indkøb i praksis.</p>
</article></body></html>
"""

# Notes every address a process and its children connect to.
WATCH = """
import os, sys
def watch(event, arguments):
    if event == "socket.connect":
        with open(os.environ["WATCHED"], "a") as log:
            log.write(repr(arguments[1]) + "\\n")
sys.addaudithook(watch)
"""


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        return json.loads(self.out)


@dataclass(frozen=True)
class Ingested:
    inbox: Path
    data: Path
    first: Run
    watched: list[str]


def documents(folder: Path, number: int = 1) -> None:
    folder.mkdir(parents=True)
    for position in range(number):
        (folder / f"workshop-{position:03}.txt").write_text(ENGLISH.format(day=position % 28 + 1), encoding="utf-8")


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    def words(*arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "flows.cli", *map(str, arguments)]

    return words


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("prefect")
    (folder / "sitecustomize.py").write_text(WATCH)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PROCNEWS_", "CI"))}
    return kept | {"PREFECT_HOME": str(folder / "home"), "PYTHONPATH": str(folder), "WATCHED": str(folder / "watched.log")}


@pytest.fixture(scope="module")
def run(command: Callable[..., list[str]], environment: dict[str, str]) -> Callable[..., Run]:
    def call(*arguments: str | Path) -> Run:
        done = subprocess.run(
            command(*arguments), capture_output=True, text=True, env=environment, timeout=300, check=False, stdin=subprocess.DEVNULL
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory, run: Callable[..., Run], environment: dict[str, str]) -> Ingested:
    """Good documents in two languages, a sidecar, and every kind of bad document among them; ingested once."""
    folder = tmp_path_factory.mktemp("ingest")
    inbox = folder / "inbox"
    documents(inbox / "en", 2)
    (inbox / "en" / "workshop-000.meta.json").write_text('{"published": "2024-01-10", "url": "https://example.org/workshop"}')
    (inbox / "konference.html").write_text(DANISH, encoding="utf-8")
    (inbox / "binary.txt").write_bytes(b"\x7fELF" + bytes(range(256)) * 40)
    (inbox / "empty.txt").write_bytes(b"")
    (inbox / "no-text.html").write_text("<html><body><img src=x></body></html>")
    (inbox / "sidecar.txt").write_text("Some text")
    (inbox / "sidecar.meta.json").write_text("{broken")
    data = folder / "data"
    first = run("ingest", inbox, folder / "missing.txt", "--data", data, "--read-on", READ_ON, "--no-translate", "--format", "json")
    return Ingested(inbox, data, first, Path(environment["WATCHED"]).read_text().splitlines())


@pytest.mark.flow
def test_good_documents_are_stored_and_bad_ones_are_not_lost(ingested: Ingested) -> None:
    report = ingested.first.report
    assert ingested.first.code == 1 and report["verdict"] == "incomplete"
    counts = report["counts"]
    assert (counts["seen"], counts["new"], counts["quarantined"], counts["changed"], counts["unchanged"]) == (7, 3, 4, 0, 0)
    assert {failure["source"]: failure["code"] for failure in report["failures"]} == {
        "inbox/binary.txt": "binary-document",
        "inbox/empty.txt": "empty-document",
        "inbox/no-text.html": "no-text",
        "inbox/sidecar.txt": "bad-sidecar",
    }
    assert len(report["problems"]) == 1 and "missing.txt" in report["problems"][0]
    assert counts["events"] >= 3 and report["events_stored"] == counts["events"]


@pytest.mark.flow
def test_every_error_is_one_line_and_nothing_else_is_said(ingested: Ingested) -> None:
    lines = ingested.first.err.splitlines()
    assert len(lines) == 5 and all(line.startswith("procnews: ") for line in lines)


@pytest.mark.flow
def test_files_hold_whole_valid_records_in_order(ingested: Ingested) -> None:
    from schemas import EventRecord, ExtractionResult

    results = [ExtractionResult.model_validate_json(line) for line in (ingested.data / outputs.RESULTS).read_text("utf-8").splitlines()]
    assert [result.document.source for result in results] == [
        "inbox/en/workshop-000.txt",
        "inbox/en/workshop-001.txt",
        "inbox/konference.html",
    ]
    assert results[0].document.published is not None and results[0].document.published.value == "2024-01-10"
    events = [EventRecord.model_validate_json(line) for line in (ingested.data / outputs.EVENTS).read_text("utf-8").splitlines()]
    starts = [event.when.start for event in events]
    assert {"2024-03-01", "2024-03-02", "2024-03-19"} <= set(starts) and starts == sorted(starts)
    assert all(event.link_id for event in events)
    assert all(result.run.run_id is None for result in results)


@pytest.mark.flow
def test_it_connects_to_its_own_machine_only(ingested: Ingested) -> None:
    assert ingested.watched, "the server was talked to, so something must have been noted"
    assert [address for address in ingested.watched if not address.startswith(("('127.0.0.1',", "('::1',", "'"))] == []


@pytest.mark.flow
def test_the_run_and_the_quarantine_are_in_the_store(ingested: Ingested) -> None:
    with sqlite3.connect(ingested.data / "procnews.db") as database:
        verdict, finished, counts = database.execute("select verdict, finished_at, counts from run order by started_at").fetchone()
        assert verdict == "incomplete" and finished and json.loads(counts)["seen"] == 7
        assert database.execute("select count(*) from ledger").fetchone() == (3,)
    database.close()
    store = Store.open(f"sqlite:///{ingested.data / 'procnews.db'}", create=False)
    assert {Path(entry.locator).name for entry in store.quarantined()} == {"binary.txt", "empty.txt", "no-text.html", "sidecar.txt"}


@pytest.mark.flow
def test_a_second_run_adds_nothing_and_retry_takes_what_was_mended(ingested: Ingested, run: Callable[..., Run]) -> None:
    files = [ingested.data / name for name in (outputs.RESULTS, outputs.EVENTS)]
    before = [file.read_bytes() for file in files]
    second = run("ingest", ingested.inbox, "--data", ingested.data, "--read-on", READ_ON, "--no-translate", "--format", "json")
    counts = second.report["counts"]
    assert (counts["seen"], counts["new"], counts["changed"], counts["unchanged"], counts["quarantined"]) == (7, 0, 0, 3, 4)
    assert [file.read_bytes() for file in files] == before

    (ingested.inbox / "sidecar.meta.json").write_text('{"published": "2024-01-10"}')
    (ingested.inbox / "empty.txt").write_text(ENGLISH.format(day=28))
    third = run("quarantine", "retry", "--data", ingested.data, "--no-translate", "--format", "json")
    counts = third.report["counts"]
    assert (counts["seen"], counts["new"], counts["quarantined"]) == (4, 2, 2)
    names = [json.loads(line)["document"]["source"] for line in files[0].read_text("utf-8").splitlines()]
    assert "inbox/empty.txt" in names and "inbox/sidecar.txt" in names and names == sorted(names)
    listed = json.loads(run("quarantine", "list", "--data", ingested.data, "--format", "json").out)
    assert [(entry["source"], entry["attempts"]) for entry in listed] == [("inbox/binary.txt", 3), ("inbox/no-text.html", 3)]


@pytest.mark.flow
def test_a_run_that_is_killed_is_started_again_and_ends_the_same(
    tmp_path: Path, command: Callable[..., list[str]], run: Callable[..., Run], environment: dict[str, str]
) -> None:
    documents(tmp_path / "many", 80)
    data = tmp_path / "data"
    arguments = ("ingest", tmp_path / "many", "--data", data, "--no-translate", "--batch-size", "15", "--read-on", READ_ON)
    running = subprocess.Popen(command(*arguments, "--quiet"), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 240
    while _stored(data) < 25 and running.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    done = _stored(data)
    assert 25 <= done < 80, "the run was to be killed in its middle"
    assert not (data / outputs.EVENTS).exists()

    again = run(*arguments, "--format", "json")
    assert again.code == 0, again.err
    counts = again.report["counts"]
    assert (counts["seen"], counts["unchanged"], counts["new"]) == (80, done, 80 - done)
    assert again.report["verdict"] == "complete" and again.report["documents_stored"] == 80

    # The same documents, worked up without interruption and without Prefect, give the same bytes.
    store = Store.open(f"sqlite:///{tmp_path / 'straight.db'}")
    run_id = store.start_run("p")
    for source in discover([str(tmp_path / "many")])[0]:
        save(store, process(source, Options(read_on=READ_ON, translate=False)), Counts(), run_id, "p")
    link_events(store)
    outputs.write(store, tmp_path / "straight")
    for name in (outputs.RESULTS, outputs.EVENTS):
        assert (data / name).read_bytes() == (tmp_path / "straight" / name).read_bytes()


@pytest.mark.flow
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_run_that_is_interrupted_ends_at_once_and_says_so(
    tmp_path: Path, command: Callable[..., list[str]], environment: dict[str, str]
) -> None:
    documents(tmp_path / "many", 80)
    data = tmp_path / "data"
    arguments = command("ingest", tmp_path / "many", "--data", data, "--no-translate", "--quiet")
    # A session of its own, and the signal to all of it: that is what Ctrl-C in a terminal does.
    running = subprocess.Popen(
        arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    end = time.monotonic() + 240
    while _stored(data) < 5 and running.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert err == "procnews: interrupted; what was done is kept, run the same again to go on\n"
    assert 5 <= _stored(data) < 80


def _stored(data: Path) -> int:
    try:
        with sqlite3.connect(f"file:{data / 'procnews.db'}?mode=ro", uri=True) as database:
            return int(database.execute("select count(*) from document").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        if "database" in locals():
            database.close()


def test_an_unwritable_store_is_said_before_anything_starts(tmp_path: Path, run: Callable[..., Run]) -> None:
    documents(tmp_path / "in")
    (tmp_path / "file").touch()
    start = time.monotonic()
    for place in (("--data", tmp_path / "file"), ("--data", tmp_path / "d", "--store", f"sqlite:///{tmp_path / 'file' / 'x.db'}")):
        done = run("ingest", tmp_path / "in", *place)
        assert done.code == 3 and done.out == ""
        assert len(done.err.splitlines()) == 1 and "cannot be opened for writing" in done.err and "--store" in done.err
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("argument", ["missing.txt", "ftp://example.org/x", "http://user:secret@example.org/"])
def test_input_that_leads_nowhere(argument: str, tmp_path: Path, run: Callable[..., Run]) -> None:
    done = run("ingest", argument, "--data", tmp_path / "data")
    assert (done.code, done.out) == (2, "") and len(done.err.splitlines()) == 1 and "secret" not in done.err
    assert not (tmp_path / "data").exists()


# --- without Prefect -----------------------------------------------------------------------------------------------


def test_a_url_of_a_private_address_goes_to_quarantine() -> None:
    outcome = process(Source("http://127.0.0.1:9/x", url="http://127.0.0.1:9/x"), Options(translate=False))
    assert (outcome.status, outcome.code) == ("failed", "address-refused")


def test_every_error_of_a_document_becomes_an_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents(tmp_path / "in")
    source = discover([str(tmp_path / "in")])[0][0]

    def broken(*_: object) -> None:
        raise RecursionError("maximum\nrecursion \x1b[31mdepth")

    monkeypatch.setattr("flows.processing.extract_input", broken)
    outcome = process(source, Options())
    assert (outcome.status, outcome.code) == ("failed", "unexpected-error")
    assert outcome.message == "RecursionError: maximum recursion [31mdepth"


def test_what_decides_the_result_decides_the_input_hash(tmp_path: Path) -> None:
    documents(tmp_path / "in")
    source = discover([str(tmp_path / "in")])[0][0]
    plain = input_hash(read(source, Options()), Options())
    assert plain == input_hash(read(source, Options()), Options())
    hashes = {plain}
    for options in (Options(published="2024-01-01"), Options(language="da"), Options(read_on="2024-01-01")):
        hashes.add(input_hash(read(source, options), options))
    source.path.with_suffix(".meta.json").write_text('{"published": "2024-01-02"}')  # type: ignore[union-attr]
    hashes.add(input_hash(read(source, Options()), Options()))
    source.path.write_text("changed")  # type: ignore[union-attr]
    hashes.add(input_hash(read(source, Options()), Options()))
    assert len(hashes) == 6


def test_the_pipeline_is_named_by_version_and_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from extractors.pipeline import PIPELINE_VERSION

    pipeline_name.cache_clear()
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path))
    with_translation, without = pipeline_name(True), pipeline_name(False)
    assert with_translation.startswith(f"{PIPELINE_VERSION}+") and with_translation != without
    package = tmp_path / "translate-da_en"
    (package / "model").mkdir(parents=True)
    (package / "metadata.json").write_text('{"from_code": "da", "to_code": "en", "package_version": "1.0"}')
    (package / "model" / "model.bin").touch()
    (package / "sentencepiece.model").touch()
    pipeline_name.cache_clear()
    assert pipeline_name(True) != with_translation and pipeline_name(False) == without
    pipeline_name.cache_clear()


class Deadly(Source):
    """A source that ends the process that receives it, as a crash in native code does."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)


def test_worker_processes_give_the_same_and_survive_a_crash(tmp_path: Path) -> None:
    documents(tmp_path / "in", 6)
    sources = discover([str(tmp_path / "in")])[0]
    options = Options(read_on=READ_ON, translate=False)
    known = {sources[0].name: process(sources[0], options).input_hash}
    pool = WorkerPool(2)
    try:
        with_crash = [*sources[:3], Deadly("deadly.txt", path=tmp_path / "deadly.txt"), *sources[3:]]
        outcomes = {outcome.source.name: outcome for outcome in pool.process_all(with_crash, options, known)}
    finally:
        pool.close()
    assert (outcomes["deadly.txt"].status, outcomes["deadly.txt"].code) == ("failed", "worker-died")
    assert outcomes[sources[0].name].status == "unchanged"
    for source in sources[1:]:
        assert _comparable(outcomes[source.name]) == _comparable(process(source, options))


def _comparable(outcome: Outcome) -> tuple[object, ...]:
    return outcome.source, outcome.status, outcome.input_hash, outcome.rows


OWNER = """
import sys
from pathlib import Path
from flows.processing import Options
from flows.sources import discover
from flows.workers import WorkerPool
if __name__ == "__main__":
    pool = WorkerPool(2)
    list(pool.process_all(discover(sys.argv[1:])[0], Options(translate=False), {}))
    print(*pool._executor._processes, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them")
def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.txt").touch()
    (tmp_path / "in" / "blank.txt").write_text(" ")
    (tmp_path / "owner.py").write_text(OWNER)
    owner = subprocess.Popen(
        [sys.executable, tmp_path / "owner.py", tmp_path / "in"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None and owner.stdin is not None
    workers = [int(pid) for pid in owner.stdout.readline().split()]
    assert workers and all(_runs(pid) for pid in workers)
    owner.kill()
    owner.wait()
    owner.stdin.close()
    owner.stdout.close()
    end = time.monotonic() + 20
    while any(map(_runs, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(_runs, workers))


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_the_verdict_tells_nothing_from_success() -> None:
    assert RunReport("r", "p").verdict == "empty"
    assert RunReport("r", "p", Counts(seen=1, new=1)).verdict == "complete"
    assert RunReport("r", "p", Counts(seen=2, new=1, quarantined=1)).verdict == "incomplete"
    assert RunReport("r", "p", Counts(seen=1, new=1), problems=["x: no such file"]).verdict == "incomplete"
