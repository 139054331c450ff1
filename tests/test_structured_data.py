import json
from typing import Any

import pytest
from bs4 import BeautifulSoup

from extractors.structured_data import MAX_EVENTS, MAX_STRING, date_value, events, index_tags, json_ld, metas, parse_json_ld, published

EVENT = '{"@context":"https://schema.org","@type":"Event","name":"Open day","startDate":"2024-05-03"}'


def _events(html: str) -> list[dict[str, Any]]:
    tags = index_tags(BeautifulSoup(html, "lxml"))
    return events(tags, json_ld(tags))


def _script(body: str) -> str:
    return f'<html><head><script type="application/ld+json">{body}</script></head><body><p>x</p></body></html>'


@pytest.mark.parametrize(
    "body",
    [
        EVENT,
        f"[{EVENT}]",
        f"<!-- {EVENT} -->",
        f"//<![CDATA[\n{EVENT}\n//]]>",
        f"<![CDATA[{EVENT}]]>",
        EVENT + ";",
        EVENT.replace("}", ",}"),
        EVENT.replace("{", "{ /* the event */ ", 1),
        EVENT.replace('"name"', '// its name\n"name"'),
        f'{{"@graph":[{EVENT},]}}',
        EVENT + "\n" + '{"@type":"Organization","name":"x"}',
        f'{{"@type":"ItemList","itemListElement":[{{"@type":"ListItem","item":{EVENT}}}]}}',
        EVENT.replace('"Event"', '["Thing","http://schema.org/BusinessEvent"]'),
        EVENT.replace('"Event"', '"schema:EducationEvent"'),
        EVENT[:-1],
        EVENT.replace('"', "&quot;"),
        "\ufeff" + EVENT,
    ],
)
def test_events_in_json_ld_however_broken(body: str) -> None:
    found = _events(_script(body))
    assert len(found) == 1
    assert (found[0]["name"], found[0]["startDate"]) == ("Open day", "2024-05-03")


def test_control_characters_and_line_breaks_in_strings() -> None:
    found = _events(_script('{"@type":"Event","name":"Open\n\tday\u0001","description":"a \\d b"}'))
    assert found[0]["name"].split() == ["Open", "day"]
    assert found[0]["description"] == "a \\d b"


@pytest.mark.parametrize("body", ["", "null", "not json", '{"a":', "{" * 100_000, "[" * 100_000, '"Event"', "{}", "[[[]]]"])
def test_what_is_no_json_gives_no_event(body: str) -> None:
    assert _events(_script(body)) == []


def test_references_within_the_graph_are_resolved() -> None:
    found = _events(
        _script(
            '{"@graph":[{"@type":"Event","name":"A","organizer":{"@id":"#o"}},{"@id":"#o","@type":"Organization","name":"Agency"},'
            '{"@id":"#c","@type":"Thing","self":{"@id":"#c"}}]}'
        )
    )
    assert found[0]["organizer"]["name"] == "Agency"


def test_references_in_a_circle_end() -> None:
    found = _events(_script('{"@graph":[{"@type":"Event","@id":"#e","name":"A","subEvent":{"@id":"#e"}}]}'))
    assert found[0]["name"] == "A"
    json.dumps(found)


def test_nested_events_stay_inside_and_sizes_are_limited() -> None:
    inner = '{"@type":"Event","name":"Inner"}'
    found = _events(_script(f'{{"@type":"Event","name":"Outer","description":"{"x" * 9_000}","subEvent":[{inner}]}}'))
    assert [event["name"] for event in found] == ["Outer"]
    assert found[0]["subEvent"][0]["name"] == "Inner"
    assert len(found[0]["description"]) == MAX_STRING
    many = ",".join(f'{{"@type":"Event","name":"E{index}"}}' for index in range(MAX_EVENTS + 50))
    assert len(_events(_script(f"[{many}]"))) == MAX_EVENTS


def test_not_a_number_is_no_value() -> None:
    assert _events(_script('{"@type":"Event","name":"A","price":NaN}'))[0]["price"] is None


def test_microdata() -> None:
    found = _events(
        '<div itemscope itemtype="https://schema.org/BusinessEvent"><h1 itemprop="name">Breakfast <b>seminar</b></h1>'
        '<time itemprop="startDate" datetime="2024-09-12T08:00">12 September</time><meta itemprop="eventStatus" content="scheduled">'
        '<div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Example House</span></div>'
        '<a itemprop="url" href="/e">more</a><span itemprop="performer">A</span><span itemprop="performer">B</span></div>'
        '<div itemscope itemtype="https://schema.org/Person"><span itemprop="name">Jane</span></div>'
    )
    assert found == [
        {
            "@type": "BusinessEvent",
            "name": "Breakfast seminar",
            "startDate": "2024-09-12T08:00",
            "eventStatus": "scheduled",
            "location": {"@type": "Place", "name": "Example House"},
            "url": "/e",
            "performer": ["A", "B"],
        }
    ]


def test_the_same_event_in_both_forms_is_one() -> None:
    both = _script(EVENT).replace(
        "<p>x</p>",
        '<div itemscope itemtype="http://schema.org/Event"><i itemprop="name">Open day</i><time itemprop="startDate" datetime="2024-05-03">'
        "</time></div>",
    )
    assert len(_events(both)) == 1


# ---------------------------------------------------------------- publication date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-19T10:00:00+01:00", "2024-03-19"),
        ("2024-03-19", "2024-03-19"),
        ("20240319", "2024-03-19"),
        ("2024/03/19", "2024-03-19"),
        ("19.03.2024", "2024-03-19"),
        ("2024-03", "2024-03"),
        ("Tue, 19 Mar 2024 10:00:00 GMT", "2024-03-19"),
        ("2024-02-30", None),
        ("2024-13", None),
        ("03/19/2024", None),
        ("0001-01-01T00:00:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_date_values(value: str, expected: str | None) -> None:
    assert date_value(value) == expected


def _published(head: str, body: str = "") -> str | None:
    tags = index_tags(BeautifulSoup(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>", "lxml"))
    return published(tags, metas(tags), json_ld(tags))


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta property="article:published_time" content="2024-03-19T08:00:00Z">', ""),
        ('<meta name="DC.date.issued" content="2024-03-19">', ""),
        ('<meta name="date" content="2024-03-19">', ""),
        ('<meta itemprop="datePublished" content="2024-03-19">', ""),
        ('<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-19"}</script>', ""),
        ("", '<time pubdate datetime="2024-03-19">today</time>'),
        ("", '<span itemprop="datePublished">19.03.2024</span>'),
    ],
)
def test_stated_publication_dates(head: str, body: str) -> None:
    assert _published(head, body) == "2024-03-19"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", "<p>The conference takes place on 19 March 2024.</p>"),
        ("", '<time datetime="2024-03-19">19 March 2024</time>'),
        (
            '<script type="application/ld+json">{"@type":"Event","name":"A","datePublished":"2024-03-19"}</script>',
            "",
        ),
        ("", '<div itemscope itemtype="https://schema.org/Event"><time itemprop="datePublished" datetime="2024-03-19">x</time></div>'),
        ('<meta property="article:modified_time" content="2024-03-19">', ""),
        ('<meta name="date" content="next spring">', ""),
    ],
)
def test_the_dates_of_an_event_are_no_publication_date(head: str, body: str) -> None:
    assert _published(head, body) is None


def test_parse_returns_every_value() -> None:
    assert parse_json_ld('{"a":1}{"b":2},[3]') == [{"a": 1}, {"b": 2}, [3]]
