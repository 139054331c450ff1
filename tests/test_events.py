"""From small pages to their events: kinds of pages in many languages, and what one event keeps apart from another.

The pages stand in data/event_cases.toml; what needs more than a page and a list of events stands here.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from extractors.pipeline import extract
from schemas import DateRole, EventKind, EventMode, EventRecord, EventStatus, EvidenceSource, ExtractionResult, OrganisationRole

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "data" / "event_cases.toml").read_text("utf-8"))["case"]
_ORGANISERS = {OrganisationRole.ORGANISER, OrganisationRole.CO_ORGANISER}


def _read(text: str, language: str = "en", *, name: str = "page.txt", published: str | None = None) -> ExtractionResult:
    return extract(text.strip().encode(), name, language=language, published=published, translate=False)


def _told(event: EventRecord) -> dict[str, Any]:
    """An event in the words of the cases."""
    place = event.places[0] if event.places else None
    return {
        "title": event.title,
        "kind": event.kind.value,
        "status": event.status.value,
        "mode": event.mode.value,
        "edtf": event.when.edtf,
        "start_time": event.when.start_time or "",
        "end_time": event.when.end_time or "",
        "city": (place and place.city) or "",
        "country": (place and place.country) or "",
        "venue": (place and place.venue) or "",
        "organisers": sorted(body.name for body in event.organisations if body.role in _ORGANISERS),
        "hosts": sorted(body.name for body in event.organisations if body.role is OrganisationRole.HOST),
        "deadlines": sorted(f"{deadline.kind.value} {deadline.when.start}" for deadline in event.deadlines),
        "contacts": [contact.email for contact in event.contacts],
        "replaced": [when.start for when in event.replaced],
    }


# ---------------------------------------------------------------- pages of every kind


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}-{case['why']}")
def test_a_page_gives_its_events(case: dict[str, Any]) -> None:
    name = "page.html" if case.get("reader") == "html" else "page.txt"
    result = _read(case["text"], case["language"], name=name, published=case.get("published"))
    found = [_told(event) for event in result.events]
    wanted = case["events"]
    compared = [{key: event[key] for key in told} for event, told in zip(found, wanted, strict=False)]
    assert (len(found), compared) == (len(wanted), wanted), [(event["kind"], event["edtf"], event["title"]) for event in found]
    if "deadlines" in case:
        assert sorted(f"{deadline.kind.value} {deadline.when.start}" for deadline in result.deadlines) == sorted(case["deadlines"])


def test_the_pages_are_of_many_languages_and_every_third_has_no_event_or_several() -> None:
    assert len({case["language"] for case in CASES}) >= 20
    assert sum(not case["events"] for case in CASES) >= 20
    assert sum(len(case["events"]) > 1 for case in CASES) >= 15


# ---------------------------------------------------------------- roles of dates


@pytest.mark.parametrize(
    ("text", "language", "role"),
    [
        ("The workshop takes place on 12 March 2025.", "en", DateRole.EVENT),
        ("Please register by 12 March 2025.", "en", DateRole.DEADLINE_REGISTRATION),
        ("Tenders must be submitted no later than 12 March 2025.", "en", DateRole.DEADLINE_SUBMISSION),
        ("Questions can be sent until 12 March 2025.", "en", DateRole.DEADLINE_QUESTION),
        ("The act entered into force on 12 March 2025.", "en", DateRole.BACKGROUND),
        ("The agency was founded on 12 March 2025.", "en", DateRole.BACKGROUND),
        ("Fragen können bis zum 12. März 2025 gestellt werden.", "de", DateRole.DEADLINE_QUESTION),
        ("Tilbud skal afleveres senest den 12. marts 2025.", "da", DateRole.DEADLINE_SUBMISSION),
        ("Les offres doivent être déposées avant le 12 mars 2025.", "fr", DateRole.DEADLINE_SUBMISSION),
        ("Aanmelden kan tot 12 maart 2025.", "nl", DateRole.DEADLINE_REGISTRATION),
        ("Zgłoszenia przyjmujemy do 12 marca 2025 r.", "pl", DateRole.DEADLINE_REGISTRATION),
        ("Ilmoittaudu viimeistään 12.3.2025.", "fi", DateRole.DEADLINE_REGISTRATION),
        ("Jelentkezési határidő: 2025. március 12.", "hu", DateRole.DEADLINE_REGISTRATION),
    ],
)
def test_the_role_of_a_date_is_told_with_its_reason(text: str, language: str, role: DateRole) -> None:
    result = _read(f"News of the town\n\n{text}\n", language)
    assert [mention.role for mention in result.mentions.dates] == [role]
    assert result.mentions.dates[0].role_reason


def test_dates_that_are_no_events_are_kept_as_mentions() -> None:
    result = _read("New rules\n\nThe act entered into force on 1 January 2024.\n")
    assert result.events == []
    assert [(mention.when.edtf, mention.role) for mention in result.mentions.dates] == [("2024-01-01", DateRole.BACKGROUND)]


def test_the_publication_date_of_the_page_is_no_event_and_gives_the_year() -> None:
    result = _read("Workshop on school buses\n\nPublished: 2 February 2025\n\nThe workshop takes place on 12 March in Ghent.\n")
    assert result.document.published is not None
    assert (result.document.published.value, result.document.published.basis) == ("2025-02-02", "text")
    assert [event.when.start for event in result.events] == ["2025-03-12"]


# ---------------------------------------------------------------- what one event keeps from another


def test_two_sections_keep_their_places_times_and_deadlines_apart() -> None:
    page = """
