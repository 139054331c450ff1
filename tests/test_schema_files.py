"""The published JSON Schema: valid 2020-12, in step with its committed copies, and true of what is written."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from flows import schema_files
from flows.errors import UsageError


@pytest.mark.parametrize("name", schema_files.NAMES)
def test_committed_copies_are_up_to_date(name: str) -> None:
    committed = schema_files.folder() / f"{name}.json"
    assert committed.read_text(encoding="utf-8") == schema_files.text(name), "run `procnews schema --write`"


@pytest.mark.parametrize("name", schema_files.NAMES)
def test_schemas_are_valid_2020_12(name: str) -> None:
    schema = schema_files.schema(name)
    assert schema["$schema"] == schema_files.DIALECT and schema["title"] == name
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


def test_no_copy_is_left_over(tmp_path: Path) -> None:
    written = schema_files.write(tmp_path / "json")
    assert {path.name for path in schema_files.folder().glob("*.json")} == {path.name for path in written}


def test_names_are_found_however_written() -> None:
    assert [schema_files.find(name) for name in ("EventRecord", "event-record", "EVENT_RECORD")] == ["EventRecord"] * 3
    with pytest.raises(UsageError) as error:
        schema_files.find("Event")
    assert "ExtractionResult" in str(error.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError) as error:
        schema_files.write(tmp_path / "file" / "json")
    assert error.value.code == "unwritable"
