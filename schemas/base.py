"""The base of every model of the contract: strict, frozen in shape, written in one key order."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION = "1.0"
"""Version of the published JSON Schema; it stands in every record and result."""


class Model(BaseModel):
    """A contract model: unknown keys are refused, so a typo never loses a value silently."""

    model_config = ConfigDict(extra="forbid", validate_assignment=False)


class Span(Model):
    """A half-open range of characters, ``text[start:end]``, of a document's canonical text."""

    start: int
    end: int
