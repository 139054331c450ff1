"""The date reader against every lexicon's own examples, and against what no single language's file holds."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import dates
from extractors.lexicon import available, load
from schemas import is_edtf

EXAMPLES = [(code, example) for code in available() for example in load(code).examples]
NEGATIVES = [(code, example.text) for code in available() for example in load(code).not_]


def _read(text: str, language: str, reference: str | None) -> list[dict[str, str]]:
    found = dates.find(text, language, dt.date.fromisoformat(reference) if reference else None)
    for mention in found:
        assert text[mention.evidence.start : mention.evidence.end] == mention.evidence.quote
    keys = ("edtf", "start_time", "end_time", "timezone")
    return [{key: value for key in keys if (value := getattr(mention.when, key)) is not None} for mention in found]


@pytest.mark.parametrize(("language", "example"), EXAMPLES, ids=lambda value: value if isinstance(value, str) else value.text[:40])
def test_lexicon_examples(language: str, example: object) -> None:
    assert _read(example.text, language, example.reference) == example.dates  # type: ignore[attr-defined]


@pytest.mark.parametrize(("language", "text"), NEGATIVES)
def test_lexicon_negatives(language: str, text: str) -> None:
    assert _read(text, language, None) == []


@pytest.mark.parametrize(
    ("text", "language", "reference", "edtf"),
    [
        ("19.–20. Mar 2024", "da", None, "2024-03-19/2024-03-20"),
        ("on 29 February 2024", "en", None, "2024-02-29"),
        ("28 December 2024 – 2 January 2025", "en", None, "2024-12-28/2025-01-02"),
        ("28 December – 2 January 2025", "en", None, "2024-12-28/2025-01-02"),
        ("workshop May 12\u201313, 2025", "da", None, "2025-05-12/2025-05-13"),
        ("19\u00a0March\u00a02024", "en", None, "2024-03-19"),
        ("2024-03-19T10:00:00+01:00", "en", None, "2024-03-19"),
        ("Thursday 6 June", "en", "2018-01-01", "2019-06-06"),
    ],
)
def test_forms_beyond_one_language(text: str, language: str, reference: str | None, edtf: str) -> None:
    assert [item["edtf"] for item in _read(text, language, reference)] == [edtf]


def test_impossible_dates_are_not_bent() -> None:
    assert _read("on 31 June 2024 and 30 February 2025", "en", None) == []


def test_weekday_decides_the_year_and_a_conflict_is_told() -> None:
    found = dates.find("The meeting is on Tuesday 5 June 2018.", "en")
    assert found[0].when.edtf == "2018-06-05"
    assert found[0].warnings == []
    wrong = dates.find("The meeting is on Monday 5 June 2018.", "en")
    assert wrong[0].warnings == ["weekday-conflict"]


def test_a_year_near_by_is_taken_before_the_reference() -> None:
    found = dates.find("The conference is on 19 March 2024. Contact us by 23 February.", "en", dt.date(2030, 1, 1))
    assert [mention.when.edtf for mention in found] == ["2024-03-19", "2024-02-23"]
    assert found[1].when.basis == "near_text"


def test_a_list_over_new_year() -> None:
    text = "Sessions: 29 November 2023, then 11 January and 18 April."
    assert [item["edtf"] for item in _read(text, "en", None)] == ["2023-11-29", "2024-01-11", "2024-04-18"]


def test_no_end_time_is_invented() -> None:
    found = dates.find("19 March 2024 at 10:00", "en")
    assert (found[0].when.start_time, found[0].when.end_time) == ("10:00", None)


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="0123456789.-–/: ,()MarchjuniosøÅ\n'", max_size=120),
    st.sampled_from(["en", "da", "hu", "lv", "tr", "bg"]),
)
def test_any_text_gives_sound_mentions(text: str, language: str) -> None:
    for mention in dates.find(text, language, dt.date(2025, 1, 1)):
        assert text[mention.evidence.start : mention.evidence.end] == mention.evidence.quote
        assert is_edtf(mention.when.edtf)


@pytest.mark.parametrize("unit", ["1.", "12-", "1/1/", "19:00-", "March ", "from 1 to ", "1, 2, ", "kl. 10 "])
def test_hostile_text_costs_linear_time(unit: str) -> None:
    def cost(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        dates.find(text, "en")
        return time.process_time() - begin

    cost(1_000)
    small, large = max(cost(10_000), 0.005), cost(80_000)
    assert large < 40 * small
