"""docs/warnings.md against the sources: every code that can be told stands there, and nothing stands there that cannot."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from extractors import translation
from extractors.errors import READ_ERROR_CODES
from extractors.page import WARNINGS
from extractors.pipeline import extract

ROOT = Path(__file__).parents[1]
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)+")
_FLAG = re.compile(r"flags\.append\(\"([a-z]+)\"\)")
_ROW = re.compile(r"^\| ((?:`[a-z-]+`(?:, )?)+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
# A page's own errors: these classes, and codes given to an outcome. Errors of a command as a whole are not the page's.
_OF_DOCUMENTS = ("ReadError", "FetchError", "ModelError")


def _trees() -> list[ast.Module]:
    paths = sorted(path for room in ("extractors", "flows") for path in (ROOT / room).rglob("*.py"))
    return [ast.parse(path.read_text("utf-8")) for path in paths]


def _codes_in(node: ast.AST) -> set[str]:
    constants = (entry.value for entry in ast.walk(node) if isinstance(entry, ast.Constant))
    return {value for value in constants if isinstance(value, str) and _CODE.fullmatch(value)}


@cache
def emitted_warnings() -> frozenset[str]:
    """Codes that sources append to warnings, give as warnings, or return from a function about them."""
    found: set[str] = set()
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                on = ast.unparse(node.func)
                if re.search(r"\bwarnings\.(?:append|extend|add)$", on):
                    for argument in node.args:
                        found |= _codes_in(argument)
                if on.endswith("Decoded"):
                    for argument in node.args:
                        found |= _codes_in(argument)
                for keyword in node.keywords:
                    if keyword.arg == "warnings":
                        found |= _codes_in(keyword.value)
            if isinstance(node, ast.FunctionDef) and node.name == "mismatch":
                found |= _codes_in(node)
    return frozenset(found)


@cache
def emitted_errors() -> frozenset[str]:
    """Codes with which a single document can fail."""
    found = set(READ_ERROR_CODES)
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).split(".")[-1]
                if name in _OF_DOCUMENTS and node.args:
                    found |= _codes_in(node.args[0])
                if name == "Outcome":
                    for keyword in node.keywords:
                        if keyword.arg == "code":
                            found |= _codes_in(keyword.value)
    return frozenset(found | {"bad-sidecar", "bad-url", "store-conflict"})


@cache
def documented(heading: str) -> dict[str, tuple[str, str]]:
    """The codes of a section of the page, each with its meaning and what to do."""
    text = (ROOT / "docs" / "warnings.md").read_text("utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return {code: (row[2], row[3]) for row in _ROW.finditer(section) for code in re.findall(r"`([a-z-]+)`", row[1])}


def test_every_warning_is_documented() -> None:
    assert {*documented("Warnings of reading"), *documented("Warnings of dates and events")} == emitted_warnings()


def test_the_reader_lists_its_own_warnings() -> None:
    assert set(documented("Warnings of reading")) == set(WARNINGS)


def test_every_flag_of_a_translation_is_documented() -> None:
    source = Path(translation.__file__).read_text("utf-8")
    assert set(documented("Flags of translated sentences")) == set(_FLAG.findall(source)) and len(_FLAG.findall(source)) == 5


def test_every_error_of_a_document_is_documented() -> None:
    assert set(documented("Errors that put a document into quarantine")) == emitted_errors()


@pytest.mark.parametrize(
    "heading",
    ["Warnings of reading", "Warnings of dates and events", "Flags of translated sentences", "Errors that put a document into quarantine"],
)
def test_every_code_says_what_it_means_and_what_to_do(heading: str) -> None:
    for code, (meaning, todo) in documented(heading).items():
        assert len(meaning.split()) >= 3, code
        assert todo.strip(), code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Workshop\n\nThe workshop takes place on 31 June 2025 in Ghent.\n", "impossible-date"),
        ("Workshop\n\nThe workshop takes place on Monday 12 March 2025 in Ghent.\n", "weekday-conflict"),
    ],
)
def test_warnings_of_dates_reach_the_result(text: str, code: str) -> None:
    result = extract(text.encode(), "a.txt", language="en", translate=False)
    assert result.warnings == [code]


def test_a_warning_of_reading_reaches_the_result() -> None:
    result = extract(b"The workshop is on 12 March 2025 in Ghent.\n", "a.txt", meta={"colour": "red"}, translate=False)
    assert result.document.warnings == result.warnings == ["sidecar-unknown-key"]
