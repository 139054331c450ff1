"""The whole pipeline on the samples and on bad input: evidence, order, determinism, stable ids, and what it never does."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from extractors.errors import ProcnewsError
from extractors.pipeline import extract
from schemas import (
    BlockKind,
    EventMode,
    EventStatus,
    Evidence,
    EvidenceSource,
    ExtractionResult,
    RunInfo,
    TranslationStatus,
)

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(path for path in (ROOT / "samples").rglob("*") if path.suffix in {".txt", ".html"})
READ_ON = "2026-11-22"
TEXT = """Workshop on innovation procurement

The City of Odense invites public buyers to a workshop on 19 March 2024 from 10:00 to 15:00 in Brussels, Belgium.
Contact: Ida Holm, ida.holm@example.org.
"""


@cache
def _read(path: Path) -> ExtractionResult:
    return _extract(path)


def _extract(path: Path) -> ExtractionResult:
    sidecar = path.with_suffix(".meta.json")
    meta = json.loads(sidecar.read_text("utf-8")) if sidecar.is_file() else None
    source = path.relative_to(ROOT).as_posix()
    return extract(path.read_bytes(), source, meta=meta, translate=False, read_on=READ_ON)


def _evidence(value: object) -> Iterator[Evidence]:
    """Every piece of evidence anywhere below `value`."""
    if isinstance(value, Evidence):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _evidence(getattr(value, name))
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _evidence(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _evidence(entry)


def _holds(result: ExtractionResult) -> int:
    """What is true of every result; the number of pieces of evidence seen."""
    document, text = result.document, result.document.text
    seen = 0
    for evidence in _evidence(result):
        assert evidence.quote, evidence
        if evidence.source is EvidenceSource.TEXT:
            assert evidence.start is not None and evidence.end is not None, evidence
            assert text[evidence.start : evidence.end] == evidence.quote
        seen += 1
    position = 0
    for block in document.blocks:
        assert position <= block.start < block.end <= len(text)
        position = block.end
    english = document.translation.text if document.translation else None
    position = place = 0
    for sentence in document.translation.sentences if document.translation else ():
        assert english is not None
        assert position <= sentence.start < sentence.end <= len(text)
        assert place <= sentence.english_start < sentence.english_end <= len(english)
        position, place = sentence.end, sentence.english_end
    for event in result.events:
        _has_evidence(event.evidence, text)
        assert event.document_id == document.id
        assert event.language == document.language.code
        assert " ".join(event.evidence["title"][0].quote.split()) == event.title
        assert bool(event.evidence.get("places")) == bool(event.places)
        assert bool(event.evidence.get("mode")) == (event.mode is not EventMode.UNKNOWN)
        assert bool(event.evidence.get("replaced")) >= bool(event.replaced)
        if event.status in {EventStatus.CANCELLED, EventStatus.POSTPONED}:
            assert event.evidence["status"]
        if event.mode is EventMode.ONLINE:
            assert event.places == []
        assert all(body.evidence for body in event.organisations)
        assert all(deadline.evidence for deadline in event.deadlines)
        assert event.when.end_time is None or event.when.start_time is not None or event.when.end not in {None, event.when.start}
    assert len({event.id for event in result.events}) == len(result.events)
    assert ExtractionResult.model_validate_json(result.model_dump_json()) == result
    return seen


def _has_evidence(evidence: dict[str, list[Evidence]], text: str) -> None:
    assert evidence["title"] and evidence["when"]
    assert set(evidence) <= {"title", "kind", "status", "when", "replaced", "mode", "places"}
    told = [entry for entries in evidence.values() for entry in entries if entry.source is EvidenceSource.TEXT]
    assert all(entry.quote in text for entry in told)


# ---------------------------------------------------------------- what holds of every sample


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_value_stands_in_the_text(path: Path) -> None:
    assert _holds(_read(path)) > 0


def test_the_samples_have_every_shape() -> None:
    results = [_read(path) for path in DOCUMENTS]
    kinds = {block.kind for result in results for block in result.document.blocks}
    assert kinds == set(BlockKind)
    assert {path.suffix for path in DOCUMENTS} == {".txt", ".html"}
    assert len({result.document.language.code for result in results}) >= 20
    assert any(not result.events for result in results)
    assert {event.mode for result in results for event in result.events} >= {EventMode.ONLINE, EventMode.IN_PERSON, EventMode.HYBRID}


def test_offsets_hold_in_a_translated_document_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for archive in sorted((ROOT / "tests" / "fixtures").glob("*.argosmodel")):
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(tmp_path)
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path))
    for language in ("da", "nl"):
        path = next(path for path in DOCUMENTS if path.parent.name == language)
        result = extract(path.read_bytes(), path.name, language=language)
        assert result.document.translation is not None
        assert result.document.translation.status is TranslationStatus.TRANSLATED
        assert len(result.document.translation.sentences) > 10
        _holds(result)


# ---------------------------------------------------------------- the same input gives the same bytes


@pytest.mark.parametrize("path", DOCUMENTS[::5], ids=lambda path: path.stem)
def test_reading_again_gives_the_same_bytes(path: Path) -> None:
    assert _extract(path).model_dump_json() == _read(path).model_dump_json()


_ELSEWHERE = """
import json, sys
from pathlib import Path
touched = []
def watch(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen", "os.system"}:
        touched.append(event)
import hashlib
from extractors.pipeline import extract
sys.addaudithook(watch)
for name in sys.argv[1:]:
    path = Path(name)
    sidecar = path.with_suffix(".meta.json")
    meta = json.loads(sidecar.read_text("utf-8")) if sidecar.is_file() else None
    result = extract(path.read_bytes(), name, meta=meta, translate=False, read_on="2026-11-22")
    print(hashlib.sha256(result.model_dump_json().encode()).hexdigest())
assert not touched, touched
"""


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_a_fresh_interpreter_gives_the_same_bytes_and_asks_no_network(seed: str) -> None:
    chosen = DOCUMENTS[::6]
    names = [path.relative_to(ROOT).as_posix() for path in chosen]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, *names], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    here = [hashlib.sha256(_read(path).model_dump_json().encode()).hexdigest() for path in chosen]
    assert done.stdout.split() == here


def test_the_order_of_documents_does_not_matter() -> None:
    chosen = DOCUMENTS[::9]
    assert [_extract(path).model_dump_json() for path in reversed(chosen)] == [_read(path).model_dump_json() for path in reversed(chosen)]


def test_what_changes_from_run_to_run_stands_apart() -> None:
    result = extract(TEXT.encode(), "a.txt", read_on="2024-01-10")
    assert result.run == RunInfo()
    assert set(RunInfo.model_fields) == {"run_id", "fetched_at"}
    later = extract(TEXT.encode(), "a.txt", read_on="2024-03-01")
    assert later.model_dump_json() == result.model_dump_json()
    over = extract(TEXT.encode(), "a.txt", read_on="2024-03-20")
    assert (result.events[0].status, over.events[0].status) == (EventStatus.SCHEDULED, EventStatus.PAST)
    over.events[0].status = EventStatus.SCHEDULED
    assert over.model_dump_json() == result.model_dump_json()


# ---------------------------------------------------------------- ids


@pytest.mark.parametrize(
    "page",
    [
        "Workshop on buying green\n\nThe workshop takes place on {} in Brussels.\n",
        "Trainings\n\n- Buying social services | {}\n- Buying green | 4 May 2024\n",
        "<html><body><h1>Conference on buying green</h1><dl><dt>Date</dt><dd>{}</dd><dt>Place</dt><dd>Odense</dd></dl></body></html>",
    ],
)
def test_an_event_that_moves_keeps_its_id(page: str) -> None:
    first = extract(page.format("19 March 2024").encode(), "https://example.org/a", translate=False)
    second = extract(page.format("26 April 2024").encode(), "https://example.org/a", translate=False)
    assert len(first.events) == len(second.events) > 0
    assert [event.id for event in first.events] == [event.id for event in second.events]
    assert [event.when.start for event in first.events] != [event.when.start for event in second.events]


def test_another_page_gives_other_ids() -> None:
    one = extract(TEXT.encode(), "https://example.org/a", translate=False)
    two = extract(TEXT.encode(), "https://example.org/b", translate=False)
    assert {event.id for event in one.events}.isdisjoint(event.id for event in two.events)


# ---------------------------------------------------------------- what the caller says


def test_the_caller_outranks_sidecar_and_page() -> None:
    text = "Workshop om indkøb\n\nWorkshoppen finder sted den 6. juni i Odense.\n"
    meta = {"published": "2020-05-01", "language": "nb"}
    sidecar = extract(text.encode(), "a.txt", meta=meta, translate=False)
    assert (sidecar.events[0].when.start, sidecar.document.language.code) == ("2020-06-06", "nb")
    given = extract(text.encode(), "a.txt", meta=meta, published="2018-05-01", language="da", translate=False)
    assert (given.events[0].when.start, given.events[0].when.basis) == ("2018-06-06", "published")
    assert given.document.published is not None and given.document.published.basis == "given"
    assert (given.document.language.code, given.document.language.decided_by) == ("da", "given")


def test_codes_of_languages_are_brought_into_one_form() -> None:
    assert extract(TEXT.encode(), "a.txt", language="no", translate=False).document.language.code == "nb"


def test_without_any_year_the_year_stays_open() -> None:
    result = extract(b"Workshop on buying\n\nThe workshop takes place on 6-7 June in Brussels.\n", "a.txt", translate=False)
    when = result.events[0].when
    assert (when.edtf, when.start, when.end, when.basis) == ("XXXX-06-06/XXXX-06-07", "--06-06", "--06-07", "open")
    assert (when.start_time, when.end_time) == (None, None)


def test_a_text_in_no_known_language_is_still_read() -> None:
    result = extract(b"Xqz vbn\n\n2024-03-19 10:00\n\nwvz@example.org\n", "a.txt", translate=True)
    assert result.document.language.code == "und"
    assert result.document.translation is not None
    assert result.document.translation.status is TranslationStatus.UNAVAILABLE
    assert [mention.when.edtf for mention in result.mentions.dates] == ["2024-03-19"]
    assert [contact.email for contact in result.mentions.contacts] == ["wvz@example.org"]
    _holds(result)


def test_translation_can_be_switched_off() -> None:
    result = extract(TEXT.encode(), "a.txt", translate=False)
    assert result.document.translation is not None and result.document.translation.status is TranslationStatus.OFF


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "empty-document"),
        (b" \n\t\n", "a.txt", "empty-document"),
        (b"\x00\x01\x02" * 30, "a.txt", "binary-document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "a.png", "binary-document"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "a.pdf", "binary-document"),
        (b"...\n---\n", "a.txt", "no-text"),
        (b"<html><body><script>let text = 'no';</script><img src='a.png'></body></html>", "a.html", "no-text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, name: str, code: str) -> None:
    with pytest.raises(ProcnewsError) as caught:
        extract(data, name)
    assert caught.value.code == code
    assert name in str(caught.value) and "\n" not in str(caught.value)


_SCRAPS = """workshop on 19 March 2024 at 10:00 – 15:00 in Brussels Date: Place: Deadline | - • 20.-21. 3. 2024 kl. cancelled postponed to
by organised the Ministry of Finance webinar online konference den marts 2024. gada martā 2024-03 Q2 week 11 every ( ) " „ …
joj@example.org +45 24 80 96 54 https://example.org/a Contact: <b> </td> &nbsp; \u200b \u202e İ ﬁ 𝟙𝟡 ١٩"""
_WORDS = st.sampled_from(_SCRAPS.split())
_PIECES = st.lists(st.one_of(_WORDS, st.sampled_from(["\n", "\n\n", " ", "\t"]), st.text(max_size=6)), max_size=60)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_PIECES, st.sampled_from([" ", ""]), st.sampled_from(["a.txt", "a.html"]), st.sampled_from([None, "da", "hu", "tr", "el", "und"]))
def test_any_text_is_read_or_refused_with_a_reason(pieces: list[str], glue: str, name: str, language: str | None) -> None:
    data = glue.join(pieces).encode("utf-8", errors="surrogatepass")
    options: dict[str, Any] = {"language": language, "published": "2024-01-15", "translate": False}
    try:
        result = extract(data, name, **options)
    except ProcnewsError as error:
        assert error.code and str(error)
        return
    _holds(result)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes) -> None:
    try:
        result = extract(data, "a.txt", translate=False)
    except ProcnewsError as error:
        assert error.code and str(error)
        return
    _holds(result)


# ---------------------------------------------------------------- start-up


def test_importing_the_pipeline_loads_no_heavy_library() -> None:
    code = (
        "import sys; import extractors.pipeline\n"
        "heavy = {'spacy', 'thinc', 'numpy', 'prefect', 'ctranslate2', 'argostranslate', 'sentencepiece', 'trafilatura', 'lxml', 'bs4',"
        " 'langdetect', 'babel', 'sqlalchemy', 'httpx', 'requests', 'torch', 'onnxruntime', 'minisbd'}\n"
        "loaded = sorted(heavy & {name.split('.')[0] for name in sys.modules}); assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
