"""Scoring: what is right, found too much and missed, for events, fields, bodies, places, contacts; and the reading of samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.errors import UsageError
from flows.evaluate import Evaluation, Score, compare, form_key, same_body, samples, score, token_f1


def found_event(start: str, title: str = "Workshop", **more: Any) -> dict[str, Any]:
    when = {
        "start": start,
        "end": more.pop("end", start),
        "start_time": more.pop("start_time", None),
        "end_time": more.pop("end_time", None),
    }
    return {
        "title": title, "title_en": None, "kind": "workshop", "status": "scheduled", "mode": "unknown", "when": when,
        "places": [], "organisations": [], "contacts": [], "deadlines": [], **more,
    }  # fmt: skip


def gold_event(start: str, title: str = "Workshop", **more: Any) -> dict[str, Any]:
    return {"start": start, "end": start, "title": title, "kind": "workshop", "status": "scheduled", "mode": "unknown", **more}


def result(events: list[dict[str, Any]] | None = None, language: str = "en", deadlines: Any = (), **mentions: Any) -> dict[str, Any]:
    return {
        "document": {"language": {"code": language}},
        "mentions": mentions,
        "events": events or [],
        "deadlines": list(deadlines),
    }


def contact(**fields: Any) -> dict[str, Any]:
    phones = [{"raw": number, "e164": number} for number in fields.pop("phones", [])]
    return {"name": None, "job_title": None, "organisation": None, "email": None, "phones": phones, **fields}


def counts(gold: dict[str, Any], found: dict[str, Any] | None, name: str) -> tuple[int, int, int]:
    value = score({"language": "en", **gold}, found)[0].fields[name]
    return value.right, value.extra, value.missed


def test_an_event_is_found_when_its_start_is_right() -> None:
    gold = {"events": [gold_event("2024-03-19"), gold_event("2024-04-01", "Training"), gold_event("2024-05", "Info day")]}
    found = result([found_event("2024-03-19"), found_event("2024-04-02", "Training"), found_event("2025-01-01", "Something else")])
    assert counts(gold, found, "event") == (1, 2, 2)
    # The training is still paired by its title, so that its other fields count as right.
    assert counts(gold, found, "start") == (1, 2, 2)
    assert counts(gold, found, "title") == (2, 1, 1)


def test_events_of_one_day_are_paired_by_title() -> None:
    gold = {
        "events": [gold_event("2024-03-19", "Opening conference", city="Oslo"), gold_event("2024-03-19", "Buyers' workshop", city="Bergen")]
    }
    found = result(
        [
            found_event("2024-03-19", "Workshop for buyers", places=[{"city": "Bergen", "venue": None, "country": None}]),
            found_event("2024-03-19", "The opening conference", places=[{"city": "Oslo", "venue": None, "country": None}]),
        ]
    )
    assert counts(gold, found, "event") == (2, 0, 0)
    assert counts(gold, found, "city") == (2, 0, 0)


def test_an_invented_value_counts_as_found_too_much() -> None:
    gold = {"events": [gold_event("2024-03-19", end=None, venue="Tour & Taxis", city="Brussels", country="BE")]}
    place = {"venue": "Tour et Taxis, Brussels", "city": "Brussels", "country": "NL"}
    found = result([found_event("2024-03-19", end="2024-03-20", end_time="15:00", places=[place])])
    assert counts(gold, found, "end") == (0, 1, 0)
    assert counts(gold, found, "end_time") == (0, 1, 0)
    assert counts(gold, found, "city") == (1, 0, 0)
    assert counts(gold, found, "country") == (0, 1, 1)


def test_an_unknown_mode_is_no_achievement() -> None:
    assert counts({"events": [gold_event("2024-01-01")]}, result([found_event("2024-01-01")]), "mode") == (0, 0, 0)
    assert counts({"events": [gold_event("2024-01-01", mode="online")]}, result([found_event("2024-01-01")]), "mode") == (0, 0, 1)


def test_documents_without_events() -> None:
    scores, remarks = score({"language": "en", "events": []}, result([found_event("2024-01-01")]))
    assert (scores.without_events, scores.false_event_documents) == (1, 1)
    assert any("2024-01-01" in remark for remark in remarks)
    assert score({"language": "en", "events": []}, result())[0].false_event_documents == 0


def test_a_document_that_failed_is_missed_altogether() -> None:
    gold = {"events": [gold_event("2024-01-01")], "organisations": [{"name": "City of Example"}], "programmes": ["COSME"]}
    assert counts(gold, None, "event") == (0, 0, 1)
    assert counts(gold, None, "organisations") == (0, 0, 1)
    assert counts(gold, None, "programmes") == (0, 0, 1)
    assert counts(gold, None, "language") == (0, 0, 1)


def test_bodies_match_by_any_form_and_once() -> None:
    gold = {
        "organisations": [
            {"name": "Ministerie van Economische Zaken en Klimaat (EZK)", "aliases": ["EZK", "ministerie"]},
            {"name": "Friuli Innovazione"},
        ]
    }
    found = [
        {"name": "EZK", "aliases": [], "acronym": None},
        {"name": "ministerie van Economische Zaken", "aliases": [], "acronym": None},
        {"name": "FRIULI-INNOVAZIONE", "aliases": [], "acronym": None},
        {"name": "Horizon Hotel", "aliases": [], "acronym": None},
    ]
    assert counts(gold, result(organisations=found), "organisations") == (2, 2, 0)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (["European Commission"], ["The European Commission"], True),
        (["Łódź Agency"], ["lodz agency"], True),
        (["SP Technical Institute", "SP"], ["SP"], True),
        (["University of Example"], ["University"], False),
        (["City of Example"], ["Port of Example"], False),
        (["DG GROW"], ["DG GROWTH"], False),
        (["!!!"], ["???"], False),
        ([], ["x"], False),
    ],
)
def test_same_body(left: list[str], right: list[str], same: bool) -> None:
    assert same_body(left, right) is same
    assert same_body(right, left) is same


def test_an_organiser_may_be_given_by_an_alias() -> None:
    gold = {
        "organisations": [{"name": "Erhvervsstyrelsen", "aliases": ["Danish Business Authority"]}],
        "events": [gold_event("2024-01-01", organisers=["Erhvervsstyrelsen"])],
    }
    bodies = [
        {"name": "Danish Business Authority", "role": "co_organiser"},
        {"name": "Example A/S", "role": "host"},
        {"name": "Someone", "role": "speaker"},
    ]
    found = result([found_event("2024-01-01", organisations=bodies)])
    assert counts(gold, found, "organisers") == (1, 0, 0)
    assert counts(gold, found, "hosts") == (0, 1, 0)


def test_locations_need_the_country_and_venues_are_none() -> None:
    gold = {
        "locations": [{"name": "Brussels", "country": "BE"}, {"name": "Córdoba", "country": "ES"}, {"name": "Flanders", "country": None}]
    }
    places = [
        {"kind": "city", "name": "Brussels", "place": {"country": "BE"}},
        {"kind": "city", "name": "Brussels", "place": {"country": "BE"}},
        {"kind": "city", "name": "Cordoba", "place": {"country": "AR"}},
        {"kind": "region", "name": "Flanders", "place": {"country": "BE"}},
        {"kind": "venue", "name": "Tour & Taxis", "place": {"country": "BE"}},
    ]
    assert counts(gold, result(places=places), "locations") == (2, 1, 1)


def test_contacts_are_paired_by_mail_phone_or_name() -> None:
    gold = {
        "contacts": [
            {"name": "Ida Holm", "email": "ida@example.dk", "phone": "+4520000000", "job_title": "Projektleder"},
            {"name": None, "email": "info@example.org"},
        ]
    }
    found = [contact(email="IDA@example.dk", phones=["+4533000000", "+4520000000"], job_title="Chef"), contact(name="Bo Berg")]
    assert counts(gold, result(contacts=found), "contacts") == (1, 1, 1)
    assert counts(gold, result(contacts=found), "contact_email") == (1, 0, 1)
    assert counts(gold, result(contacts=found), "contact_phone") == (1, 0, 0)
    assert counts(gold, result(contacts=found), "contact_job_title") == (0, 1, 1)
    assert counts(gold, result(contacts=found), "contact_name") == (0, 1, 1)


def test_contacts_of_an_event_are_given_by_mail_or_name() -> None:
    gold = {"events": [gold_event("2024-01-01", contacts=["ida@example.dk", "Bo Berg", "Eva Ek"])]}
    found = result([found_event("2024-01-01", contacts=[contact(email="ida@example.dk", name="Ida Holm"), contact(name="bo berg")])])
    assert counts(gold, found, "event_contacts") == (2, 0, 1)


def test_deadlines_are_right_with_kind_and_date() -> None:
    gold = {"deadlines": [{"kind": "registration", "date": "2024-02-23"}, {"kind": "submission", "date": "--03-01"}]}
    found = [{"kind": "registration", "when": {"start": "2024-02-23"}}, {"kind": "question", "when": {"start": "--03-01"}}]
    assert counts(gold, result(deadlines=found), "deadlines") == (1, 1, 1)


def test_programmes_and_language() -> None:
    found = result(language="nb", codes=[{"kind": "programme", "value": "Cosme"}, {"kind": "cpv", "value": "72000000"}])
    assert counts({"programmes": ["COSME"]}, found, "programmes") == (1, 0, 0)
    assert counts({}, found, "language") == (0, 1, 1)


def test_ratios() -> None:
    value = Score(right=3, extra=1, missed=2)
    assert (value.precision, value.recall) == (0.75, 0.6)
    assert value.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))
    assert Score().f1 is None and Score(missed=2).f1 == 0


def test_words() -> None:
    assert form_key("  Tour-&-Taxis, (Bruxelles) ") == "tour taxis bruxelles"
    assert token_f1("Info day for buyers", "info-day: buyers") == pytest.approx(6 / 7)
    assert token_f1("a a b", "a b b") == pytest.approx(2 / 3)
    assert token_f1("", "a") == 0


def write_sample(folder: Path, name: str, gold: object, *suffixes: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.gold.json").write_text(gold if isinstance(gold, str) else json.dumps(gold))
    for suffix in suffixes:
        (folder / f"{name}{suffix}").write_text("text")


def test_samples_are_found_with_their_documents(tmp_path: Path) -> None:
    write_sample(tmp_path, "da/one", {"language": "da"}, ".txt", ".meta.json")
    write_sample(tmp_path, "en/two.v1", {"language": "en"}, ".html")
    found = samples(tmp_path)
    assert [(sample.name, sample.document.name) for sample in found] == [("da/one", "da/one.txt"), ("en/two.v1", "en/two.v1.html")]
    assert [sample.name for sample in samples(tmp_path, ["en"])] == ["en/two.v1"]


@pytest.mark.parametrize(
    ("gold", "suffixes", "code"),
    [
        ("{broken", (".txt",), "bad-gold"),
        ("[]", (".txt",), "bad-gold"),
        ({"events": ["2024-01-01"]}, (".txt",), "bad-gold"),
        ({"language": "da"}, (), "bad-sample"),
        ({"language": "da"}, (".txt", ".html"), "bad-sample"),
    ],
)
def test_broken_samples_are_named(tmp_path: Path, gold: object, suffixes: tuple[str, ...], code: str) -> None:
    write_sample(tmp_path, "da/one", gold, *suffixes)
    with pytest.raises(UsageError) as error:
        samples(tmp_path)
    assert error.value.code == code and "one" in str(error.value)


def test_a_folder_without_samples_is_an_error(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError) as error:
            samples(folder)
        assert error.value.code == "no-samples"


def test_a_baseline_shows_what_changed_only() -> None:
    before, now = Evaluation(), Evaluation()
    gold = {"language": "en", "events": [gold_event("2024-01-01", city="Oslo")]}
    place = {"city": "Oslo", "venue": None, "country": None}
    before.total.add(score(gold, result([found_event("2024-01-01")]))[0])
    now.total.add(score(gold, result([found_event("2024-01-01", places=[place])]))[0])
    assert list(compare(now.as_json(), before.as_json())) == [("total", "city", 0.0, 1.0)]
    assert list(compare(now.as_json(), now.as_json())) == []
