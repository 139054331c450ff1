"""Errors of the runs and the command line, and the exit codes they lead to. It prints nothing."""

from __future__ import annotations

from enum import IntEnum

from extractors.errors import ProcnewsError


class ExitCode(IntEnum):
    """What the process tells its caller; docs/cli.md says the same."""

    OK = 0
    INCOMPLETE = 1
    USAGE = 2
    NOTHING_DONE = 3
    BELOW_MINIMUM = 4
    INTERRUPTED = 130


class FlowError(ProcnewsError):
    """A run or command that cannot go on; `exit_code` is what the process ends with."""

    exit_code: ExitCode = ExitCode.NOTHING_DONE


class UsageError(FlowError):
    """The caller asked for something that is not there or makes no sense."""

    exit_code = ExitCode.USAGE


class StoreError(FlowError):
    """The store cannot be opened, read or written, or is of another version."""


class FetchError(FlowError):
    """A web page was not fetched: refused for safety, or not to be had."""

    exit_code = ExitCode.USAGE


class ServerError(FlowError):
    """Prefect's temporary server did not start."""


def one_line(error: BaseException, limit: int = 300) -> str:
    """The message of any error on one line, cut to `limit` characters, without control characters."""
    text = str(error) or type(error).__name__
    if not isinstance(error, ProcnewsError):
        text = f"{type(error).__name__}: {text}"
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
