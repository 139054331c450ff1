"""The five real pages the project began with. They are not part of the checkout: without them everything here is skipped, by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from extractors.pipeline import extract
from schemas import DateRole, EventKind, EventRecord, Evidence, ExtractionResult, Precision

FOLDER = Path(__file__).parents[2] / "shared" / "seeds"
NAMES = {
    "000": "000_905cf5fb6489972f.txt",
    "001": "001_2ae5ca7fc6c5927e.txt",
    "002": "002_46eb868213adc37c.txt",
    "003": "003_4c4a27bd5b5ea55e.txt",
    "004": "004_a2b23ed13b22b747.txt",
}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the five seed documents are not beside the checkout (../shared/seeds): what they must give is NOT tested"
)


@cache
def _seed(number: str, published: str | None = None) -> ExtractionResult:
    name = NAMES[number]
    return extract((FOLDER / name).read_bytes(), name, published=published, translate=False)


def _event(result: ExtractionResult, kind: EventKind, start: str) -> EventRecord:
    found = [event for event in result.events if event.kind is kind and event.when.start == start]
    assert len(found) == 1, [(event.kind.value, event.when.start, event.title) for event in result.events]
    return found[0]


def _bodies(result: ExtractionResult) -> set[str]:
    """Every form of every organisation, in small letters."""
    forms: set[str] = set()
    for body in result.mentions.organisations:
        forms |= {form.casefold() for form in (body.name, body.acronym, *body.aliases) if form}
    return forms


def _places(result: ExtractionResult) -> set[tuple[str, str | None]]:
    return {(mention.name, mention.place.country) for mention in result.mentions.places}


def _where(event: EventRecord) -> tuple[str | None, str | None]:
    assert len(event.places) == 1
    return event.places[0].city, event.places[0].country


@pytest.mark.parametrize("number", sorted(NAMES))
def test_every_quote_stands_where_it_says(number: str) -> None:
    result = _seed(number)
    text = result.document.text
    evidence: list[Evidence] = [mention.evidence for mention in (*result.mentions.dates, *result.mentions.places, *result.mentions.codes)]
    for owner in (*result.mentions.organisations, *result.mentions.persons, *result.mentions.contacts, *result.deadlines):
        evidence.extend(owner.evidence)
    for event in result.events:
        evidence.extend(entry for entries in event.evidence.values() for entry in entries)
        evidence.extend(entry for body in event.organisations for entry in body.evidence)
    assert evidence
    for entry in evidence:
        assert text[entry.start : entry.end] == entry.quote


@pytest.mark.parametrize("number", sorted(NAMES))
def test_every_event_has_a_title_and_a_date_of_its_own(number: str) -> None:
    events = _seed(number).events
    assert len({(event.title, event.when.edtf) for event in events}) == len(events) > 0


# ---------------------------------------------------------------- 000: a report on a workshop and a list of trainings (en)

TRAININGS = {
    "2023-11-08": "Also for small companies?",
    "2023-11-29": "Organisational change for circular procurement",
    "2024-01-11": "What is Public Procurement?",
    "2024-01-25": "Joint training for public authorities and SMEs",
    "2024-04-18": "From idea to product with the help of Public Authorities",
    "2024-05-30": "Funding innovation through public procurement",
    "2024-06-13": "The benefits of public buyers’ collaboration",
}


@pytest.mark.parametrize("start", sorted(TRAININGS))
def test_000_each_training_of_the_list_is_an_event(start: str) -> None:
    training = _event(_seed("000"), EventKind.TRAINING, start)
    assert TRAININGS[start] in training.title
    assert (training.when.end, training.when.start_time) == (start, None)
    assert start[:4] not in training.title


def test_000_the_workshop() -> None:
    workshop = _event(_seed("000"), EventKind.WORKSHOP, "2024-03-19")
    assert workshop.when.edtf == "2024-03-19"
    assert _where(workshop) == ("Brussels", "BE")


def test_000_the_conference_told_as_parallel_is_of_the_same_day() -> None:
    conference = _event(_seed("000"), EventKind.CONFERENCE, "2024-03-19")
    assert "International conference on innovation procurement" in conference.title


def test_000_nothing_more_happens() -> None:
    result = _seed("000")
    assert len(result.events) == len(TRAININGS) + 2
    assert not any(event.when.start.startswith(("2022", "2025")) for event in result.events)
    assert all(mention.role is not DateRole.EVENT for mention in result.mentions.dates if "2022" in mention.evidence.quote)


def test_000_organisations_and_regions() -> None:
    result = _seed("000")
    assert any("public buyers community platform" in form for form in _bodies(result))
    assert _places(result) >= {("Brussels", "BE"), ("Catalonia", "ES")}


# ---------------------------------------------------------------- 001: a conference with fields, a workshop and a contact (da)


def test_001_the_conference() -> None:
    conference = _event(_seed("001"), EventKind.CONFERENCE, "2024-03-19")
    assert conference.when.edtf == "2024-03-19/2024-03-20"
    assert "International konference om innovationsindkøb" in conference.title
    assert _where(conference) == ("Brussels", "BE")
    assert conference.places[0].venue == "Tour & Taxis"


def test_001_the_workshop() -> None:
    workshop = _event(_seed("001"), EventKind.WORKSHOP, "2024-03-19")
    when = workshop.when
    assert (when.edtf, when.start_time, when.end_time) == ("2024-03-19", "10:00", "15:00")


def test_001_the_deadline_takes_its_year_from_the_text() -> None:
    result = _seed("001")
    assert [(deadline.when.start, deadline.when.basis) for deadline in result.deadlines] == [("2024-02-23", "near_text")]
    assert len(result.events) == 2


def test_001_the_contact() -> None:
    # The page gives a real person: what is expected is read off its lines here, so that it stands nowhere in this file.
    result = _seed("001")
    lines = [line.strip() for line in result.document.text.splitlines() if line.strip()]
    title = lines.index("Projektleder")
    phone = next(line for line in lines if line.startswith("Tel "))
    email = next(line for line in lines if "@" in line)
    expected = (lines[title - 1], "Projektleder", email, phone.removeprefix("Tel ").replace(" ", ""))
    assert [(c.name, c.job_title, c.email, c.phone) for c in result.mentions.contacts] == [expected]
    assert expected[3].startswith("+45") and len(expected[3]) == 11


def test_001_organisations() -> None:
    forms = _bodies(_seed("001"))
    assert forms >= {"europa-kommissionen", "european innovation council", "pip"}
    assert any(form.startswith("programme for innovation procurement") for form in forms)


# ---------------------------------------------------------------- 002: a date without its year (en)


def test_002_the_year_is_not_invented() -> None:
    result = _seed("002")
    event = next(event for event in result.events if event.when.start == "--06-06")
    assert (event.when.edtf, event.when.end, event.when.basis) == ("XXXX-06-06/XXXX-06-07", "--06-07", "open")
    assert _where(event) == ("Brussels", "BE")
    assert [other.when.start for other in result.events if other is not event] == ["--06-05"]


def test_002_the_publication_date_gives_the_year() -> None:
    result = _seed("002", "2018-05-20")
    event = next(event for event in result.events if event.when.start == "2018-06-06")
    assert (event.when.edtf, event.when.end, event.when.basis) == ("2018-06-06/2018-06-07", "2018-06-07", "published")
    meeting = next(event for event in result.events if event.when.start == "2018-06-05")
    assert meeting.kind is EventKind.MEETING
    assert len(result.events) == 2


def test_002_organisations() -> None:
    assert _bodies(_seed("002")) >= {"eurocities", "dg grow", "dg envi", "european commission"}


# ---------------------------------------------------------------- 003: an uncertain interval and a date in brackets (en)


def test_003_trainings_in_an_uncertain_interval() -> None:
    training = _event(_seed("003"), EventKind.TRAINING, "2016-09")
    assert (training.when.edtf, training.when.end, training.when.precision) == ("2016-09~/2016-11", "2016-11", Precision.MONTH)


def test_003_the_board_meeting() -> None:
    meeting = _event(_seed("003"), EventKind.MEETING, "2016-04-25")
    assert meeting.when.edtf == "2016-04-25/2016-04-26"
    assert "Project Board Meeting" in meeting.title
    assert _where(meeting) == ("Bilbao", "ES")
    assert len(_seed("003").events) == 2


def test_003_organisations() -> None:
    assert _bodies(_seed("003")) >= {"university of zaragoza", "iclei", "iat", "sp", "zagreb city holding"}


# ---------------------------------------------------------------- 004: a month and no day (nl)


def test_004_the_visit_has_a_month_and_no_day() -> None:
    result = _seed("004")
    assert [(event.when.edtf, event.when.precision) for event in result.events] == [("2017-03", Precision.MONTH)]
    visit = result.events[0]
    assert "landenbezoek" in visit.title
    assert [place.country for place in visit.places] == ["NL"]
    assert all(mention.when.precision is not Precision.DAY for mention in result.mentions.dates)


def test_004_organisations_and_places() -> None:
    result = _seed("004")
    forms = _bodies(result)
    assert forms >= {"pianoo", "ministerie van economische zaken en klimaat", "europese commissie", "lodz regional development agency"}
    assert any(form.startswith("friuli innovazione") for form in forms)
    assert _places(result) >= {("Netherlands", "NL"), ("Italy", "IT"), ("Poland", "PL"), ("Amsterdam", "NL")}
