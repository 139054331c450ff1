"""The real translation path over two small packages of our own (tests/fixtures); they know procurement sentences only."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from extractors import page, translation
from schemas import LanguageDecision, TranslationStatus

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for archive in sorted(FIXTURES.glob("*.argosmodel")):
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
    (folder / "broken").mkdir()
    return folder


@pytest.fixture
def installed(packages: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(packages))
    return packages


DANISH = """Udbud af droner

Kommunen søger 12 radioer. Tilbud skal sendes til udbud@example.dk.

- Frist: 12. maj 2025
"""


def _document(text: str, language: str):  # type: ignore[no-untyped-def]
    document = page.read(text.encode(), "udbud.txt")
    document.language = LanguageDecision(code=language, confidence=1.0, decided_by="given")
    return document


def test_installed_packages_are_listed_and_broken_folders_passed_over(installed: Path) -> None:
    assert [(package.from_code, package.to_code) for package in translation.installed_packages()] == [("da", "en"), ("nl", "en")]


def test_a_document_is_translated_and_aligned(installed: Path) -> None:
    document = _document(DANISH, "da")
    result = translation.translate(document)
    assert result.status is TranslationStatus.TRANSLATED
    assert result.text is not None and result.engine is not None
    assert "udbud@example.dk" in result.text
    for sentence in result.sentences:
        source = document.text[sentence.start : sentence.end]
        english = result.text[sentence.english_start : sentence.english_end]
        assert source.strip() == source and source
        assert english.strip() == english and english
    units = [document.text[s.start : s.end] for s in result.sentences]
    assert units[:3] == ["Udbud af droner", "Kommunen søger 12 radioer.", "Tilbud skal sendes til udbud@example.dk."]
    assert "municipality" in result.text.lower()


def test_translating_twice_gives_the_same(installed: Path) -> None:
    assert translation.translate(_document(DANISH, "da")) == translation.translate(_document(DANISH, "da"))


def test_without_a_package_it_says_what_would_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path))
    result = translation.translate(_document("Konferencen afholdes i Aarhus.", "da"))
    assert result.status is TranslationStatus.UNAVAILABLE
    assert "argospm install translate-da_en" in result.reason


@pytest.mark.parametrize("code", ["hr", "mt", "is"])
def test_languages_argos_does_not_offer_say_so(installed: Path, code: str) -> None:
    result = translation.translate(_document("Konferencija će se održati u Zagrebu.", code))
    assert result.status is TranslationStatus.UNAVAILABLE
    assert "offers no package" in result.reason


def test_english_needs_none_and_undetermined_has_none(installed: Path) -> None:
    assert translation.translate(_document("The workshop takes place in Ghent.", "en")).status is TranslationStatus.NOT_NEEDED
    assert translation.translate(_document("12345 67890 abc", "und")).status is TranslationStatus.UNAVAILABLE


def test_a_damaged_model_costs_the_translation_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packages: Path) -> None:
    source = packages / "translate-da_en-0_1"
    target = tmp_path / "translate-da_en-0_1"
    (target / "model").mkdir(parents=True)
    for name in ("metadata.json", "sentencepiece.model"):
        (target / name).write_bytes((source / name).read_bytes())
    (target / "model" / "model.bin").write_bytes(b"not a model")
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path))
    result = translation.translate(_document(DANISH, "da"))
    assert result.status is TranslationStatus.FAILED
    assert "translate-da_en-0_1" in result.reason


@pytest.mark.parametrize(
    ("source", "english", "expected", "flags"),
    [
        ("Skriv til a_b@example.dk nu", "Write to a b@example.dk now", "Write to a b@example.dk now [a_b@example.dk]", ["protected"]),
        ("Mødet er kl. 15.00", "The meeting is at noon", "The meeting is at noon", ["numbers"]),
        ("Pris 1.200 kr.", "Price DKK 1,200", "Price DKK 1,200", []),
    ],
)
def test_what_a_model_loses_is_put_back_or_flagged(source: str, english: str, expected: str, flags: list[str]) -> None:
    assert translation._checked(source, english) == (expected, flags)


def test_translating_loads_neither_the_agpl_splitter_nor_a_runtime_that_reports_home(installed: Path) -> None:
    code = (
        "import sys; from extractors import page, translation\n"
        "d = page.read('Kommunen søger 12 radioer. Det er et udbud på dansk om mange ting.'.encode(), 'a.txt', meta={'language': 'da'})\n"
        "r = translation.translate(d); assert r.status == 'translated', r\n"
        "bad = {'minisbd', 'onnxruntime', 'argostranslate.translate', 'torch', 'stanza'} & set(sys.modules); assert not bad, bad"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_titles_and_summaries_come_in_english(installed: Path) -> None:
    from extractors.pipeline import extract

    text = "Kommunen køber 97 uniformer\n\nKommunen søger 12 radioer på en konference den 19. marts 2024 i Aarhus."
    event = extract(text.encode(), "a.txt", language="da").events[0]
    assert event.summary_en and "19" in event.summary_en
    plain = extract(b"Conference on radios\n\nThe conference takes place on 19 March 2024 in Ghent.", "b.txt", language="en").events[0]
    assert plain.title_en == plain.title
    assert plain.summary_en == "The conference takes place on 19 March 2024 in Ghent."
