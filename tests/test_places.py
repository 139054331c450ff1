"""Finding places and venues in texts: what counts as support, what is no place, and how fields are cut."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.places import find_places, find_venues, is_online
from schemas import Block, BlockKind, PlaceMention, Span

NEGATIVES = tomllib.loads((Path(__file__).parent / "data" / "place_negatives.toml").read_text("utf-8"))["case"]


def names(text: str, language: str, **options: object) -> list[str]:
    return [f"{mention.name}, {mention.place.country}" for mention in find(text, language, **options)]


def find(text: str, language: str, **options: object) -> list[PlaceMention]:
    mentions = find_places(text, language=language, **options)  # type: ignore[arg-type]
    for mention in mentions:
        assert text[mention.evidence.start : mention.evidence.end] == mention.evidence.quote
    return mentions


def span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)


@pytest.mark.parametrize("case", NEGATIVES, ids=[f"{case['language']}-{number}" for number, case in enumerate(NEGATIVES)])
def test_common_words_are_no_places(case: dict[str, object]) -> None:
    text = str(case["text"])
    organisations = [span(text, name) for name in case.get("organisations", [])]  # type: ignore[attr-defined]
    persons = [span(text, name) for name in case.get("persons", [])]  # type: ignore[attr-defined]
    found = {mention.evidence.quote for mention in find(text, str(case["language"]), organisations=organisations, persons=persons)}
    assert not found & set(case["not_places"])  # type: ignore[call-overload]


def test_there_are_enough_negatives() -> None:
    assert sum(len(case["not_places"]) for case in NEGATIVES) >= 200
    assert len({case["language"] for case in NEGATIVES}) >= 30 - 6


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "The workshop takes place in Bath on 3 May.", ["Bath, GB"]),
        ("en", "We met in Bilbao, Spain, and in Tours.", ["Bilbao, ES", "Spain, ES", "Tours, FR"]),
        ("en", "Experts from Denmark, Norway and the Netherlands met.", ["Denmark, DK", "Norway, NO", "Netherlands, NL"]),
        ("en", "It was held in the city of Ghent (Belgium).", ["Ghent, BE", "Belgium, BE"]),
        ("en", "Brussels, 12 March 2024 – The network announced a meeting.", ["Brussels, BE"]),
        ("en", "Trainings were held in Essen, Split and Tours.", ["Essen, DE", "Split, HR", "Tours, FR"]),
        ("en", "The UK and the USA take part.", ["United Kingdom, GB", "United States, US"]),
        ("en", "A study visit to The Hague follows.", ["The Hague, NL"]),
        ("en", "A visit to Halle (DE) is planned.", ["Halle, DE"]),
        ("de", "Die Konferenz findet in Essen statt.", ["Essen, DE"]),
        ("de", "Treffen in der Stadt Halle und in Wien, Österreich.", ["Halle, DE", "Vienna, AT", "Austria, AT"]),
        ("de", "Am 12. März in der Stadthalle Wien.", ["Vienna, AT"]),
        ("fr", "Le séminaire aura lieu à La Haye (Pays-Bas) puis à Nice.", ["The Hague, NL", "Netherlands, NL", "Nice, FR"]),
        ("fr", "Bruxelles, le 12 mars 2024", ["Brussels, BE"]),
        ("fr", "L'Italie et l'Espagne invitent à Saragosse.", ["Italy, IT", "Spain, ES", "Zaragoza, ES"]),
        ("nl", "De bijeenkomst is in Bergen, België.", ["Mons, BE", "Belgium, BE"]),
        ("cs", "Konference se koná v Českých Budějovicích a v Praze.", ["České Budějovice, CZ", "Prague, CZ"]),
        ("pl", "Spotkanie odbędzie się w Krakowie, warsztaty w Zielonej Górze.", ["Kraków, PL", "Zielona Góra, PL"]),
        ("fi", "Tilaisuus järjestetään Helsingissä ja Tampereella.", ["Helsinki, FI", "Tampere, FI"]),
        ("et", "Seminar toimub Tartus ja Tallinnas.", ["Tartu, EE", "Tallinn, EE"]),
        ("hu", "A konferencia Szegeden és Bécsben lesz.", ["Szeged, HU", "Vienna, AT"]),
        ("lv", "Seminārs notiks Rīgā un Liepājā.", ["Riga, LV", "Liepāja, LV"]),
        ("lt", "Renginys vyks Vilniuje ir Kaune.", ["Vilnius, LT", "Kaunas, LT"]),
        ("da", "Konferencen holdes i København og Aarhus, Danmark.", ["Copenhagen, DK", "Aarhus, DK", "Denmark, DK"]),
        ("sv", "Mötet hålls i Göteborg, Skåne och Åbo.", ["Gothenburg, SE", "Skåne, SE", "Turku, FI"]),
        ("it", "Il seminario si terrà a L'Aquila e a Monaco di Baviera.", ["L'Aquila, IT", "Munich, DE"]),
        ("pt", "A sessão decorre em Lisboa e no Porto.", ["Lisbon, PT", "Porto, PT"]),
        ("ro", "Conferința are loc la București, România.", ["Bucharest, RO", "Romania, RO"]),
    ],
)
def test_places_in_sentences(language: str, text: str, wanted: list[str]) -> None:
    assert names(text, language) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1000 Bruxelles", "Brussels, BE"),
        ("DK-2100 København Ø", "Copenhagen, DK"),
        ("00-950 Warszawa", "Warsaw, PL"),
        ("1012 AB Amsterdam", "Amsterdam, NL"),
        ("110 00 Praha 1", "Prague, CZ"),
        ("SE-111 22 Stockholm", "Stockholm, SE"),
        ("Rīga, LV-1010", "Riga, LV"),
        ("A-8010 Graz", "Graz, AT"),
        ("F-67000 Strasbourg Cedex", "Strasbourg, FR"),
        ("103 Reykjavík", "Reykjavík, IS"),
    ],
)
def test_postal_codes(text: str, wanted: str) -> None:
    assert wanted in names(f"Address: Some Street 5, {text}", "en")


def test_a_year_is_no_postal_code() -> None:
    assert names("In 2024 Spa treatments were sold.", "en") == []


def test_ner_proposes_and_the_gazetteer_resolves() -> None:
    text = "Hoogstraten hosts the meeting."
    assert names(text, "en") == []
    assert names(text, "en", spans=[(0, 11, "GPE")]) == ["Hoogstraten, BE"]
    assert names("Qwertyville hosts the meeting.", "en", spans=[(0, 11, "LOC")]) == []


def test_a_place_inside_an_organisation_is_none() -> None:
    text = "The University of Zaragoza invites you to Zaragoza."
    assert [mention.evidence.start for mention in find(text, "en", organisations=[span(text, "University of Zaragoza")])] == [42]
    text = "Zagreb City Holding and Innovation Norway take part."
    assert names(text, "en", spans=[(*span(text, "Zagreb City Holding"), "ORG"), (*span(text, "Innovation Norway"), "ORG")]) == []


def test_country_hint_and_runner_up() -> None:
    mention = find("The training in Halle is free.", "en", country_hint="BE")[0]
    assert mention.place.country == "BE"
    mention = find("The training in Córdoba is free.", "en")[0]
    assert (mention.place.country, mention.place.ambiguous_with) == ("ES", ["Córdoba, AR"])
    mention = find("The training in Córdoba, Argentina is free.", "en")[0]
    assert (mention.place.country, mention.place.ambiguous_with) == ("AR", [])


def test_fields_of_blocks_support_a_name() -> None:
    text = "Where\nSpa\nWhen\n3 May"
    block = Block(kind=BlockKind.FIELD, start=0, end=9, label=Span(start=0, end=5), value=Span(start=6, end=9))
    assert names(text, "en") == []
    assert names(text, "en", blocks=[block]) == ["Spa, BE"]
    assert names("Where: Spa", "en") == ["Spa, BE"]


def test_what_a_mention_carries() -> None:
    mention = find("The seminar is in Zaragoza.", "en")[0]
    assert mention.kind == "city"
    assert mention.place.city == "Zaragoza"
    assert mention.place.region == "Aragon"
    assert mention.place.nuts == "ES243"
    assert mention.place.geonames_id == 3104324
    assert mention.place.venue is None
    assert mention.evidence.rule == "place:preposition"
    region = find("Les acteurs de Flandre et de Wallonie", "fr")[0]
    assert (region.kind, region.place.region, region.place.city, region.place.nuts) == ("region", "Flanders", None, "BE2")


def venues(text: str, language: str, **options: object) -> list[tuple[str | None, str | None, str | None, str | None]]:
    found = find_venues(text, language=language, places=find(text, language), **options)  # type: ignore[arg-type]
    for mention in found:
        for evidence in [mention.evidence, *mention.place.evidence]:
            assert text[evidence.start : evidence.end] == evidence.quote
    return [(mention.name, mention.place.address, mention.place.city, mention.place.country) for mention in found]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        (
            "en",
            "Where: Hotel Astoria, Kossuth tér 19-21, 1055 Budapest, Hungary",
            ("Hotel Astoria", "Kossuth tér 19-21, 1055 Budapest", "Budapest", "HU"),
        ),
        (
            "en",
            "Location: Tour & Taxis, Avenue du Port 86c, 1000 Brussels",
            ("Tour & Taxis", "Avenue du Port 86c, 1000 Brussels", "Brussels", "BE"),
        ),
        ("en", "Join us at Tour & Taxis, Brussels.", ("Tour & Taxis", None, "Brussels", "BE")),
        ("en", "The meeting is at the Radisson Blu Hotel in Vienna.", ("Radisson Blu Hotel", None, "Vienna", "AT")),
        ("de", "Am 12. März 2024 in der Stadthalle Wien.", ("Stadthalle Wien", None, "Vienna", "AT")),
        (
            "de",
            "Ort: Messe Frankfurt, Ludwig-Erhard-Anlage 1, 60327 Frankfurt am Main",
            ("Messe Frankfurt", "Ludwig-Erhard-Anlage 1, 60327 Frankfurt am Main", "Frankfurt", "DE"),
        ),
        ("fr", "Rendez-vous à la Maison de l'Europe, à Paris.", ("Maison de l'Europe", None, "Paris", "FR")),
        (
            "fr",
            "Le séminaire aura lieu à l'hôtel Métropole, place de Brouckère 31, 1000 Bruxelles.",
            ("hôtel Métropole", "place de Brouckère 31", "Brussels", "BE"),
        ),
        (
            "da",
            "Sted: Industriens Hus, H.C. Andersens Boulevard 18, 1553 København V",
            ("Industriens Hus", "H.C. Andersens Boulevard 18, 1553 København V", "Copenhagen", "DK"),
        ),
        ("es", "La jornada será en el Palacio de Congresos de Zaragoza.", ("Palacio de Congresos de Zaragoza", None, "Zaragoza", "ES")),
        (
            "pl",
            "Miejsce: Centrum Konferencyjne Kopernika, ul. Kopernika 30, 00-336 Warszawa",
            ("Centrum Konferencyjne Kopernika", "ul. Kopernika 30, 00-336 Warszawa", "Warsaw", "PL"),
        ),
        (
            "hu",
            "Helyszín: Hotel Astoria, Kossuth tér 19-21., 1055 Budapest",
            ("Hotel Astoria", "Kossuth tér 19-21., 1055 Budapest", "Budapest", "HU"),
        ),
    ],
)
def test_venues(language: str, text: str, wanted: tuple[str | None, ...]) -> None:
    assert venues(text, language) == [wanted]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Location: Online (Teams)"),
        ("en", "Where: London"),
        ("en", "Venue: Zoom"),
        ("en", "The ministry works in the field of defence."),
        ("de", "Ort: Online"),
        ("de", "Ort: Wien"),
        ("fr", "Lieu : en ligne"),
        ("da", "Sted: Online via Teams"),
    ],
)
def test_no_venue(language: str, text: str) -> None:
    assert venues(text, language) == []


def test_is_online() -> None:
    assert is_online("Microsoft Teams", language="da")
    assert is_online("Online", language="fi")
    assert not is_online("Hotel Astoria", language="en")
    assert not is_online("", language="en")


HOSTILE = st.text(alphabet=st.sampled_from("ABbrusel Wien,.()-–'’\n\t0123 4567éŁİß\u0301:@#/"), max_size=400)


@settings(max_examples=150, deadline=None)
@given(text=HOSTILE, language=st.sampled_from(["en", "de", "fi", "tr", "ga", "xx"]))
def test_any_text_is_read_without_error(text: str, language: str) -> None:
    mentions = find(text, language)
    for mention in find_venues(text, language=language, places=mentions):
        assert text[mention.evidence.start : mention.evidence.end] == mention.evidence.quote


@pytest.mark.parametrize("piece", ["Brussels, ", "Nový ", "in ", "1000 ", "A.", "Hotel ", "(", "Where: a\n", "-", "Baden-"])
def test_long_repetitions_take_linear_time(piece: str) -> None:
    find_places(piece * 10, language="cs")
    start = time.process_time()
    text = piece * (60_000 // len(piece))
    find_venues(text, language="cs", places=find_places(text, language="cs"))
    assert time.process_time() - start < 8


def test_same_input_same_output() -> None:
    text = "Bilbao, Essen and Tours; Hotel Astoria, Budapest. Halle and Bergen."
    first = [mention.model_dump_json() for mention in find_places(text, language="en")]
    assert first == [mention.model_dump_json() for mention in find_places(text, language="en")]
