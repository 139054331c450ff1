"""The command line: exit codes, one-line errors, formats, and that help answers at once."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows import cli
from flows.processing import Options, process
from flows.report import Counts
from flows.sources import discover
from flows.store import Store
from flows.storing import link_events, save

TEXT = """Workshop on innovation procurement

The City of Example invites public buyers to a workshop on 19 March 2024 from 10:00 to 15:00 in Brussels, Belgium.
Contact: Ida Holm, ida.holm@example.org.
"""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def command(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["procnews", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        captured = capsys.readouterr()
        return Said(int(end.value.code or 0), captured.out, captured.err)

    return command


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.txt").write_text(
        TEXT.replace("workshop", "webinar").replace("Workshop", "Webinar").replace("in Brussels, Belgium", "online")
    )
    return folder


@pytest.fixture
def data(tmp_path: Path, inbox: Path) -> Path:
    folder = tmp_path / "data"
    store = Store.open(f"sqlite:///{folder / 'procnews.db'}")
    for source in discover([str(inbox)])[0]:
        save(store, process(source, Options(read_on="2024-01-01", translate=False)), Counts(), "r", "p")
    link_events(store)
    store.quarantine("inbox/c.txt", "/in/c.txt", "no-text", "inbox/c.txt: no text", "r")
    return folder


def test_help_answers_at_once_and_imports_nothing_heavy() -> None:
    script = """
import sys
from flows.cli import main
sys.argv = ["procnews", "--help"]
try:
    main()
except SystemExit:
    print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    modules = set(done.stdout.splitlines()[-1].split())
    assert "Exit codes" in done.stdout
    assert modules.isdisjoint({"pydantic", "spacy", "prefect", "sqlalchemy", "httpx", "numpy", "trafilatura", "bs4", "babel", "langdetect"})
    # The goal is half a second; three tries, because a busy machine is slow now and then.
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "flows.cli", "--help"], capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    assert min(times) < 1.5, times


def test_help_of_every_command_tells_the_exit_codes(call: Callable[..., Said]) -> None:
    commands = ("ingest", "extract", "events", "schema", "languages", "evaluate", "doctor")
    for words in [(command,) for command in commands] + [
        ("quarantine", "list"),
        ("quarantine", "retry"),
        ("quarantine", "drop"),
        ("models", "list"),
    ]:
        said = call(*words, "--help")
        assert said.code == 0 and "4 evaluate" in " ".join(said.out.split()), words


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nonsense"], 2, "No such command"),
        (["extract", "--nonsense", "a.txt"], 2, "No such option"),
        (["extract"], 2, "Missing argument"),
        (["extract", "missing.txt"], 2, "no such file or folder"),
        (["extract", "--format", "xml", "a.txt"], 2, "xml"),
        (["extract", "--published", "15.1.2024", "a.txt"], 2, "write YYYY-MM-DD"),
        (["extract", "--published", "2024-02-30", "a.txt"], 2, "write YYYY-MM-DD"),
        (["extract", "--language", "zz", "a.txt"], 2, "procnews languages"),
        (["events", "--data", "nowhere"], 3, "procnews ingest"),
        (["events", "--from", "2024-13", "--data", "nowhere"], 2, "--from"),
        (["events", "--kind", "party", "--data", "nowhere"], 2, "conference, workshop"),
        (["events", "--status", "gone", "--data", "nowhere"], 2, "scheduled"),
        (["events", "--country", "BEL", "--data", "nowhere"], 2, "two letters"),
        (["schema", "Nothing"], 2, "EventRecord"),
        (["evaluate", "nowhere"], 2, "no such folder"),
        (["ingest", "missing.txt", "--data", "nowhere"], 2, "no such file or folder"),
        (["ingest", "https://user:secret@example.org/", "--data", "nowhere"], 2, "password"),
        (["ingest", "a.txt", "--workers", "0"], 2, "--workers"),
    ],
)
def test_errors_are_one_line_with_what_to_do(
    arguments: list[str], code: int, words: str, call: Callable[..., Said], empty_folder: Path
) -> None:
    said = call(*arguments)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith("procnews: ") and len(said.err.splitlines()) == 1
    assert words in said.err and "secret" not in said.err and "Traceback" not in said.err
    assert list(empty_folder.iterdir()) == []