<html lang="en"><body><h1>Two days for buyers</h1><p>The agency offers two days this spring for all who buy.</p>
<h2>Workshop on textile rental</h2><p>The workshop takes place on 11 March 2025 at 10:00 in Odense. Register by 1 March 2025.</p>
<h2>Conference on quiet asphalt</h2><p>The conference takes place on 2 April 2025 at 13:00 in Graz. Register by 20 March 2025.</p>
</body></html>"""
    result = _read(page, name="page.html")
    assert [
        (
            event.kind,
            event.when.start,
            event.when.start_time,
            [place.city for place in event.places],
            [d.when.start for d in event.deadlines],
        )
        for event in result.events
    ] == [
        (EventKind.WORKSHOP, "2025-03-11", "10:00", ["Odense"], ["2025-03-01"]),
        (EventKind.CONFERENCE, "2025-04-02", "13:00", ["Graz"], ["2025-03-20"]),
    ]


def test_only_the_cancelled_entry_of_a_page_is_cancelled() -> None:
    page = """
<html lang="en"><body><h1>Workshops in spring</h1><p>These workshops are open to all buyers of the region.</p>
<ul><li>Workshop on textile rental, 11 March 2025 – cancelled</li><li>Workshop on quiet asphalt, 2 April 2025</li></ul></body></html>"""
    found = {event.when.start: event.status for event in _read(page, name="page.html").events}
    assert found == {"2025-03-11": EventStatus.CANCELLED, "2025-04-02": EventStatus.SCHEDULED}


def test_the_same_event_told_three_times_is_one() -> None:
    text = """
Workshop on school meals

Date: 12 February 2025

