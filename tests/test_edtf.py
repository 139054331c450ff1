"""EDTF (ISO 8601-2) strings: what the contract takes, what it refuses, and that it knows the calendar."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.edtf import Edtf, PartialDate, is_edtf, is_edtf_date

EDTF: TypeAdapter[str] = TypeAdapter(Edtf)
PARTIAL: TypeAdapter[str] = TypeAdapter(PartialDate)

DATES = [
    "2024", "2024-03", "2024-03-19", "2024-02-29", "2000-02-29", "2024-12-31", "0001-01-01",
    "2016-09~", "2016-09-12?", "2016%", "2024-21", "2024-22", "2024-23", "2024-24",
    "201X", "20XX", "2024-XX", "2024-XX-XX", "2024-03-XX", "XXXX-06", "XXXX-06-06", "XXXX-02-29", "XXXX-12-31",
]  # fmt: skip
INTERVALS = [
    "2024-03-19/2024-03-20", "2016-09~/2016-11", "2024/2025", "2024-03/..", "../2024-03", "XXXX-06-06/XXXX-06-07",
    "2025-04/2025-06", "2024-12-28/2025-01-02",
]  # fmt: skip
NEITHER = [
    "", " ", "24", "2024-3", "2024-3-9", "2024-13", "2024-00", "2024-03-00", "2024-03-32", "2024-02-30", "2023-02-29", "1900-02-29",
    "2024-04-31", "XXXX-02-30", "XXXX-04-31", "XXXX", "XXXX-13", "XXXX-21", "20XX-03", "201X-03-19", "2024-25", "2024-20",
    "2024-21-01", "XXXX-XX", "2024-XX-19", "19.03.2024", "2024/03/19", "2024-03-19T10:00", "2024-03-19Z", "--06-06",
    "2024-03-19~~", "~2024", "+2024", "-2024", "12024", "2024-03-19 ", " 2024", "2024-03-19\n", "٢٠٢٤", "unknown",
    "2024/", "/2024", "../..", "..", "2024/2025/2026", "2024-03-19/20", "2024-03-19/x", "a/b", "//",
]  # fmt: skip


@pytest.mark.parametrize("value", DATES)
def test_dates_are_taken(value: str) -> None:
    assert is_edtf_date(value) and is_edtf(value)
    assert EDTF.validate_python(value) == value


@pytest.mark.parametrize("value", INTERVALS)
def test_intervals_are_taken_and_are_no_dates(value: str) -> None:
    assert is_edtf(value) and not is_edtf_date(value)
    assert EDTF.validate_python(value) == value


@pytest.mark.parametrize("value", NEITHER)
def test_everything_else_is_refused(value: str) -> None:
    assert not is_edtf(value)
    with pytest.raises(ValidationError, match="EDTF"):
        EDTF.validate_python(value)


@pytest.mark.parametrize("value", ["2024", "2024-03", "2024-03-19", "--03-19", "--02-29", "--03", "2024-02-29"])
def test_partial_dates_are_taken(value: str) -> None:
    assert PARTIAL.validate_python(value) == value


@pytest.mark.parametrize(
    "value",
    ["", "24", "2024-3", "2024-13", "2024-02-30", "2023-02-29", "--02-30", "--13", "--13-01", "--3-19", "-03-19", "XXXX-03-19",
     "2024-03~", "2024-21", "2024-03-19/2024-03-20", "2024-03-19T10:00", "19/03/2024", " 2024", "2024\n"],
)  # fmt: skip
def test_other_partial_dates_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        PARTIAL.validate_python(value)


def test_a_refusal_says_what_was_wrong() -> None:
    with pytest.raises(ValidationError, match="'2024-02-30' is not an EDTF date or interval"):
        EDTF.validate_python("2024-02-30")
    with pytest.raises(ValidationError, match="'soon' is not YYYY-MM-DD"):
        PARTIAL.validate_python("soon")


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: dt.date) -> None:
    assert is_edtf_date(day.isoformat())
    assert is_edtf_date(f"XXXX{day.isoformat()[4:]}")


@given(st.integers(1, 9999), st.integers(0, 99), st.integers(0, 99))
def test_no_day_beyond_the_calendar_is_a_date(year: int, month: int, day: int) -> None:
    there = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    assert is_edtf_date(f"{year:04d}-{month:02d}-{day:02d}") is there


@given(st.text(alphabet="0123456789X-/~?%.", max_size=30))
def test_any_text_is_answered(text: str) -> None:
    assert is_edtf(text) in {True, False}
    if is_edtf_date(text):
        assert is_edtf(text) and is_edtf(f"{text}/..") and is_edtf(f"../{text}")