def test_an_unexpected_error_is_one_line_and_a_traceback_on_request(
    call: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, inbox: Path
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr("flows.schema_files.text", broken)
    said = call("schema")
    assert said.code == 3 and len(said.err.splitlines()) == 1 and "PROCNEWS_DEBUG=1" in said.err
    monkeypatch.setenv("PROCNEWS_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["procnews", "schema"])
    with pytest.raises(KeyError):
        cli.main()


def test_extract_in_three_formats(call: Callable[..., Said], inbox: Path) -> None:
    one = call("extract", inbox / "a.txt", "--no-translate", "--format", "json")
    assert one.code == 0 and one.err == ""
    result = json.loads(one.out)
    assert result["document"]["text"].startswith("Workshop on innovation procurement")
    assert result["events"][0]["when"]["start"] == "2024-03-19" and result["events"][0]["when"]["start_time"] == "10:00"

    many = json.loads(call("extract", inbox, "--no-translate", "--format", "json").out)
    lines = [json.loads(line) for line in call("extract", inbox, "--no-translate", "--format", "jsonl").out.splitlines()]
    assert many == lines and [line["document"]["source"] for line in lines] == ["inbox/a.txt", "inbox/b.txt"]
    assert lines[0]["events"] == result["events"]

    text = call("extract", inbox / "a.txt", "--no-translate").out
    assert "\x1b" not in text and "2024-03-19, 10:00 to 15:00" in text and "The City of Example invites public buyers" in text


def test_extract_takes_date_and_language_from_the_command_line(call: Callable[..., Said], inbox: Path) -> None:
    (inbox / "a.txt").write_text("Seminar den 6. juni i København.")
    said = call("extract", inbox / "a.txt", "--no-translate", "--published", "2018-05-20", "--language", "DA", "--format", "json")
    document = json.loads(said.out)["document"]
    assert document["published"] == {"value": "2018-05-20", "basis": "given"} and document["language"]["code"] == "da"


def test_extract_reads_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "extract", "-", "--no-translate", "--format", "jsonl"],
        input=TEXT.encode(), capture_output=True, check=True,
    )  # fmt: skip
    result = json.loads(done.stdout)
    assert result["document"]["source"] == "stdin" and result["events"]


def test_extract_goes_on_after_a_bad_document(call: Callable[..., Said], inbox: Path) -> None:
    (inbox / "empty.txt").write_text("")
    (inbox / "binary.txt").write_bytes(bytes(range(256)) * 40)
    said = call("extract", inbox, "missing.html", "--no-translate", "--format", "jsonl")
    assert said.code == 1 and len(said.out.splitlines()) == 2
    lines = said.err.splitlines()
    assert len(lines) == 3 and all(line.startswith("procnews: ") for line in lines)
    assert {name for name in ("empty.txt", "binary.txt", "missing.html") if name in said.err} == {"empty.txt", "binary.txt", "missing.html"}
    assert call("extract", inbox / "empty.txt").code == 2


def test_events_are_filtered_and_printed(call: Callable[..., Said], data: Path) -> None:
    listed = json.loads(call("events", "--data", data, "--format", "json").out)
    assert {event["kind"] for event in listed} == {"workshop", "webinar"}
    assert all(event["link_id"] for event in listed)
    online = [json.loads(line) for line in call("events", "--data", data, "--online", "--format", "jsonl").out.splitlines()]
    assert [event["kind"] for event in online] == ["webinar"]
    rows = list(csv.DictReader(io.StringIO(call("events", "--data", data, "--kind", "Workshop", "--country", "be", "--format", "csv").out)))
    assert [(row["start"], row["city"]) for row in rows] == [("2024-03-19", "Brussels")]
    assert call("events", "--data", data, "--from", "2025", "--format", "json").out.strip() == "[]"
    table = call("events", "--data", data, "--from", "2024-03", "--to", "2024", "--limit", "1").out
    assert "2024-03-19" in table and table.rstrip().endswith("1 event")


