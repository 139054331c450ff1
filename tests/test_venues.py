"""Finding venues: fields, lines of parts, sentences; where a name begins and ends; what says that it is a venue."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import page
from extractors.dates import read as read_dates
from extractors.places import find_places, find_venues, is_online, locate
from schemas import Block, BlockKind, PlaceMention, Region, Span

TEXTS = tomllib.loads((Path(__file__).parent / "data" / "place_texts.toml").read_text("utf-8"))["text"]


def span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)


def verbatim(text: str, mentions: list[PlaceMention]) -> list[PlaceMention]:
    for mention in mentions:
        for evidence in [mention.evidence, *mention.place.evidence]:
            assert text[evidence.start : evidence.end] == evidence.quote
    return mentions


def venues(text: str, language: str, **options: object) -> list[tuple[str | None, str | None, str | None, str | None]]:
    places = find_places(text, language=language, dates=options.get("dates", ()), organisations=options.get("organisations", ()))  # type: ignore[arg-type]
    found = verbatim(text, find_venues(text, language=language, places=places, **options))  # type: ignore[arg-type]
    return [(mention.name, mention.place.address, mention.place.city, mention.place.country) for mention in found]


def named(text: str, language: str, **options: object) -> list[str | None]:
    return [venue[0] for venue in venues(text, language, **options)]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        (
            "en",
            "Where: Hotel Astoria, Kossuth tér 19-21, 1055 Budapest, Hungary",
            ("Hotel Astoria", "Kossuth tér 19-21", "Budapest", "HU"),
        ),
        (
            "en",
            "Location: Tour & Taxis, Avenue du Port 86c, 1000 Brussels",
            ("Tour & Taxis", "Avenue du Port 86c", "Brussels", "BE"),
        ),
        ("en", "Join us at Tour & Taxis, Brussels.", ("Tour & Taxis", None, "Brussels", "BE")),
        ("en", "The meeting is at the Radisson Blu Hotel in Vienna.", ("Radisson Blu Hotel", None, "Vienna", "AT")),
        ("de", "Am 12. März 2024 in der Stadthalle Wien.", ("Stadthalle Wien", None, "Vienna", "AT")),
        (
            "de",
            "Ort: Messe Frankfurt, Ludwig-Erhard-Anlage 1, 60327 Frankfurt am Main",
            ("Messe Frankfurt", "Ludwig-Erhard-Anlage 1", "Frankfurt", "DE"),
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
            ("Industriens Hus", "H.C. Andersens Boulevard 18", "Copenhagen", "DK"),
        ),
        ("es", "La jornada será en el Palacio de Congresos de Zaragoza.", ("Palacio de Congresos de Zaragoza", None, "Zaragoza", "ES")),
        (
            "pl",
            "Miejsce: Centrum Konferencyjne Kopernika, ul. Kopernika 30, 00-336 Warszawa",
            ("Centrum Konferencyjne Kopernika", "ul. Kopernika 30", "Warsaw", "PL"),
        ),
        (
            "hu",
            "Helyszín: Hotel Astoria, Kossuth tér 19-21., 1055 Budapest",
            ("Hotel Astoria", "Kossuth tér 19-21", "Budapest", "HU"),
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


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        # A room stays with its building.
        (
            "it",
            "L'incontro si terrà il 12 marzo 2026 presso la Sala dell'Arengo, Palazzo Municipale, Ferrara.",
            ["Sala dell'Arengo, Palazzo Municipale"],
        ),
        ("bg", "Ще се проведе на 5.6.2027 в зала „Рила“, хотел „Маринела“, София.", ["зала „Рила“, хотел „Маринела“"]),
        ("de", "Ort: Haus der Wirtschaft, Raum 204, Willi-Bleicher-Straße 19, 70174 Stuttgart", ["Haus der Wirtschaft, Raum 204"]),
        ("ro", "Pe 4.5.2027, la Biblioteca Astra, etajul 1, Sibiu.", ["Biblioteca Astra"]),
        # The town that follows is no part of the name.
        ("pl", "Konferencja odbędzie się w Centrum Nauki Kopernik w Warszawie.", ["Centrum Nauki Kopernik"]),
        ("fi", "Seminaari järjestetään Tampere-talossa Tampereella.", ["Tampere-talossa"]),
        ("lv", "Konference notiks Latvijas Nacionālajā bibliotēkā Rīgā.", ["Latvijas Nacionālajā bibliotēkā"]),
        ("ro", "Conferința va avea loc la Palatul Parlamentului din București.", ["Palatul Parlamentului"]),
        ("tr", "Çalıştay Ankara'da, Bilkent Otel'de düzenlenecektir.", ["Bilkent Otel"]),
        # No head word: a name between a preposition and a town or a street.
        ("sv", "Konferensen hålls på Münchenbryggeriet i Stockholm.", ["Münchenbryggeriet"]),
        ("da", "Mødet den 22.4. holdes på Dokk1, Hack Kampmanns Plads 2.", ["Dokk1"]),
        ("de", "Die Tagung findet im Kongresszentrum Darmstadtium statt.", ["Kongresszentrum Darmstadtium"]),
        # Names that go on in small letters.
        ("uk", "Семінар відбудеться у Львівському палаці мистецтв у Львові.", ["Львівському палаці мистецтв"]),
        ("fr", "Atelier le 12 juin à la Cité des sciences, Paris.", ["Cité des sciences"]),
        ("es", "La jornada se celebrará en el salón de actos del Ayuntamiento de Murcia.", ["salón de actos del Ayuntamiento de Murcia"]),
        ("it", "Il corso si tiene nella sala polifunzionale del Parco di Monte Claro.", ["sala polifunzionale del Parco di Monte Claro"]),
        ("lt", "Renginys įvyks „Ekrano“ konferencijų centre Panevėžyje.", ["„Ekrano“ konferencijų centre"]),
        ("ga", "Beidh an seisiún i dTeach an Chustaim, Baile Átha Cliath.", ["dTeach an Chustaim"]),
        # Listings.
        ("pt", "30 de março de 2026 | Alfândega do Porto, Porto | Inscrições", ["Alfândega do Porto"]),
        ("nl", "9 februari 2027\n\nMatchmaking\n\nGroninger Forum, Groningen", ["Groninger Forum"]),
        ("sv", "Därefter träffas vi i Karlstad (Scandic Winn, 14.4.).", ["Scandic Winn"]),
        ("pl", "22.04.2026\t9:00\tLeszno, Ratusz, sala nr 12", ["Ratusz, sala nr 12"]),
        ("da", "Stedet den 2.12. er uændret: Regionshuset, Skottenborg 26, Viborg.", ["Regionshuset"]),
        # A body's seat where one meets; nothing where nobody meets.
        ("pl", "Dzień później spotkanie w siedzibie ZDM.", ["siedzibie ZDM"]),
        ("pl", "Umowę podpisano w siedzibie ZDM i opublikowano.", []),
        ("de", "Die Gäste essen im Rathaus.", []),
        ("en", "The tender covers a hall and a museum building.", []),
        # Bodies, streets and rooms of the net.
        ("pt", "Destacou-se o caso da Câmara Municipal de Guimarães, que desde janeiro mudou.", []),
        ("el", "Περιφέρεια Κρήτης, Πλατεία Ελευθερίας, 712 01 Ηράκλειο", []),
    ],
)
def test_where_a_name_begins_and_ends(language: str, text: str, wanted: list[str]) -> None:
    assert named(text, language) == wanted


@pytest.mark.parametrize(
    ("language", "text", "address"),
    [
        ("fr", "Lieu : Hôtel de Région, 22 boulevard du Maréchal Juin à Toulouse", "22 boulevard du Maréchal Juin"),
        (
            "da",
            "Mødet den 3.3.2027 holdes i Industriens Hus, H.C. Andersens Boulevard 18, 1553 København V.",
            "H.C. Andersens Boulevard 18",
        ),
        ("hu", "Helyszín: Pécs, Kodály Központ, Breuer Marcell sétány 4.", "Breuer Marcell sétány 4"),
        ("es", "Lugar: Palacio de Congresos, sala Machuca, Paseo del Violón s/n, Granada", "Paseo del Violón s/n"),
        ("pt", "Local: Centro de Congressos da Alfândega, Rua Nova da Alfândega, Porto", "Rua Nova da Alfândega"),
    ],
)
def test_an_address_is_without_its_town(language: str, text: str, address: str) -> None:
    assert [venue[1] for venue in venues(text, language)] == [address]


def test_no_venue_in_a_date() -> None:
    text = "Kurset på Center Vest i Aarhus den 24. og 25. november er aflyst."
    assert named(text, "da", dates=[span(text, "24. og 25. november")]) == ["Center Vest"]
    text = "Kurset i Aarhus den 24. og 25. november er aflyst."
    assert named(text, "da", dates=[span(text, "24. og 25. november")]) == []


def test_no_venue_in_a_person_or_a_footer() -> None:
    text = "Har du spørgsmål?\n\nMette Overgaard Lind, Aarhus\n3. marts 2027"
    assert named(text, "da", persons=[span(text, "Mette Overgaard Lind")]) == []
    text = "3 May 2027\nMuseum of Bricks, 14 Kiln Street, Leeds"
    assert named(text, "en") == ["Museum of Bricks"]
    block = Block(kind=BlockKind.PARAGRAPH, start=11, end=len(text), region=Region.FOOTER)
    assert named(text, "en", blocks=[block]) == []


def test_a_body_is_a_venue_only_where_one_meets() -> None:
    text = "Anna Berg, Stockholms universitet, Stockholm, skrev rapporten."
    assert named(text, "sv", organisations=[span(text, "Stockholms universitet")]) == []
    text = "Seminariet hålls den 3.5.2027 vid Stockholms universitet i Stockholm."
    assert named(text, "sv", organisations=[span(text, "Stockholms universitet")]) == ["Stockholms universitet"]


def test_a_body_in_the_name_of_its_seat_is_whole() -> None:
    text = "Atelierul are loc la sediul Camerei de Comerț, Industrie și Agricultură Timiș din Timișoara."
    body = span(text, "Camerei de Comerț, Industrie și Agricultură Timiș din Timișoara")
    assert named(text, "ro", organisations=[body]) == ["sediul Camerei de Comerț, Industrie și Agricultură Timiș"]


def test_fields_of_table_columns() -> None:
    text = "Termin\tMiejsce\n15.04.2026\tCentrum Kultury i Sztuki, Kalisz"
    rows = [(0, 6), (7, 14)], [(15, 25), (26, len(text))]
    blocks = [
        Block(kind=BlockKind.TABLE_ROW, start=row[0][0], end=row[-1][1], cells=[Span(start=a, end=b) for a, b in row]) for row in rows
    ]
    assert venues(text, "pl", blocks=blocks) == [("Centrum Kultury i Sztuki", None, "Kalisz", "PL")]


def towns(text: str, language: str, **options: object) -> list[str]:
    found = verbatim(text, locate(text, language=language, **options))  # type: ignore[arg-type]
    return [mention.name for mention in found if mention.kind != "venue"]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        # A town in a venue's name is none by itself, unless nothing else says where a public building stands.
        ("pt", "30 de março de 2026 | Alfândega do Porto, Porto", ["Porto"]),
        ("hr", "Radionica će se održati u hotelu Dubrovnik u Zagrebu.", ["Zagreb"]),
        ("mk", "Работилницата ќе се одржи во хотел „Русија“ во Скопје.", ["Skopje"]),
        ("de", "Die Tagung findet in der Stadthalle Wien statt.", ["Vienna"]),
        ("en", "The day is held at the Oslo Room, Leeds.", ["Leeds"]),
    ],
)
def test_towns_in_names_of_venues(language: str, text: str, wanted: list[str]) -> None:
    assert towns(text, language) == wanted


def test_places_and_venues_come_together_in_order() -> None:
    text = "On 5 May 2027 we meet at the Radisson Blu Hotel in Vienna, Austria; on 6 May at Tobacco Dock, London."
    dates = [span(text, "5 May 2027"), span(text, "6 May")]
    found = locate(text, language="en", dates=dates)
    assert [(mention.kind, mention.name) for mention in found] == [
        ("venue", "Radisson Blu Hotel"),
        ("city", "Vienna"),
        ("country", "Austria"),
        ("venue", "Tobacco Dock"),
        ("city", "London"),
    ]
    assert found[0].place.city == "Vienna"
    assert found[3].place.city == "London"


def test_announcements_in_many_languages() -> None:
    counts = {"place": [0, 0, 0], "venue": [0, 0, 0]}
    for case in TEXTS:
        document = page.read(case["text"].encode(), "announcement.txt")
        text, language = document.text, case["language"]
        dates = [
            (reading.start, reading.end)
            for block in document.blocks
            for reading in read_dates(text[block.start : block.end], language, offset=block.start)
        ]
        found = verbatim(text, locate(text, language=language, blocks=document.blocks, dates=dates))
        places = {f"{mention.name}, {mention.place.country}" for mention in found if mention.kind != "venue"}
        buildings = {mention.name for mention in found if mention.kind == "venue"}
        for kind, wanted, got in (("place", set(case["places"]), places), ("venue", set(case["venues"]), buildings)):
            for position, size in enumerate((len(wanted & got), len(got - wanted), len(wanted - got))):
                counts[kind][position] += size
    assert len({case["language"] for case in TEXTS}) >= 30
    for kind, least in (("place", 0.96), ("venue", 0.95)):
        hit, false, missed = counts[kind]
        assert 2 * hit / (2 * hit + false + missed) >= least, (kind, counts[kind])


HOSTILE = st.text(alphabet=st.sampled_from("ABHotel Sala Wien,.()-–'’\n\t0123 4567éŁİß\u0301:@#/|„“«»\""), max_size=400)


@settings(max_examples=150, deadline=None)
@given(
    text=HOSTILE,
    language=st.sampled_from(["en", "de", "fi", "tr", "it", "lv", "uk", "xx"]),
    spans=st.lists(st.tuples(st.integers(0, 420), st.integers(0, 420)), max_size=6),
)
def test_any_text_is_read_without_error(text: str, language: str, spans: list[tuple[int, int]]) -> None:
    labelled = [(start, end, ("LOC", "PER", "ORG")[start % 3]) for start, end in spans]
    verbatim(text, locate(text, language=language, spans=labelled, organisations=spans, persons=spans[:1], dates=spans[1:3]))


@pytest.mark.parametrize(
    "piece",
    ["Hotel ", "at Hotel X, ", "Sala Verde, ", "„Sala “", "(Hotel ", "| Hotel X, Praha ", "Hotel X\n", "v Sále ", "Hotel X ulice 5, ", "&"],
)
def test_long_repetitions_take_linear_time(piece: str) -> None:
    locate(piece * 10, language="cs")
    start = time.process_time()
    locate(piece * (60_000 // len(piece)), language="cs")
    assert time.process_time() - start < 8
