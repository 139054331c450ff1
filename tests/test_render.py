"""The terminal: spans coloured where they are, text of documents never taken for markup or escape sequences."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from rich.console import Console

from flows import csv_export, render
from schemas import (
    Contact,
    DateMention,
    Deadline,
    Document,
    EventRecord,
    Evidence,
    ExtractionResult,
    LanguageDecision,
    Mentions,
    Organisation,
    Phone,
    Place,
    PlaceMention,
    When,
)
from schemas.events import DeadlineKind, EventMode, EventOrganisation, EventStatus, OrganisationRole

TEXT = "[bold]Workshop[/bold] on 19 March 2024 in Brussels\nCall \x1b[31m+45 20 00 00 00 :smile: <b>x</b>"


def evidence(quote: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence(quote=quote, start=start, end=start + len(quote))


@pytest.fixture
def result() -> dict[str, Any]:
    when = When(edtf="2024-03-19", start="2024-03-19", end="2024-03-19", start_time="10:00", end_time="15:00")
    place = Place(venue="Hall [1]", city="Brussels", country="BE")
    phone = Phone(raw="+45 20 00 00 00", e164="+4520000000", evidence=evidence("+45 20 00 00 00"))
    contact = Contact(name="Ida Holm", email="ida@example.dk", phones=[phone])
    deadline = Deadline(kind=DeadlineKind.REGISTRATION, when=When(edtf="2024-02-23", start="2024-02-23", end="2024-02-23"))
    event = EventRecord(
        id="e1",
        document_id="d1",
        source="in/[red]a.txt",
        language="en",
        title="=Workshop\x1b]0;x\x07 [/bold]",
        when=when,
        status=EventStatus.CANCELLED,
        mode=EventMode.HYBRID,
        places=[place],
        organisations=[EventOrganisation(name="Example Agency", role=OrganisationRole.ORGANISER)],
        contacts=[contact],
        deadlines=[deadline],
        confidence=0.9,
        evidence={"when": [evidence("19 March 2024")]},
    )
    return ExtractionResult(
        document=Document(
            id="d1",
            source="in/[red]a.txt",
            content_hash="0" * 64,
            language=LanguageDecision(code="en", confidence=1, decided_by="given"),
            text=TEXT,
        ),
        mentions=Mentions(
            dates=[DateMention(when=when, evidence=evidence("19 March 2024"))],
            places=[PlaceMention(kind="city", name="Brussels", place=place, evidence=evidence("Brussels"))],
            organisations=[Organisation(name="x", evidence=[Evidence(quote="x", source="markup")])],
            contacts=[contact],
        ),
        events=[event],
        deadlines=[deadline, deadline.model_copy(update={"kind": DeadlineKind.SUBMISSION})],
    ).model_dump(mode="json")


def printed(thing: Any, *, colour: bool, **arguments: Any) -> str:
    output = io.StringIO()
    target = Console(
        file=output,
        width=120,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    if callable(thing):
        thing(target, **arguments)
    else:
        target.print(thing)
    return output.getvalue()


def test_found_spans_are_where_their_evidence_is(result: dict[str, Any]) -> None:
    assert [(TEXT[start:end], kind) for start, end, kind in render.spans(result)] == [
        ("19 March 2024", "date"),
        ("Brussels", "place"),
        ("+45 20 00 00 00", "contact"),
    ]


def test_the_text_is_printed_whole_and_in_colour(result: dict[str, Any]) -> None:
    coloured = printed(render.document_text(result), colour=True)
    assert "\x1b[1;32m19 March 2024\x1b[0m" in coloured and "\x1b[1;36mBrussels\x1b[0m" in coloured
    plain = printed(render.document_text(result), colour=False)
    assert plain == TEXT.replace("\x1b", "�") + "\n"


def test_a_document_cannot_steer_the_terminal(result: dict[str, Any]) -> None:
    plain = printed(render.print_result, colour=False, result=result)
    assert "\x1b" not in plain and "\x07" not in plain
    assert "[bold]Workshop[/bold]" in plain and ":smile:" in plain and "<b>x</b>" in plain and "in/[red]a.txt" in plain
    table = printed(render.events_table(result["events"]), colour=False)
    assert "\x1b" not in table and "Hall [1]" in table and "[/bold]" in table


def test_an_event_is_told_in_words(result: dict[str, Any]) -> None:
    plain = printed(render.print_result, colour=False, result=result)
    for part in (
        "2024-03-19, 10:00 to 15:00", "Hall [1], Brussels, BE", "organiser", "Example Agency", "registration 2024-02-23",
        "Ida Holm, ida@example.dk, +4520000000", "“19 March 2024”", "cancelled, hybrid",
        "deadlines without an event: submission 2024-02-23",
    ):  # fmt: skip
        assert part in plain
    assert " date " not in plain, "a legend of colours is of no use without colour"
    assert " date  1" in printed(render.print_result, colour=True, result=result).replace("\x1b[0m", "").replace("\x1b[1;7;32m", "")


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ({"edtf": "2016-09~/2016-11", "start": "2016-09", "end": "2016-11"}, "2016-09 to 2016-11 (uncertain)"),
        ({"edtf": "2024-03-19", "start": "2024-03-19", "end": None, "end_time": "12:00"}, "2024-03-19, until 12:00"),
        (
            {"edtf": "XXXX-06-06", "start": "--06-06", "end": "--06-06", "start_time": "09:00", "timezone": "Europe/Oslo"},
            "--06-06, 09:00 (Europe/Oslo)",
        ),
    ],
)
def test_dates_in_words(when: dict[str, Any], text: str) -> None:
    assert render.when_text({"start_time": None, "end_time": None, "timezone": None, **when}) == text


def test_csv_has_a_line_an_event_and_no_formula(result: dict[str, Any]) -> None:
    lines = "".join(csv_export.lines(result["events"]))
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert len(rows) == 1 and tuple(rows[0]) == csv_export.COLUMNS
    row = rows[0]
    assert row["title"].startswith("'=Workshop")
    assert (row["start"], row["city"], row["organisers"]) == ("2024-03-19", "Brussels", "Example Agency")
    assert (row["deadlines"], row["contacts"], row["status"]) == ("registration 2024-02-23", "ida@example.dk", "cancelled")
    assert "".join(csv_export.lines([])) == ",".join(csv_export.COLUMNS) + "\r\n"