def test_the_store_may_be_named_by_url_path_and_environment(call: Callable[..., Said], data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = call("events", "--data", data, "--format", "jsonl").out
    database = data / "procnews.db"
    assert call("events", "--store", database, "--format", "jsonl").out == wanted
    assert call("events", "--store", f"sqlite:///{database}", "--format", "jsonl").out == wanted
    monkeypatch.setenv("PROCNEWS_DATA", str(data))
    assert call("events", "--format", "jsonl").out == wanted
    monkeypatch.delenv("PROCNEWS_DATA")
    monkeypatch.setenv("PROCNEWS_STORE", str(database))
    assert call("events", "--format", "jsonl").out == wanted


def test_quarantine_is_listed_and_dropped(call: Callable[..., Said], data: Path) -> None:
    assert "inbox/c.txt" in call("quarantine", "list", "--data", data).out
    assert json.loads(call("quarantine", "list", "--data", data, "--format", "json").out)[0]["code"] == "no-text"
    assert call("quarantine", "drop", "inbox/d.txt", "--data", data).code == 2
    assert call("quarantine", "drop", "inbox/c.txt", "--data", data).out == "1 dropped\n"
    assert call("quarantine", "list", "--data", data).out == "nothing is in quarantine\n"
    assert call("quarantine", "retry", "--data", data).out == "nothing is in quarantine\n"


def test_schema_is_printed(call: Callable[..., Said]) -> None:
    schema = json.loads(call("schema", "event-record").out)
    assert schema["title"] == "EventRecord" and schema["$schema"].endswith("2020-12/schema")


def test_languages_say_what_is_there(call: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path))
    rows = {row["code"]: row for row in json.loads(call("languages", "--format", "json").out)}
    assert len(rows) >= 24 and rows["en"]["translate"] == "not needed"
    assert rows["da"]["lexicon"] and rows["da"]["translate"] == "not installed" and not rows["da"]["translate_installed"]
    assert rows["mt"]["detect"] == "words" and rows["mt"]["translate"] == "no package exists"
    assert "Maltese" in call("languages").out
    assert "no translation package" in call("models", "list").out


def test_doctor_finds_an_unwritable_store(call: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = call("doctor", "--data", tmp_path / "file" / "data", "--format", "json")
    assert said.code == 1
    assert {check["name"] for check in json.loads(said.out) if check["status"] == "error"} >= {"store", "data folder"}


def gold(**fields: Any) -> str:
    event = {
        "title": "Workshop on innovation procurement",
        "kind": "workshop",
        "start": "2024-03-19",
        "end": "2024-03-19",
        "start_time": "10:00",
    }
    return json.dumps({"language": "en", "published": "2024-01-15", "checked": True, "events": [event | fields]})


def test_evaluate_scores_compares_and_judges(call: Callable[..., Said], inbox: Path, tmp_path: Path) -> None:
    (inbox / "a.gold.json").write_text(gold())
    first = call("evaluate", inbox, "--no-translate", "--format", "json")
    assert first.code == 0
    scores = json.loads(first.out)
    assert scores["total"]["fields"]["event"] == {"right": 1, "extra": 0, "missed": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert list(scores["languages"]) == ["en"]
    (tmp_path / "baseline.json").write_text(first.out)
    table = call("evaluate", inbox, "--no-translate", "--baseline", tmp_path / "baseline.json", "--min-f1", "0.9")
    assert table.code == 0 and "start_time" in table.out and "no change against the baseline" in table.out

    (inbox / "a.gold.json").write_text(gold(start="2024-03-20"))
    worse = call("evaluate", inbox, "--no-translate", "--baseline", tmp_path / "baseline.json", "--min-f1", "0.9", "--details")
    assert worse.code == 4 and "below 0.9" in worse.err
    assert "event: missed 2024-03-20" in worse.out and "1.0000" in worse.out and "0.0000" in worse.out

    (inbox / "b.gold.json").write_text(gold())
    (inbox / "b.txt").write_text("")
    failed = call("evaluate", inbox, "--no-translate")
    assert failed.code == 1 and "b: " in failed.err
    (tmp_path / "baseline.json").write_text("[]")
    assert call("evaluate", inbox, "--baseline", tmp_path / "baseline.json").code == 2


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
@pytest.mark.parametrize(
    "words", [("schema",), ("events", "--format", "table"), ("events", "--format", "jsonl"), ("extract", "INBOX", "--no-translate")]
)
def test_a_reader_that_leaves_early_is_no_error(words: tuple[str, ...], data: Path, inbox: Path) -> None:
    arguments = [str(inbox) if word == "INBOX" else word for word in words]
    running = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PROCNEWS_DATA": str(data)},
    )
    assert running.stdout is not None and running.stderr is not None
    running.stdout.close()
    assert (running.stderr.read(), running.wait()) == (b"", 0)
    running.stderr.close()


def test_version(call: Callable[..., Said]) -> None:
    assert call("--version").out.startswith("procnews ")
