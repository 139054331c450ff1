"""EDTF (ISO 8601-2) date strings: what the contract accepts, and the calendar dates behind them.

Accepted is level 1 of the EDTF specification of the Library of Congress without its long and
negative years, plus one form of level 2 that announcements need all the time: a day or month whose
year is not known (``XXXX-06-06``, ``XXXX-06``).
"""

from __future__ import annotations

import calendar
import re
from typing import Annotated

from pydantic import AfterValidator

_DATE = re.compile(r"(?P<year>\d{4}|\d{3}X|\d{2}XX|XXXX)(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?)?(?P<qualifier>[?~%])?", re.ASCII)


def is_edtf_date(value: str) -> bool:
    """True when `value` is one EDTF date: ``2024-03-19``, ``2024-03``, ``2024-21``, ``XXXX-06-06``, ``2016-09~``."""
    match = _DATE.fullmatch(value)
    if match is None:
        return False
    year, month, day = match["year"], match["month"], match["day"]
    if month is None:
        return year != "XXXX"
    if month == "XX":
        return year.isdigit() and (day is None or day == "XX")
    number = int(month)
    if not year.isdigit() and year != "XXXX":
        return False
    if day is None:
        return 1 <= number <= 12 or (21 <= number <= 24 and year.isdigit())
    if not 1 <= number <= 12:
        return False
    if day == "XX":
        return year.isdigit()
    last = (
        calendar.monthrange(int(year), number)[1]
        if year.isdigit() and int(year) > 0
        else (29 if number == 2 else 31 if number in {1, 3, 5, 7, 8, 10, 12} else 30)
    )
    return 1 <= int(day) <= last


def is_edtf(value: str) -> bool:
    """True when `value` is an EDTF date or an interval of two, open (``..``) at one end at most."""
    if "/" not in value:
        return is_edtf_date(value)
    parts = value.split("/")
    if len(parts) != 2 or parts == ["..", ".."]:
        return False
    return all(part == ".." or is_edtf_date(part) for part in parts)


def _check(value: str) -> str:
    if not is_edtf(value):
        raise ValueError(f"{value!r} is not an EDTF date or interval (ISO 8601-2, level 1, or XXXX-MM-DD)")
    return value


_PARTIAL = re.compile(r"(?:\d{4}(?:-[01]\d(?:-\d{2})?)?|--[01]\d(?:-\d{2})?)", re.ASCII)


def _check_partial(value: str) -> str:
    if not _PARTIAL.fullmatch(value):
        raise ValueError(f"{value!r} is not YYYY-MM-DD, YYYY-MM, YYYY, --MM-DD or --MM")
    probe = value.replace("--", "XXXX-", 1) if value.startswith("--") else value
    if not is_edtf_date(probe):
        raise ValueError(f"{value!r} is not a date of the calendar")
    return value


Edtf = Annotated[str, AfterValidator(_check)]
"""An EDTF string (ISO 8601-2), checked against the calendar."""

PartialDate = Annotated[str, AfterValidator(_check_partial)]
"""``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; ``--MM-DD`` or ``--MM`` when the year is not known (ISO 8601)."""