The workshop takes place on 12 February 2025 in Ghent. On 12 February at 10:00 the workshop begins with a tour of the kitchens.
"""
    events = _read(text).events
    assert len(events) == 1
    assert len(events[0].evidence["when"]) >= 2
    assert (events[0].when.start_time, events[0].places[0].city) == ("10:00", "Ghent")


def test_no_end_and_no_midnight_is_invented() -> None:
    events = _read("Workshop on school meals\n\nThe workshop takes place on 12 February 2025 in Ghent.\n").events
    assert (events[0].when.end, events[0].when.start_time, events[0].when.end_time) == ("2025-02-12", None, None)


def test_an_online_event_has_no_place() -> None:
    text = "Webinar on school meals\n\nThe webinar of the City of Ghent takes place online on 12 February 2025.\n"
    events = _read(text).events
    assert [(event.mode, event.places) for event in events] == [(EventMode.ONLINE, [])]


# ---------------------------------------------------------------- weak words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("At its meeting on 14 May 2024 the council decided to change the rules.", "en"),
        ("In seiner Sitzung vom 14. Mai 2024 beschloss der Stadtrat neue Regeln.", "de"),
        ("På mødet den 14. maj 2024 besluttede byrådet at ændre reglerne.", "da"),
        ("Vid sitt möte den 14 maj 2024 beslutade fullmäktige att ändra reglerna.", "sv"),
        ("In de vergadering van 14 mei 2024 heeft de raad de regels vastgesteld.", "nl"),
    ],
)
def test_a_meeting_in_a_sentence_about_a_decision_is_no_event(text: str, language: str) -> None:
    assert _read(f"News of the town\n\n{text}\n", language).events == []


def test_the_same_word_is_an_event_where_one_can_attend() -> None:
    events = _read("News of the town\n\nAll suppliers are invited to a meeting on 14 May 2024 at 10:00 in Ghent.\n").events
    assert [(event.kind, event.when.start) for event in events] == [(EventKind.MEETING, "2024-05-14")]


# ---------------------------------------------------------------- how sure


def test_fields_are_surer_than_prose_and_prose_than_an_open_year() -> None:
    fields = _read("Workshop on school meals\n\nDate: 12 February 2025\nPlace: Ghent\n\nHow schools buy meals.\n").events[0]
    prose = _read("School meals\n\nThe agency holds a workshop on 12 February 2025.\n").events[0]
    loose = _read("School meals\n\nThe agency holds a workshop on 12 February.\n").events[0]
    assert 1 > fields.confidence > prose.confidence > loose.confidence > 0


def test_a_wrong_weekday_is_told_and_lowers_the_confidence() -> None:
    text = "Workshop on school meals\n\nThe workshop takes place on {} 12 February 2025 in Ghent.\n"
    wrong, right = _read(text.format("Monday")), _read(text.format("Wednesday"))
    assert wrong.events[0].warnings == ["weekday-conflict"] == wrong.warnings
    assert right.warnings == []
    assert wrong.events[0].confidence < right.events[0].confidence
    assert wrong.events[0].when.start == right.events[0].when.start


# ---------------------------------------------------------------- events of the markup


def _page(event: str, body: str) -> str:
    return f'<html lang="en"><head><script type="application/ld+json">{event}</script></head><body>{body}</body></html>'


_MARKUP = """{"@context": "https://schema.org", "@type": "Event", "name": "Workshop on school meals",
 "startDate": "2025-03-12T10:00+01:00", "endDate": "2025-03-12T12:00+01:00",
 "location": {"@type": "Place", "name": "Town hall", "address": {"addressLocality": "Ghent", "addressCountry": "BE"}}}"""


def test_an_event_that_only_the_markup_tells_is_a_record_with_its_evidence() -> None:
    body = "<h1>School meals</h1><p>How schools buy meals is shown by five cities, and there is more to come this spring.</p>"
    events = _read(_page(_MARKUP, body), name="page.html").events
    assert [(event.title, event.kind, event.when.start) for event in events] == [
        ("Workshop on school meals", EventKind.WORKSHOP, "2025-03-12")
    ]
    assert (events[0].when.start_time, events[0].when.end_time, events[0].places[0].city) == ("10:00", "12:00", "Ghent")
    assert {entry.source for entries in events[0].evidence.values() for entry in entries} == {EvidenceSource.MARKUP}


def test_the_markup_completes_what_the_text_tells() -> None:
    body = "<h1>Workshop on school meals</h1><p>The workshop takes place on 12 March 2025. Five cities show how schools buy meals.</p>"
    events = _read(_page(_MARKUP, body), name="page.html").events
    assert len(events) == 1
    assert (events[0].when.start_time, events[0].when.end_time, events[0].places[0].city) == ("10:00", "12:00", "Ghent")
    assert events[0].evidence["when"][0].source is EvidenceSource.TEXT
    assert events[0].warnings == []


def test_where_text_and_markup_differ_the_text_stands_and_it_is_told() -> None:
    body = (
        "<h1>Workshop on school meals</h1><p>The workshop takes place on 12 March 2025 at 09:00 in Ghent. Five cities show their meals.</p>"
    )
    events = _read(_page(_MARKUP, body), name="page.html").events
    assert [(event.when.start_time, event.when.end_time, event.warnings) for event in events] == [("09:00", None, ["markup-conflict"])]


def test_a_broken_date_of_the_markup_gives_no_event() -> None:
    body = "<h1>School meals</h1><p>How schools buy meals is shown by five cities, and there is more to come this spring.</p>"
    assert _read(_page(_MARKUP.replace("2025-03-12T10", "2025-02-30T10"), body), name="page.html").events == []
