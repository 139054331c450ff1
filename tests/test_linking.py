"""Linking: which records of two documents are one event, for golden pairs, in any order, and as the store grows."""

from __future__ import annotations

import random
import time
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.linking import link, same_event
from schemas import (
    Contact,
    EventKind,
    EventLink,
    EventMode,
    EventOrganisation,
    EventRecord,
    OrganisationRole,
    Place,
    Precision,
    When,
)

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "data" / "link_cases.toml").read_text("utf-8"))["case"]


def _event(identity: str, **told: Any) -> EventRecord:
    start = told["start"]
    edtf = start.replace("--", "XXXX-", 1) if start.startswith("--") else start
    if "end" in told:
        edtf = f"{edtf}/{told['end']}"
    return EventRecord(
        id=identity,
        document_id=told.get("document", f"document of {identity}"),
        source=f"https://example.org/{identity}",
        language=told.get("language", "en"),
        title=told["title"],
        title_en=told.get("title_en"),
        kind=EventKind(told["kind"]),
        when=When(
            edtf=edtf,
            start=start,
            end=told.get("end", start),
            start_time=told.get("start_time"),
            precision=Precision.DAY if len(start) == 10 or start.startswith("--") else Precision.MONTH,
        ),
        mode=EventMode(told.get("mode", "in_person" if "city" in told else "unknown")),
        places=[Place(city=told["city"])] if "city" in told else [],
        organisations=[EventOrganisation(name=name, role=OrganisationRole.ORGANISER) for name in told.get("organisers", [])],
        contacts=[Contact(email=email) for email in told.get("emails", [])],
        links=[EventLink(kind="registration", url=told["registration"])] if "registration" in told else [],
        programmes=told.get("programmes", []),
        confidence=0.8,
    )


def _pair(case: dict[str, Any]) -> tuple[EventRecord, EventRecord]:
    return _event("a" * 16, **case["left"]), _event("b" * 16, **case["right"])


def _groups(links: dict[str, str]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for identity, linked in links.items():
        groups[linked].add(identity)
    return {frozenset(group) for group in groups.values()}


# ---------------------------------------------------------------- golden pairs


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["why"]))
def test_golden_pairs(case: dict[str, Any]) -> None:
    left, right = _pair(case)
    links = link([left, right])
    assert (links[left.id] == links[right.id]) is case["same"]
    score = same_event(left, right)
    assert score == same_event(right, left)
    assert 0 <= score <= 1
    assert (score > 0) is case["same"]


def test_there_are_enough_pairs_and_enough_near_misses() -> None:
    same = [case for case in CASES if case["same"]]
    assert len(CASES) >= 30 and len(CASES) - len(same) >= len(CASES) // 2
    assert len({case["why"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["why"]))
def test_the_order_of_a_pair_does_not_matter(case: dict[str, Any]) -> None:
    left, right = _pair(case)
    assert link([left, right]) == link([right, left])


# ---------------------------------------------------------------- more than two


def _calendar(count: int, seed: int = 7) -> list[EventRecord]:
    """Events of many pages over a year: each gathering is told by one to three documents, about ten gatherings a week."""
    chance = random.Random(seed)
    cities = ["Brussels", "Vienna", "Riga", "Porto", "Graz", "Odense", "Split", "Lyon"]
    subjects = ["ferries", "buses", "hospitals", "schools", "textiles", "lighting", "water", "bridges", "robots", "food", "software"]
    kinds = ["conference", "workshop", "training", "webinar", "info_day"]
    days = max(count // 3, 1)
    events: list[EventRecord] = []
    while len(events) < count:
        kind = chance.choice(kinds)
        day = chance.randrange(days)
        start = f"{2000 + day // 336:04d}-{1 + day % 336 // 28:02d}-{1 + day % 28:02d}"
        told = {
            "title": f"{kind} on {chance.choice(subjects)} and {chance.choice(subjects)} in {chance.choice(subjects)}",
            "kind": kind,
            "start": start,
            "organisers": [f"City of {chance.choice(cities)}"],
            **({"mode": "online"} if kind == "webinar" else {"city": chance.choice(cities)}),
        }
        for _ in range(min(chance.choice([1, 1, 2, 3]), count - len(events))):
            events.append(_event(f"{chance.getrandbits(64):016x}", **told))
    return events


def test_every_event_has_a_link_id_and_records_of_one_document_are_kept_apart() -> None:
    events = _calendar(300)
    links = link(events)
    assert set(links) == {event.id for event in events}
    documents = {event.id: event.document_id for event in events}
    for group in _groups(links):
        assert len({documents[identity] for identity in group}) == len(group)
    assert len(_groups(links)) < len(events)


def test_three_documents_of_one_event_are_one() -> None:
    told = {"title": "Forum on municipal fleets", "kind": "conference", "start": "2025-05-08", "city": "Graz"}
    events = [_event(letter * 16, **told) for letter in "abc"]
    assert len(_groups(link(events))) == 1


def test_a_document_never_enters_a_group_twice() -> None:
    told = {"title": "Course on green criteria", "kind": "training", "start": "2025-05-08", "city": "Graz"}
    events = [_event("a" * 16, document="one", **told), _event("b" * 16, document="one", **told), _event("c" * 16, document="two", **told)]
    groups = _groups(link(events))
    assert sorted(map(len, groups)) == [1, 2]
    assert frozenset({"a" * 16, "b" * 16}) not in groups


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 5))
def test_any_order_gives_the_same_links(chance: random.Random, seed: int) -> None:
    events = _calendar(60, seed)
    wanted = link(events)
    chance.shuffle(events)
    assert link(events) == wanted


def test_an_event_of_another_day_changes_no_link_id() -> None:
    events = _calendar(200)
    before = link(events)
    after = link([*events, _event("f" * 16, title="Something new", kind="conference", start="1999-05-08", city="Graz")])
    assert {identity: after[identity] for identity in before} == before


def test_a_further_page_of_an_event_keeps_the_group_and_its_id() -> None:
    told = {"title": "Forum on municipal fleets", "kind": "conference", "start": "2025-05-08", "city": "Graz"}
    pair = [_event("a" * 16, **told), _event("b" * 16, **told)]
    first = link(pair)
    more = link([*pair, _event("c" * 16, **told)])
    assert len(set(more.values())) == 1
    assert more["a" * 16] == first["a" * 16]


def test_link_ids_are_no_event_ids_and_fixed() -> None:
    linked = link([_event("a" * 16, title="Forum", kind="conference", start="2025-05-08")])
    assert linked == {"a" * 16: linked["a" * 16]}
    assert linked["a" * 16] != "a" * 16
    assert len(linked["a" * 16]) == 16 and set(linked["a" * 16]) <= set("0123456789abcdef")


def test_nothing_links_nothing() -> None:
    assert link([]) == {}


# ---------------------------------------------------------------- growth


def _cost(events: Sequence[EventRecord]) -> float:
    begin = time.process_time()
    link(events)
    return time.process_time() - begin


def test_cost_grows_with_the_store_not_with_its_square() -> None:
    small, large = _calendar(1_000), _calendar(4_000)
    _cost(small)
    short = max(min(_cost(small) for _ in range(3)), 0.005)
    assert min(_cost(large) for _ in range(2)) < 8 * short
