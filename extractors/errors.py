"""The errors procnews raises on purpose: each has a code for machines and a message for people.

A message says what was wrong, where, and what to do. Nothing here is raised for a document that can still be read.
"""

from __future__ import annotations

from typing import Final, Literal

ReadErrorCode = Literal["empty-document", "binary-document", "too-large", "no-text", "undecodable", "too-deep"]

READ_ERROR_CODES: Final[tuple[str, ...]] = ("empty-document", "binary-document", "too-large", "no-text", "undecodable", "too-deep")
"""Every code a ReadError can carry."""


class ProcnewsError(Exception):
    """Base of all errors of the project; `code` is kebab-case and stable, `str(error)` is the message."""

    code: str

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


class ReadError(ProcnewsError):
    """A document that cannot be read at all; it belongs in quarantine with this reason."""

    def __init__(self, code: ReadErrorCode, message: str) -> None:
        super().__init__(code, message)
