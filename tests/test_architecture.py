"""The house's rules, read from the sources: who may import whom, and what `extractors` and `schemas` never touch."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "extractors", "flows")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
PURE = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "flows"]
NETWORK = {
    "socket", "ssl", "http", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "asyncio", "subprocess",
    "sqlite3", "sqlalchemy", "prefect", "multiprocessing", "random", "secrets", "uuid", "tempfile",
}  # fmt: skip
HEAVY = {
    "spacy", "thinc", "srsly", "numpy", "ctranslate2", "argostranslate", "sentencepiece", "langdetect", "babel", "prefect", "sqlalchemy",
}  # fmt: skip
CLOCK = re.compile(
    r"datetime\.(?:now|utcnow|today)\(|\bdate\.today\(|\btime\.(?:time|time_ns|localtime|gmtime|ctime|strftime)\(|\bfrom time import"
)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), _name(path))


def _imports(nodes: Iterator[ast.AST] | list[ast.stmt]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _at_start(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported; what stands under TYPE_CHECKING does not."""
    for node in body:
        if isinstance(node, ast.If):
            if "TYPE_CHECKING" not in ast.unparse(node.test):
                yield from _at_start(node.body)
            yield from _at_start(node.orelse)
        elif isinstance(node, ast.Try | ast.ClassDef):
            yield from _at_start(node.body)
        else:
            yield node


def _under(name: str, packages: set[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:count]) in packages for count in range(1, len(parts) + 1))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_run_downwards(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    above = set(ROOMS[ROOMS.index(room) + 1 :])
    assert not [name for name in _imports(ast.walk(_tree(path))) if _under(name, above)]


def test_the_contract_needs_pydantic_and_nothing_else() -> None:
    outside = {
        name.split(".")[0] for path in MODULES if path.relative_to(ROOT).parts[0] == "schemas" for name in _imports(ast.walk(_tree(path)))
    }
    assert outside - set(sys.stdlib_module_names) - {"schemas"} == {"pydantic"}


@pytest.mark.parametrize("path", PURE, ids=_name)
def test_extractors_import_no_network_store_process_or_chance(path: Path) -> None:
    assert not [name for name in _imports(ast.walk(_tree(path))) if _under(name, NETWORK)]


@pytest.mark.parametrize("path", PURE, ids=_name)
def test_extractors_read_no_clock(path: Path) -> None:
    assert not CLOCK.findall(path.read_text("utf-8"))


@pytest.mark.parametrize("path", PURE, ids=_name)
def test_extractors_print_nothing_and_write_no_file(path: Path) -> None:
    calls = [ast.unparse(node.func) for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]
    assert not {"print", "input", "exec", "eval", "os.system", "os.remove", "os.makedirs"} & set(calls)
    assert not [call for call in calls if call.endswith((".write_text", ".write_bytes", ".mkdir", ".unlink"))]


@pytest.mark.parametrize("path", PURE, ids=_name)
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    assert not [name for name in _imports(list(_at_start(_tree(path).body))) if _under(name, HEAVY)]


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(_tree(path))


def test_only_translation_looks_at_the_environment() -> None:
    found = {_name(path) for path in PURE if re.search(r"os\.(?:environ|getenv)", path.read_text("utf-8"))}
    assert found <= {"extractors/translation.py"}


def test_what_is_looked_for_here_is_found_where_it_is() -> None:
    """The patterns above, against sources that break every rule."""
    bad = ast.parse("import socket\nfrom flows.store import Store\nif True:\n    import spacy\nclass A:\n    import numpy\n")
    names = list(_imports(ast.walk(bad)))
    assert [name for name in names if _under(name, NETWORK)] == ["socket"]
    assert [name for name in names if _under(name, {"flows"})] == ["flows.store", "flows.store.Store"]
    assert [name for name in _imports(list(_at_start(bad.body))) if _under(name, HEAVY)] == ["spacy", "numpy"]
    for line in ("dt.datetime.now()", "date.today()", "dt.date.today()", "time.time()", "datetime.utcnow()"):
        assert CLOCK.search(line)
    assert len(MODULES) > 60 and len(PURE) > 40
